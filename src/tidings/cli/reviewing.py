"""The talk of `tidings review`: show a fact, read a key, keep the judgement.

In: a store, an author, keys from a terminal or a pipe. Out: judgements in the store.
It takes the clock that the library does not take.
"""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from tidings.cli.terminal import blanked, say, show
from tidings.errors import UsageError
from tidings.review import Doubt, judge, queue, undo
from tidings.review.values import RECODES

if TYPE_CHECKING:
    from rich.text import Text

    from tidings.facts import Record
    from tidings.store import Store

__all__ = ["Session"]

_HELP = "a accept  r reject  c recode  n note  s skip  u undo  q quit  ? help"
_STYLES = {
    "trigger": "bold yellow", "quote": "yellow", "source": "bold cyan", "target": "bold magenta",
    "speaker": "bold cyan", "date": "bold green", "cue": "green",
}  # fmt: skip
_ACTORS = frozenset(("speaker", "actor", "according_to"))


class Session:
    """One sitting: the facts of a queue, and the numbers of what was judged, the last of which can be undone."""

    def __init__(self, store: Store, author: str) -> None:
        self._store = store
        self._author = author
        self._kept: list[tuple[int, int, str]] = []

    def run(self, kinds: Sequence[str], limit: int, by: Literal["doubt", "chance"], page: str | None) -> None:
        """Ask about facts until the queue is empty or the keys end."""
        doubts = queue(self._store, kinds=kinds, limit=limit, by=by, page=page)
        if not doubts:
            say("nothing is left to review")
            return
        at = 0
        while at < len(doubts):
            self._show(doubts[at], at + 1, len(doubts))
            moved = self._ask(doubts[at], at)
            if moved is None:
                break
            at = moved
        tally = Counter(decision for _, _, decision in self._kept)
        told = ", ".join(f"{tally[name]} {name}" for name in ("accept", "reject", "recode", "note"))
        say(f"\n{told}; by {self._author}")

    def _ask(self, doubt: Doubt, at: int) -> int | None:
        """Read keys until one moves on; return the number of the fact to show next, None to end."""
        while True:
            key = _key()
            if key in ("", "q", "\x03", "\x04"):
                return None
            try:
                if key == "s":
                    return at + 1
                if key in ("a", "r", "c") and self._decide(doubt, key, at):
                    return at + 1
                if key == "n":
                    self._note(doubt, at)
                elif key == "u":
                    back = self._undo()
                    if back is not None:
                        return back
                elif key not in ("a", "r", "c"):
                    say(_HELP)
            except UsageError as error:
                say(f"not kept: {error}")

    def _decide(self, doubt: Doubt, key: str, at: int) -> bool:
        decision = {"a": "accept", "r": "reject", "c": "recode"}[key]
        value = None
        if key == "c":
            line = _line(f"what is right ({', '.join(RECODES[doubt.fact])}), as field=value: ")
            if not line:
                return False
            value = read_value(doubt, line, self._store.get(doubt.article))
        self._keep(doubt, decision, at, value=value)
        return True

    def _note(self, doubt: Doubt, at: int) -> None:
        line = _line("note: ")
        if line:
            self._keep(doubt, "note", at, note=line)

    def _keep(
        self, doubt: Doubt, decision: str, at: int, *, value: dict[str, Any] | None = None, note: str | None = None
    ) -> None:
        number = judge(
            self._store, page=doubt.page, fact=doubt.fact, span=doubt.span, decision=decision, value=value, note=note,
            author=self._author, at=_now(), index=doubt.index,
        )  # fmt: skip
        self._kept.append((number, at, decision))
        say(f"{decision} (judgement {number})")

    def _undo(self) -> int | None:
        if not self._kept:
            say("nothing to undo")
            return None
        number, at, _ = self._kept.pop()
        undo(self._store, number, author=self._author, at=_now())
        say(f"judgement {number} undone")
        return at

    def _show(self, doubt: Doubt, number: int, all: int) -> None:
        from rich.text import Text

        where = " · ".join(part for part in (doubt.outlet, doubt.published, doubt.title) if part)
        show(Text(f"\n[{number}/{all}] {doubt.fact}, score {doubt.score:.2f}  {where}", style="bold"))
        show(_marked(doubt))
        for name, value in doubt.says.items():
            if value not in (None, [], "") and name != "score":
                shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                show(Text(f"  {name}: {shown}"))
        if doubt.why:
            show(Text(f"  why: {doubt.why}", style="dim"))
        if number == 1:
            show(Text(_HELP, style="dim"))


def read_value(doubt: Doubt, line: str, record: Record | None) -> dict[str, Any]:
    """Return what "type=CONSULT source=Iran,Oman date=2026-01-05" changes; names of actors become their ids.

    Raises `UsageError` for what cannot be understood.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{error}") from error
    value: dict[str, Any] = {}
    for word in words:
        field, mark, new = word.partition("=")
        if not mark:
            raise UsageError(f"as field=value, not {word!r}")
        if field in ("source", "target"):
            value[field] = [_actor(name.strip(), record) for name in new.split(",") if name.strip()]
        elif not new:
            value[field] = None
        elif field in _ACTORS:
            value[field] = _actor(new, record)
        elif RECODES[doubt.fact].get(field) == "number":
            value[field] = _number(new)
        else:
            value[field] = new.upper() if field == "type" else new
    return value


def _actor(name: str, record: Record | None) -> str:
    actors = record.actors if record else ()
    if any(actor.id == name for actor in actors):
        return name
    wanted = name.casefold()
    found = [a.id for a in actors if wanted in {a.name.casefold(), *(alias.casefold() for alias in a.aliases)}]
    if len(found) != 1:
        known = ", ".join(f"{actor.name} ({actor.id})" for actor in actors[:12])
        raise UsageError(f"{'no' if not found else 'more than one'} actor is called {name!r}; there are {known}")
    return found[0]


def _number(text: str) -> float | int:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise UsageError(f"{text!r} is no number") from None


def _marked(doubt: Doubt) -> Text:
    """Return the words of a fact with its parts marked: in colour, and in brackets that need none."""
    from rich.text import Text

    marked = Text()
    last = 0
    for start, end, name in doubt.marks:
        if start < last:
            continue  # a part within another: the outer one is marked
        marked.append(_spaced(doubt.text[last:start]))
        marked.append(f"[{_spaced(doubt.text[start:end])}]", style=_STYLES.get(name, "bold yellow"))
        marked.append(f"{name}", style="dim")
        last = end
    return marked.append(_spaced(doubt.text[last:]))


def _spaced(text: str) -> str:
    return blanked(text).replace("\n", " ")


def _key() -> str:
    """Return the next key: from a terminal at once, from a pipe the next character that is not blank, "" at its end."""
    if sys.stdin.isatty():
        return click.getchar()
    while (key := sys.stdin.read(1)).isspace():
        pass
    return key


def _line(question: str) -> str:
    if sys.stdin.isatty():
        return click.prompt(question, default="", show_default=False, prompt_suffix="").strip()
    return sys.stdin.readline().strip()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
