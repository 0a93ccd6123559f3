"""Which words and names are in each piece of a story?  Terms of tokens, and what titles and descriptions add.

A term is the lemma of a content word, in small letters, or its norm where a language has no lemmas.  Names are what the
annotator marks as persons, places, organisations and so on; where it marks none, proper nouns that stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.model import ENTITY
from crosscut.query.matrix import of_types
from crosscut.query.spans import Spans
from crosscut.store.corpus import CorpusFiles
from crosscut.store.shard import Shard
from crosscut.tokens import norm, tokenise

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

#: Parts of speech that say what something is about; words of a language without them all do, the frequent ones little.
CONTENT = frozenset({"", "NOUN", "PROPN", "VERB", "ADJ", "NUM", "X"})
#: Labels of entities that are no names: times and amounts.
NO_NAMES = frozenset({"", "DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL", "LANGUAGE"})
#: What stands around a name without being a part of it.
_AROUND = frozenset({"the", "a", "an", "'s", "le", "la", "les", "l'", "of"})
#: A name of more tokens is a sentence that the annotator took for one.
_LONGEST_NAME = 8


@dataclass(slots=True)
class Terms:
    """All terms of a corpus by code; ``of_types[s][t]``: the term of type t of shard s, -1 where it is of no content.

    ``of_norm``: the term of what a title or a description says, as most tokens of that norm have it.
    """

    values: list[str]
    of_types: list[Ints]
    of_norm: dict[str, int]
    places: dict[str, int] = field(repr=False)

    @classmethod
    def of(cls, corpus: CorpusFiles) -> Terms:
        """The terms of all shards."""
        places: dict[str, int] = {}
        of_types = [_terms_of_types(shard, places) for shard in corpus.shards]
        return cls(list(places), of_types, _by_norm(corpus, of_types), places)

    def code(self, word: str) -> int:
        """The term of a norm; one that nobody says is new."""
        if word not in self.of_norm:
            self.of_norm[word] = self.places.setdefault(word, len(self.places))
            if len(self.places) > len(self.values):
                self.values.append(word)
        return self.of_norm[word]

    def coded(self, text: str, language: str) -> list[int]:
        """The terms of a text."""
        codes = (self.code(norm(form)) for form in tokenise(text, language).forms)
        return [code for code in codes if code >= 0]

    def background(self, corpus: CorpusFiles, language: str) -> Floats:
        """How often each term is said in the videos of a language."""
        found = np.zeros(len(self.values))
        for shard, terms in zip(corpus.shards, self.of_types, strict=True):
            spoken = np.array([about == language for about in shard.pack.strings("document.language").tolist()], bool)
            if spoken.all():
                term, n = terms, shard.frequencies
            else:
                documents, numbers = shard.entries(np.arange(len(terms)))
                many = np.diff(shard.pack["counts.bounds"]).astype(np.int64)
                term, n = np.repeat(terms, many)[spoken[documents]], numbers[spoken[documents]].astype(np.int64)
            found += np.bincount(term[term >= 0], n[term >= 0], len(found))
        return found


def _terms_of_types(shard: Shard, places: dict[str, int]) -> Ints:
    """The term of each type of a shard; new ones are added to ``places``."""
    lemmas, norms, tags = (shard.lexicon(name) for name in ("lemma_folded", "norm", "pos"))
    content = np.array([tag in CONTENT for tag in tags.tolist()], bool)[shard.type_codes("pos")]
    lemma, plain = shard.type_codes("lemma_folded"), shard.type_codes("norm")
    empty = np.array([not text for text in lemmas.tolist()], bool)[lemma]
    found = np.full(len(content), -1, np.int64)
    for strings, codes, some in ((lemmas, lemma, content & ~empty), (norms, plain, content & empty)):
        used = np.zeros(len(strings), bool)
        used[codes[some]] = True
        code_of = np.full(len(strings), -1, np.int64)
        chosen = np.flatnonzero(used)
        code_of[chosen] = [places.setdefault(text, len(places)) if _says_something(text) else -1
                           for text in strings.take(chosen)]
        found[some] = code_of[codes[some]]
    return found


def _says_something(text: str) -> bool:
    """Whether a term is longer than a letter."""
    return len(text) > 1


def _by_norm(corpus: CorpusFiles, of_types: Sequence[Ints]) -> dict[str, int]:
    """For each norm the term that most of its tokens have."""
    best: dict[str, tuple[int, int]] = {}
    for shard, terms in zip(corpus.shards, of_types, strict=True):
        norms = shard.lexicon("norm").tolist()
        triples = zip(shard.type_codes("norm").tolist(), terms.tolist(), shard.frequencies.tolist(), strict=True)
        sums: Counter[tuple[int, int]] = Counter()
        for code, term, n in triples:
            sums[code, term] += n
        for (code, term), n in sums.items():
            text = norms[code]
            if n > best.get(text, (0, -1))[0]:
                best[text] = n, term
    return {text: term for text, (_, term) in best.items()}


def words(corpus: CorpusFiles, terms: Terms, parts: Spans, into: Ints, many: int) -> Counts:
    """How often each term is in each of ``many`` pieces; part i of the tokens belongs to piece ``into[i]``."""
    return of_types(corpus, parts, terms.of_types, len(terms.values), into, many)


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code: ``values`` as they are compared, ``shown`` as they are written; how often each is in each piece."""

    values: Sequence[str]
    shown: Sequence[str]
    counts: Counts


