"""Say in plain words whether two actors moved closer or apart.

In: a `Dyad` without its statement. Out: a sentence that never lacks the number of acts and, where there is one, p.
It judges nothing that the numbers do not.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tidings.dyads.blocs import eras, members_on
from tidings.dyads.changes import LEAST

if TYPE_CHECKING:
    from tidings.dyads.evidence import ActShown
    from tidings.dyads.pairs import Dyad, Shift, Side
    from tidings.dyads.parties import Party

__all__ = ["day_in_words", "days_in_words", "say", "say_party", "say_shift"]


def say(dyad: Dyad) -> str:
    """Return the statement of a dyad: its last shift, or that there is none to tell."""
    names = f"{dyad.a.name} and {dyad.b.name}"
    if dyad.overall is None or dyad.n < 2 * LEAST:
        return f"{names}: not enough acts (n={dyad.n})."
    if not dyad.shifts:
        return (
            f"{names}: no clear change between {days_in_words(dyad.overall.first, dyad.overall.last)}: "
            f"net cooperation share {_share(dyad.overall)}, n={dyad.n}{_told(dyad.tellings, dyad.stories, dyad.n)}, "
            f"P(any change){_probability(dyad.p_change)}."
        )
    last = dyad.shifts[-1]
    earlier = f" Earlier changes: {'; '.join(_short(shift) for shift in dyad.shifts[:-1])}." if dyad.shifts[1:] else ""
    return f"{names} {say_shift(last)}{earlier}"


def say_shift(shift: Shift, *, acts: int = 3) -> str:
    """Return a shift in words, without the names of the two, with so many of the acts that weigh most."""
    before, after = shift.before, shift.after
    moved = "moved closer" if shift.direction == "closer" else "moved apart"
    told = _told(before.tellings + after.tellings, before.stories + after.stories, before.n + after.n)
    heaviest = "; ".join(_act(act, shift) for act in shift.acts[:acts])
    return (
        f"{moved} about {shift.day}: net cooperation share {_share(before)} between "
        f"{days_in_words(before.first, before.last)} (n={before.n}) -> {_share(after)} between "
        f"{days_in_words(after.first, after.last)} (n={after.n}), P{_probability(shift.p)}{told}."
        + (f" The acts that weigh most: {heaviest}." if heaviest else "")
    )


def say_party(party: Party, first: str | None, last: str | None) -> str:
    """Return what is counted as the acts of a bloc, between two days; nothing for other parties."""
    if party.kind != "bloc":
        return ""
    if not party.members:
        more = f"; {party.key}:members adds what its member states do"
        return f"{party.name}: acts of the organisation itself{more}."
    days = eras(party.members, first or "9999-12-31", last or "9999-12-31")
    sizes = [len(members_on(party.members, day)) for day, _ in days]
    states = f"{min(sizes)}" if min(sizes) == max(sizes) else f"{min(sizes)} to {max(sizes)}"
    return (
        f"{party.name}: acts of the organisation and of its {states} member states, each while it was one; "
        "a member of both sides, or one that is itself asked about, is left out."
    )


def _short(shift: Shift) -> str:
    return (
        f"{shift.direction} about {shift.day} ({_number(shift.before.share)} -> {_number(shift.after.share)}, "
        f"n={shift.before.n} and {shift.after.n}, P{_probability(shift.p)})"
    )


def _act(act: ActShown, shift: Shift) -> str:
    code = f" {act.cameo}" if act.cameo else ""
    when = "" if act.day >= shift.day else ", before it"
    return f"{act.source_name} > {act.target_name or '-'} {act.type}{code} on {act.day}{when}"


def _share(side: Side) -> str:
    return f"{_number(side.share)} ({_number(side.low)} to {_number(side.high)})"


def _number(share: float) -> str:
    """Write a share the short way.

    >>> _number(0.724), _number(-0.05), _number(-0.001), _number(1.0)
    ('.72', '-.05', '.00', '1.00')
    """
    text = f"{round(share, 2) + 0.0:.2f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _probability(p: float) -> str:
    """Write a probability with the sign before it.

    >>> _probability(0.999), _probability(0.962), _probability(0.001)
    ('>.99', '=.96', '<.01')
    """
    return ">.99" if p > 0.99 else "<.01" if p < 0.01 else f"={_number(p)}"


def _told(tellings: int, stories: int, n: int) -> str:
    if stories:
        return f", {stories} independent {'story' if stories == 1 else 'stories'}"
    return f", {tellings} independent tellings" if tellings != n else ""


def days_in_words(first: str, last: str) -> str:
    """Return two days as a stretch of months where they are whole months or nearly, else as days.

    >>> days_in_words("2018-01-01", "2018-04-30"), days_in_words("2018-01-03", "2018-05-20")
    ('Jan and Apr 2018', '3 Jan and 20 May 2018')
    """
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    whole = start.day == 1 and _next(end).day == 1
    form = _month if whole else _day
    one = form(start) if start.year == end.year else f"{form(start)} {start.year}"
    return f"{one} and {form(end)} {end.year}"


def day_in_words(day: str) -> str:
    """Return an ISO day in words.

    >>> day_in_words("2018-05-01")
    '1 May 2018'
    """
    when = date.fromisoformat(day)
    return f"{_day(when)} {when.year}"


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1) if day < date.max else day


def _month(day: date) -> str:
    return _MONTHS[day.month - 1]


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"


# Not `strftime`: its names depend on the locale.
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
