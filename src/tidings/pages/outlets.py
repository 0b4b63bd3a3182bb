"""Name the outlet of a page.

In: the page's markup and address. Out: the name of the site, as the page gives it or else its domain.
It does not judge which other outlet an article was taken from.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

__all__ = ["domain_of", "name_outlet"]

_META = re.compile(r"<meta\b[^>]{0,2000}>", re.I)
_SITE = re.compile(r"""(?:property|name)\s{0,5}=\s{0,5}["']?og:site_name["'\s/>]""", re.I)
_CONTENT = re.compile(r"""content\s{0,5}=\s{0,5}(?:"([^"]{1,200})"|'([^']{1,200})'|([^\s"'>]{1,200}))""", re.I)
_PUBLISHER = re.compile(r'"publisher"\s{0,40}:\s{0,40}(?:\[\s{0,40})?\{([^{}]{0,1500})')
_NAME = re.compile(r'"name"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){2,120})"')
_HEAD = 400_000


def name_outlet(markup: str, url: str | None) -> str | None:
    """Return the site's own name: `og:site_name`, else the publisher in its JSON-LD, else its domain.

    >>> name_outlet('<meta property="og:site_name" content="Harbour Post">', None)
    'Harbour Post'
    >>> name_outlet("", "https://www.example.org/world/1.html")
    'example.org'
    """
    head = markup[:_HEAD]
    for meta in _META.finditer(head):
        if _SITE.search(meta.group()):
            content = _CONTENT.search(meta.group())
            name = _clean(next(filter(None, content.groups()), "")) if content else ""
            if name:
                return name
    publisher = _PUBLISHER.search(head)
    named = _NAME.search(publisher.group(1)) if publisher else None
    if named and "\\u" not in named.group(1):
        name = _clean(named.group(1).replace('\\"', '"').replace("\\/", "/"))
        if name:
            return name
    return domain_of(url)


def domain_of(url: str | None) -> str | None:
    """Return the host of an address without `www.`.

    >>> domain_of("https://www.example.org:8080/a"), domain_of("not an address")
    ('example.org', None)
    """
    if not url:
        return None
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    if not host or "." not in host or " " in host:
        return None
    return host.removeprefix("www.")


def _clean(name: str) -> str:
    return " ".join(html.unescape(name).split())
