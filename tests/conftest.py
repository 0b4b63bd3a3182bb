"""What all tests share: no network but the loopback, and the development data where it is there."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# The same draws each time, so that a run that fails can be run again; `--hypothesis-profile=hunt` draws others.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("hunt", deadline=None, print_blob=True)
settings.load_profile("fixed")

_ORDINARY = 0.02
"""Seconds in which an ordinary core of today does the work of `_slowness`."""
_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and not str(host).startswith(_LOOPBACK):
            raise RuntimeError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def data() -> Path:
    """The development data; the test is skipped without it."""
    folder = os.environ.get("TIDINGS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("no development data: set TIDINGS_DATA")
    return Path(folder)


@pytest.fixture(scope="session")
def examples() -> Path:
    """The sample pages."""
    return Path(__file__).parent.parent / "examples"


@pytest.fixture
def within() -> Callable[[float], AbstractContextManager[None]]:
    """Let a block take so many seconds of an ordinary core, and of a slower or shared one in proportion."""
    return _within


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    slowest, begun = _slowness(), time.process_time()
    yield
    spent = time.process_time() - begun
    assert spent < seconds * max(1.0, slowest, _slowness())


def _slowness() -> float:
    """Return how many times as long as on an ordinary core a fixed piece of work takes now."""
    begun = time.process_time()
    words: dict[str, int] = {}
    for number in range(100_000):
        words[str(number % 1_000)] = number
    return (time.process_time() - begun) / _ORDINARY
