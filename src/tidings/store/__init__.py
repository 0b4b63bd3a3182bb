"""The record file: everything that was read, kept whole, and asked through tables and words.

In: sources, or records. Out: one SQLite file that can be killed at any moment and gone on with.
It reads nothing from the records: stories, dyads and exports stand above it.
"""

from tidings.store.collecting import Outcome, collect
from tidings.store.health import FeedHealth
from tidings.store.keeping import Failed, Store, open_store
from tidings.store.searching import Hit, to_html
from tidings.store.watching import rounds

__all__ = ["Failed", "FeedHealth", "Hit", "Outcome", "Store", "collect", "open_store", "rounds", "to_html"]
