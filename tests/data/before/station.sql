BEGIN TRANSACTION;
CREATE TABLE deliveries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        take_id TEXT NOT NULL UNIQUE,
        session TEXT NOT NULL,
        station TEXT NOT NULL,
        student_id TEXT NOT NULL,
        item TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'queued',
        paused INTEGER NOT NULL DEFAULT 0,
        verify_level INTEGER,
        receipt TEXT,
        endpoint TEXT,
        upload_url TEXT,
        offset INTEGER NOT NULL DEFAULT 0,
        sending_to INTEGER NOT NULL DEFAULT 0,
        checked INTEGER NOT NULL DEFAULT 1,
        attempts INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0,
        restarts INTEGER NOT NULL DEFAULT 0,
        due_at REAL,
        error TEXT,
        error_kind TEXT,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        verified_at REAL,
        purged_at REAL
    , encoding TEXT NOT NULL DEFAULT 'wav', wire_size INTEGER, wire_sha256 TEXT, pcm_md5 TEXT, compared_at REAL);
INSERT INTO "deliveries" VALUES(1,'3d77191c-de5f-4803-8249-5a0cee1d456c','roster-20261126','demo-station-A','0107','song1',1,'{data}/takes/roster-20261126/0107_song1_1.wav',1207068,'77e55219fb19c2dac5917fa1be4d6582a18c904176a47f655865c611bcf1daa4',1795686270072533884,'verified',0,2,'{
 "v": 1,
 "take_id": "3d77191c-de5f-4803-8249-5a0cee1d456c",
 "sha256": "77e55219fb19c2dac5917fa1be4d6582a18c904176a47f655865c611bcf1daa4",
 "size": 1207068,
 "upload_url": "http://127.0.0.1:44337/files/45112d07-43f7-49c4-8659-b76c9be28518",
 "verified_at": "2026-11-26T09:44:30Z",
 "level": "L2",
 "proof": "read-back"
}','http://127.0.0.1:44337/files/','http://127.0.0.1:44337/files/45112d07-43f7-49c4-8659-b76c9be28518',1207068,1207068,1,1,0,0,NULL,NULL,NULL,1.79568627014789032941e+09,1.79568627041881465913e+09,1.79568627041880774495e+09,NULL,'wav',1207068,'77e55219fb19c2dac5917fa1be4d6582a18c904176a47f655865c611bcf1daa4',NULL,1.79568627014789032941e+09);
INSERT INTO "deliveries" VALUES(2,'ac049b79-36cb-45a7-8703-4195265b9f5f','roster-20261126','demo-station-A','0107','song2',1,'{data}/takes/roster-20261126/0107_song2_1.wav',1207068,'5fe195d5c3311ebb6a3260147a720585a0dd12561caed39f1ae320d7dfa575c4',1795686293352820724,'verified',0,2,'{
 "v": 1,
 "take_id": "ac049b79-36cb-45a7-8703-4195265b9f5f",
 "sha256": "5fe195d5c3311ebb6a3260147a720585a0dd12561caed39f1ae320d7dfa575c4",
 "size": 1207068,
 "upload_url": "http://127.0.0.1:44337/files/3c6539b9-7e36-4367-a48d-0d578be0293d",
 "verified_at": "2026-11-26T09:44:53Z",
 "level": "L2",
 "proof": "read-back"
}','http://127.0.0.1:44337/files/','http://127.0.0.1:44337/files/3c6539b9-7e36-4367-a48d-0d578be0293d',1207068,1207068,1,1,0,0,NULL,NULL,NULL,1.79568629362062072755e+09,1.79568629373847627643e+09,1.79568629373846817016e+09,NULL,'wav',1207068,'5fe195d5c3311ebb6a3260147a720585a0dd12561caed39f1ae320d7dfa575c4',NULL,1.79568629362062072755e+09);
INSERT INTO "deliveries" VALUES(3,'51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a','roster-20261126','demo-station-A','0108','song1',1,'{data}/takes/roster-20261126/0108_song1_1.wav',1205020,'e55d0074f6691ad236bcfb15c7b66fe5083ff63eb228f8026546214568ac6eb8',1795686349968538634,'verified',0,2,'{
 "v": 1,
 "take_id": "51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a",
 "sha256": "e55d0074f6691ad236bcfb15c7b66fe5083ff63eb228f8026546214568ac6eb8",
 "size": 1205020,
 "upload_url": "http://127.0.0.1:44337/files/c257c031-9801-482f-ab9c-3cd2ff143729",
 "verified_at": "2026-11-26T09:45:50Z",
 "level": "L2",
 "proof": "read-back"
}','http://127.0.0.1:44337/files/','http://127.0.0.1:44337/files/c257c031-9801-482f-ab9c-3cd2ff143729',1205020,1205020,1,1,0,0,NULL,NULL,NULL,1.79568635006341028215e+09,1.79568635018744421003e+09,1.79568635018743848804e+09,NULL,'wav',1205020,'e55d0074f6691ad236bcfb15c7b66fe5083ff63eb228f8026546214568ac6eb8',NULL,1.79568635006341028215e+09);
INSERT INTO "deliveries" VALUES(4,'e8f7792c-713f-419c-a7b0-17e80f813483','roster-20261126','demo-station-A','0108','song2',1,'{data}/takes/roster-20261126/0108_song2_1.wav',1205020,'bcf1c779b3c9e17c689a6966769d07ce5e0dfbd1002edaf4ef3a6f04e166745f',1795686375420540147,'verified',0,2,'{
 "v": 1,
 "take_id": "e8f7792c-713f-419c-a7b0-17e80f813483",
 "sha256": "bcf1c779b3c9e17c689a6966769d07ce5e0dfbd1002edaf4ef3a6f04e166745f",
 "size": 1205020,
 "upload_url": "http://127.0.0.1:44337/files/f61d4cce-c93b-42e0-a9c7-902203f3d0ef",
 "verified_at": "2026-11-26T09:46:15Z",
 "level": "L2",
 "proof": "read-back"
}','http://127.0.0.1:44337/files/','http://127.0.0.1:44337/files/f61d4cce-c93b-42e0-a9c7-902203f3d0ef',1205020,1205020,1,1,0,0,NULL,NULL,NULL,1.79568637569045019145e+09,1.79568637579590773588e+09,1.79568637579590177537e+09,NULL,'wav',1205020,'bcf1c779b3c9e17c689a6966769d07ce5e0dfbd1002edaf4ef3a6f04e166745f',NULL,1.79568637569045019145e+09);
CREATE TABLE delivery_control (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at REAL NOT NULL,
        take_id TEXT,
        kind TEXT NOT NULL,
        detail TEXT
    );
