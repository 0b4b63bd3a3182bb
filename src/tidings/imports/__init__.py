"""Event data of others, read into a store: GDELT, ICEWS, POLECAT, ACLED, Phoenix.

In: their files as they are published. Out: acts in the tables of a store, next to those read from one's own pages.
It fetches nothing, and guesses neither codes nor countries: what a table does not name exactly is counted and named.
"""

from tidings.imports.importing import FORMATS, Imported, import_events

__all__ = ["FORMATS", "Imported", "import_events"]
