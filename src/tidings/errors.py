"""One exception tree.

    TidingsError
    ├── PageError             a page cannot be read; `where` names it
    │   ├── MissingPage       no such file, folder or address
    │   ├── EmptyPage         nothing in it, or nothing visible
    │   ├── BinaryPage        not text in any encoding we know
    │   ├── BrokenPage        cut off or damaged beyond reading (a truncated archive)
    │   ├── OversizePage      larger than the limit, packed or unpacked
    │   └── FetchError        the address answered with an error, too slowly, or not at all
    ├── UsageError            an argument or option makes no sense
    ├── DataError             a table or model that ships with Tidings is missing or damaged
    ├── StoreError            a record file is missing, damaged, locked or of a newer schema
    └── MissingExtra          an optional package is not installed; says which extra holds it

A bad page inside a run is recorded as a `Trouble` and the run goes on; these classes are for the caller who asked for
one thing and cannot have it.
"""

from __future__ import annotations

__all__ = [
    "BinaryPage",
    "BrokenPage",
    "DataError",
    "EmptyPage",
    "FetchError",
    "MissingExtra",
    "MissingPage",
    "OversizePage",
    "PageError",
    "StoreError",
    "TidingsError",
    "UsageError",
]


class TidingsError(Exception):
    """Anything Tidings raises on purpose."""


class PageError(TidingsError):
    """A page cannot be read."""

    def __init__(self, message: str, *, where: str | None = None) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where


class MissingPage(PageError):
    """No such file, folder or address."""


class EmptyPage(PageError):
    """There is nothing in the page."""


class BinaryPage(PageError):
    """The page is not text."""


class BrokenPage(PageError):
    """The page is cut off or damaged beyond reading."""


class OversizePage(PageError):
    """The page is larger than we read."""


class FetchError(PageError):
    """The address gave no page."""


class UsageError(TidingsError):
    """An argument makes no sense."""


class DataError(TidingsError):
    """A table or model that ships with Tidings is missing or damaged."""


class StoreError(TidingsError):
    """A record file cannot be used."""


class MissingExtra(TidingsError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs the package {package}: pip install 'tidings[{extra}]'")
        self.package = package
        self.extra = extra
