"""`avsnitt diff`."""

from __future__ import annotations

import click

from avsnitt.cli.output.changes import SHOWN, spell_changes
from avsnitt.cli.session import Session
from avsnitt.workflow.diff import PublishPreview


def command(session: Session) -> click.Command:
    """The command `diff`, with its words in the session's language."""
    words = session.strings

    @click.command("diff", help=words("help.diff"), short_help=words("help.diff.short"))
    @click.argument("feed", metavar=words("argument.feed"), default="")
    @click.option("--all", "everything", is_flag=True, help=words("option.all-episodes"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def diff(feed: str, everything: bool, as_json: bool) -> int:
        if feed:
            from avsnitt.workflow.diff_feed import compare_feed

            ahead = compare_feed(session.root, feed)
        else:
            from avsnitt.workflow.diff import preview_publish

            ahead = preview_publish(session.root)
        if as_json:
            report_changes_json(session, ahead)
        else:
            report_changes(
                session, ahead, shown=None if everything else SHOWN, elsewhere=bool(feed)
            )
        return 1 if ahead.is_refused else 0

    return diff


def report_changes(
    session: Session, ahead: PublishPreview, *, shown: int | None = SHOWN, elsewhere: bool = False
) -> None:
    """
    In words: what subscribers would notice, and what to do where it would be refused, or would
    hurt those of a feed that was published `elsewhere`.
    """
    terminal = session.terminal
    if ahead.old is None:
        terminal.say("diff.first", n=len(ahead.new.episodes))
        return
    lines = spell_changes(ahead.changes, session.strings, shown=shown)
    if not lines:
        terminal.say("diff.nothing")
        return
    terminal.say("diff.head")
    for line in lines:
        terminal.talk(line)
    if ahead.is_refused:
        terminal.say("diff.hurts" if elsewhere else "diff.refused")


def report_changes_json(session: Session, ahead: PublishPreview) -> None:
    """Print the changes that subscribers would notice as one JSON document on stdout."""
    import msgspec

    facts = {
        "published": ahead.old is not None,
        "refused": ahead.is_refused,
        "changes": [
            {**msgspec.structs.asdict(change), "refused": change.is_refused}
            for change in ahead.changes
        ],
    }
    session.terminal.data(msgspec.json.format(msgspec.json.encode(facts)).decode() + "\n")
