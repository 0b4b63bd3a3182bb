"""What all tests share: no network but the loopback, and the development data where it is there."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings

# The same draws each time, so that a run that fails can be run again; `--hypothesis-profile=hunt` draws others.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("hunt", deadline=None, print_blob=True)
settings.load_profile("fixed")

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
