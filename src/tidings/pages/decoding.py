"""From bytes to characters.

In: the bytes of a page as received, perhaps packed. Out: its text, whatever its encoding.
It does not read markup beyond the encoding a page declares.
"""

from __future__ import annotations

import codecs
import re
import zlib

from tidings.errors import BinaryPage, BrokenPage, EmptyPage, OversizePage

__all__ = ["MOST_BYTES", "decode", "unpack"]

MOST_BYTES = 10 * 1024 * 1024
"""The largest page we read, unpacked. The heaviest news pages we know are near 5 MB."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"SQLite format 3\x00", "an SQLite file"),
    (b"RIFF", "an image, sound or film"),
    (b"OggS", "a sound or film"),
    (b"ID3", "a sound"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"PAR1", "a Parquet file"),
)
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.-]{2,40})""", re.I
)
_SAMPLE = 65_536
_SINGLE_BYTE = frozenset({"cp1252", "iso8859-1", "ascii", "iso8859-15"})
_WIDE = ("utf-16", "utf-32")
_NONE = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
"""What Python takes for encodings of text and no browser does."""
_PIECE = 4 << 10
"""Bytes unpacked at once: what lies behind the end of a member is copied, and a file may be made of tiny members."""
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x1b\x08\x00"))


def unpack(data: bytes, *, where: str | None = None, most: int = MOST_BYTES) -> bytes:
    """Unpack gzip as far as `most` bytes; anything else is returned as it is.

    Raises `OversizePage` past the limit and `BrokenPage` when the archive is damaged or cut off.

    >>> import gzip
    >>> unpack(gzip.compress(b"Talks resume"))
    b'Talks resume'
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    parts: list[bytes] = []
    room, at = most + 1, 0
    while at < len(data):
        if parts and not data.startswith(b"\x1f\x8b", at):
            if data[at] == 0:
                at += 1
                continue
            break  # padding after the last member
        part, at = _unpack_member(data, at, room, where)
        parts.append(part)
        room -= len(part)
        if room <= 0:
            raise OversizePage(f"unpacks to more than {most >> 20} MB", where=where)
    return b"".join(parts)


def _unpack_member(data: bytes, at: int, room: int, where: str | None) -> tuple[bytes, int]:
    """Unpack the member that begins at `at`, as far as there is room; return where the next one may begin."""
    engine = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    for start in range(at, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        try:
            parts.append(engine.decompress(piece, room))
        except zlib.error as error:
            raise BrokenPage(f"a damaged gzip archive ({error})", where=where) from error
        room -= len(parts[-1])
        if engine.eof or room <= 0:
            return b"".join(parts), start + len(piece) - len(engine.unused_data)
    raise BrokenPage("a gzip archive that was cut off", where=where)


def decode(data: bytes, *, charset: str | None = None, where: str | None = None) -> str:
    """Decode a page: byte order mark, then `charset` (of the HTTP header), then what it declares, then detection.

    Bytes that make no sense become U+FFFD. Raises `EmptyPage`, `BinaryPage` or `OversizePage`.

    >>> decode("Łukasz".encode("iso-8859-2"), charset="iso-8859-2")
    'Łukasz'
    """
    if len(data) > MOST_BYTES:
        raise OversizePage(f"larger than {MOST_BYTES >> 20} MB", where=where)
    if not data.strip(b"\x00 \t\r\n\f\x0b"):
        raise EmptyPage("an empty page", where=where)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    kind = _binary(data)
    if kind:
        raise BinaryPage(f"not a page but {kind}", where=where)
    return _decode_narrow(data, charset)


def _decode_narrow(data: bytes, charset: str | None) -> str:
    utf8 = _strictly(data, "utf-8")
    for name in (charset, _declared(data)):
        encoding = _known(name)
        if encoding is None or (utf8 is not None and (encoding in _SINGLE_BYTE or encoding.startswith(_WIDE))):
            continue  # valid UTF-8 is never an accident, and mislabelled pages are common
        if encoding.startswith(_WIDE) and name != charset:
            continue  # who can read what the page declares reads no pairs of bytes
        text = _strictly(data, encoding)
        if text is not None:
            return text
        if utf8 is None and not (encoding == "utf-8" and _is_western(data)):
            return data.decode(encoding, "replace")
    return utf8 if utf8 is not None else data.decode(_detected(data), "replace")


def _is_western(data: bytes) -> bool:
    """Tell whether a page that calls itself UTF-8 reads as windows-1252: every high byte stands alone among ASCII."""
    high = [at for at, byte in enumerate(data[:_SAMPLE]) if byte >= 0x80]
    alone = sum(not (at + 1 < len(data) and data[at + 1] >= 0x80) and not (at and data[at - 1] >= 0x80) for at in high)
    return bool(high) and alone * 10 >= len(high) * 9 and _strictly(data, "cp1252") is not None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        return None


def _known(name: str | None) -> str | None:
    """Return Python's name of a text encoding; browsers read latin-1 as cp1252."""
    if not name:
        return None
    try:
        found = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name.replace("_", "-") in _NONE:
        return None
    return "cp1252" if found.name in {"iso8859-1", "ascii"} else found.name


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:8_192])
    return match.group(1).decode("ascii", "ignore") if match else None


def _detected(data: bytes) -> str:
    """Ask resiliparse; a page that is UTF-8 but for a few broken bytes stays UTF-8."""
    sample = data[:_SAMPLE]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    beyond = sum(byte >= 0x80 for byte in sample)
    if broken * 4 < beyond:
        return "utf-8"
    from resiliparse.parse.encoding import detect_encoding

    return _known(detect_encoding(sample)) or "cp1252"


def _wide(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by its zeros: nearly all on one side of each pair."""
    sample = data[:4_096]
    if b"\x00" not in sample:
        return None
    pairs = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else None


def _binary(data: bytes) -> str | None:
    """Name the kind of file that is no text; None for text."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp":
        return "a film"
    sample = data[:_SAMPLE]
    zeros = sample.count(0)
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    if zeros > 0.02 * len(sample) or controls > 0.05 * len(sample):
        return "binary data"
    return None
