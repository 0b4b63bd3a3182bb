"""Twins: two events of one kind that look like one story until their common words are set aside.

In: the texts of one cluster. Out: the cluster, or its two parts and theirs.
Two earthquakes share most of their words; what they do not share are the places, names and numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["split_twins"]

LEAST = 12
LEAST_PART = 4
"""A part of fewer texts is an aspect of the story, or chance."""
OWN_WORDS = 0.27
"""Likeness between the parts over likeness within, when words count by how well they tell the texts apart."""
ALL_WORDS = 0.7
"""The same over all words."""
TURNS = 10


def split_twins(rows: Any, members: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Part a cluster in two, and the parts again, wherever both parts speak of different things.

    >>> import numpy as np
    >>> from tidings.stories.terms import weigh
    >>> quake = "A strong quake of magnitude {} struck {} and destroyed houses, officials in {} said."
    >>> texts = [quake.format(5, "Odd", "Norr")] * 6 + [quake.format(7, "Larn", "Voss")] * 6
    >>> [part.tolist() for part in split_twins(weigh(texts), np.arange(12))]
    [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    """
    import numpy as np

    whole: list[NDArray[np.int64]] = []
    todo = [members]
    while todo:
        group = todo.pop()
        side = _twin(rows[group]) if len(group) >= LEAST else None
        if side is None:
            whole.append(np.sort(group))
        else:
            todo += [group[side], group[~side]]
    return sorted(whole, key=lambda part: int(part[0]))


def _twin(rows: Any) -> NDArray[np.bool_] | None:
    """Return which texts stand on one side, None when the cluster is one story."""
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    local = _localise(rows)
    likeness = (local @ local.T).toarray()
    apart = np.clip(1 - (likeness + likeness.T) / 2, 0.0, 1.0)
    np.fill_diagonal(apart, 0.0)
    side = fcluster(linkage(squareform(apart, checks=False), "average"), 2, "maxclust") == 1
    side = _balance(local, side)
    if min(side.sum(), (~side).sum()) < LEAST_PART:
        return None
    if _ratio(likeness, side) > OWN_WORDS or _ratio((rows @ rows.T).toarray(), side) > ALL_WORDS:
        return None
    return side if side[0] else ~side


def _localise(rows: Any) -> Any:
    """Weigh the words anew by how few texts of this cluster have them; words of one text alone say nothing."""
    import numpy as np
    from scipy.sparse import diags

    texts = np.bincount(rows.indices, minlength=rows.shape[1])
    rare = np.where(texts >= 2, np.log(rows.shape[0] / np.maximum(texts, 1)), 0.0)
    local = rows @ diags(rare)
    lengths = np.sqrt(np.asarray(local.multiply(local).sum(axis=1)).ravel())
    return (diags(1 / np.where(lengths > 0, lengths, 1.0)) @ local).tocsr()


def _balance(local: Any, side: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Move texts to the side whose middle they are nearer to, until none moves."""
    import numpy as np

    for _ in range(TURNS):
        if side.all() or not side.any():
            break  # texts that are all alike have no second side
        pulls = []
        for part in (side, ~side):
            middle = np.asarray(local[np.flatnonzero(part)].mean(axis=0)).ravel()
            pulls.append(local @ (middle / (np.linalg.norm(middle) or 1.0)))
        turned = pulls[0] > pulls[1]
        if turned.all() or not turned.any() or (turned == side).all():
            break
        side = turned
    return side


def _ratio(likeness: NDArray[np.float64], side: NDArray[np.bool_]) -> float:
    import numpy as np

    inside: list[float] = []
    pairs = 0
    for part in (side, ~side):
        block = likeness[np.ix_(part, part)]
        inside.append(float(block.sum() - np.trace(block)))
        pairs += len(block) * (len(block) - 1)
    within = sum(inside) / max(pairs, 1)
    return float(likeness[np.ix_(side, ~side)].mean()) / within if within > 0 else 1.0
