"""How many of the passages that recur are found, and how many that are found recur?  As results and tables.

``speech``    real broadcasts, podcasts and calls, as words with the codes that a corpus gives them
``planted``   passages planted twice in real broadcasts, misheard at known rates; and broadcasts with nothing to find
``machines``  calls that three recognisers and people wrote down: passages of one of them planted beside the other's call
``reuse``     short answers copied, revised or written afresh (Clough & Stevenson 2011)
``judged``    pairs found in broadcasts, read and judged by hand
"""

from __future__ import annotations

from benchmarks import material
from benchmarks.quality.captions import Measured
from benchmarks.quality.copies import judged, machines, planted, reuse, speech


def have() -> bool:
    """Whether what is measured on is there."""
    return material.have_shared() and all(path.exists() for path in (speech.PODCASTS, machines.CALLS, reuse.ANSWERS))


def measure(split: str) -> list[Measured]:
    """All of it; answers and judged pairs are not tuned on, and are whole in each split."""
    if not have():
        return []
    found = [planted.measure(split), machines.measure(split), reuse.measure()]
    return [*found, judged.measure()] if split == "test" else found
