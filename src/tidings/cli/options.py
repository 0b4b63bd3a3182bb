"""Options that mean the same in every verb.

In: nothing. Out: click decorators. They do no work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

__all__ = [
    "data_option",
    "days_option",
    "explain_option",
    "format_option",
    "jobs_option",
    "limit_option",
    "out_option",
    "quiet_option",
]

_C = TypeVar("_C", bound=Callable[..., object])


def days_option(command: _C) -> _C:
    """Offer `--since` and `--until`, which are also called `--from` and `--to`."""
    until = click.option("--until", "--to", "until", metavar="DATE", help="Up to this day, month or year.")
    since = click.option("--since", "--from", "since", metavar="DATE", help="From this day, month or year on.")
    return since(until(command))


def format_option(forms: Sequence[str]) -> Callable[[_C], _C]:
    """Offer `--format` with the given forms; the verb picks one by where the output goes."""
    return click.option("--format", "form", type=click.Choice(list(forms)), help="How to print the result.")


def out_option(command: _C) -> _C:
    """Offer `-o FILE`."""
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option(
        "-o", "--out", type=path, metavar="FILE", help="Write here; the file appears when it is whole."
    )(command)


def jobs_option(command: _C) -> _C:
    """Offer `--jobs`."""
    return click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes at work.")(
        command
    )


def limit_option(command: _C) -> _C:
    """Offer `--limit`."""
    return click.option("--limit", type=click.IntRange(min=1), help="Stop after so many results.")(command)


def explain_option(command: _C) -> _C:
    """Offer `--explain`."""
    return click.option("--explain", is_flag=True, help="Say why each fact was taken.")(command)


def quiet_option(command: _C) -> _C:
    """Offer `-q`."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress; errors are still named.")(command)


def data_option(command: _C) -> _C:
    """Offer `--data`."""
    path = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option(
        "--data", type=path, envvar="TIDINGS_DATA", metavar="FOLDER", help="The development data [TIDINGS_DATA]."
    )(command)
