"""The outlook: what is scheduled, and what may come next between two actors, with reasons and track record.

In: a shelf and what was asked. Out: a view. The chances come from `tidings.outlook`; here they are laid out.
"""

from __future__ import annotations

from collections.abc import Mapping

from tidings.desk.ahead import coming, scheduled_table
from tidings.desk.pairs import back_to, pairs_of
from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View, number_of
from tidings.errors import UsageError
from tidings.outlook import Expected, Outlook
from tidings.outlook import outlook as look_ahead
from tidings.outlook.told import by_kind, how_sure

__all__ = ["outlook"]

_DAYS = 14
_PATIENCE = 5.0
"""Seconds a page waits for an outlook; it is worked on behind the page, and there on a later visit."""
_ACTS = 4


def outlook(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show what is ahead; with `a`, or `a` and `b`, the chances of what actors do next."""
    from tidings.desk.finding import day_before

    latest = shelf.latest()
    days = min(max(1, number_of(asked.get("days")) or _DAYS), 366)
    a, b = asked.get("a", "").strip()[:200], asked.get("b", "").strip()[:200]
    found: Outlook | None = None
    wrong: str | None = None
    if a or b:
        try:
            found = shelf.work_out(
                ("outlook", a or b, b if a else "", days),
                lambda: look_ahead(shelf.store, a or b, (b or None) if a else None, days=days),
                _PATIENCE,
            )
        except UsageError as error:
            wrong = str(error)
    since = shelf.remember("outlook back to", lambda: back_to(shelf, day_before(latest, 365)))
    scheduled = coming(shelf, latest, 40) if not a and not b else []
    data = {
        "latest": latest,
        "days": days,
        "a": a or None,
        "b": b or None,
        "scheduled": scheduled,
        "pairs": shelf.remember("outlook pairs", lambda: pairs_of(shelf, since, 12)),
        "pairs_since": since or None,
        "outlook": found,
        "working": bool((a or b) and found is None and wrong is None),
        "wrong": wrong,
    }
    table = scheduled_table(scheduled)
    if found is not None:
        columns = ("way", "source", "target", "kind", "grain", "chance", "usual", "base", "rest")
        table = Table(columns, [[getattr(line, name) for name in columns] for line in found.expected])
    return View(
        title=f"Outlook: {found.a}{f' and {found.b}' if found.b else ''}" if found else "Outlook",
        template="outlook.html",
        data=data,
        drawn={"kinds": _kinds(found) if found else {}, "acts_shown": _ACTS},
        table=table,
        planned=found.scheduled if found else scheduled,
        status=400 if wrong else 200,
    )


def _kinds(found: Outlook) -> dict[str, list[Expected | str]]:
    """Return the chances to show, and the names of the types that are all but sure or all but out of the question."""
    parted: dict[str, list[Expected | str]] = {"open": [], "sure": [], "slight": []}
    for kind, lines in by_kind(found).items():
        how = how_sure(lines)
        parted[how].extend(lines if how == "open" else [kind])
    return parted
