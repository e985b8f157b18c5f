"""`avsnitt sound`."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from avsnitt.cli.output.audio_report import facts_of, report_audio
from avsnitt.cli.output.problems import problems_as_json
from avsnitt.cli.session import Session
from avsnitt.work.backend import AUTO, ExecutorOptions
from avsnitt.work.executor import parse_executor
from avsnitt.work.shards import parse_shard
from avsnitt.workflow.produce.run import ProductionOptions, ProductionReport


def command(session: Session) -> click.Command:
    """The command `sound`, with its words in the session's language."""
    words = session.strings

    @click.command("sound", help=words("help.sound"), short_help=words("help.sound.short"))
    @click.argument("slugs", metavar=words("argument.slugs"), nargs=-1)
    @executor_option(session)
    @click.option("--shard", default="1/1", metavar="I/N", help=words("option.shard"))
    @click.option(
        "--merge", multiple=True, metavar=words("argument.folder"), help=words("option.merge")
    )
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def sound(
        slugs: tuple[str, ...], executor: str, shard: str, merge: tuple[str, ...], as_json: bool
    ) -> int:
        options = ProductionOptions(
            slugs=slugs,
            executor=ExecutorOptions(executor=parse_executor(executor)),
            shard=parse_shard(shard),
            merge=merge,
        )
        report = _make(session, options)
        (_print_json if as_json else _print_report)(session, report)
        return 1 if any(found.severity == "error" for found in report.problems) else 0

    return sound


def executor_option(session: Session) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--executor`, for every command that makes sound."""
    return click.option(
        "--executor", default=AUTO, metavar="NAME", help=session.strings("option.executor")
    )


def _make(session: Session, options: ProductionOptions) -> ProductionReport:
    make_sounds = import_module("avsnitt.workflow.sound").make_sounds
    with session.progress() as progress:
        report: ProductionReport = make_sounds(session.root, options, progress=progress)
    return report


def _print_report(session: Session, report: ProductionReport) -> None:
    terminal = session.terminal
    if report.problems:
        terminal.problems(report.problems)
    if report.merged:
        terminal.say("sound.merged", n=report.merged)
    for slug, made in report.made.items():
        terminal.name(slug)
        report_audio(session.terminal, made)
    terminal.say("sound.made", n=len(report.made))


def _print_json(session: Session, report: ProductionReport) -> None:
    facts = {
        "made": {slug: facts_of(made) for slug, made in report.made.items()},
        "merged": report.merged,
        "problems": json.loads(problems_as_json(report.problems, session.strings)),
    }
    session.terminal.data(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
