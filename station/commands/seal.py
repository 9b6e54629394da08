"""`station seal show|verify`: the seal of a session, recomputed; it needs no secret and no network."""

from __future__ import annotations

from pathlib import Path

import click

from config.base import Message, say
from config.disk import DataDir, write_whole
from station.commands.options import config_option, json_option, settings_of
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import render, tr


@click.group(help=tr("The seal of a session: a code that stands for everything recorded."))
def seal() -> None:
    pass


@seal.command("show", help=tr("Compute the seal code of a session as it is now."))
@config_option
@click.option("--session", "session_id", metavar="ID", help=tr("Another session than that of station.toml."))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=tr("Write what is sealed into this file, to be compared later."),
)
@json_option
def show_command(config_path: Path, session_id: str | None, out: Path | None, as_json: bool) -> int:
    from station.seal.manifest import manifest_of, read_manifest, sealed_now
    from station.seal.sealcode import seal_code
    from station.takes.naming import session_of

    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    session = session_id or session_of(settings)
    sealed = sealed_now(data, session)
    if sealed is None:
        manifest = manifest_of(data, session, settings.station.id)
        content = manifest.content()
    else:
        content = sealed.read_bytes()
        manifest = read_manifest(content, sealed.name)
    if out is not None:
        write_whole(out, content)
    code = seal_code(content)
    counts = {"takes": len(manifest.takes), "entries": len(manifest.leaves)}
    number = manifest.number or None
    if as_json:
        talk.document(
            {"session": session, "station": settings.station.id, "code": code, "seal": number, **counts}
        )
        return Exit.OK
    talk.line(code)
    if number is not None:
        talk.tell(say("This is seal {number} of the session.", number=number))
    talk.tell(
        say(
            "Session {session}: {takes} {takes|recording|recordings}, {entries} {entries|entry|entries}.",
            session=session,
            **counts,
        )
    )
    return Exit.OK


@seal.command("verify", help=tr("Compare the recordings with a seal, or without one with the journal."))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@config_option
@click.option("--session", "session_id", metavar="ID", help=tr("Another session than that of station.toml."))
@click.option("--code", help=tr("The code on paper: that of the file must be the same."))
@json_option
def verify_command(
    file: Path | None, config_path: Path, session_id: str | None, code: str | None, as_json: bool
) -> int:
    from station.seal.manifest import MOST_BYTES, read_manifest, sealed_now
    from station.seal.sealcode import same_code, seal_code
    from station.seal.tampering import differences, inconsistencies
    from station.takes.naming import session_of

    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    found: list[Message] = []
    computed = None
    if file is None:
        file = sealed_now(data, session_id or session_of(settings))
    if file is None:
        if code is not None:
            raise click.UsageError(tr("--code needs the file that was sealed."))
        found = inconsistencies(data, session_id or session_of(settings))
    else:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        computed = seal_code(content)
        if code is not None and not same_code(code, computed):
            found.append(say("The code of the file is {code}, not the one on paper.", code=computed))
        found += differences(data, read_manifest(content, file.name))
    if as_json:
        talk.document({"code": computed, "differences": [str(what) for what in found]})
    else:
        for what in found:
            talk.line(render(what))
        if not found:
            talk.line(say("All is as it was recorded."))
    return Exit.FAILED if found else Exit.OK
