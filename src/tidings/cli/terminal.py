"""The one door to the terminal: whatever is shown there, in colour or not, passes through it.

In: words and rich renderables, with text of pages in them. Out: the same without what could steer a terminal.
Page text is hostile: control characters, escapes and direction overrides never get out. It lays nothing out itself.
"""

from __future__ import annotations

import re
import sys
from typing import IO, TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

__all__ = ["blanked", "complain", "plain", "say", "screen", "show"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Take out what could steer a terminal: control characters, escapes, direction overrides.

    >>> plain("a\\x1b[31mb")
    'a[31mb'
    """
    return _CONTROL.sub("", text)


def blanked(text: str) -> str:
    """Put blanks for the same, one for one: offsets into the text stay what they are."""
    return _CONTROL.sub(" ", text)


def say(words: str = "", *, err: bool = False) -> None:
    """Print words on a line of their own."""
    click.echo(plain(words), err=err)


def complain(words: str) -> None:
    """Say on stderr, on one line, what went wrong."""
    say(f"tidings: {' '.join(words.split())}", err=True)


def show(*parts: RenderableType, stream: IO[str] | None = None, width: int | None = None) -> None:
    """Print what rich can lay out, on stdout or on a stream of `screen`; page text in it is never markup."""
    from rich.console import Console

    file = sys.stdout if stream is None or isinstance(stream, _Screen) else stream
    console = Console(file=file, width=width, highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(_Plain(part))


def screen() -> IO[str]:
    """Return stdout for text that is not laid out; on a terminal, what could steer it is written as JSON would.

    So a line of JSON stays what it was, and a pipe gets every character.
    """
    return cast("IO[str]", _Screen(sys.stdout)) if sys.stdout.isatty() else sys.stdout


class _Screen:
    """A terminal as a stream of text."""

    def __init__(self, terminal: IO[str]) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        self._terminal.write(_CONTROL.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text.replace("\r\n", "\n")))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._terminal.flush()


class _Plain:
    """A renderable whose text is made plain when it has been laid out: rich gives control characters no width."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self._inner, options):
            yield segment if segment.control else segment._replace(text=plain(segment.text))
