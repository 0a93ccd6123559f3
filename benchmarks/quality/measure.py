"""How much of what our pipeline says is right?  The same text in four views, through the pipeline that builds a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from benchmarks.quality.gold import IS_ROOT, NO_PLACE, Document, Source, Word, letters
from crosscut.annotate import Annotator, Request, annotator_for, load
from crosscut.annotate.choose import Loaded
from crosscut.model import SENTENCE
from crosscut.restore.sentences import sentence_starts
from crosscut.tokens import norm, tokenise, word

VIEWS = ("edited", "unmarked", "caption", "lower")
MARKS = "marks"
LAYERS = ("aligned", "lemma", "pos", "tag", "head", "entity", "sentence")
#: Layers compared between a text with its marks and without.
COMPARED = ("word", "norm", "lemma", "pos", "tag", "dep", "head", "entity", "sentence")
#: These follow from the letters alone: marks may never change them.
EXACT = ("word", "norm")

#: What keeps its capital in the caption view, besides "I": German captions write all nouns with one.
CAPITAL = {"de": ("PROPN", "NOUN")}
#: English models attach by ClearNLP's rules, not by UD's: only relations that both attach alike are compared.
ATTACHED_ALIKE = (
    "det", "amod", "nummod", "compound", "compound:prt", "obj", "aux", "aux:pass", "nsubj", "nsubj:pass", "nmod:poss",
)
#: The entity kinds that gold mentions of persons, places and organisations can be compared with.
KINDS = ("PERSON", "ORG", "GPE", "LOC", "FAC")
#: Words that belong to a name in one scheme and not in the other ("the", "of", "'s"): compared in neither.
FUNCTION = ("DET", "ADP", "PART", "CCONJ", "SYM", "PUNCT")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured share: F1 of ``ours`` against ``gold``, in percent; the plain share where both are the same number."""

    right: int
    ours: int
    gold: int

    @property
    def percent(self) -> float:
        """F1 in percent."""
        return 200 * self.right / (self.ours + self.gold)


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured on one source; ``figures`` by view and layer (``"edited/lemma"``).

    ``"marks/pos"`` is the share of labels that stay the same when every mark is taken away.
    """

    name: str
    language: str
    about: str
    model: str
    digest: str
    documents: int
    words: int
    figures: dict[str, Figure]


Text = tuple[str, list[int]]   # a view, and where in the document's text each of its characters stood


@dataclass(frozen=True, slots=True)
class Reading:
    """What we say of one view: places of the tokens in the document's text, and their labels by layer."""

    places: list[tuple[int, int]]
    labels: dict[str, list[str] | list[int]]


def edited(document: Document) -> Text:
    """The text as it was edited."""
    return document.text, list(range(len(document.text)))


def unmarked(document: Document, language: str) -> Text:
    """Its tokens alone: every mark between them gone, capitals kept."""
    tokens, parts, origin = tokenise(document.text, language), list[str](), list[int]()
    for form, after, at in zip(tokens.forms, tokens.afters, tokens.offsets.tolist(), strict=True):
        parts.append(form + " " * bool(after))
        origin += [*range(at, at + len(form)), *[-1] * bool(after)]
    return "".join(parts), origin


def lowered(text: Text, keep: Iterable[Word]) -> Text:
    """A view in lower case, but for the words to keep; no character changes its length."""
    kept = {place for word in keep for place in range(word.start, word.end)}
    low = (char if at in kept or len(char.lower()) != 1 else char.lower() for char, at in zip(*text, strict=True))
    return "".join(low), text[1]


def views(document: Document, language: str) -> dict[str, Text]:
    """The four views of a document."""
    bare, capital = unmarked(document, language), CAPITAL.get(language, ("PROPN",))
    names = [word for word in document.words
             if word.pos in capital or (language == "en" and document.text[word.start : word.end] == "I")]
    return {"edited": edited(document), "unmarked": bare, "caption": lowered(bare, names), "lower": lowered(bare, ())}


