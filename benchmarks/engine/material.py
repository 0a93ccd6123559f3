"""A study of so many tokens, the same for the same seed: ``python -m benchmarks.engine.material TOKENS``.

Word order is random within a video, so speed and size mean something and scores do not.  What is not random as a corpus
is not: outlets prefer words, videos have topics, lengths are log-normal, and a word is said every 0.4 seconds.

Made batch by batch, twice from the same numbers: as annotated shards, by the project's own writing path; and as plain
arrays, which the peers read and which answers are checked with.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.engine.vocabulary import SAID_SO, Vocabulary, english, types_of
from benchmarks.engine.vocabulary import VERSION as VOCABULARY_VERSION
from benchmarks.material import CACHE
from crosscut import store
from crosscut.model import ENTITY, SENTENCE, USABLE
from crosscut.store.batch import Batch, Document, speech_ms
from crosscut.store.catalog import Table
from crosscut.store.corpus import Manifest, write_manifest
from crosscut.store.shelf import Shelf

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

VERSION = 1
FOLDER = CACHE / "engine"

OUTLETS = {"en_AA": 0.2, "en_BB": 0.2, "en_CC": 0.2, "en_DD": 0.1, "en_EE": 0.1, "en_FF": 0.1, "en_GG": 0.06, "en_HH": 0.04}
FORMATS = {"clip": 0.6, "show": 0.25, "short": 0.1, "live": 0.05}
MONTHS = 60
FIRST_DAY = np.datetime64("2020-01-01")
#: How far the share of a word in an outlet is from its share in all: standard deviation of the logarithm.
TILT = 0.25
TOPIC_WORDS, TOPIC_SHARE = 30, 0.08
AFTERS = [" ", ", ", ". ", "? "]
DEPS = ["ROOT", "acl", "advcl", "advmod", "amod", "appos", "aux", "auxpass", "cc", "ccomp", "compound", "conj", "dative",
        "det", "dobj", "mark", "neg", "nmod", "npadvmod", "nsubj", "nsubjpass", "nummod", "pcomp", "pobj", "poss", "prep",
        "prt", "relcl", "xcomp"]
ENTITIES = ["", "DATE", "GPE", "ORG", "PERSON"]
LAYERS = ["word", "norm", "lemma", "pos", "tag", "head", "dep", "entity", "sentence"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a test corpus is made from; ``batch`` is the size of an annotated shard in tokens."""

    tokens: int
    seed: int = 1
    batch: int = 1_000_000     # or an eighth of the corpus, so that there is something to merge
    version: int = VERSION * 1000 + VOCABULARY_VERSION


@dataclass(frozen=True, slots=True)
class Piece:
    """Some videos: which (numbers from ``first``), where each begins, and the type of each token."""

    first: int
    bounds: Ints
    types: npt.NDArray[np.uint32]
    columns: dict[str, Array]     # start, head, flags; codes of after, dep, entity


