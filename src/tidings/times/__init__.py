"""Time expressions of an article, and the article's own date.

In: text, what the page says about its date, when it was fetched. Out: `Timex` facts and a `Published`.
It reads no page and does not know when events happened.
"""

from __future__ import annotations

from tidings.times.dating import date_article
from tidings.times.find import find_times

__all__ = ["date_article", "find_times"]
