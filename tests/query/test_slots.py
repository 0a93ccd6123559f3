"""Slots against a plain loop over the tokens."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query.mask import make_mask
from crosscut.query.slots import slots
from tests.helpers.corpora import Doc, Tok, write_corpus

TOKS = st.builds(lambda lemma, pos: Tok(lemma or "x", lemma=lemma, pos=pos, start=0), st.sampled_from(["a", "b", "c", "d", ""]),
                 st.sampled_from(["NOUN", "NOUN", "VERB", ""]))
DOCS = st.lists(st.lists(TOKS, min_size=1, max_size=10), min_size=1, max_size=6)


def plain(docs: list[list[Tok]], pos: str, known: set[str]) -> Counter[tuple[str, str, int]]:
    """(word, slot, video) of every token of a part of speech, as long as two tokens fill the slot."""
    found: list[tuple[str, str, int]] = []
    for video, toks in enumerate(docs):
        lemmas = [tok.lemma for tok in toks]
        for i, tok in enumerate(toks):
            if tok.pos != pos or tok.lemma not in known:
                continue
            if 1 <= i < len(toks) - 1:
                found.append((tok.lemma, f"{lemmas[i - 1]} _ {lemmas[i + 1]}", video))
            if i >= 2:
                found.append((tok.lemma, f"{lemmas[i - 2]} {lemmas[i - 1]} _", video))
            if i < len(toks) - 2:
                found.append((tok.lemma, f"_ {lemmas[i + 1]} {lemmas[i + 2]}", video))
    often = Counter(slot for _, slot, _ in found)
    return Counter(one for one in found if often[one[1]] > 1)


@given(DOCS, st.integers(1, 3), st.booleans())
def test_slots_are_those_of_a_plain_loop(texts: list[list[Tok]], at_least: int, shards: bool) -> None:
    docs = [Doc(f"v:{n}", tuple(toks)) for n, toks in enumerate(texts)]
    groups = [[n] for n in range(len(docs))] if shards else None
    here = Counter((tok.lemma, tok.pos) for toks in texts for tok in toks)
    seed = texts[0][0].lemma or "a"
    with tempfile.TemporaryDirectory() as folder:
        files = write_corpus(Path(folder), docs, groups)
        if sum(n for (lemma, _), n in here.items() if lemma == seed) < at_least:
            with pytest.raises(QueryError, match="are needed"):
                slots(files, make_mask(files), seed, at_least=at_least)
            return
        found = slots(files, make_mask(files), seed, at_least=at_least)
    assert here[seed, found.pos] == max(n for (lemma, _), n in here.items() if lemma == seed)
    known = {lemma for (lemma, pos), n in here.items() if lemma and pos == found.pos and n >= at_least} | {seed}
    assert found.words == sorted(known)
    assert found.words[found.seed] == seed
    assert found.tokens.tolist() == [here[word, found.pos] for word in found.words]
    fillings = zip(found.word.tolist(), found.slot.tolist(), found.video.tolist(), strict=True)
    expected = plain(texts, found.pos, known)
    assert Counter((found.words[word], found.written(slot), video) for word, slot, video in fillings) == expected
    table = found.counts.to_dense()
    assert table.sum() == expected.total()
    assert all(table[found.words.index(word), slot] == sum(n for (w, s, _), n in expected.items() if (w, s) == (word, name))
               for slot, name in enumerate(map(found.written, range(len(found.keys)))) for word in found.words)


def test_a_mask_ends_slots(tmp_path: Path) -> None:
    text = "the hostage is free the captive is free the hostage is free the captive is"
    toks = tuple(Tok(form, lemma=form, pos="NOUN" if form in {"hostage", "captive"} else "X", start=1000 * i)
                 for i, form in enumerate(text.split()))
    files = write_corpus(tmp_path, [Doc("v:1", toks), Doc("v:2", toks)])
    whole = slots(files, make_mask(files), "Hostage", at_least=2)
    assert {whole.written(slot) for slot in range(len(whole.keys))} == {"the _ is", "_ is free", "free the _"}
    part = slots(files, make_mask(files, span="first 6s"), "hostage", at_least=2)
    assert np.unique(part.slot).tolist() == list(range(len(part.keys)))
    assert {part.written(slot) for slot in range(len(part.keys))} == {"the _ is", "_ is free", "free the _"}
    assert (part.tokens.tolist(), part.words) == ([2, 2], ["captive", "hostage"])


def test_a_word_that_is_rare_is_said(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", (Tok("a", lemma="a"),))])
    with pytest.raises(QueryError, match=r"'a' is the lemma of 1 words here: .* 5 are needed"):
        slots(files, make_mask(files), "a")
    with pytest.raises(QueryError, match="'zzz' is the lemma of 0 words here"):
        slots(files, make_mask(files), "zzz")
