from __future__ import annotations

import pytest

import tidings
from tidings.errors import MissingExtra
from tidings.reader import Failure, read_each
from tidings.spread import read_spread


@pytest.mark.slow
def test_ray_gives_the_same_bytes_in_the_same_order(tmp_path):
    pytest.importorskip("ray")
    for number in range(3):
        text = f"Ministers met envoys {number} in Geneva on Monday." if number != 1 else ""
        (tmp_path / f"{number}.txt").write_text(text)
    sources = sorted(tmp_path.iterdir())

    def told(results):
        return [str(one.error) if isinstance(one, Failure) else tidings.to_json(one) for one in results]

    near = told(read_each(sources, media="article", published="2013-11-26"))
    far = told(read_spread(sources, jobs=2, media="article", published="2013-11-26"))
    assert far == near
    assert "1.txt" in near[1]


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"tidings\[scale\]"):
        list(read_spread([], jobs=1))
