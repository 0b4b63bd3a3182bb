"""The facts of PLOVER and CAMEO: types, quads, modes, and how much each weighs.

In: a type, a mode, a CAMEO code. Out: quad, intensity, and the Goldstein weight.
It reads no text.
"""

from __future__ import annotations

import functools
from typing import Literal

from tidings.data import read_text

__all__ = ["QUADS", "TYPES", "cameo_type", "goldstein", "intensity"]

Type = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
QUADS: dict[str, int] = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1, "COOPERATE": 2, "AID": 2, "RETREAT": 2,
    "REQUEST": 3, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3,
    "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
TYPES: tuple[str, ...] = tuple(QUADS)


@functools.cache
def _scale() -> dict[tuple[str, str], float]:
    rows = (line.split("\t") for line in read_text("plover_scale.tsv").splitlines()[1:])
    return {(kind, mode): float(value) for kind, mode, value in rows}


def intensity(kind: str, mode: str | None = None) -> float:
    """Return the conflict (-10) to cooperation (+10) weight of a type, finer where its mode is known.

    >>> intensity("ASSAULT"), intensity("ASSAULT", "aerial")
    (-9.0, -9.5)
    """
    scale = _scale()
    return scale.get((kind, mode or ""), scale[kind, ""])


@functools.cache
def _goldstein() -> dict[str, float]:
    rows = (line.split("\t") for line in read_text("goldstein_cameo.tsv").splitlines()[1:])
    return {code: float(value) for code, value in rows}


def goldstein(cameo: str) -> float | None:
    """Return the Goldstein weight of a CAMEO code: that of its longest known prefix.

    >>> goldstein("1951") == goldstein("195")
    True
    """
    table = _goldstein()
    return next((table[cameo[:size]] for size in range(len(cameo), 0, -1) if cameo[:size] in table), None)


@functools.cache
def _cameo() -> dict[str, str]:
    rows = (line.split("\t") for line in read_text("cameo_plover.tsv").splitlines()[1:])
    return {row[0]: row[1] for row in rows}


def cameo_type(cameo: str) -> str | None:
    """Return the PLOVER type a CAMEO code belongs to, by its longest known prefix.

    >>> cameo_type("190")
    'ASSAULT'
    """
    table = _cameo()
    return next((table[cameo[:size]] for size in range(len(cameo), 1, -1) if cameo[:size] in table), None)
