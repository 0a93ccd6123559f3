"""What a finder leaves in its folder beside the text and the runs: one small file that says how much of them is valid.

It is replaced in one step and last of all; text and runs beyond what it names are as if they were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crosscut.copies import align, chains, choose, index, shingles
from crosscut.copies.found import Ints

#: Columns of a row: video, places in it from and to, places in the source from and to, words that match.
ROW = 6
#: Another value, another result: what was saved under others is not gone on from.
DECIDES = repr((shingles.WORDS, shingles.EVERY, shingles.LOOP, index.COMMON, chains.DIAGONALS, chains.APART, chains.BITS,
                chains.AROUND, chains.PROMISE, chains.PROMISING, align.MISS, align.DROP, align.WINDOW, align.SURE,
                choose.LEAST, choose.MATCHING, choose.BITS, choose.DIFFER, choose.OWN, choose.TRIES, choose.REMAIN, "1"))

_NAME = "state.npz"


@dataclass(frozen=True, slots=True)
class State:
    """Digest of each video, where each begins and the end, copies as rows, names of the runs."""

    digests: list[str]
    starts: Ints
    rows: Ints
    runs: list[str]


def load(folder: Path) -> State:
    """What is saved there; an empty state where nothing is, or was saved by other rules."""
    path = folder / _NAME
    if path.exists():
        with np.load(path, allow_pickle=False) as saved:
            if str(saved["decides"]) == DECIDES:
                return State(saved["digests"].tolist(), saved["starts"], saved["rows"], saved["runs"].tolist())
    return State([], np.zeros(1, np.int64), np.zeros((0, ROW), np.int64), [])


def save(folder: Path, state: State) -> None:
    """Replace what is saved there."""
    new = folder / "state-new.npz"
    np.savez(new, decides=np.array(DECIDES), digests=np.array(state.digests, np.str_), starts=state.starts, rows=state.rows,
             runs=np.array(state.runs, np.str_))
    new.replace(folder / _NAME)
