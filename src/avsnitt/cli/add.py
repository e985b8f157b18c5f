"""`avsnitt add`."""

from __future__ import annotations

import datetime as dt

import click

from avsnitt.cli.session import Session
from avsnitt.i18n import clock
from avsnitt.workflow.adding import Added, add_recording


def command(session: Session) -> click.Command:
    words = session.strings

    @click.command("add", help=words("help.add"), short_help=words("help.add.short"))
    @click.argument("audio", metavar=words("argument.audio"), nargs=-1, required=True)
    @click.option("--to", default="", metavar=words("argument.slug"), help=words("option.to"))
    @click.option("--title", default="", help=words("option.episode-title"))
    @click.option("--publish", is_flag=True, help=words("option.publish"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def add(audio: tuple[str, ...], to: str, title: str, publish: bool, as_json: bool) -> None:
        hints = tuple(words(f"plan.hint.{name}") for name in ("summary", "people"))
        moment = _this_minute() if publish else None
        added = add_recording(
            session.root, audio, to=to, title=title, publish_at=moment, hints=hints
        )
        if as_json:
            _tell_program(session, added)
        else:
            _tell(session, added)

    return add


def _this_minute() -> dt.datetime:
    from avsnitt.adapters.clock import now

    return now().replace(second=0, microsecond=0)


def _tell(session: Session, added: Added) -> None:
    facts = added.facts
    session.terminal.say(
        "add.measured",
        duration=clock(facts.duration_ms),
        format=_spell_format(facts.format, added.sound),
        channels=session.strings("add.channels", n=facts.channels),
        rate=f"{facts.sample_rate_hz / 1000:g}",
    )
    if facts.chapters:
        session.terminal.say("add.chapters", n=len(facts.chapters))
    session.terminal.say(f"add.{added.status}")
    session.terminal.name(f"{added.folder}/episode.md")


def _tell_program(session: Session, added: Added) -> None:
    import msgspec

    session.terminal.data(msgspec.json.encode(added).decode() + "\n")


def _spell_format(format_: str, sound: str) -> str:
    """What has no name among ours goes by the one its file has."""
    return (sound.rpartition(".")[2] if format_ == "other" else format_).upper()
