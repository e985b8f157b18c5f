"""`avsnitt clip`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from avsnitt.cli.session import Session
from avsnitt.formats.timecode import parse_time
from avsnitt.problems.errors import UsageError

if TYPE_CHECKING:
    from avsnitt.workflow.clip import MadeClip


def command(session: Session) -> click.Command:
    """The command `clip`, with its words in the session's language."""
    words = session.strings
    time = words("argument.time")

    @click.command("clip", help=words("help.clip"), short_help=words("help.clip.short"))
    @click.argument("slug", metavar=words("argument.slug"))
    @click.option("--from", "start", default="", metavar=time, help=words("option.clip-from"))
    @click.option("--to", "end", default="", metavar=time, help=words("option.clip-to"))
    @click.option("--soundbite", type=int, metavar="N", help=words("option.soundbite"))
    @click.option("--audiogram", is_flag=True, help=words("option.audiogram"))
    @click.option("--size", type=click.Choice(["1080", "720"]), default="1080",
                  help=words("option.audiogram-size"))  # fmt: skip
    @click.option("--title", default="", help=words("option.clip-title"))
    @click.option(
        "--out", default="", metavar=words("argument.file"), help=words("option.clip-out")
    )
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def clip(slug: str, as_json: bool, **asked: Any) -> None:
        from avsnitt.clips.selection import ClipRequest
        from avsnitt.workflow.clip import make_clips

        order = ClipRequest(
            slug=slug,
            start_ms=_time("--from", asked["start"]),
            end_ms=_time("--to", asked["end"]),
            soundbite=asked["soundbite"],
            title=" ".join(asked["title"].split()),
            film=asked["audiogram"],
        )
        with session.progress() as progress:
            size = int(asked["size"])
            made = make_clips(session.root, order, out=asked["out"], size=size, progress=progress)
        if as_json:
            _print_file_facts(session, made)
        else:
            _print_report(session, made)

    return clip


def _time(option: str, text: str) -> int | None:
    if not text:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        values = {"option": option, "text": text}
        raise UsageError(text, key="clip.bad-time", values=values) from error


def _print_report(session: Session, made: tuple[MadeClip, ...]) -> None:
    from avsnitt.clips.selection import spell_moment

    terminal = session.terminal
    for one in made:
        times = {"start": spell_moment(one.start_ms), "end": spell_moment(one.end_ms)}
        terminal.say("clip.made", title=one.title, **times)
        if any(path.endswith(".mp4") for path in one.files) and not one.captions:
            terminal.say("clip.no-captions")
        if one.missing:
            terminal.say("clip.missing-letters", letters=" ".join(one.missing))
        for path in one.files:
            terminal.name(path)


def _print_file_facts(session: Session, made: tuple[MadeClip, ...]) -> None:
    import msgspec

    session.terminal.data(msgspec.json.encode(made).decode() + "\n")
