"""Does a show's next item begin where we say?  Segments against marks set by hand, and against clips put in a row.

``captions``     live captions of US news television, marked by hand
``podcast``      a daily news podcast, recognised by machine, marked by hand
``rows``         5 to 15 clips of one outlet in a row, which gives their joints away by words only: no marks, no times
``rows, lower``  the same in small letters and without punctuation

The marks are ``segments.tsv``: the cue (``.srt``) or line (``.md``) at which each segment begins, by two persons or one;
the part's own marker is the gold.  Where a cue or line begins inside a sentence, the segment begins with its first sentence.
Everything was chosen on ``dev``; the clips of its rows are of the days before ``TEST_FROM``.
"""

from __future__ import annotations

import csv
import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks import material
from benchmarks.quality import cuts, tiling
from benchmarks.quality.captions import Measured
from benchmarks.quality.cleaning import total
from benchmarks.quality.measure import Figure, Result
from crosscut import read
from crosscut.annotate import Annotator, Request
from crosscut.annotate.lemmas import Lemmas
from crosscut.model import SENTENCE, Int32, Transcript
from crosscut.restore.sentences import sentence_starts
from crosscut.stories.segments import AD, OTHER, STORY, TEASER, Speech, segments
from crosscut.tokens import token_times, tokenise

TABLE = Path(__file__).with_name("segments.tsv")
CAPTIONS, PODCAST, ROWS, LOWER = CORPORA = ("captions", "podcast", "rows", "rows, lower")
#: Whose marks are the gold of a part.
MARKER = {"dev": "A", "test": "B"}
#: Clips published from this day on are in rows of the test part.
TEST_FROM = "20250210"
#: Rows of each outlet; clips in a row; words of a clip.
EACH, MANY, LENGTHS = 8, (5, 15), (150, 1_500)
SEED = 7
#: A boundary is found within so many words or ms.
NEAR, NEAR_MS = 40, 15_000
#: Two markers agree on a boundary within two sentences.
SENTENCES = 2
LABELS = (STORY, AD, TEASER, OTHER)

_UNMARKED = re.compile(r"[^\w\s'’\-$%&]")


