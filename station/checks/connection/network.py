"""From the plug in the wall to a proven upload. What can't be looked at is skipped, with its reason."""

from __future__ import annotations

import secrets
from time import monotonic

from audio.file import Tags, header
from config.base import StationError, say
from config.disk import digest_of, remove
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, Outcome, fail, ok, skipped, warn
from station.checks.computer.hardware import MB, afternoon_bytes
from station.checks.connection.certificates import in_words
from station.checks.line import Line, is_kind
from station.words.i18n import tr_noop
from station.words.talk import HTTPS, READABLE
from uploader import Kind
from uploader.queue import FinishedTake, ProofLevel, Queue, Row
from uploader.send import Uploader
from uploader.tus import Transport, TusClient, is_readable

CLOCK_WARN, CLOCK_BAD = 60.0, 300.0
"""Seconds. Certificates and tokens are refused by clocks that are minutes off."""
REHEARSAL_SECONDS = 12
"""Length of the recording that is sent: 1.2 MB at 48 kHz and 16 bit."""
SLOW_MINUTES = 120.0
NOT_REACHED = say("The server can't be reached; this could not be tested.")
NOT_ANSWERED = say("The server did not answer as it should; this could not be tested.")


def connection(bench: Bench) -> Finding:
    line = bench.line
    if line.no_name:
        return fail(
            say("The server's name {host} is not known in this network.", host=line.host),
            say("Check the network cable or Wi-Fi, and [server] url in station.toml."),
        )
    if line.connect_ms is None:
        return fail(
            say("No connection to {host}, port {port}.", host=line.proxy or line.host, port=line.port),
            say("Check the cable or Wi-Fi. If web pages open, ask the district whether the server runs."),
        )
    if line.proxy:
        return ok(
            say("Connected through the school's proxy {proxy}.", proxy=line.proxy), connect_ms=line.connect_ms
        )
    return ok(
        say("Connected to {host} in {ms} ms.", host=line.host, ms=line.connect_ms), connect_ms=line.connect_ms
    )


def login_page(bench: Bench) -> Finding:
    line = bench.line
    if line.connect_ms is None:
        return skipped(NOT_REACHED)
    return _told(line, Kind.PORTAL) or ok(say("No login page stands in the way."))


def certificate(bench: Bench) -> Finding:
    line = bench.line
    if is_readable(bench.settings.server.url):
        return warn(READABLE, HTTPS)
    if not bench.settings.server.url.startswith("https:"):
        return skipped(say("The server's address is without encryption (http)."))
    if line.connect_ms is None:
        return skipped(NOT_REACHED)
    if line.fault is not None and is_kind(line, Kind.TLS):
        return in_words(line.fault)
    return _told(line, Kind.TLS) or ok(say("The server's certificate is trusted."))


def server(bench: Bench) -> Finding:
    line = bench.line
    if line.connect_ms is None:
        return skipped(NOT_REACHED)
    if is_kind(line, Kind.PORTAL, Kind.TLS):
        return skipped(NOT_ANSWERED)
    if line.fault is not None and not is_kind(line, Kind.AUTH):
        return _fault(line)
    found = line.capabilities
    extensions = sorted(found.extensions) if found else []
    algorithm = found.algorithm if found else None
    what = (
        say("An upload server answers; it checks what arrives.")
        if algorithm
        else say("An upload server answers; it does not check what arrives.")
    )
    return ok(what, extensions=extensions, checksum=algorithm)


def authorisation(bench: Bench) -> Finding:
    line = bench.line
    if line.connect_ms is None:
        return skipped(NOT_REACHED)
    if is_kind(line, Kind.AUTH):
        return _fault(line)
    if not line.let_in:
        return skipped(NOT_ANSWERED)
    return ok(say("The server lets this station in."))


def clock(bench: Bench) -> Finding:
    line = bench.line
    if line.clock_seconds is None:
        return skipped(NOT_REACHED if line.connect_ms is None else NOT_ANSWERED)
    seconds = round(line.clock_seconds)
    todo = say("Set date and time of this computer, best “set time automatically”.")
    if abs(seconds) > CLOCK_BAD:
        return fail(
            say(
                "The clock is {minutes} {minutes|minute|minutes} away from the server's.",
                minutes=round(abs(seconds) / 60),
            ),
            todo,
            clock_seconds=seconds,
        )
    if abs(seconds) > CLOCK_WARN:
        return warn(
            say("The clock is {seconds} seconds away from the server's.", seconds=abs(seconds)),
            todo,
            clock_seconds=seconds,
        )
    return ok(say("The clock is right ({seconds} s).", seconds=seconds), clock_seconds=seconds)


def rehearsal(bench: Bench) -> Finding:
    """A recording of noise goes the whole way of a take, and is removed again where the server allows it."""
    if not bench.line.let_in:
        return skipped(NOT_REACHED if bench.line.connect_ms is None else NOT_ANSWERED)
    take = rehearsal_take(bench)
    queue = Queue.open(bench.work / f"rehearsal-{take.take_id[:8]}.db")
    try:
        queue.add(take)
        began = monotonic()
        Uploader(
            queue, bench.settings.server, bench.settings.delivery, lambda *change: None, bench.token
        ).run_once()
        seconds = monotonic() - began
        row = queue.row(take.take_id)
    finally:
        queue.close()
        for path in bench.work.glob("rehearsal-*"):
            remove(path, missing_ok=True)
    _remove(bench, row)
    return judge_rehearsal(row, seconds, afternoon_bytes(bench))


