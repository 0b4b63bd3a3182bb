"""The desk: what was read, as pages in a browser, drawn on this machine.

In: a store, or a file of records. Out: an ASGI application with one address for each question.
It fetches nothing, runs no scripts and changes no record.
"""

from __future__ import annotations

from tidings.desk.app import make_app
from tidings.desk.shelf import Shelf, open_shelf

__all__ = ["Shelf", "make_app", "open_shelf"]
