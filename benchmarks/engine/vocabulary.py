"""The types of a test corpus: form, lemma, part of speech, and how often each is said.

Forms and frequencies are those of a large list of real English, so that their distribution has the head and the tail
that a corpus has (Zipf–Mandelbrot, some 300,000 forms).  Three types in ten have a second reading, said 15 times in 100:
so a form has about 1.3 types, as in annotated text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.tokens import norm, tokenise

VERSION = 1
FORMS = 320_000
SECOND_READING, SAID_SO = 0.3, 0.15

#: Penn tags, and the universal part of speech of each.
UPOS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBZ": "VERB", "JJ": "ADJ",
    "RB": "ADV", "IN": "ADP", "DT": "DET", "PRP": "PRON", "CC": "CCONJ", "CD": "NUM", "MD": "AUX", "TO": "PART",
    "UH": "INTJ",
}
TAGS = tuple(UPOS)
CLOSED = {
    "DT": "the a an this that these those some any each every no", "CC": "and or but nor yet",
    "IN": "of in for on with at by from as into about like after over before between through during under against",
    "PRP": "i you he she it we they me him her us them", "TO": "to", "UH": "oh uh um yeah well",
    "MD": "will would can could may might must shall should",
}
#: What a suffix makes of a word; the first that fits.
SUFFIXES = (("ing", "VBG"), ("ed", "VBD"), ("ly", "RB"), ("ness", "NN"), ("tion", "NN"), ("ment", "NN"), ("ous", "JJ"),
            ("ful", "JJ"), ("ive", "JJ"), ("able", "JJ"))
#: Other words are nouns, names, verbs or adjectives, in these shares.
OPEN = (("NN", 0.45), ("NNP", 0.2), ("VB", 0.2), ("JJ", 0.15))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Forms by falling frequency, and for each its lemma, first and second tag (numbers in ``TAGS``)."""

    forms: list[str]
    lemmas: list[str]
    first: npt.NDArray[np.uint8]
    second: npt.NDArray[np.uint8]
    share: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.forms)


def english(cache: Path) -> Vocabulary:
    """The vocabulary of a real frequency list; kept in ``cache``, because looking up the lemmas takes seconds."""
    if not cache.exists():
        import simplemma
        import wordfreq

        listed = wordfreq.top_n_list("en", FORMS, wordlist="large")
        forms = [word for word in listed if tokenise(word).forms == [word] and norm(word) == word]
        share = [wordfreq.word_frequency(word, "en", wordlist="large") for word in forms]
        lemmas = [simplemma.lemmatize(word, "en").lower() for word in forms]
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps([forms, lemmas, share]), encoding="utf-8")
    forms, lemmas, share = json.loads(cache.read_text(encoding="utf-8"))
    return _tagged(forms, lemmas, np.array(share))


def invented(forms: int = 5_000) -> Vocabulary:
    """A vocabulary for tests, where the frequency list is not installed: syllables, Zipf–Mandelbrot frequencies."""
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    words = [f"{syllables[n % 60]}{syllables[n // 60 % 60]}{syllables[n // 3600]}" for n in range(forms)]
    words = [word + ("ing" if n % 25 == 3 else "ed" if n % 25 == 7 else "") for n, word in enumerate(words)]
    lemmas = [words[n - 1] if n % 10 == 9 else word for n, word in enumerate(words)]
    return _tagged(words, lemmas, np.power(np.arange(forms) + 2.7, -1.07, dtype=np.float64))


def _tagged(forms: list[str], lemmas: list[str], share: npt.NDArray[np.float64]) -> Vocabulary:
    random = np.random.Generator(np.random.PCG64(VERSION))
    closed = {word: tag for tag, words in CLOSED.items() for word in words.split()}
    drawn = random.choice([tag for tag, _ in OPEN], len(forms), p=[p for _, p in OPEN]).tolist()
    numbers = {tag: number for number, tag in enumerate(TAGS)}
    first = np.array([numbers[_tag(*word, closed)] for word in zip(forms, lemmas, drawn, strict=True)], np.uint8)
    other = random.integers(0, 9, len(forms)).astype(np.uint8)  # nouns, verbs, adjectives, adverbs
    second = np.where(random.random(len(forms)) < SECOND_READING, other, first)
    return Vocabulary(forms, lemmas, first, second, share / share.sum())


def _tag(form: str, lemma: str, drawn: str, closed: dict[str, str]) -> str:
    if form in closed:
        return closed[form]
    if form[0].isdigit():
        return "CD"
    for suffix, tag in SUFFIXES:
        if form.endswith(suffix):
            return tag
    return "NNS" if form.endswith("s") and lemma != form else drawn


def types_of(vocabulary: Vocabulary) -> dict[str, Any]:
    """Type 2n is form n in its first reading, type 2n + 1 in its second: the layers of each, as the corpus has them."""
    tags = np.stack([vocabulary.first, vocabulary.second], axis=1).reshape(-1)
    names = np.array([tag == "NNP" for tag in TAGS])[tags].tolist()
    forms = [form for form in vocabulary.forms for _ in range(2)]
    return {
        "form": [form.capitalize() if name and form.isascii() else form for form, name in zip(forms, names, strict=True)],
        "lemma": [lemma for lemma in vocabulary.lemmas for _ in range(2)],
        "pos": [UPOS[TAGS[tag]] for tag in tags.tolist()], "tag": [TAGS[tag] for tag in tags.tolist()],
    }
