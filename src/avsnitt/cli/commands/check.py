"""`avsnitt check`."""

from __future__ import annotations

from collections import Counter

import click

from avsnitt.cli.session import Session
from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.problems.problem import Problem

FORMATS = ("text", "json", "sarif", "github")


def command(session: Session) -> click.Command:
    """The command `check`, with its words in the session's language."""
    words = session.strings

    @click.command("check", help=words("help.check"), short_help=words("help.check.short"))
    @click.argument("feed", required=False)
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    @click.option("--format", "form", type=click.Choice(FORMATS), help=words("option.format"))
    @click.option("--all", "everything", is_flag=True, help=words("option.all"))
    @click.option("--explain", metavar="CODE", help=words("option.explain-code"))
    @click.option("--online", is_flag=True, help=words("option.online"))
    def check(
        *,
        feed: str | None,
        as_json: bool,
        form: str | None,
        everything: bool,
        explain: str | None,
        online: bool,
    ) -> int:
        if explain is not None:
            return _explain(session, explain.upper())
        form = form or ("json" if as_json else "text")
        problems = _find(session, feed, online=online)
        if online and feed is None:
            problems += _ask(session, problems, form, everything)
        _print_report(session, problems, form, everything)
        return 1 if any(found.severity == "error" for found in problems) else 0

    return check


def _ask(
    session: Session, problems: tuple[Problem, ...], form: str, everything: bool
) -> tuple[Problem, ...]:
    """
    Ask the servers; when they do not answer, print first the problems that were found without
    them.
    """
    from avsnitt.problems.errors import ExternalError
    from avsnitt.workflow.check.show import check_published

    try:
        return check_published(session.root)
    except ExternalError:
        _print_report(session, problems, form, everything)
        raise


def _find(session: Session, feed: str | None, *, online: bool) -> tuple[Problem, ...]:
    if feed is not None:
        from avsnitt.workflow.check.any_feed import check_target

        return check_target(feed, online=online)
    from avsnitt.workflow.check.show import check_show

    return check_show(session.root)


def _print_report(
    session: Session, problems: tuple[Problem, ...], form: str, everything: bool
) -> None:
    if form == "json":
        session.terminal.problems_json(problems)
    elif form == "sarif":
        from importlib.metadata import version

        from avsnitt.cli.output.sarif_github import problems_as_sarif

        session.terminal.data(problems_as_sarif(problems, session.strings, version("avsnitt")))
    elif form == "github":
        from avsnitt.cli.output.sarif_github import problems_for_github

        session.terminal.data(problems_for_github(problems, session.strings))
    else:
        _print_for_people(session, problems, everything)


def _print_for_people(session: Session, problems: tuple[Problem, ...], everything: bool) -> None:
    """Notes are only counted, unless everything is asked for: they are nobody's mistakes."""
    from avsnitt.cli.output.problems import count_problems

    terminal = session.terminal
    notes = 0 if everything else sum(found.severity == "info" for found in problems)
    shown = [found for found in problems if everything or found.severity != "info"]
    if not shown:
        terminal.say("check.nothing")
    elif everything:
        terminal.problems(shown, places=None)
    else:
        terminal.problems(shown)
    if shown:
        terminal.talk(count_problems(shown, session.strings))
    if notes:
        terminal.say("check.notes", n=notes)
    _print_omitted(session, shown)


def _print_omitted(session: Session, shown: list[Problem]) -> None:
    """Of one code no more than so many are looked for, and a count would seem to be all."""
    from avsnitt.checks.feed.limits import MOST_OF_A_KIND

    shown_codes = Counter(found.code for found in shown)
    if any(count >= MOST_OF_A_KIND and code in RULEBOOK for code, count in shown_codes.items()):
        session.terminal.say("check.more", n=MOST_OF_A_KIND)


def _explain(session: Session, code: str) -> int:
    from avsnitt.cli.output.problems import without_values

    words = session.strings
    if code not in SEVERITIES:
        raise click.UsageError(words("usage.no-code", code=code, known=", ".join(SEVERITIES)))
    lines = [
        f"{code}: {words(f'severity.{SEVERITIES[code]}')}. {words(f'problems.{code}', n=1)}.",
        words("problems.why", text=without_values(words.raw(f"problems.{code}.why"))),
    ]
    if cure := without_values(words.raw(f"problems.{code}.cure")):
        lines.append(words("problems.cure", text=cure))
    if facts := RULEBOOK.get(code):
        who = ", ".join(words(f"asked-by.{name}") for name in facts.asked_by)
        lines += [words("problems.asked-by", who=who), words("problems.source", text=facts.source)]
    session.terminal.data("\n".join(lines) + "\n")
    return 0
