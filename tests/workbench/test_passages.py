"""What pieces are made of: their tokens without what is repeated everywhere, against the same token by token."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from crosscut.query.spans import Spans
from crosscut.workbench import passages


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_the_tokens_that_are_not_repeated(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(seed)
    lengths = chance.integers(1, 40, 6)
    rows = []
    for number, length in enumerate(lengths.tolist()):
        edges = sorted({0, length, *chance.integers(0, length + 1, 2).tolist()})
        rows += [(number, low, high) for low, high in pairwise(edges) if chance.random() < 0.8]
    video, start, end = np.array(chance.permutation(rows), np.int64).reshape(-1, 3).T
    apart = chance.integers(0, 6, 8)
    begin = chance.integers(0, lengths[apart])
    until = np.minimum(begin + chance.integers(1, 20, 8), lengths[apart])
    monkeypatch.setattr(passages, "_repeated", lambda corpus: Spans.of(apart, begin, until))
    corpus = SimpleNamespace(files=SimpleNamespace(catalog=SimpleNamespace(number=lambda column: lengths)))
    parts, into = passages._parts(cast(Any, corpus), video, start, end)
    spans = zip(apart.tolist(), begin.tolist(), until.tolist(), strict=True)
    repeated = {(one, at) for one, low, high in spans for at in range(low, high)}
    pieces = zip(video.tolist(), start.tolist(), end.tolist(), strict=True)
    wanted = {(piece, one, at) for piece, (one, low, high) in enumerate(pieces)
              for at in range(low, high) if (one, at) not in repeated}
    columns = (column.tolist() for column in (into, parts.video, parts.start, parts.end))
    found = [(piece, one, at) for piece, one, low, high in zip(*columns, strict=True) for at in range(low, high)]
    assert sorted(found) == sorted(wanted)
