"""`avsnitt check`."""

from __future__ import annotations

import click

from avsnitt.cli.session import Session
from avsnitt.errors import Problem
from avsnitt.problems import SEVERITIES


def command(session: Session) -> click.Command:
    words = session.strings

    @click.command("check", help=words("help.check"), short_help=words("help.check.short"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    @click.option("--all", "everything", is_flag=True, help=words("option.all"))
    @click.option("--explain", metavar="CODE", help=words("option.explain-code"))
    def check(as_json: bool, everything: bool, explain: str | None) -> int:
        if explain is not None:
            return _explain(session, explain.upper())
        from avsnitt.workflow.checking import check_show

        problems = check_show(session.root)
        if as_json:
            session.terminal.problems_json(problems)
        else:
            _tell(session, problems, everything)
        return 1 if any(found.severity == "error" for found in problems) else 0

    return check


def _tell(session: Session, problems: tuple[Problem, ...], everything: bool) -> None:
    terminal = session.terminal
    if not problems:
        terminal.say("check.nothing")
        return
    if everything:
        terminal.problems(problems, places=None)
    else:
        terminal.problems(problems)
    from avsnitt.cli.findings import count_problems

    terminal.talk(count_problems(problems, session.strings))


def _explain(session: Session, code: str) -> int:
    words = session.strings
    if code not in SEVERITIES:
        raise click.UsageError(words("usage.no-code", code=code, known=", ".join(SEVERITIES)))
    lines = (
        f"{code}: {words(f'severity.{SEVERITIES[code]}')}. {words(f'problems.{code}', n=1)}.",
        words("problems.why", text=words.raw(f"problems.{code}.why")),
        words("problems.cure", text=words.raw(f"problems.{code}.cure")),
    )
    session.terminal.data("\n".join(lines) + "\n")
    return 0
