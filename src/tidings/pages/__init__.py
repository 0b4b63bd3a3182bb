"""From what a reader names to the characters of a page.

In: a path, bytes, text, an address, or the arguments of a command line. Out: `Received` pages, one for each.
It does not tell the article from what stands around it.
"""

from tidings.pages.decoding import MOST_BYTES
from tidings.pages.fetching import fetch, read_body
from tidings.pages.receiving import read_page
from tidings.pages.sitemaps import Listed, Sitemap, read_sitemap
from tidings.pages.sources import Found, find_sources, receive

__all__ = [
    "MOST_BYTES",
    "Found",
    "Listed",
    "Sitemap",
    "fetch",
    "find_sources",
    "read_body",
    "read_page",
    "read_sitemap",
    "receive",
]
