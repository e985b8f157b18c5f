"""The messages of click in the reader's language: click itself has no other than English."""

from __future__ import annotations

import re

import click

from avsnitt.cli.output.safe_text import visible
from avsnitt.i18n import Strings

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def spell_usage(error: click.ClickException, strings: Strings) -> str:
    """
    Return what is wrong with a command line, and the command that shows the right way to write
    it.
    """
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "avsnitt COMMAND"
    what = f"{strings('severity.error')}: {visible(_wrong(error, strings))}"
    return f"{what}\n{strings('error.cure', text=strings('usage.help', command=command))}"


def _wrong(error: click.ClickException, strings: Strings) -> str:
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(sorted(error.possibilities or ()))
        message_text = strings("usage.no-option", name=error.option_name)
        return f"{message_text} {strings('near', near=near)}" if near else message_text
    if isinstance(error, click.BadOptionUsage):
        return strings("usage.bad-option", name=error.option_name)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _wrong_value(error, error.param, strings)
    extra = _EXTRA.match(error.format_message())
    return strings("usage.extra", words=extra[1]) if extra else error.format_message()


def _wrong_value(error: click.BadParameter, param: click.Parameter, strings: Strings) -> str:
    name = param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
    if isinstance(error, click.MissingParameter):
        return strings("usage.missing", name=name)
    if isinstance(param.type, click.Choice):
        return strings("usage.choice", name=name, choices=", ".join(map(str, param.type.choices)))
    if isinstance(param.type, click.IntRange):
        return strings("usage.range", name=name, low=param.type.min, high=param.type.max)
    return strings("usage.bad-option", name=name)
