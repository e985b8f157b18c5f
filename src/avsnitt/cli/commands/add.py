"""`avsnitt add`."""

from __future__ import annotations

import datetime as dt

import click

from avsnitt.cli.commands.build import run_build
from avsnitt.cli.output.audio_report import facts_of, report_audio
from avsnitt.cli.session import Session
from avsnitt.i18n import clock
from avsnitt.model.audio import MadeAudio
from avsnitt.model.audio_formats import FINISHED
from avsnitt.problems.errors import ContentError
from avsnitt.show_files import episode_file
from avsnitt.workflow.add import Added, add_recording, make_anew
from avsnitt.workflow.produce.run import ProductionOptions
from avsnitt.workflow.sound import make_sounds


def command(session: Session) -> click.Command:
    """The command `add`, with its words in the session's language."""
    words = session.strings

    @click.command("add", help=words("help.add"), short_help=words("help.add.short"))
    @click.argument("audio", metavar=words("argument.audio"), nargs=-1, required=True)
    @click.option("--to", default="", metavar=words("argument.slug"), help=words("option.to"))
    @click.option("--title", default="", help=words("option.episode-title"))
    @click.option("--publish", is_flag=True, help=words("option.publish"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def add(audio: tuple[str, ...], to: str, title: str, publish: bool, as_json: bool) -> int:
        hints = tuple(words(f"plan.hint.{name}") for name in ("summary", "people"))
        moment = _this_minute() if publish else None
        added = add_recording(
            session.root, audio, to=to, title=title, publish_at=moment, hints=hints
        )
        if not as_json:
            _print_report(session, added)
        made = _make(session, added)
        if as_json:
            _print_file_facts(session, added, made)
        else:
            session.terminal.name(episode_file(added.folder))
        return run_build(session, named=False) if publish else 0

    return add


def _this_minute() -> dt.datetime:
    from avsnitt.system.clock import now

    return now().replace(second=0, microsecond=0)


def _print_report(session: Session, added: Added) -> None:
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


def _make(session: Session, added: Added) -> MadeAudio | None:
    """
    The sound that is published, made at once; None where that has to wait for something else in
    the show to be mended.
    """
    options = ProductionOptions(slugs=(added.slug,))
    try:
        with session.progress() as progress:
            report = make_sounds(session.root, options, progress=progress, trial=True)
    except ContentError:
        session.terminal.say("made.after")
        return None
    own = [one for one in report.problems if one.where.path.startswith(f"{added.folder}/")]
    if own:
        session.terminal.problems(own)
    made = report.made.get(added.slug)
    if made is None:
        return None
    if made.forms[0].file and added.facts.format in FINISHED and not added.tracks:
        make_anew(session.root, added)
    report_audio(session.terminal, made)
    return made


def _print_file_facts(session: Session, added: Added, made: MadeAudio | None) -> None:
    import msgspec

    facts = {**msgspec.to_builtins(added), "made": facts_of(made) if made else None}
    session.terminal.data(msgspec.json.encode(facts).decode() + "\n")


def _spell_format(format_: str, sound: str) -> str:
    """Name a format in words; one that is not a name of ours keeps the name in its file."""
    return (sound.rpartition(".")[2] if format_ == "other" else format_).upper()
