"""What a finder leaves in its folder beside the text and the runs: one small file that says how much of them is valid.

It is replaced in one step and last of all; text and runs beyond what it names are as if they were not there.  Where what it
names is gone or was cut off (a full disk, a power cut, a file deleted), it is begun anew: everything can be found again.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from crosscut.copies import align, chains, choose, index, shingles
from crosscut.copies.found import Ints
from crosscut.copies.heard import COLUMNS

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
    """What is saved there; an empty state where nothing is, it is damaged, or was saved by other rules."""
    try:
        with (folder / _NAME).open("rb") as file, np.load(file, allow_pickle=False) as saved:
            if str(saved["decides"]) == DECIDES:
                state = State(saved["digests"].tolist(), saved["starts"], saved["rows"], saved["runs"].tolist())
                if _whole(folder, state):
                    return state
    except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error):
        pass
    return State([], np.zeros(1, np.int64), np.zeros((0, ROW), np.int64), [])


def _whole(folder: Path, state: State) -> bool:
    """Whether the text and the runs that a state names are there; OSError where a file is not."""
    words = int(state.starts[-1])
    return (all((folder / f"{name}.bin").stat().st_size >= words * kind.itemsize for name, kind in COLUMNS.items())
            and all((folder / f"{name}.bin").stat().st_size > 0 for name in state.runs))


def save(folder: Path, state: State) -> None:
    """Replace what is saved there."""
    new = folder / "state-new.npz"
    np.savez(new, decides=np.array(DECIDES), digests=np.array(state.digests, np.str_), starts=state.starts, rows=state.rows,
             runs=np.array(state.runs, np.str_))
    new.replace(folder / _NAME)