class Maker:
    """Makes the videos of a corpus, in pieces of about ``batch`` tokens; the n-th piece is the same in every run."""

    def __init__(self, parameters: Parameters, vocabulary: Vocabulary) -> None:
        self.parameters, self.vocabulary = parameters, vocabulary
        self.lengths = self._lengths()
        videos, random = len(self.lengths), self._random("videos")
        self.outlet = random.choice(len(OUTLETS), videos, p=list(OUTLETS.values())).astype(np.uint8)
        self.format = random.choice(len(FORMATS), videos, p=list(FORMATS.values())).astype(np.uint8)
        self.programme = random.integers(0, 5, videos).astype(np.uint8)
        self.day = random.integers(0, 1827, videos)                    # 2020 to 2024, two of them leap years
        self.topics = np.searchsorted(_cumulative(self._topic_weights()), random.random((videos, TOPIC_WORDS)))

    @property
    def dates(self) -> list[str]:
        """When each video was published."""
        days: list[str] = (FIRST_DAY + self.day).astype(str).tolist()
        return days

    @cached_property
    def ids(self) -> list[str]:
        """Eleven letters a video, in no order: as on a platform."""
        return [hashlib.sha256(f"{self.parameters.seed} {n}".encode()).hexdigest()[:11] for n in range(len(self.lengths))]

    @cached_property
    def titles(self) -> list[str]:
        """Four or five words of the video's topic, and one of a hundred frequent words."""
        forms, random = self.vocabulary.forms, self._random("titles")
        frequent = (len(forms) // 100 + np.minimum(random.zipf(1.3, len(self.lengths)), 100)).tolist()
        return [" ".join(forms[word] for word in [*row[: 4 + (row[0] & 1)], often]).capitalize()
                for row, often in zip(self.topics[:, :5].tolist(), frequent, strict=True)]

    def _random(self, what: str, number: int = 0) -> np.random.Generator:
        seed = int.from_bytes(hashlib.sha256(f"{what} {number} {self.parameters.seed}".encode()).digest()[:8], "little")
        return np.random.Generator(np.random.PCG64(seed))

    def _lengths(self) -> Ints:
        """Log-normal, median 1,400, from 200 to 6,000; the last one is cut so that the sum is right."""
        random, tokens = self._random("lengths"), self.parameters.tokens
        drawn = np.clip(random.lognormal(np.log(1_400), 0.5, tokens // 1_000 + 100), 200, 6_000).astype(np.int64)
        ends = np.cumsum(drawn)
        videos = int(np.searchsorted(ends, tokens)) + 1
        return np.diff(np.minimum(ends[:videos], tokens), prepend=0)

    def _topic_weights(self) -> npt.NDArray[np.float64]:
        """Topic words are neither among the most frequent nor very rare."""
        ranks = np.arange(len(self.vocabulary))
        return np.where((ranks >= len(ranks) // 1_000) & (ranks < len(ranks) // 8), 1 / (ranks + 1), 0)

    @cached_property
    def _shares(self) -> list[npt.NDArray[np.float64]]:
        """Of each outlet, the cumulated shares of the words."""
        tilts = (self._random("tilt", n).normal(0, TILT, len(self.vocabulary)) for n in range(len(OUTLETS)))
        return [_cumulative(self.vocabulary.share * np.exp(tilt)) for tilt in tilts]

    def pieces(self) -> Iterator[Piece]:
        """All videos, in order."""
        ends = np.cumsum(self.lengths)
        first, number = 0, 0
        while first < len(ends):
            done = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, done + self.parameters.batch, side="right")))
            yield self._piece(first, last, self._random("piece", number))
            first, number = last, number + 1

    def _piece(self, first: int, last: int, random: np.random.Generator) -> Piece:
        lengths = self.lengths[first:last]
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        video = np.repeat(np.arange(first, last), lengths)
        words = self._words(video, random)
        readings = self.vocabulary.second[words] != self.vocabulary.first[words]
        types = (2 * words + (readings & (random.random(len(words)) < SAID_SO))).astype(np.uint32)
        return Piece(first, bounds, types, _columns(bounds, random))

    def _words(self, video: Ints, random: np.random.Generator) -> Ints:
        drawn, outlet = random.random(len(video)), self.outlet[video]
        words = np.zeros(len(video), np.int64)
        for number, shares in enumerate(self._shares):
            mine = outlet == number
            words[mine] = np.searchsorted(shares, drawn[mine])
        topical = np.flatnonzero(random.random(len(video)) < TOPIC_SHARE)
        words[topical] = self.topics[video[topical], random.integers(0, TOPIC_WORDS, len(topical))]
        return words


def _cumulative(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total = np.cumsum(weights)
    total /= total[-1]
    total[-1] = 1.0
    return total


def _columns(bounds: Ints, random: np.random.Generator) -> dict[str, Array]:
    """What tokens have beside their types; ``head`` is at most five tokens away and never outside the video."""
    tokens = int(bounds[-1])
    sentence = random.random(tokens) < 1 / 15
    sentence[bounds[:-1]] = True
    ends = np.append(sentence[1:], True)
    after = np.where(ends, 2 + (random.random(tokens) < 0.1), random.random(tokens) < 0.05).astype(np.uint8)
    entity = np.where(random.random(tokens) < 0.03, random.integers(1, len(ENTITIES), tokens), 0).astype(np.uint8)
    gaps = random.integers(150, 650, tokens)
    heard = np.cumsum(gaps) - gaps
    start = (heard - np.repeat(heard[bounds[:-1]], np.diff(bounds))).astype(np.int32)
    place = np.arange(tokens) - np.repeat(bounds[:-1], np.diff(bounds))
    left = np.repeat(np.diff(bounds), np.diff(bounds)) - place - 1
    head = np.clip(random.integers(-5, 6, tokens), -place, left).astype(np.int16)
    flags = (sentence * SENTENCE + (entity > 0) * ENTITY).astype(np.uint8)
    return {"start": start, "head": head, "flags": flags, "after": after, "entity": entity,
            "dep": random.integers(0, len(DEPS), tokens).astype(np.uint8)}


def batch_of(maker: Maker, piece: Piece, layers: dict[str, list[str]]) -> Batch:
    """A piece as the annotator would hand it over: only the types and strings that are used."""
    used, types = _used(piece.types, 2 * len(maker.vocabulary))
    columns: dict[str, Array] = {**piece.columns, "type": types}
    lexicons: dict[str, list[str]] = {"after": AFTERS, "dep": DEPS, "entity": ENTITIES}
    codes: dict[str, Array] = {}
    for name, values in layers.items():
        seen: dict[str, int] = {}
        codes[name] = np.array([seen.setdefault(values[number], len(seen)) for number in used.tolist()], np.uint32)
        lexicons[name] = list(seen)
    documents = [_document(maker, piece, number) for number in range(len(piece.bounds) - 1)]
    return Batch(documents, piece.bounds, dict(lexicons), codes, columns)


def _used(types: npt.NDArray[np.uint32], most: int) -> tuple[Ints, npt.NDArray[np.uint32]]:
    """Which types occur, and the column by their numbers: a count and a look-up, a fifth of the time of a sort."""
    used = np.flatnonzero(np.bincount(types, minlength=most))
    new = np.zeros(most, np.uint32)
    new[used] = np.arange(len(used), dtype=np.uint32)
    return used, new[types]


def _document(maker: Maker, piece: Piece, number: int) -> Document:
    begin, end = int(piece.bounds[number]), int(piece.bounds[number + 1])
    digest = hashlib.sha256(piece.types[begin:end].tobytes()).hexdigest()
    heard = speech_ms(piece.columns["start"][begin:end])
    return Document(
        key=f"{video_key(maker, piece.first + number)}/found", annotation=digest, content=digest, digest=digest,
        language="en", before="", words=end - begin, tokens=end - begin, speech_ms=heard)


def video_key(maker: Maker, number: int) -> str:
    """The key of a video in the catalog."""
    return f"youtube:{maker.ids[number]}"


def rows_of(maker: Maker, shelf: Shelf) -> list[dict[str, Any]]:
    """The rows of the catalog, sorted, with the places of the words after ``compact``."""
    numbers = {video_key(maker, number): number for number in range(len(maker.lengths))}
    outlets, formats, dates = list(OUTLETS), list(FORMATS), maker.dates
    rows = []
    for place, name in enumerate(shelf.names):
        for position, about in enumerate(shelf.shards[name].documents):
            video = about.key.removesuffix("/found")
            number = numbers[video]
            outlet = outlets[maker.outlet[number]]
            rows.append({
                "video": video, "platform": "youtube", "id": maker.ids[number], "title": maker.titles[number],
                "published": dates[number], "url": "", "flags": "", "version": "v", "content": about.content,
                "digest": about.digest, "thumbnail": "", "outlet": outlet, "language": "en",
                "programme": f"{outlet[3:]} {maker.programme[number]}", "format": formats[maker.format[number]],
                "kind": "automatic", "status": USABLE, "caption_format": "vtt", "shard": place, "document": position,
                "tokens": about.tokens, "words": about.words, "speech_ms": about.speech_ms, "duration_ms": about.speech_ms,
                "punctuated": 1, "word_timed": 1, "wanted": 1, "recipe": about.digest[:16], "result": about.digest[:16],
                "case": "cased", "identified": "en", "unknown": 20, "a_minute": 150, "silence_ms": 2_000,
            })
    return sorted(rows, key=lambda row: str(row["video"]))


def publish(maker: Maker, shelf: Shelf) -> None:
    """Write catalog and manifest, and delete what they do not name."""
    Table.of(rows_of(maker, shelf)).write(shelf.folder / "catalog.pack")
    write_manifest(shelf.folder, Manifest(
        built=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), tool="benchmarks.engine", recipe="made", result="made",
        catalog="catalog.pack", shards=shelf.names, layers={"en": LAYERS}, labels={}, annotators={"en": "made"}))
    shelf.remove_all_but((*shelf.names, "catalog.pack"))


class Made:
    """A made corpus on disk: ``plain/`` (arrays), ``annotated/`` (shards as an annotator leaves them), ``study/``."""

    def __init__(self, folder: Path, parameters: Parameters, vocabulary: Vocabulary | None = None) -> None:
        self.folder, self.parameters, self._given = folder, parameters, vocabulary

    @cached_property
    def maker(self) -> Maker:
        """Makes the videos again."""
        return Maker(self.parameters, self._given or english(FOLDER / "vocabulary.json"))

    @property
    def plain(self) -> Path:
        """Plain arrays, made if they are not there."""
        folder = self.folder / "plain"
        if _stale(folder, asdict(self.parameters)):
            shutil.rmtree(self.folder / "peers", ignore_errors=True)  # they are of other words now
            self._write_plain(folder)
            _stamp(folder, asdict(self.parameters))
        return folder

    @property
    def annotated(self) -> Path:
        """Shards of about a million tokens, made if they are not there or if the store writes others by now."""
        folder, made_from = self.folder / "annotated", {**asdict(self.parameters), "store": _store_digest()}
        if _stale(folder, made_from):
            seconds = self._write_annotated(folder)
            _stamp(folder, {**made_from, "add_cpu_s": seconds})
        return folder

    def fresh_study(self) -> Path:
        """A study that has the annotated shards and no index; the shards are links, for a shard is never changed."""
        study = self.folder / "study"
        shutil.rmtree(study, ignore_errors=True)
        (study / "corpus").mkdir(parents=True)
        (study / "crosscut.toml").write_text("[study]\nname = \"Test corpus\"\nseed = 1\n")
        for shard in self.annotated.glob("shard-*.pack"):
            os.link(shard, study / "corpus" / shard.name)
        return study

    def _write_annotated(self, folder: Path) -> float:
        shelf, layers, seconds = Shelf(folder), types_of(self.maker.vocabulary), 0.0
        for piece in self.maker.pieces():
            batch = batch_of(self.maker, piece, layers)
            began = time.process_time()
            shelf.add(batch)
            seconds += time.process_time() - began
        return seconds

    def _write_plain(self, folder: Path) -> None:
        maker, layers = self.maker, types_of(self.maker.vocabulary)
        with (folder / "type.u32").open("wb") as types, (folder / "start.i32").open("wb") as starts:
            for piece in maker.pieces():
                piece.types.tofile(types)
                piece.columns["start"].tofile(starts)
        np.savez(folder / "videos.npz", bounds=np.concatenate([[0], np.cumsum(maker.lengths)]), outlet=maker.outlet,
                 format=maker.format, month=(FIRST_DAY + maker.day).astype("datetime64[M]").astype(np.int64))
        about = {"word": [form for form in maker.vocabulary.forms for _ in range(2)], **layers, "title": maker.titles,
                 "date": maker.dates, "outlets": list(OUTLETS), "formats": list(FORMATS)}
        (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")


def made(tokens: int) -> Made:
    """The made corpus of so many tokens."""
    return Made(FOLDER / str(tokens), Parameters(tokens, batch=min(1_000_000, max(10_000, tokens // 8))))


def _store_digest() -> str:
    """Of the modules that write shards: other code may write other shards."""
    modules = sorted(Path(store.__file__ or "").parent.glob("*.py"))
    return hashlib.sha256(b"".join(module.read_bytes() for module in modules)).hexdigest()


def _stale(folder: Path, made_from: dict[str, Any]) -> bool:
    """Whether a folder was made from something else, or only half; then it is emptied."""
    stamp = folder / "made.json"
    if stamp.exists() and made_from.items() <= json.loads(stamp.read_text()).items():
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return True


def _stamp(folder: Path, made_from: dict[str, Any]) -> None:
    (folder / "made.json").write_text(json.dumps(made_from))


if __name__ == "__main__":
    asked = made(int(sys.argv[1]))
    began = time.perf_counter()
    print(json.dumps({"plain": str(asked.plain), "annotated": str(asked.annotated), "wall_s": time.perf_counter() - began}))
