"""What people have rejected, so that it is told no more.

In: a store. Out: the facts of it that were judged wrong. What was recoded or merged is told as it was read.
"""

from __future__ import annotations

from tidings.store import Store

__all__ = ["Rejected", "find_rejected"]


class Rejected:
    """The facts that were rejected, by kind, number of the article, and place in its list."""

    def __init__(self, facts: set[tuple[str, int, int]]) -> None:
        self._facts = facts

    def holds(self, kind: str, article: int, index: int) -> bool:
        """Tell whether a fact was rejected, or its article as a whole."""
        return bool(self._facts) and ((kind, article, index) in self._facts or ("article", article, 0) in self._facts)


def find_rejected(store: Store) -> Rejected:
    """Return what was rejected and has not been accepted since."""
    pages = [page for (page,) in store.query("SELECT DISTINCT page FROM judgements WHERE decision = 'reject'")]
    if not pages:
        return Rejected(set())
    from tidings.review import judgements, verdicts

    # Only pages that have a rejection are looked at, and each of them anew: a judgement holds while its words stand.
    judged = judgements(store)
    facts: set[tuple[str, int, int]] = set()
    for page in pages:
        for (number,) in list(store.query("SELECT number FROM articles WHERE sha256 = ?", page)):
            told = verdicts(store.at(number), [judgement for judgement in judged if judgement.page == page])
            facts |= {(kind, number, index) for kind, indices in told.rejected.items() for index in indices}
    return Rejected(facts)
