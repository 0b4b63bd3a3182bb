"""The same reading over Ray.

In: sources. Out: records and failures in input order, byte for byte those of the local run.
It starts a local Ray when none is there, and shuts down only what it started.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from tidings.errors import MissingExtra
from tidings.facts import Media, Record
from tidings.reader import Failure, Reader, Source, read_each

__all__ = ["read_spread"]

_AHEAD = 4
"""Pages in flight per worker."""


class _Worker:
    """Holds one reader, so that the models are loaded once a process."""

    def read(self, source: Source, media: Media | None, fetched: str | None, published: str | None) -> Record | Failure:
        return next(iter(read_each([source], media=media, fetched=fetched, published=published, reader=Reader())))


def read_spread(
    sources: Iterable[Source | Failure],
    *,
    jobs: int = 1,
    media: Media | None = None,
    fetched: str | None = None,
    published: str | None = None,
) -> Iterator[Record | Failure]:
    """Read many sources on `jobs` Ray workers.

    Raises `MissingExtra` when Ray is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise MissingExtra("ray", "scale") from error
    started = not ray.is_initialized()
    if started:
        ray.init(num_cpus=jobs, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        # Fractional claims: two whole claims on a two-core machine would starve every later task for good.
        actor: Any = ray.remote(num_cpus=0.5)(_Worker)
        workers = [actor.remote() for _ in range(jobs)]
        waiting: deque[Any] = deque()
        for number, source in enumerate(sources):
            if isinstance(source, Failure):
                waiting.append(source)
            else:
                waiting.append(workers[number % jobs].read.remote(source, media, fetched, published))
            if len(waiting) >= jobs * _AHEAD:
                yield _settle(ray, waiting.popleft())
        while waiting:
            yield _settle(ray, waiting.popleft())
    finally:
        if started:
            ray.shutdown()


def _settle(ray: Any, result: Any) -> Record | Failure:
    return result if isinstance(result, Failure) else ray.get(result)
