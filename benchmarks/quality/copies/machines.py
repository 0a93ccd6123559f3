"""The same calls as three recognisers and people wrote them down (Earnings-21, Del Rio et al. 2021).

Of each pair the call as the one has it is a video, and passages as the other has them stand in later broadcasts, one each.
Here nothing about the errors is made up: they are those of real recognisers on hard speech, dense with names and numbers.
"""

from __future__ import annotations

import hashlib
import tarfile
from functools import cache
from itertools import combinations

import numpy as np

from benchmarks import material
from benchmarks.quality.captions import Measured
from benchmarks.quality.copies import planted, speech
from benchmarks.quality.copies.planted import Plant
from benchmarks.quality.copies.speech import Codes
from benchmarks.quality.kinds import is_test
from benchmarks.quality.measure import Result

CALLS = material.SHARED / "annotated" / "asr-entities-earnings21.tar.xz"
WRITERS = {"people": "transcripts/nlp_references", "Google": "output/google", "Amazon": "output/amazon",
           "Microsoft": "output/microsoft"}
#: Words of a passage as the one has it, and passages of each call.
LENGTHS, EACH = (15, 30, 60, 150), 8
#: A call is dense in its own words: passages are no nearer to one another than this.
_APART = 40


@cache
def calls() -> dict[str, dict[str, Codes]]:
    """The words of each call as each wrote them: by writer and name."""
    found: dict[str, dict[str, Codes]] = {writer: {} for writer in WRITERS}
    with tarfile.open(CALLS) as archive:
        for member in archive:
            folder, _, name = member.name.rpartition("/")
            writer = next((writer for writer, where in WRITERS.items() if folder.endswith(where)), "")
            if writer and name.endswith(".nlp") and (file := archive.extractfile(member)):
                rows = file.read().decode("utf-8").splitlines()[1:]
                found[writer][name] = speech.words_of(" ".join(row.split("|")[0] for row in rows))
    return found


def alike(one: Codes, other: Codes) -> float:
    """Words that match in order / words of the longer side."""
    from rapidfuzz.distance import LCSseq

    return LCSseq.similarity(one.tolist(), other.tolist()) / max(len(one), len(other))


def passages(call: Codes, dice: np.random.Generator) -> list[Codes]:
    """Passages of a call, no two overlapping, the lengths in turn."""
    lengths = LENGTHS * EACH
    room = len(call) - sum(lengths) - _APART * len(lengths)
    if room < 0:
        lengths = LENGTHS * (EACH // 2)
        room = len(call) - sum(lengths) - _APART * len(lengths)
    gaps = np.diff(np.sort(dice.integers(0, max(room, 0) + 1, len(lengths))), prepend=0)
    found, at = [], 0
    for length, gap in zip(lengths, gaps.tolist(), strict=True):
        found.append(call[at + gap : at + gap + length])
        at += gap + length + _APART
    return [one for one in found if len(one) in LENGTHS]


def compare(one: str, other: str, split: str) -> tuple[float, dict[int, planted.Cell], bytes]:
    """How alike the two are, what is found of passages by length, and a digest of what was looked at."""
    dice = np.random.default_rng((planted.SEED, *map(ord, one + other)))
    names = [name for name in sorted(calls()[one]) if is_test(name) == (split == "test")]
    later, plants, videos = speech.background(split), list[Plant](), [calls()[one][name] for name in names]
    similar = [alike(calls()[one][name], calls()[other][name]) for name in names]
    for number, name in enumerate(names):
        for words in passages(calls()[other][name], dice):
            place = len(plants) % len(later)
            at = int(dice.integers(len(later[place]) + 1))
            later[place] = np.concatenate([later[place][:at], words, later[place][at:]])
            whole, copy = (number, 0, len(videos[number])), (len(names) + place, at, at + len(words))
            plants.append(Plant(len(words), 0.0, (whole, copy)))
    if len(plants) > len(later):
        raise ValueError(f"{len(plants)} passages in {len(later)} broadcasts: one each")
    copies = planted.found_in([*videos, *later])
    state = hashlib.sha256(b"".join(video.tobytes() for video in (*videos, *later))).digest()
    return float(np.mean(similar)), {length: planted.recall(copies, [one for one in plants if one.length == length])
                                     for length in LENGTHS}, state


def measure(split: str) -> Measured:
    """Recall by pair and length."""
    found = {pair: compare(*pair, split) for pair in combinations(WRITERS, 2)}
    figures = {f"machines/{length}-words": planted.together([cells[length].recall for _, cells, _ in found.values()])
               for length in LENGTHS}
    plants = sum(cell.plants for _, cells, _ in found.values() for cell in cells.values())
    words = sum(cell.planted for _, cells, _ in found.values() for cell in cells.values())
    digest = hashlib.sha256(b"".join(state for *_, state in found.values())).hexdigest()
    result = Result("copies-machines", "en", "calls recognised by several", "–", digest, plants, words, figures)
    return Measured(result, {"copies machines": [
        ["whose passages beside whose call", "words alike, %", *(f"{length} words" for length in LENGTHS)],
        *([f"{other} beside {one}", f"{100 * same:.0f}", *(planted.written(cells[length]) for length in LENGTHS)]
          for (one, other), (same, cells, _) in found.items())]})
