"""What the codes of event data say: days, CAMEO codes, classes, coordinates.

In: cells. Out: ISO days, padded codes, quads. What is not certain raises `BadRow`.
It reads no names.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from datetime import date

from tidings.events.ontology import cameo_type, goldstein
from tidings.imports.acts import BadRow

__all__ = [
    "amount",
    "coordinates",
    "count",
    "day_reader",
    "is_day",
    "measure",
    "pad",
    "quad_of",
    "type_of",
    "weight_of",
]

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[T ].*)?", re.ASCII)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0)?", re.ASCII)
_WORDED = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3,9})[- ,]+([0-9]{4})", re.ASCII)
_NUMBERS = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?: .*)?", re.ASCII)

VERBAL_COOPERATION, MATERIAL_COOPERATION, VERBAL_CONFLICT, MATERIAL_CONFLICT = 1, 2, 3, 4


def is_day(text: str) -> bool:
    """Tell whether a cell is a day in a form that needs no guess."""
    return bool(_ISO.fullmatch(text.strip()) or _COMPACT.fullmatch(text.strip()))


def day_reader(sample: Iterable[str]) -> Callable[[str], str]:
    """Return a reader of days for a column, of which a sample is given.

    Dates like 03/04/2021 are read only when the sample shows which number is the day.

    >>> day_reader(["03/04/2021", "25/04/2021"])("03/04/2021")
    '2021-04-03'
    """
    pairs = [(int(m[1]), int(m[2])) for text in sample if (m := _NUMBERS.fullmatch(text.strip()))]
    day_first = any(first > 12 for first, _ in pairs)
    month_first = any(second > 12 for _, second in pairs)
    order = None if day_first == month_first else "day" if day_first else "month"

    @functools.lru_cache(maxsize=65_536)
    def read(text: str) -> str:
        return _read_day(text.strip(), order)

    return read


def _read_day(text: str, order: str | None) -> str:
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _WORDED.fullmatch(text):
        year, month, day = int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1])
    elif found := _NUMBERS.fullmatch(text):
        if order is None:
            raise BadRow(f"no telling day from month in {text!r}")
        day, month = (1, 2) if order == "day" else (2, 1)
        year, month, day = int(found[3]), int(found[month]), int(found[day])
    else:
        raise BadRow(f"no date: {text[:40]!r}")
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise BadRow(f"no date: {text[:40]!r}") from None


@functools.lru_cache(maxsize=8192)
def pad(code: str, root: str = "") -> str:
    """Return a CAMEO code of three or four digits, with the zero that spreadsheets take from its front.

    A code of two digits may be a root or may have lost its zero; `root` is what the data itself says of that.

    >>> pad("40"), pad("311"), pad("112"), pad("14", "14"), pad("14", "1")
    ('040', '0311', '112', '140', '014')
    """
    text = _digits(code)
    if len(text) == 2 and int(text) <= 20:
        known = _digits(root).zfill(2) if root else ""
        if text[0] == "0" or known == text:
            text = f"{text}0"
        elif known == f"0{text[0]}":
            text = f"0{text}"
        else:
            raise BadRow(f"CAMEO code {text} may be {text}0 or 0{text}")
    elif int(text[:2]) > 20:
        text = f"0{text}"
    if not (3 <= len(text) <= 4 and 1 <= int(text[:2]) <= 20):
        raise BadRow(f"no CAMEO code: {code[:40]!r}")
    return text


def _digits(code: str) -> str:
    text = code.strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise BadRow(f"no CAMEO code: {code[:40]!r}")
    return text


@functools.lru_cache(maxsize=4096)
def quad_of(cameo: str) -> int:
    """Return the class of a CAMEO code by its root, as GDELT defines it.

    >>> [quad_of(code) for code in ("010", "057", "0841", "112", "190")]
    [1, 1, 2, 3, 4]
    """
    root = int(cameo[:2])
    if root <= 5:
        return VERBAL_COOPERATION
    if root <= 8:
        return MATERIAL_COOPERATION
    return VERBAL_CONFLICT if root <= 13 else MATERIAL_CONFLICT


type_of = functools.lru_cache(maxsize=4096)(cameo_type)


@functools.lru_cache(maxsize=4096)
def weight_of(cameo: str) -> float:
    """Return the Goldstein weight of a CAMEO code, 0 where it has none."""
    return goldstein(cameo) or 0.0


@functools.lru_cache(maxsize=4096)
def measure(text: str) -> float | None:
    """Return a number, also one written with a decimal comma; None for none."""
    text = text.strip()
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


def amount(text: str, default: float) -> float:
    """Return a number from -10 to 10, or the default."""
    value = measure(text)
    return value if value is not None and -10 <= value <= 10 else default


def count(text: str) -> int:
    """Return a whole number of at least 1, also one with separators between its thousands."""
    digits = text.strip().removesuffix(".0").replace(",", "").replace(" ", "")
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 1


def coordinates(lat: str, lon: str) -> tuple[float | None, float | None]:
    """Return degrees, both or neither."""
    if not lat.strip() or not lon.strip():
        return None, None
    y, x = measure(lat), measure(lon)
    return (y, x) if y is not None and x is not None and abs(y) <= 90 and abs(x) <= 180 else (None, None)
