"""Words of real speech with the codes that a corpus gives them, and noise that is put on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from benchmarks import material
from crosscut.clean.level import as_heard
from crosscut.identity import identify, video_key
from crosscut.read import File, recognise
from crosscut.tokens import token_times, tokenise
from crosscut.workbench.hearing import code_of, one_number

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

PODCASTS = material.SHARED / "transcripts" / "bbc-global-news-podcast"
#: Broadcasts from this day on are for testing.
TEST_FROM = "2025-02-10"
#: So many words in a row stand nowhere else where a passage is planted that is to be a passage of its own.
OWN = 6


@dataclass(frozen=True, slots=True)
class Video:
    """A broadcast: its forms, when each is heard (ms), and the code of each; -1: no word of its own."""

    key: str
    outlet: str
    published: str
    title: str
    forms: list[str]
    starts: npt.NDArray[np.int32]
    codes: Codes


@cache
def _code(form: str) -> int:
    return code_of(as_heard(form, "en"))


def codes_of(forms: Sequence[str]) -> Codes:
    """The codes of some tokens in a row."""
    return one_number(np.array([_code(form) for form in forms], np.int32))


def words_of(text: str) -> Codes:
    """The codes of the words of a text, those without a word of their own left out."""
    codes = codes_of(tokenise(text, "en").forms)
    return codes[codes >= 0]


@cache
def broadcasts() -> tuple[Video, ...]:
    """The English broadcasts, from the first published to the last, as a corpus has them."""
    found = sorted(_read(), key=lambda video: (video.published, video.key))
    return tuple({video.key: video for video in found}.values())


def _read() -> Iterator[Video]:
    mappings = material.mappings()
    for path in material.transcripts():
        file = File(str(path), path.read_bytes(), mappings)
        module = recognise(file)
        assert module is not None, path
        for record in module.read(file):
            heard = record.tracks[0].transcript
            tokens = tokenise(heard.text, "en")
            yield Video(video_key(*identify(record.facts, record.raw)), str(record.facts["outlet"]),
                        str(record.facts["published"]), str(record.facts["title"]), tokens.forms,
                        token_times(tokens, heard)[0], codes_of(tokens.forms))


def background(split: str) -> list[Codes]:
    """The words of the broadcasts of a split."""
    return [video.codes[video.codes >= 0] for video in broadcasts() if (video.published >= TEST_FROM) == (split == "test")]


@cache
def podcasts(split: str) -> tuple[Codes, ...]:
    """The words of podcasts of another year, of each second one."""
    paths = sorted(path for path in PODCASTS.rglob("*") if path.is_file())
    return tuple(words_of(path.read_text(encoding="utf-8")) for path in paths[split == "test" :: 2])


def passages(split: str, lengths: Sequence[int], many: int, dice: np.random.Generator) -> dict[int, list[Codes]]:
    """So many passages of each length out of podcasts, no two overlapping, none with a stretch that stands elsewhere too."""
    texts = (*background(split), *podcasts(split))
    seen: Counter[bytes] = Counter(stretch for words in texts for stretch in _stretches(words))
    found: dict[int, list[Codes]] = {length: [] for length in lengths}
    slots = [(words, at) for words in podcasts(split) for at in range(0, len(words) - sum(lengths), sum(lengths))]
    for slot in dice.permutation(len(slots)).tolist():
        words, at = slots[slot]
        for length in lengths:
            passage, at = words[at : at + length], at + length
            if len(found[length]) < many and all(seen[stretch] == 1 for stretch in _stretches(passage)):
                found[length].append(passage)
    return found


def _stretches(words: Codes) -> Iterator[bytes]:
    data = words.tobytes()
    return (data[at : at + 4 * OWN] for at in range(0, len(data) - 4 * OWN + 1, 4))


def misheard(words: Codes, rate: float, common: Codes, dice: np.random.Generator) -> Codes:
    """Words with errors at a rate: three in five another word, one in five gone, one in five one more.

    The other word is drawn from ``common``, words as often as they are said; so a few of the errors change nothing.
    """
    luck, others = dice.random(len(words)), dice.choice(common, 2 * len(words))
    heard: list[int] = []
    for place, word in enumerate(words.tolist()):
        if luck[place] >= rate:
            heard.append(word)
        elif luck[place] < 0.6 * rate:
            heard.append(int(others[place]))
        elif luck[place] < 0.8 * rate:
            heard += [word, int(others[len(words) + place])]
    return np.array(heard, np.int32)