@dataclass(frozen=True, slots=True)
class Marks:
    """What one person marked in one file: units at which segments begin, and of which kind each is."""

    units: list[int]
    kinds: list[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One text to cut: where its segments begin, of which kind they are ("" in rows), and where sentences begin."""

    corpus: str
    name: str
    speech: Speech
    gold: list[int]
    kinds: list[str]

    @property
    def words(self) -> int:
        """Tokens of the text."""
        return len(self.speech.words)

    @property
    def sentences(self) -> tiling.Ints:
        """Tokens at which sentences begin."""
        assert self.speech.begins is not None
        return np.flatnonzero(self.speech.begins)


def have() -> bool:
    """Whether what was marked is there."""
    return material.have_shared() and all((material.SHARED / file).is_file() for _, file, _ in marked())


@cache
def marked() -> dict[tuple[str, str, str], Marks]:
    """The table: marks by part, file and marker."""
    found: dict[tuple[str, str, str], Marks] = {}
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            marks = found.setdefault((row["part"], row["file"], row["marker"]), Marks([], []))
            marks.units.append(int(row["unit"]))
            marks.kinds.append(row["kind"])
    return found


class Lexicon:
    """Codes of lemmas, and how often each is in the clips of the dev days: the corpus that a text is compared with."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.lemmas = Lemmas(Annotator("en", "simplemma", "", "", ()))

    def speech(self, heard: Transcript, background: cuts.Floats | None, timed: bool) -> tuple[Speech, Int32]:
        """A text as its corpus would give it, and the offset of each token."""
        tokens = tokenise(heard.text)
        starts = token_times(tokens, heard)[0]
        request = Request(tokens, sentence_starts(tokens, starts, heard.word_timed))
        (annotation,) = self.lemmas([request])
        values = [self.codes.setdefault(value.lower(), len(self.codes)) for value in annotation.lemma.values]
        terms = np.array(values, np.int64)[annotation.lemma.codes]
        begins = (annotation.flags & SENTENCE) > 0
        times = starts.astype(np.int64) if timed else None
        return Speech(tokens.forms, terms, tokens.afters, begins, times, background), tokens.offsets


@dataclass(frozen=True, slots=True)
class Clip:
    """One short video of an outlet."""

    name: str
    day: str
    outlet: str
    text: str


def transcript(path: Path) -> Transcript:
    """The words of the one track of a file."""
    file = read.File(str(path), path.read_bytes(), material.mappings())
    module = read.recognise(file)
    assert module is not None, path
    (record,) = module.read(file)
    return record.tracks[0].transcript


@cache
def clips() -> list[Clip]:
    """All clips, in order of name."""
    return [Clip(path.name, path.name[:8], path.parent.name.partition("-")[0], transcript(path).text.strip())
            for path in sorted(material.NEWS.rglob("*.md"))]


def background(lexicon: Lexicon) -> cuts.Floats:
    """How often each lemma is in the clips of the dev days."""
    counts = Counter[int]()
    for clip in clips():
        if clip.day < TEST_FROM:
            counts.update(lexicon.speech(plain(clip.text), None, False)[0].terms.tolist())
    return np.array([counts[code] for code in range(len(lexicon.codes))], np.float64)


def plain(text: str) -> Transcript:
    """A text without times."""
    none = np.zeros(0, np.int32)
    return Transcript(text, none, none, none)


@cache
def cases(split: str) -> list[Case]:
    """Everything to cut in a part."""
    lexicon = Lexicon()
    counts, found = background(lexicon), []
    for (part, file, marker), marks in marked().items():
        if part == split and marker == MARKER[split]:
            speech, _ = lexicon.speech(transcript(material.SHARED / file), counts, True)
            corpus = CAPTIONS if file.endswith(".srt") else PODCAST
            found.append(Case(corpus, file, speech, places(material.SHARED / file, speech, marks.units), marks.kinds))
    for row in rows(split):
        for corpus, texts in ((ROWS, [clip.text for clip in row]), (LOWER, [unmarked(clip.text) for clip in row])):
            speech, offsets = lexicon.speech(plain("\n".join(texts)), counts, False)
            joints = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
            gold = np.searchsorted(offsets, joints).tolist()
            found.append(Case(corpus, row[0].name, speech, gold, [""] * len(gold)))
    return found


def rows(split: str) -> list[list[Clip]]:
    """Clips of one outlet put in a row, drawn by chance; none twice in a row."""
    drawn, found = random.Random(SEED), []
    pool = defaultdict(list)
    for clip in clips():
        if LENGTHS[0] <= len(clip.text.split()) <= LENGTHS[1] and (clip.day < TEST_FROM) == (split == "dev"):
            pool[clip.outlet].append(clip)
    for outlet in sorted(pool):
        found += [drawn.sample(pool[outlet], min(drawn.randint(*MANY), len(pool[outlet]))) for _ in range(EACH)]
    return found


def unmarked(text: str) -> str:
    """A text in small letters and without punctuation, as platforms recognise it."""
    return " ".join(_UNMARKED.sub(" ", text.replace(">>", " ")).lower().split())


def units(path: Path) -> dict[int, str]:
    """Text by number of cue (``.srt``) or line."""
    text = path.read_text("utf-8-sig").replace("\r", "")
    if path.suffix != ".srt":
        lines = enumerate(text.split("\n"), 1)
        return {number: re.sub(r"^\*[^*]*\*\s*:\s*", "", line) for number, line in lines if line.strip()}
    cues = (block.strip().split("\n") for block in re.split(r"\n\s*\n", text))
    return {int(cue[0]): " ".join(cue[2:]) for cue in cues if len(cue) > 1 and "-->" in cue[1]}


def places(path: Path, speech: Speech, starts: Iterable[int]) -> list[int]:
    """Tokens at which marked units begin, or the first sentence that begins in them; counted in letters and digits."""
    assert speech.begins is not None
    found, texts = [], units(path)
    ends = np.cumsum([_letters(text) for text in texts.values()])
    order = {number: place for place, number in enumerate(texts)}
    before = np.concatenate([[0], np.cumsum([_letters(word) for word in speech.words])])
    for number in starts:
        end = int(ends[order[number]])
        low, high = (int(np.searchsorted(before, at)) for at in (end - _letters(texts[number]), end))
        inside = np.flatnonzero(speech.begins[low:high])
        found.append(low + (int(inside[0]) if len(inside) else 0))
    return [0, *found[1:]]


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


#: Where each way to cut says that segments begin.
WAYS: dict[str, Callable[[Case], list[int]]] = {
    "ours": lambda case: [segment.start for segment in segments(case.speech)],
    "no boundary": lambda case: [0],
    "equal lengths": lambda case: tiling.equal(case.words, len(case.gold)),
    "by chance": lambda case: tiling.chance(case.sentences, len(case.gold), SEED),
    "TextTiling": lambda case: tiling.tiling(case.speech, case.sentences),
}


@dataclass(frozen=True, slots=True)
class Scored:
    """How one way to cut does in one corpus: windows that agree (Pk, WindowDiff), boundaries found."""

    pk: Figure
    diff: Figure
    found: Figure


def score(case: Case, ours: list[int]) -> Scored:
    """One text."""
    k = cuts.window(case.gold, case.words)
    times = case.speech.starts
    return Scored(*cuts.agreeing(case.gold, ours, case.words, k), cuts.found(case.gold, ours, NEAR, times, NEAR_MS))


def pooled(scores: Iterable[Scored]) -> Scored:
    """All texts: windows and boundaries pooled."""
    pk, diff, found = zip(*((one.pk, one.diff, one.found) for one in scores), strict=True)
    return Scored(total(pk), total(diff), total(found))


def agreement(split: str) -> dict[str, tuple[Scored, Figure]]:
    """Files of a part that two persons marked: the other's marks against the gold, and boundaries within two sentences."""
    found = {}
    for case in cases(split):
        others = [marks for (part, file, marker), marks in marked().items()
                  if (part, file) == (split, case.name) and marker != MARKER[split]]
        for marks in others:
            theirs = places(material.SHARED / case.name, case.speech, marks.units)
            ours, other = (np.searchsorted(case.sentences, side, side="right").tolist() for side in (case.gold, theirs))
            near = cuts.found(ours, other, SENTENCES)
            found[case.name] = score(case, theirs), near
    return found


def labelled(split: str, corpus: str) -> dict[tuple[str, str], int]:
    """Words by the kind of their segment in the gold and the label of ours."""
    counts = Counter[tuple[str, str]]()
    for case in cases(split):
        if case.corpus == corpus:
            gold, ours = np.empty(case.words, object), np.empty(case.words, object)
            for start, kind in zip(case.gold, case.kinds, strict=True):
                gold[start:] = kind
            for segment in segments(case.speech):
                ours[segment.start:] = segment.label
            counts.update(zip(gold.tolist(), ours.tolist(), strict=True))
    return counts


def measure_segments(split: str) -> Measured:
    """All ways to cut in all corpora; floors for ours."""
    scores = {(corpus, way): pooled(score(case, cut(case)) for case in cases(split) if case.corpus == corpus)
              for corpus in CORPORA for way, cut in WAYS.items()}
    figures = {f"{corpus.replace(', ', '-')}/{name}": figure for corpus in CORPORA
               for name, figure in zip(("pk", "windowdiff", "boundaries"), _figures(scores[corpus, "ours"]), strict=True)}
    tables = {"segments": _table(scores), "segment labels": [], "segment markers": _markers(split)}
    for corpus in (CAPTIONS, PODCAST):
        counts = labelled(split, corpus)
        tables["segment labels"] += _label_rows(corpus, counts)
        figures |= {f"{corpus}/{AD}": _figure_of(counts, AD)}
    head = ["corpus", "kind", "words in the gold", "words in ours", "in both", "precision, %", "recall, %"]
    tables["segment labels"].insert(0, head)
    words = sum(case.words for case in cases(split))
    about = "news shows and rows of clips"
    return Measured(Result("segments", "en", about, "–", digest(split), len(cases(split)), words, figures), tables)


def measure(split: str) -> list[Measured]:
    """As a list, empty where there is nothing to measure on."""
    return [measure_segments(split)] if have() else []


def digest(split: str) -> str:
    """SHA-256 over the marks and files of a part, and the texts of its rows."""
    state = hashlib.sha256(TABLE.read_bytes())
    for part, file, _ in sorted(marked()):
        if part == split:
            state.update(file.encode() + b"\0" + hashlib.sha256((material.SHARED / file).read_bytes()).digest())
    for row in rows(split):
        state.update("\0".join(part for clip in row for part in (clip.name, clip.text)).encode())
    return state.hexdigest()


def _figures(scored: Scored) -> tuple[Figure, Figure, Figure]:
    return scored.pk, scored.diff, scored.found


def _table(scores: dict[tuple[str, str], Scored]) -> list[list[str]]:
    head = ["corpus", "cut", "Pk, %", "WindowDiff, %", "boundaries", "precision, %", "recall, %", "F1, %"]
    return [head, *([corpus, way, *_cells(scored)] for (corpus, way), scored in scores.items())]


def _cells(scored: Scored) -> list[str]:
    right, ours, gold = scored.found.right, scored.found.ours, scored.found.gold
    precision = f"{100 * right / ours:.0f}" if ours else "–"
    return [f"{100 - scored.pk.percent:.1f}", f"{100 - scored.diff.percent:.1f}", f"{ours:,} of {gold:,}", precision,
            f"{100 * right / gold:.0f}", f"{scored.found.percent:.0f}"]


def _markers(split: str) -> list[list[str]]:
    head = ["file", "boundaries", "Pk, %", "WindowDiff, %", "within two sentences: F1, %", "within 40 words or 15 s: F1, %"]
    return [head, *([Path(name).stem, f"{near.gold} and {near.ours}", f"{100 - scored.pk.percent:.1f}",
                     f"{100 - scored.diff.percent:.1f}", f"{near.percent:.0f}", f"{scored.found.percent:.0f}"]
                    for name, (scored, near) in agreement(split).items())]


def _figure_of(counts: dict[tuple[str, str], int], kind: str) -> Figure:
    gold = sum(many for (true, _), many in counts.items() if true == kind)
    ours = sum(many for (_, said), many in counts.items() if said == kind)
    return Figure(counts.get((kind, kind), 0), ours, gold)


def _label_rows(corpus: str, counts: dict[tuple[str, str], int]) -> list[list[str]]:
    rows = []
    for kind in LABELS:
        one = _figure_of(counts, kind)
        shares = [f"{100 * one.right / side:.0f}" if side else "–" for side in (one.ours, one.gold)]
        rows.append([corpus, kind, f"{one.gold:,}", f"{one.ours:,}", f"{one.right:,}", *shares])
    return rows