def read(text: Text, language: str, annotate: Loaded) -> Reading:
    """Take one view through tokeniser, sentence starts and annotator, as a build does."""
    tokens = tokenise(text[0], language)
    starts = sentence_starts(tokens, np.full(len(tokens), -1, np.int32), False)
    made = next(iter(annotate([Request(tokens, starts)])))
    places = []
    for form, at in zip(tokens.forms, tokens.offsets.tolist(), strict=True):
        begin, end = letters(form)
        places.append((text[1][at + begin], text[1][at + end - 1] + 1))
    return Reading(places, {
        "word": [word(form) for form in tokens.forms], "norm": [norm(form) for form in tokens.forms],
        "lemma": made.lemma.tolist(), "pos": made.pos.tolist(), "tag": made.tag.tolist(), "dep": made.dep.tolist(),
        "head": made.head.tolist(), "entity": made.entity.tolist(), "sentence": (made.flags & SENTENCE).tolist(),
    })


Counts = Counter[tuple[str, str]]


def _add(counts: Counts, layer: str, right: int, ours: int, gold: int) -> None:
    counts.update({(layer, "right"): right, (layer, "ours"): ours, (layer, "gold"): gold})


def score(document: Document, reading: Reading, language: str) -> Counts:
    """Count what is right in one view of one document."""
    counts: Counts = Counter()
    token_at = {place: token for token, place in enumerate(reading.places)}
    for gold in document.words:
        token = None if gold.together else token_at.get((gold.start, gold.end))
        _add(counts, "aligned", token is not None, 1, 1)
        if token is not None:
            _score_word(counts, gold, token, reading, language)
    ours = {reading.places[token][0] for token, flag in enumerate(reading.labels["sentence"]) if flag and token}
    starts = {gold.start for gold in document.words[1:] if gold.first}
    _add(counts, "sentence", len(ours & starts), len(ours), len(starts))
    return counts


def _score_word(counts: Counts, gold: Word, token: int, reading: Reading, language: str) -> None:
    labels = reading.labels
    _add(counts, "lemma", norm(str(labels["lemma"][token])) == norm(gold.lemma), 1, 1)
    _add(counts, "pos", labels["pos"][token] == gold.pos, 1, 1)
    if language == "en" and gold.tag != "_":
        _add(counts, "tag", labels["tag"][token] == gold.tag, 1, 1)
    alike = language != "en" or (gold.relation in ATTACHED_ALIKE and not gold.differs)
    if alike and gold.head != NO_PLACE:
        _add(counts, "head", _right_head(gold, token, reading), 1, 1)
    if gold.pos not in FUNCTION:
        ours = labels["entity"][token] in KINDS
        _add(counts, "entity", ours and gold.name, ours, gold.name)


def _right_head(gold: Word, token: int, reading: Reading) -> bool:
    distance = int(reading.labels["head"][token])
    if gold.head == IS_ROOT or not distance:
        return gold.head == IS_ROOT and not distance
    start, end = reading.places[token + distance]
    return start <= gold.head < end


def compare(marked: Reading, bare: Reading) -> Counts:
    """Count the labels that stay the same when every mark is taken away."""
    counts: Counts = Counter()
    for layer in COMPARED:
        pairs = list(zip_longest(marked.labels[layer], bare.labels[layer]))
        _add(counts, layer, sum(a == b for a, b in pairs), len(pairs), len(pairs))
    return counts


def measure(source: Source, split: str) -> Result:
    """Every figure of one source."""
    annotator = annotator_for(source.language, {})
    annotate, documents = load(annotator), source.documents(split)
    totals: dict[str, Counts] = {view: Counter() for view in (*VIEWS, MARKS)}
    for document in documents:
        readings = {view: read(text, source.language, annotate)
                    for view, text in views(document, source.language).items()}
        for view, reading in readings.items():
            totals[view] += score(document, reading, source.language)
        totals[MARKS] += compare(readings["edited"], readings["unmarked"])
    layers = _layers(annotator, any(word.name for document in documents for word in document.words))
    compared = COMPARED if annotator.tool == "spacy" else EXACT
    wanted = [(view, layer) for view in VIEWS for layer in layers] + [(MARKS, layer) for layer in compared]
    figures = {f"{view}/{layer}": Figure(*(totals[view][layer, part] for part in ("right", "ours", "gold")))
               for view, layer in wanted if totals[view][layer, "gold"]}
    words = sum(len(document.words) for document in documents)
    return Result(source.name, source.language, source.about, annotator.model, source.digest, len(documents), words, figures)


def _layers(annotator: Annotator, entities: bool) -> tuple[str, ...]:
    """The layers of a source that can be scored: what its annotator gives and its gold has."""
    given = ("aligned", *annotator.layers)
    return tuple(layer for layer in LAYERS if layer in given and (layer != "entity" or entities))
