"""Pack the characters of a page, and unpack them.

In: a page as it was received. Out: bytes a fifth as long, and the very characters back.
"""

from __future__ import annotations

import zlib

from tidings.errors import StoreError
from tidings.pages import MOST_BYTES

__all__ = ["pack", "unpack"]

_MOST = 4 * MOST_BYTES
"""Bytes of a page once it is in UTF-8, whatever it was in before."""


def pack(text: str) -> bytes:
    """Pack the characters of a page.

    >>> unpack(pack("Talks resume 🙂"))
    'Talks resume 🙂'
    """
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpack(packed: bytes) -> str:
    """Return the characters that were packed; raise `StoreError` when the bytes are damaged."""
    engine = zlib.decompressobj()
    try:
        plain = engine.decompress(packed, _MOST)
        if not engine.eof:
            raise StoreError("the store is damaged: a page in it is cut off")
        return plain.decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        raise StoreError(f"the store is damaged: a page in it cannot be unpacked ({error})") from error