INSERT INTO "events" VALUES(1,1.79568627014799618718e+09,'3d77191c-de5f-4803-8249-5a0cee1d456c','added','{"size": 1207068, "sha256": "77e55219fb19c2dac5917fa1be4d6582a18c904176a47f655865c611bcf1daa4"}');
INSERT INTO "events" VALUES(2,1.79568627026838803289e+09,'3d77191c-de5f-4803-8249-5a0cee1d456c','creating','{"state": "creating", "kind": null}');
INSERT INTO "events" VALUES(3,1.79568627027782607083e+09,'3d77191c-de5f-4803-8249-5a0cee1d456c','created','{"state": "uploading", "offset": 0, "upload_url": "http://127.0.0.1:44337/files/45112d07-43f7-49c4-8659-b76c9be28518", "kind": null}');
INSERT INTO "events" VALUES(4,1.79568627039985179898e+09,'3d77191c-de5f-4803-8249-5a0cee1d456c','sent','{"state": "verifying", "offset": 1207068, "kind": null}');
INSERT INTO "events" VALUES(5,1.79568627041897845271e+09,'3d77191c-de5f-4803-8249-5a0cee1d456c','proven','{"state": "verified", "kind": null}');
INSERT INTO "events" VALUES(6,1.79568629362071371076e+09,'ac049b79-36cb-45a7-8703-4195265b9f5f','added','{"size": 1207068, "sha256": "5fe195d5c3311ebb6a3260147a720585a0dd12561caed39f1ae320d7dfa575c4"}');
INSERT INTO "events" VALUES(7,1.79568629363706731795e+09,'ac049b79-36cb-45a7-8703-4195265b9f5f','creating','{"state": "creating", "kind": null}');
INSERT INTO "events" VALUES(8,1.79568629365831089017e+09,'ac049b79-36cb-45a7-8703-4195265b9f5f','created','{"state": "uploading", "offset": 0, "upload_url": "http://127.0.0.1:44337/files/3c6539b9-7e36-4367-a48d-0d578be0293d", "kind": null}');
INSERT INTO "events" VALUES(9,1.79568629372613906857e+09,'ac049b79-36cb-45a7-8703-4195265b9f5f','sent','{"state": "verifying", "offset": 1207068, "kind": null}');
INSERT INTO "events" VALUES(10,1.79568629373901128771e+09,'ac049b79-36cb-45a7-8703-4195265b9f5f','proven','{"state": "verified", "kind": null}');
INSERT INTO "events" VALUES(11,1.79568635006347966198e+09,'51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a','added','{"size": 1205020, "sha256": "e55d0074f6691ad236bcfb15c7b66fe5083ff63eb228f8026546214568ac6eb8"}');
INSERT INTO "events" VALUES(12,1.79568635006726813312e+09,'51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a','creating','{"state": "creating", "kind": null}');
INSERT INTO "events" VALUES(13,1.7956863501077783108e+09,'51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a','created','{"state": "uploading", "offset": 0, "upload_url": "http://127.0.0.1:44337/files/c257c031-9801-482f-ab9c-3cd2ff143729", "kind": null}');
INSERT INTO "events" VALUES(14,1.79568635017730045318e+09,'51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a','sent','{"state": "verifying", "offset": 1205020, "kind": null}');
INSERT INTO "events" VALUES(15,1.79568635018753504752e+09,'51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a','proven','{"state": "verified", "kind": null}');
INSERT INTO "events" VALUES(16,1.79568637569051671029e+09,'e8f7792c-713f-419c-a7b0-17e80f813483','added','{"size": 1205020, "sha256": "bcf1c779b3c9e17c689a6966769d07ce5e0dfbd1002edaf4ef3a6f04e166745f"}');
INSERT INTO "events" VALUES(17,1.795686375694047451e+09,'e8f7792c-713f-419c-a7b0-17e80f813483','creating','{"state": "creating", "kind": null}');
INSERT INTO "events" VALUES(18,1.79568637570630359654e+09,'e8f7792c-713f-419c-a7b0-17e80f813483','created','{"state": "uploading", "offset": 0, "upload_url": "http://127.0.0.1:44337/files/f61d4cce-c93b-42e0-a9c7-902203f3d0ef", "kind": null}');
INSERT INTO "events" VALUES(19,1.79568637573599672319e+09,'e8f7792c-713f-419c-a7b0-17e80f813483','sent','{"state": "verifying", "offset": 1205020, "kind": null}');
INSERT INTO "events" VALUES(20,1.79568637579615855218e+09,'e8f7792c-713f-419c-a7b0-17e80f813483','proven','{"state": "verified", "kind": null}');
CREATE TABLE journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        session TEXT NOT NULL,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL
    );