def names(corpus: CorpusFiles, parts: Spans, into: Ints, many: int) -> Names:
    """The names in each of ``many`` pieces; part i of the tokens belongs to piece ``into[i]``."""
    places: dict[str, int] = {}
    shown: list[str] = []
    code, piece = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for shard, mine, begin, end in parts.in_shards(corpus):
        order = np.argsort(begin, kind="stable")
        first, last = _named(shard)
        at = np.searchsorted(begin[order], first, side="right") - 1
        held = (at >= 0) & (last <= end[order][at]) if len(order) else np.zeros(len(first), bool)
        code.append(np.fromiter(_codes(shard, first[held], last[held], places, shown), np.int64, int(held.sum())))
        piece.append(into[mine[order[at[held]]]])
    codes, pieces = np.concatenate(code), np.concatenate(piece)
    some = codes >= 0
    counts = Counts.of(codes[some], pieces[some], np.ones(int(some.sum()), np.int64), (len(places), many))
    return Names(list(places), shown, counts)


def _named(shard: Shard) -> tuple[Ints, Ints]:
    """Where names begin and end in the columns of a shard."""
    labels = shard.lexicon("entity").tolist()
    label = np.asarray(shard.column("entity"))
    name = np.array([text not in NO_NAMES for text in labels], bool)[label]
    begins = np.asarray(shard.column("flags")) & ENTITY != 0
    if not name.any():  # nobody marked names: proper nouns that stand together
        proper = np.array([tag == "PROPN" for tag in shard.lexicon("pos").tolist()], bool)
        name = proper[shard.type_codes("pos")][shard.column("type")]
        label, begins = name, np.zeros(len(name), bool)
    if not len(name):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    goes_on = np.zeros(len(name), bool)
    goes_on[1:] = name[1:] & name[:-1] & (label[1:] == label[:-1]) & ~begins[1:]
    documents = shard.bounds[1:-1].astype(np.int64)
    goes_on[documents[documents < len(goes_on)]] = False
    first = np.flatnonzero(name & ~goes_on)
    ends = np.flatnonzero(np.concatenate([name[:-1] & ~goes_on[1:], name[-1:]])) + 1
    return first, ends


def _codes(shard: Shard, first: Ints, last: Ints, places: dict[str, int], shown: list[str]) -> Iterator[int]:
    """The code of each name, -1 where nothing is left of it; new ones are added to ``places`` and ``shown``."""
    types, seen = np.asarray(shard.column("type")), dict[bytes, int]()
    norms, forms = shard.lexicon("norm"), shard.lexicon("form")
    norm_of, form_of = shard.type_codes("norm"), shard.type_codes("form")
    for begin, end in zip(first.tolist(), last.tolist(), strict=True):
        key = types[begin:end].tobytes()
        if key not in seen:
            inner = types[begin:end]
            plain = norms.take(norm_of[inner])
            low, high = _within(plain)
            value = " ".join(plain[low:high])
            if len(value) < 2 or high - low > _LONGEST_NAME:
                seen[key] = -1
            elif value in places:
                seen[key] = places[value]
            else:
                seen[key] = places[value] = len(places)
                shown.append(_written(" ".join(forms.take(form_of[inner[low:high]]))))
        yield seen[key]


def _within(words: Sequence[str]) -> tuple[int, int]:
    """Where a name begins and ends without articles and a possessive."""
    low, high = 0, len(words)
    while low < high and words[low] in _AROUND:
        low += 1
    while high > low and words[high - 1] in _AROUND:
        high -= 1
    return low, high


def _written(name: str) -> str:
    """A name as a person reads it, also where captions have small letters or capitals only."""
    return name.title() if name.islower() or (name.isupper() and len(name) > 4) else name


def of_texts(terms: Terms, texts: Mapping[int, str], languages: Sequence[str], many: int) -> Counts:
    """How often each term is in the text (a title, a description) of each of ``many`` pieces."""
    piece, code = [], []
    for place, text in texts.items():
        found = terms.coded(text, languages[place])
        code += found
        piece += [place] * len(found)
    return Counts.of(np.array(code, np.int64), np.array(piece, np.int64), np.ones(len(code), np.int64),
                     (len(terms.values), many))


def with_things(counts: Counts, things: int) -> Counts:
    """The same counts in a table that has more things, which nobody has."""
    more = np.full(things - len(counts), counts.bounds[-1], np.int64)
    return Counts(np.concatenate([counts.bounds, more]), counts.video, counts.n, counts.videos)
