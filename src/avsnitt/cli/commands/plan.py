"""`avsnitt plan`."""

from __future__ import annotations

import click

from avsnitt.cli.session import Session


def command(session: Session) -> click.Command:
    """The command `plan`, with its words in the session's language."""
    words = session.strings

    @click.command("plan", help=words("help.plan"), short_help=words("help.plan.short"))
    @click.argument("question", metavar=words("argument.question"))
    def plan(question: str) -> None:
        from avsnitt.workflow.add import plan_episode

        hints = tuple(words(f"plan.hint.{name}") for name in ("question", "unknowns", "people"))
        path = plan_episode(session.root, question, hints)
        session.terminal.name(path)
        session.terminal.say("plan.done")

    return plan
