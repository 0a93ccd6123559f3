"""What does the report ask?  What the user says; else the study's word lists; else its most frequent nouns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.workbench.corpus import Corpus

#: How many nouns are shown of a study that has no word lists.
NOUNS = 3
#: A list entry of one plain word is asked for as a lemma; any other is a query as it stands ("peace talks", "talk*").
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BY_LAYER = re.compile(rf'\[(?:lemma|norm)="({_WORD.pattern})"\]')


@dataclass(frozen=True, slots=True)
class Group:
    """Queries that are shown together, on one scale; ``why`` says where they come from."""

    name: str
    queries: tuple[str, ...]
    why: str = ""


def groups(corpus: Corpus, asked: Sequence[str], where: str = "") -> tuple[Group, ...]:
    """The queries of a report; each that the user names is a group of its own."""
    if asked:
        return tuple(Group(label(query), (query,)) for query in dict.fromkeys(asked))
    layer = "lemma" if any("lemma" in layers for layers in corpus.files.manifest.layers.values()) else "norm"
    if lists := {name: words for name, words in corpus.study.words.items() if words}:
        return tuple(
            Group(name, tuple(dict.fromkeys(_query(word, layer) for word in words)), "a word list of the study file")
            for name, words in lists.items())
    nouns = frequent_nouns(corpus, where)
    why = "the most frequent nouns, because the study file has no word lists ([words]) and no query was given"
    return (Group("Most frequent nouns", tuple(_query(noun, "lemma") for noun in nouns), why),) if nouns else ()


def label(query: str) -> str:
    """A query as a reader would say it: the bare word where it asks for one."""
    found = _BY_LAYER.fullmatch(query)
    return found[1] if found else query


def _query(word: str, layer: str) -> str:
    return f'[{layer}="{word}"]' if _WORD.fullmatch(word) else word


def frequent_nouns(corpus: Corpus, where: str = "", how_many: int = NOUNS) -> list[str]:
    """The most frequent lemmas tagged NOUN in the language that has most words; none where nothing is tagged."""
    codes, languages = corpus.files.catalog.codes("language")
    words = np.bincount(codes, weights=corpus.mask(where).words, minlength=len(languages))
    language = languages[int(words.argmax())] if len(languages) else ""
    if not {"lemma", "pos"} <= set(corpus.files.manifest.layers.get(language, ())):
        return []
    chosen = corpus.mask(where).videos & (codes == languages.index(language))
    found = _nouns(corpus, np.flatnonzero(chosen).tolist())
    return [lemma for lemma, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))][:how_many]


def _nouns(corpus: Corpus, ordinals: Sequence[int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for ordinal in ordinals:
        shard, begin, end = corpus.files.span(ordinal)
        types, times = np.unique(shard.column("type")[begin:end], return_counts=True)
        tags = shard.lexicon("pos").take(shard.type_codes("pos")[types])
        lemmas = shard.lexicon("lemma").take(shard.type_codes("lemma")[types])
        for tag, lemma, count in zip(tags, lemmas, times.tolist(), strict=True):
            if tag == "NOUN" and _WORD.fullmatch(lemma):
                found[lemma] += count
    return found
