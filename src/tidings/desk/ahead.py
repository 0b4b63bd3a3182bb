"""What is planned, and what is likely.

In: a shelf. Out: views of the calendar and of the outlook.
The desk's today is the day of the youngest article, not that of the machine.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from tidings.desk.cast import Retold, retold
from tidings.desk.digest import Digest, Told
from tidings.desk.shelf import Shelf
from tidings.desk.views import View, event_table

__all__ = ["calendar", "coming", "outlook"]

ENOUGH = 200
"""Facts a forecast needs; with fewer its probabilities mean nothing."""
_MOST = 20_000
_SUBJECTS = 6
_ANSWERS = 5

Dated = tuple[str, str, str, str]
Answer = tuple[str, str, tuple[tuple[str, float], ...]]


def coming(digest: Digest) -> list[Retold]:
    """Return what is planned for the desk's today or later, in order of time."""
    today = digest.latest or ""
    return retold([event for event in _planned(digest) if (event.last or "") >= today])


def calendar(shelf: Shelf, asked: Mapping[str, str]) -> View:  # noqa: ARG001
    """Show all that was planned for a known day, by month."""
    digest = shelf.digest()
    planned = _planned(digest)
    months: dict[str, list[Retold]] = {}
    for line in retold(planned):
        months.setdefault((line.first.day or "")[:7], []).append(line)
    undated = [event for event in digest.told if event.status == "planned" and not event.day]
    data = {"latest": digest.latest, "months": months, "undated": undated}
    return View(title="Calendar", template="calendar.html", data=data, table=event_table(planned))


def outlook(shelf: Shelf, asked: Mapping[str, str]) -> View:  # noqa: ARG001
    """Show what is scheduled, and whom the most active actors are likely to deal with next."""
    digest = shelf.digest()
    facts = _facts(digest)
    scheduled = coming(digest)
    data = {
        "latest": digest.latest,
        "scheduled": scheduled,
        "facts": len(facts),
        "enough": ENOUGH,
        "answers": [
            {
                "subject": {"id": subject, "name": digest.actors[subject].name},
                "relation": relation,
                "ranked": [
                    {"id": name, "name": digest.actors[name].name, "probability": round(chance, 4)}
                    for name, chance in ranked
                    if name in digest.actors
                ],
            }
            for subject, relation, ranked in _forecast(facts, digest.latest)
        ],
    }
    return View(
        title="Outlook",
        template="outlook.html",
        data=data,
        table=event_table([line.first for line in scheduled]),
    )


def _planned(digest: Digest) -> list[Told]:
    planned = [event for event in digest.told if event.status == "planned" and event.day]
    return sorted(planned, key=lambda event: (event.day or "", event.article, event.span))


def _facts(digest: Digest) -> tuple[Dated, ...]:
    """Return what happened between two known actors on a known day up to the desk's today, each once."""
    today = digest.latest
    if today is None:
        return ()
    found = {
        (event.day, one.id, event.type, two.id)
        for event in digest.told
        if event.status == "asserted" and event.day and event.day <= today
        for one in event.source
        for two in event.target
        if one.id and two.id and one.id != two.id
    }
    return tuple(sorted(found)[-_MOST:])


@functools.lru_cache(maxsize=4)
def _forecast(
    facts: tuple[Dated, ...], today: str | None
) -> tuple[tuple[str, str, tuple[tuple[str, float], ...]], ...]:
    """Rank the next partners of the most active actors, each in what it does most."""
    if len(facts) < ENOUGH or today is None:
        return ()
    from tidings.outlook import Forecaster

    forecaster = Forecaster()
    # The last fifth calibrates, cut between two days.
    border = facts[len(facts) * 4 // 5][0]
    forecaster.fit([fact for fact in facts if fact[0] < border] or facts, [fact for fact in facts if fact[0] >= border])
    asked: list[tuple[str, str]] = []
    for (subject, relation), _ in sorted(
        Counter((fact[1], fact[2]) for fact in facts).items(), key=lambda pair: (-pair[1], pair[0])
    ):
        if len(asked) < _SUBJECTS and subject not in {known for known, _ in asked}:
            asked.append((subject, relation))
    tomorrow = (date.fromisoformat(today[:10]) + timedelta(days=1)).isoformat()
    ranked = forecaster.rank(tomorrow, [(subject, relation, None) for subject, relation in asked], k=_ANSWERS)
    return tuple((subject, relation, tuple(best)) for (subject, relation), best in zip(asked, ranked, strict=True))
