"""Pairs of actors over time: closer together or apart, with a number, an interval and the acts behind it.

In: acts, given as rows or kept in a store. Out: points by period, changes with their odds, a statement in words.
It reads no pages and merges no retellings: each act is to be there once.
"""

from tidings.dyads.evidence import ActShown, Telling
from tidings.dyads.pairs import Dyad, PairPoint, Shift, Side, pair
from tidings.dyads.parties import Party, resolve
from tidings.dyads.points import Act, DyadPoint, beta_quantile, goldstein, series
from tidings.dyads.ranking import Cell, Matrix, Ranked, Ranking, ego, matrix, shifts

__all__ = [
    "Act",
    "ActShown",
    "Cell",
    "Dyad",
    "DyadPoint",
    "Matrix",
    "PairPoint",
    "Party",
    "Ranked",
    "Ranking",
    "Shift",
    "Side",
    "Telling",
    "beta_quantile",
    "ego",
    "goldstein",
    "matrix",
    "pair",
    "resolve",
    "series",
    "shifts",
]
