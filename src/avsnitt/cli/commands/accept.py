"""`avsnitt accept`."""

from __future__ import annotations

import click

from avsnitt.cli.output.changes import spell_changes
from avsnitt.cli.session import Session


def command(session: Session) -> click.Command:
    """The command `accept`, with its words in the session's language."""
    words = session.strings

    @click.command("accept", help=words("help.accept"), short_help=words("help.accept.short"))
    @click.argument("slugs", metavar=words("argument.slugs"), nargs=-1)
    @click.option("--show", is_flag=True, help=words("option.accept-show"))
    @click.option("--all", "everything", is_flag=True, help=words("option.accept-all"))
    @click.option("--dry-run", is_flag=True, help=words("option.dry-run"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def accept(
        slugs: tuple[str, ...], show: bool, everything: bool, dry_run: bool, as_json: bool
    ) -> None:
        if not (slugs or show or everything):
            raise click.UsageError(words("accept.which"))
        from avsnitt.workflow.diff import accept as accept_changes

        changes = accept_changes(
            session.root, slugs, show=show, everything=everything, dry_run=dry_run
        )
        if as_json:
            import msgspec

            data = msgspec.json.format(msgspec.json.encode(changes)).decode()
            session.terminal.data(data + "\n")
            return
        if not changes:
            session.terminal.say("accept.nothing")
            return
        for line in spell_changes(changes, words, shown=None):
            session.terminal.talk(line)
        session.terminal.say("accept.dry" if dry_run else "accept.done")

    return accept
