// @tus/server with its S3 store: node node_s3_server.mjs PORT ENDPOINT BUCKET
import {S3Store} from "@tus/s3-store";
import {Server} from "@tus/server";

const [port, endpoint, bucket] = process.argv.slice(2);
const credentials = {accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY};
const s3ClientConfig = {bucket, endpoint, region: process.env.AWS_REGION, forcePathStyle: true, credentials};
const datastore = new S3Store({partSize: 8 * 1024 * 1024, s3ClientConfig});
new Server({path: "/files", relativeLocation: true, datastore}).listen({host: "127.0.0.1", port: Number(port)});
