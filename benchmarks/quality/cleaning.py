"""Are the words and times right that reading and cleaning give?  Real captions against word lists and a slower reading.

``estimates``   captions that people set, whose words we spread over each cue, against a list of the same words with times
``automatic``   roll-up captions with word times against the plainest reading there could be
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from benchmarks.quality.measure import Figure
from crosscut import read
from crosscut.clean.times import Int64, to_ms
from crosscut.model import Track, Transcript
from crosscut.tokens import norm, token_times, tokenise

PAIR = ("captions.srt", "word_timings.json")
PEOPLE, MACHINE = "captions/human-vs-word-timings", "captions/youtube-auto-vtt"
#: A word whose estimate is so near is found when a player jumps to it: floors hold the shares.
NEAR_MS = (250, 500, 1_000)
#: Captions that share fewer words than this with the list, in percent, are of another cut of the video: no times to compare.
SAME_CUT = 90
#: YouTube's short screens, which repeat what was said.
_SHORT_MS = 10


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a track by norm, when each starts in ms, where its cue starts, and whether an anchor is its own."""

    norms: list[str]
    starts: Int64
    cues: Int64
    anchored: list[bool]


@dataclass(frozen=True, slots=True)
class Compared:
    """Words of one video that both readings have: how far our times are off, and those of its cues, in ms."""

    name: str
    words: Figure
    off: Int64
    cue_off: Int64


def track_of(path: Path) -> Track:
    """The one track of a file."""
    module = read.recognise(file := read.File(str(path), path.read_bytes()))
    assert module is not None, path
    (record,) = module.read(file)
    return record.tracks[0]


def words_of(heard: Transcript, language: str = "en") -> Words:
    """The words of a transcript as a corpus has them."""
    tokens = tokenise(heard.text, language)
    at = np.maximum(np.searchsorted(heard.offsets, tokens.offsets, side="right") - 1, 0)
    own = np.isin(tokens.offsets, heard.offsets).tolist()
    return Words(list(map(norm, tokens.forms)), token_times(tokens, heard)[0].astype(np.int64),
                 heard.starts[at].astype(np.int64), own)


def compare(name: str, ours: Words, gold: Words) -> Compared:
    """Align two readings, longest stretches first, and compare the times of words whose gold time is their own."""
    blocks = SequenceMatcher(None, ours.norms, gold.norms, autojunk=False).get_matching_blocks()
    pairs = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
    timed = [(a, b) for a, b in pairs if gold.anchored[b]]
    mine, theirs = (np.array([pair[side] for pair in timed], np.int64) for side in (0, 1))
    off, cue_off = (np.abs(column[mine] - gold.starts[theirs]) for column in (ours.starts, ours.cues))
    return Compared(name, Figure(len(pairs), len(ours.norms), len(gold.norms)), off, cue_off)


def estimates(root: Path) -> list[Compared]:
    """Captions that people set, against the list of words and times beside them, video by video."""
    folders = sorted(path.parent for path in (root / PEOPLE).rglob("captions.srt"))
    return [compare(folder.name, *(words_of(track_of(folder / name).transcript) for name in PAIR)) for folder in folders]


def bottom_lines(text: str) -> tuple[list[str], list[int]]:
    """Words of YouTube's WebVTT and their ms by the slowest road: the second line of each cue that is not one of 10 ms."""
    words: list[str] = []
    times: list[int] = []
    for start, end, bottom in re.findall(r"(?m)^([0-9:.]{12}) --> ([0-9:.]{12}).*\n.*\n(.*)$", text):
        if to_ms([end])[0] - to_ms([start])[0] > _SHORT_MS:
            for at, piece in re.findall(r"<([0-9:.]{12})>([^\0]*?)(?=<[0-9:.]{12}>|$)", f"<{start}>{bottom}"):
                spoken = html.unescape(re.sub(r"<[^>]*>", "", piece)).split()
                words += spoken
                times += to_ms([at]).tolist() if spoken else []
    return words, times


def automatic(root: Path) -> Iterator[tuple[str, Figure, Figure]]:
    """Name, words and times of each roll-up track: how many are the same as by the slower road."""
    for path in sorted((root / MACHINE).rglob("*.vtt")):
        track = track_of(path)
        if track.kind == "automatic":
            words, times = bottom_lines(path.read_text("utf-8"))
            yield path.name, _same(track.transcript.text.split(), words), _same(track.transcript.starts.tolist(), times)


def _same(ours: Sequence[object], gold: Sequence[object]) -> Figure:
    blocks = SequenceMatcher(None, ours, gold, autojunk=False).get_matching_blocks() if ours != gold else ()
    right = sum(block.size for block in blocks) if ours != gold else len(gold)
    return Figure(right, len(ours), len(gold))


def total(figures: Iterable[Figure]) -> Figure:
    """All figures as one."""
    parts = list(figures)
    return Figure(sum(part.right for part in parts), sum(part.ours for part in parts), sum(part.gold for part in parts))


def same_cut(compared: list[Compared]) -> list[Compared]:
    """The videos whose captions are of the cut that the list is of."""
    return [one for one in compared if one.words.percent >= SAME_CUT]


def near(off: Int64, ms: int) -> Figure:
    """How many times are off by ``ms`` at most."""
    return Figure(int((off <= ms).sum()), len(off), len(off))


def figures(compared: list[Compared], machine: list[tuple[str, Figure, Figure]]) -> dict[str, Figure]:
    """What is held to a floor."""
    off = np.concatenate([one.off for one in same_cut(compared)])
    found = {"estimates/words": total(one.words for one in compared)}
    found |= {f"estimates/within-{ms}-ms": near(off, ms) for ms in NEAR_MS}
    automatic = {"words": total(words for _, words, _ in machine), "times": total(times for *_, times in machine)}
    return found | {f"automatic/{what}": figure for what, figure in automatic.items()}


def digest(root: Path) -> str:
    """SHA-256 over the names and contents of the files."""
    state = hashlib.sha256()
    for folder in (PEOPLE, MACHINE):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                state.update(str(path.relative_to(root)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()