INSERT INTO "journal" VALUES(1,'roster-20261126','2026-11-26T09:43:32.566+00:00','PupilNamed','{"student_id":"0107"}');
INSERT INTO "journal" VALUES(2,'roster-20261126','2026-11-26T09:43:32.567+00:00','IdentityConfirmed','{}');
INSERT INTO "journal" VALUES(3,'roster-20261126','2026-11-26T09:43:35.221+00:00','CheckMeasured','{"step":"silence","outcome":"ok","advice":null,"numbers":{"floor_dbfs":-62.0,"hum_db":5.1,"dc":0.0,"zero_share":0.0158}}');
INSERT INTO "journal" VALUES(4,'roster-20261126','2026-11-26T09:43:38.175+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(5,'roster-20261126','2026-11-26T09:43:42.284+00:00','CheckMeasured','{"step":"singing","outcome":"ok","advice":null,"numbers":{"peak_dbfs":-9.0,"loud_dbfs":-17.9,"active_dbfs":-18.4,"snr_db":44.1,"voice_seconds":3.6,"flat_runs":0.0}}');
INSERT INTO "journal" VALUES(6,'roster-20261126','2026-11-26T09:43:46.284+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(7,'roster-20261126','2026-11-26T09:43:46.304+00:00','CheckAccepted','{}');
INSERT INTO "journal" VALUES(8,'roster-20261126','2026-11-26T09:43:47.368+00:00','ItemBegun','{}');
INSERT INTO "journal" VALUES(9,'roster-20261126','2026-11-26T09:43:49.369+00:00','TimerEnded','{"take_id":"88df1559-bebb-458c-9a01-a905288cc11e"}');
INSERT INTO "journal" VALUES(10,'roster-20261126','2026-11-26T09:43:54.368+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(11,'roster-20261126','2026-11-26T09:43:55.369+00:00','TimerEnded','{"take_id":"8c1d8bf1-6678-417d-bf3e-8535cc2721dc"}');
INSERT INTO "journal" VALUES(12,'roster-20261126','2026-11-26T09:43:55.427+00:00','TakeStarted','{"take_id":"8c1d8bf1-6678-417d-bf3e-8535cc2721dc","started_at":"2026-11-26T09:43:55.091+00:00"}');
INSERT INTO "journal" VALUES(13,'roster-20261126','2026-11-26T09:44:01.628+00:00','StopRequested','{"elapsed":6.2}');
INSERT INTO "journal" VALUES(14,'roster-20261126','2026-11-26T09:44:01.648+00:00','TakeSaved','{"take_id":"8c1d8bf1-6678-417d-bf3e-8535cc2721dc","file":"0107_warmup_1.wav","seconds":6.570666666666667,"sha256":"62b0cc978b8e86aa78e211a3efbee540085a305a05a85494f2a1901a54a5a3af","ended_by":"stop"}');
INSERT INTO "journal" VALUES(15,'roster-20261126','2026-11-26T09:44:01.701+00:00','TakeJudged','{"take_id":"8c1d8bf1-6678-417d-bf3e-8535cc2721dc","ok":true,"reasons":[],"numbers":{"seconds":6.571,"voice_seconds":5.8,"peak_dbfs":-9.0,"rms_dbfs":-19.4,"loud_dbfs":-18.4,"dc":0.0,"flat_runs":0.0,"full_scale_samples":0.0,"zero_share":0.0021,"longest_zero_ms":0.06,"cuts":0.0,"hum_db":8.6,"high_db":-33.7,"lost_ms":0.0,"floor_dbfs":-62.0,"snr_db":43.6}}');
INSERT INTO "journal" VALUES(16,'roster-20261126','2026-11-26T09:44:01.701+00:00','TakeKept','{}');
INSERT INTO "journal" VALUES(17,'roster-20261126','2026-11-26T09:44:05.318+00:00','ItemBegun','{}');
INSERT INTO "journal" VALUES(18,'roster-20261126','2026-11-26T09:44:07.319+00:00','TimerEnded','{"take_id":"380d563a-f2ef-4de4-8ec5-fcd67bba6843"}');
INSERT INTO "journal" VALUES(19,'roster-20261126','2026-11-26T09:44:16.831+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(20,'roster-20261126','2026-11-26T09:44:17.840+00:00','TimerEnded','{"take_id":"3d77191c-de5f-4803-8249-5a0cee1d456c"}');
INSERT INTO "journal" VALUES(21,'roster-20261126','2026-11-26T09:44:17.852+00:00','TakeStarted','{"take_id":"3d77191c-de5f-4803-8249-5a0cee1d456c","started_at":"2026-11-26T09:44:17.521+00:00"}');
INSERT INTO "journal" VALUES(22,'roster-20261126','2026-11-26T09:44:30.062+00:00','StopRequested','{"elapsed":12.2}');
INSERT INTO "journal" VALUES(23,'roster-20261126','2026-11-26T09:44:30.090+00:00','TakeSaved','{"take_id":"3d77191c-de5f-4803-8249-5a0cee1d456c","file":"0107_song1_1.wav","seconds":12.565333333333333,"sha256":"77e55219fb19c2dac5917fa1be4d6582a18c904176a47f655865c611bcf1daa4","ended_by":"stop"}');
INSERT INTO "journal" VALUES(24,'roster-20261126','2026-11-26T09:44:30.142+00:00','TakeJudged','{"take_id":"3d77191c-de5f-4803-8249-5a0cee1d456c","ok":true,"reasons":[],"numbers":{"seconds":12.565,"voice_seconds":11.8,"peak_dbfs":-9.1,"rms_dbfs":-19.3,"loud_dbfs":-18.6,"dc":0.00001,"flat_runs":0.0,"full_scale_samples":0.0,"zero_share":0.0012,"longest_zero_ms":0.04,"cuts":0.0,"hum_db":6.6,"high_db":-33.8,"lost_ms":0.0,"floor_dbfs":-62.0,"snr_db":43.4}}');
INSERT INTO "journal" VALUES(25,'roster-20261126','2026-11-26T09:44:30.151+00:00','TakeKept','{}');
INSERT INTO "journal" VALUES(26,'roster-20261126','2026-11-26T09:44:33.085+00:00','ItemBegun','{}');
INSERT INTO "journal" VALUES(27,'roster-20261126','2026-11-26T09:44:35.089+00:00','TimerEnded','{"take_id":"08f00cd5-7c10-4520-b2ca-24cd2a079455"}');
INSERT INTO "journal" VALUES(28,'roster-20261126','2026-11-26T09:44:40.106+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(29,'roster-20261126','2026-11-26T09:44:41.110+00:00','TimerEnded','{"take_id":"ac049b79-36cb-45a7-8703-4195265b9f5f"}');
INSERT INTO "journal" VALUES(30,'roster-20261126','2026-11-26T09:44:41.143+00:00','TakeStarted','{"take_id":"ac049b79-36cb-45a7-8703-4195265b9f5f","started_at":"2026-11-26T09:44:40.808+00:00"}');
INSERT INTO "journal" VALUES(31,'roster-20261126','2026-11-26T09:44:53.348+00:00','StopRequested','{"elapsed":12.2}');
INSERT INTO "journal" VALUES(32,'roster-20261126','2026-11-26T09:44:53.364+00:00','TakeSaved','{"take_id":"ac049b79-36cb-45a7-8703-4195265b9f5f","file":"0107_song2_1.wav","seconds":12.565333333333333,"sha256":"5fe195d5c3311ebb6a3260147a720585a0dd12561caed39f1ae320d7dfa575c4","ended_by":"stop"}');
INSERT INTO "journal" VALUES(33,'roster-20261126','2026-11-26T09:44:53.615+00:00','TakeJudged','{"take_id":"ac049b79-36cb-45a7-8703-4195265b9f5f","ok":true,"reasons":[],"numbers":{"seconds":12.565,"voice_seconds":11.7,"peak_dbfs":-9.7,"rms_dbfs":-20.0,"loud_dbfs":-19.3,"dc":0.00001,"flat_runs":0.0,"full_scale_samples":0.0,"zero_share":0.0013,"longest_zero_ms":0.04,"cuts":0.0,"hum_db":4.2,"high_db":-33.9,"lost_ms":0.0,"floor_dbfs":-62.0,"snr_db":42.7}}');
INSERT INTO "journal" VALUES(34,'roster-20261126','2026-11-26T09:44:53.636+00:00','TakeKept','{}');
INSERT INTO "journal" VALUES(35,'roster-20261126','2026-11-26T09:44:53.649+00:00','PupilNamed','{"student_id":"0108"}');
INSERT INTO "journal" VALUES(36,'roster-20261126','2026-11-26T09:44:53.651+00:00','IdentityConfirmed','{}');
INSERT INTO "journal" VALUES(37,'roster-20261126','2026-11-26T09:44:55.671+00:00','CheckMeasured','{"step":"silence","outcome":"ok","advice":null,"numbers":{"floor_dbfs":-62.0,"hum_db":7.1,"dc":-0.0,"zero_share":0.0153}}');
INSERT INTO "journal" VALUES(38,'roster-20261126','2026-11-26T09:44:58.367+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(39,'roster-20261126','2026-11-26T09:45:02.390+00:00','CheckMeasured','{"step":"singing","outcome":"ok","advice":null,"numbers":{"peak_dbfs":-9.0,"loud_dbfs":-19.1,"active_dbfs":-19.6,"snr_db":42.9,"voice_seconds":3.6,"flat_runs":0.0}}');
INSERT INTO "journal" VALUES(40,'roster-20261126','2026-11-26T09:45:06.389+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(41,'roster-20261126','2026-11-26T09:45:06.391+00:00','CheckAccepted','{}');
INSERT INTO "journal" VALUES(42,'roster-20261126','2026-11-26T09:45:07.405+00:00','ItemBegun','{}');
INSERT INTO "journal" VALUES(43,'roster-20261126','2026-11-26T09:45:09.406+00:00','TimerEnded','{"take_id":"b69e961b-0800-4599-ab71-c60750e2c0bb"}');
INSERT INTO "journal" VALUES(44,'roster-20261126','2026-11-26T09:45:14.410+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(45,'roster-20261126','2026-11-26T09:45:15.414+00:00','TimerEnded','{"take_id":"60aaf303-c3fb-4652-9354-dbb2a2e29335"}');
INSERT INTO "journal" VALUES(46,'roster-20261126','2026-11-26T09:45:15.417+00:00','TakeStarted','{"take_id":"60aaf303-c3fb-4652-9354-dbb2a2e29335","started_at":"2026-11-26T09:45:15.095+00:00"}');
INSERT INTO "journal" VALUES(47,'roster-20261126','2026-11-26T09:45:21.618+00:00','StopRequested','{"elapsed":6.2}');
INSERT INTO "journal" VALUES(48,'roster-20261126','2026-11-26T09:45:21.653+00:00','TakeSaved','{"take_id":"60aaf303-c3fb-4652-9354-dbb2a2e29335","file":"0108_warmup_1.wav","seconds":6.549333333333333,"sha256":"b266d94874fa2d3283c68e601dad65343a8d15c82285fbff90d3d108004641e0","ended_by":"stop"}');
INSERT INTO "journal" VALUES(49,'roster-20261126','2026-11-26T09:45:21.677+00:00','TakeJudged','{"take_id":"60aaf303-c3fb-4652-9354-dbb2a2e29335","ok":true,"reasons":[],"numbers":{"seconds":6.549,"voice_seconds":5.8,"peak_dbfs":-9.0,"rms_dbfs":-19.2,"loud_dbfs":-18.2,"dc":-0.0,"flat_runs":0.0,"full_scale_samples":0.0,"zero_share":0.002,"longest_zero_ms":0.04,"cuts":0.0,"hum_db":5.4,"high_db":-33.7,"lost_ms":0.0,"floor_dbfs":-62.0,"snr_db":43.8}}');
INSERT INTO "journal" VALUES(50,'roster-20261126','2026-11-26T09:45:21.695+00:00','TakeKept','{}');
INSERT INTO "journal" VALUES(51,'roster-20261126','2026-11-26T09:45:25.232+00:00','ItemBegun','{}');
INSERT INTO "journal" VALUES(52,'roster-20261126','2026-11-26T09:45:27.234+00:00','TimerEnded','{"take_id":"9d9fc347-3da5-4b10-a128-773ce7f05a0a"}');
INSERT INTO "journal" VALUES(53,'roster-20261126','2026-11-26T09:45:36.745+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(54,'roster-20261126','2026-11-26T09:45:37.748+00:00','TimerEnded','{"take_id":"51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a"}');
INSERT INTO "journal" VALUES(55,'roster-20261126','2026-11-26T09:45:37.753+00:00','TakeStarted','{"take_id":"51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a","started_at":"2026-11-26T09:45:37.431+00:00"}');
INSERT INTO "journal" VALUES(56,'roster-20261126','2026-11-26T09:45:49.954+00:00','StopRequested','{"elapsed":12.2}');
INSERT INTO "journal" VALUES(57,'roster-20261126','2026-11-26T09:45:50.002+00:00','TakeSaved','{"take_id":"51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a","file":"0108_song1_1.wav","seconds":12.544,"sha256":"e55d0074f6691ad236bcfb15c7b66fe5083ff63eb228f8026546214568ac6eb8","ended_by":"stop"}');
INSERT INTO "journal" VALUES(58,'roster-20261126','2026-11-26T09:45:50.059+00:00','TakeJudged','{"take_id":"51dcede8-bab9-4e4c-80e9-9aa9ddb38b3a","ok":true,"reasons":[],"numbers":{"seconds":12.544,"voice_seconds":11.8,"peak_dbfs":-9.0,"rms_dbfs":-20.0,"loud_dbfs":-19.4,"dc":-0.00001,"flat_runs":0.0,"full_scale_samples":0.0,"zero_share":0.0012,"longest_zero_ms":0.06,"cuts":0.0,"hum_db":4.5,"high_db":-34.0,"lost_ms":0.0,"floor_dbfs":-62.0,"snr_db":42.6}}');
INSERT INTO "journal" VALUES(59,'roster-20261126','2026-11-26T09:45:50.065+00:00','TakeKept','{}');
INSERT INTO "journal" VALUES(60,'roster-20261126','2026-11-26T09:45:55.197+00:00','ItemBegun','{}');
INSERT INTO "journal" VALUES(61,'roster-20261126','2026-11-26T09:45:57.198+00:00','TimerEnded','{"take_id":"f911d13f-8b36-4a40-a6a4-9b44b54c05ae"}');
INSERT INTO "journal" VALUES(62,'roster-20261126','2026-11-26T09:46:02.196+00:00','SoundEnded','{}');
INSERT INTO "journal" VALUES(63,'roster-20261126','2026-11-26T09:46:03.197+00:00','TimerEnded','{"take_id":"e8f7792c-713f-419c-a7b0-17e80f813483"}');
INSERT INTO "journal" VALUES(64,'roster-20261126','2026-11-26T09:46:03.210+00:00','TakeStarted','{"take_id":"e8f7792c-713f-419c-a7b0-17e80f813483","started_at":"2026-11-26T09:46:02.883+00:00"}');
INSERT INTO "journal" VALUES(65,'roster-20261126','2026-11-26T09:46:15.412+00:00','StopRequested','{"elapsed":12.2}');
INSERT INTO "journal" VALUES(66,'roster-20261126','2026-11-26T09:46:15.437+00:00','TakeSaved','{"take_id":"e8f7792c-713f-419c-a7b0-17e80f813483","file":"0108_song2_1.wav","seconds":12.544,"sha256":"bcf1c779b3c9e17c689a6966769d07ce5e0dfbd1002edaf4ef3a6f04e166745f","ended_by":"stop"}');
INSERT INTO "journal" VALUES(67,'roster-20261126','2026-11-26T09:46:15.689+00:00','TakeJudged','{"take_id":"e8f7792c-713f-419c-a7b0-17e80f813483","ok":true,"reasons":[],"numbers":{"seconds":12.544,"voice_seconds":11.7,"peak_dbfs":-9.5,"rms_dbfs":-19.4,"loud_dbfs":-18.7,"dc":-0.00001,"flat_runs":0.0,"full_scale_samples":0.0,"zero_share":0.0012,"longest_zero_ms":0.04,"cuts":0.0,"hum_db":4.0,"high_db":-33.9,"lost_ms":0.0,"floor_dbfs":-62.0,"snr_db":43.3}}');
INSERT INTO "journal" VALUES(68,'roster-20261126','2026-11-26T09:46:15.691+00:00','TakeKept','{}');
CREATE TABLE schema_versions (component TEXT PRIMARY KEY, version INTEGER);
INSERT INTO "schema_versions" VALUES('journal',1);
INSERT INTO "schema_versions" VALUES('queue',3);
CREATE TABLE servers (endpoint TEXT PRIMARY KEY, known TEXT NOT NULL);
INSERT INTO "servers" VALUES('http://127.0.0.1:44337/files/','{"chunk": 2097152, "limit": 67108864, "hides": false}');
CREATE INDEX journal_session ON journal (session, seq);
CREATE INDEX deliveries_state ON deliveries (state);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('journal',68);
INSERT INTO "sqlite_sequence" VALUES('deliveries',4);
INSERT INTO "sqlite_sequence" VALUES('events',20);
COMMIT;