def judge_rehearsal(row: Row, seconds: float, afternoon: int) -> Finding:
    """What one upload of `row.size` bytes in `seconds` means for `afternoon` bytes."""
    if row.offset < row.size:
        what = row.error or say("The rehearsal did not arrive.")
        return fail(what, say("Send this line to the district's technician."), state=str(row.state))
    rate = row.size / max(seconds, 1e-3)
    minutes = afternoon / rate / 60
    level = row.verify_level or ProofLevel.L0
    numbers = {
        "megabits_per_second": round(8 * rate / MB, 2),
        "minutes": round(minutes, 1),
        "level": level.name,
    }
    shown = {"mbit": numbers["megabits_per_second"], "minutes": max(1, round(minutes)), "level": level.name}
    if level is ProofLevel.L0:
        return warn(
            say("Sent at {mbit} Mbit/s, but the server proves nothing (level {level}).", **shown),
            say("Ask the centre to switch on downloads, checksums or receipts."),
            **numbers,
        )
    if minutes > SLOW_MINUTES:
        return warn(
            say(
                "{mbit} Mbit/s: all pupils need about {minutes} {minutes|minute|minutes}, proven at {level}.",
                **shown,
            ),
            say("Tell the district, or have a USB stick ready for a carry pack."),
            **numbers,
        )
    return ok(
        say(
            "{mbit} Mbit/s: all pupils need about {minutes} {minutes|minute|minutes}, proven at {level}.",
            **shown,
        ),
        **numbers,
    )


def rehearsal_take(bench: Bench) -> FinishedTake:
    """A WAV of random samples, which no proxy can have seen before."""
    bench.work.mkdir(parents=True, exist_ok=True)
    take_id = f"{secrets.token_hex(4)}-rehearsal"
    audio = bench.settings.audio
    path = bench.work / f"rehearsal-{take_id[:8]}.wav"
    sound = secrets.token_bytes(REHEARSAL_SECONDS * audio.samplerate * audio.bits // 8)
    path.write_bytes(header(audio.samplerate, audio.bits, Tags()) + sound)
    stat = path.stat()
    return FinishedTake(
        take_id=take_id,
        session="selftest",
        station=bench.settings.station.id,
        student_id="selftest",
        item="rehearsal",
        attempt=1,
        path=path,
        size=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        sha256=digest_of(path),
    )


def _remove(bench: Bench, row: Row) -> None:
    section = bench.settings.server
    capabilities = bench.line.capabilities
    if row.upload_url is None or capabilities is None or "termination" not in capabilities.extensions:
        return
    transport = Transport(section.url, bench.token, section.ca_file, bench.timing)
    try:
        TusClient(section.url, transport).delete(row.upload_url)
    except StationError:
        # It stays there under the name “selftest”; the centre knows it by that.
        return
    finally:
        transport.close()


def _told(line: Line, kind: Kind) -> Finding | None:
    if is_kind(line, kind):
        return _fault(line)
    if line.fault is not None and is_kind(line, Kind.PORTAL, Kind.TLS):
        return skipped(NOT_ANSWERED)
    return None


def _fault(line: Line) -> Finding:
    assert line.fault is not None
    return Finding(Outcome.FAIL, line.fault.what, line.fault.todo, {"kind": str(line.fault.kind)})


CHECKS = (
    Check(
        "connection", Group.NETWORK, tr_noop("Connection"),
        tr_noop("Recordings must reach the centre the same day."),
        tr_noop("The server's name is looked up and a connection is made."),
        connection, 40, morning=True,
    ),
    Check(
        "login_page", Group.NETWORK, tr_noop("Login page"),
        tr_noop("Many school networks ask for a login in a web browser first."),
        tr_noop("Whether a web page answers instead of the server."),
        login_page, 40, morning=True, needs=("connection",),
    ),
    Check(
        "certificate", Group.NETWORK, tr_noop("Certificate"),
        tr_noop("It proves that the server is the real one."),
        tr_noop("The certificate is checked against those that this computer trusts."),
        certificate, 40, morning=True, needs=("connection",),
    ),
    Check(
        "server", Group.NETWORK, tr_noop("Upload server"),
        tr_noop("What the server can do decides how strong the proof of delivery is."),
        tr_noop("The server is asked what it can do."),
        server, 40, morning=True, needs=("connection",),
    ),
    Check(
        "authorisation", Group.NETWORK, tr_noop("Permission"),
        tr_noop("Without it the server takes nothing."),
        tr_noop("An empty upload is begun and removed again."),
        authorisation, 40, morning=True, needs=("connection",),
    ),
    Check(
        "clock", Group.NETWORK, tr_noop("Clock"),
        tr_noop("Recordings carry date and time; a wrong clock also breaks encryption."),
        tr_noop("This computer's clock against the server's."),
        clock, 40, morning=True, needs=("connection",),
    ),
    Check(
        "rehearsal", Group.NETWORK, tr_noop("Rehearsal upload"),
        tr_noop("Only a whole delivery proves that the way is free."),
        tr_noop("A recording of noise is sent, proven and removed; the time gives the speed."),
        rehearsal, 60, usual=3.0, needs=("authorisation",),
    ),
)  # fmt: skip
