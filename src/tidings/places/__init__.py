"""Where: place names and their coordinates.

In: the parsed article and its cast (`find_places`), or a text and marked names (`locate`). Out: `Place` facts.
It does not decide whether a name stands for a government: that is the actors' business.
"""

from __future__ import annotations

from tidings.places.find import find_places
from tidings.places.resolve import locate

__all__ = ["find_places", "locate"]
