"""Word sketches against a plain loop over tokens and their heads."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import LayerMissing
from crosscut.query import spans
from crosscut.query.collocation import Near
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.search import search
from crosscut.query.sketch import NAMES, THROUGH, Related, sketch
from crosscut.store.corpus import CorpusFiles
from tests.helpers.corpora import Doc, Tok, corpus, write_corpus

from .patterns import groupings
from .test_collocation import Hit, columns, held, questions, stretch
from .test_counting import STRAY, mask_of, slowly, value

LABELS = st.sampled_from(["nsubj", "csubj", "prep", "prep", "agent", "pobj", "pobj", "unheard", ""])
_Key = tuple[str, bool, str]


def node_of(doc: Doc, start: int, end: int) -> int | None:
    """The first token of a hit whose head is not in it."""
    return next((at for at in range(start, end) if not doc.tokens[at].head or not start <= at + doc.tokens[at].head < end), None)


def ends(doc: Doc, node: int, inside: range) -> list[tuple[_Key, int]]:
    """The other ends of the relations of a token."""
    def children(of: int) -> list[int]:
        return [at for at in inside if doc.tokens[at].head and at + doc.tokens[at].head == of]

    def head(of: int) -> list[int]:
        above = of + doc.tokens[of].head
        return [above] if doc.tokens[of].head and above in inside else []

    def dep(at: int) -> str:
        return doc.tokens[at].dep

    found = [((NAMES.get(dep(at), dep(at)), False, ""), at) for at in children(node) if dep(at)]
    found += [((NAMES.get(dep(node), dep(node)), True, ""), at) for at in head(node) if dep(node)]
    for (step, last), name in THROUGH.items():
        found += [((name, False, step), at) for via in children(node) if dep(via) == step for at in children(via) if dep(at) == last]
        found += [((name, True, step), at) for via in head(node) if dep(node) == last and dep(via) == step for at in head(via)]
    return found


def key(relation: Related) -> _Key:
    return relation.name, relation.up, relation.through


def counted(found: dict[Related, Near], files: CorpusFiles) -> dict[_Key, dict[tuple[str, str], int]]:
    return {key(relation): {(near.texts(np.array([thing]))[0], files.catalog.video[video]): n for thing, video, n in
                            zip(near.together.thing.tolist(), near.together.video.tolist(), near.together.n.tolist(), strict=True)}
            for relation, near in found.items()}


@given(st.data(), questions(), st.sampled_from(["lemma", "norm", "pos"]), st.sampled_from([3, 1_000]))
@settings(max_examples=300)
def test_every_token_in_a_relation_to_a_hit_once(
    data: st.DataObject, asking: tuple[list[Doc], dict[str, list[bool]], bool, list[Hit]], layer: str, lot: int
) -> None:
    bare, inside, parts, chosen = asking
    docs = {doc.video: replace(doc, tokens=tuple(replace(token, dep=data.draw(LABELS)) for token in doc.tokens)) for doc in bare}
    hits = [(docs[doc.video], start, end) for doc, start, end in chosen]
    want: defaultdict[_Key, set[tuple[str, int]]] = defaultdict(set)
    for doc, start, end in hits:
        if doc.video in inside and held(inside[doc.video], start, end) and (node := node_of(doc, start, end)) is not None:
            for relation, at in ends(doc, node, stretch(inside[doc.video], start, end)):
                want[relation].add((doc.video, at))
    texts = {relation: Counter((value(docs[video].tokens[at], layer), video) for video, at in places) for relation, places in want.items()}
    plain = {relation: {pair: n for pair, n in counts.items() if pair[0]} for relation, counts in texts.items()}
    with corpus(list(docs.values()), data.draw(groupings(len(docs))), strays=[STRAY]) as files, patch.object(spans, "_AT_ONCE", lot):
        found = sketch(files, columns(files, hits), mask_of(files, inside, parts), layer)
        assert counted(found, files) == {relation: counts for relation, counts in plain.items() if counts}
        every = slowly(list(docs.values()), inside, layer)
        for near in found.values():
            assert near.alone.tolist() == [every[text] for text in near.texts(np.arange(len(near.value)))]
            assert near.hits.tolist() == near.window.tolist() == near.together.per_video().tolist()
            assert int(near.tokens.sum()) == sum(every.values())


def tokens(text: str) -> tuple[Tok, ...]:
    """``form/dep/head``, a word each."""
    parts = [word.split("/") for word in text.split()]
    return tuple(Tok(form, lemma=form.lower(), dep=dep, head=int(head), pos="X") for form, dep, head in parts)


#: Ada's old clerk sold the house to Bo; the house was sold by a clerk.
CLERK = tokens("Ada/poss/2 old/amod/1 clerk/nsubj/1 sold/ROOT/0 the/det/1 house/dobj/-2 to/prep/-3 Bo/pobj/-1")
HOUSE = tokens("the/det/1 house/nsubjpass/2 was/auxpass/1 sold/ROOT/0 by/agent/-1 a/det/1 clerk/pobj/-2")


def test_a_sketch_by_hand(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", CLERK), Doc("v:2", HOUSE)])
    mask = make_mask(files)

    def of(query: str) -> dict[str, list[str]]:
        found = sketch(files, search(files, parse(query), mask), mask)
        return {f"{relation} {relation.path}": near.texts(np.arange(len(near.value))) for relation, near in found.items()}

    assert of("[lemma='sold']") == {
        "subject nsubj": ["clerk"], "object dobj": ["house"], "preposition agent|prep": ["by", "to"],
        "prepositional object prep+pobj": ["bo"], "passive subject nsubjpass": ["house"], "auxiliary auxpass": ["was"],
        "agent agent+pobj": ["clerk"]}
    assert of("[lemma='clerk']") == {
        "possessor poss": ["ada"], "modifier amod": ["old"], "subject of nsubj": ["sold"], "determiner det": ["a"],
        "preposition's object of pobj": ["by"], "agent of agent+pobj": ["sold"]}
    assert of("'old' 'clerk' 'sold'") == {  # sold governs the others
        "subject nsubj": ["clerk"], "object dobj": ["house"], "preposition prep": ["to"], "prepositional object prep+pobj": ["bo"]}


def test_a_token_at_the_end_of_two_labels_of_one_name_is_counted_once(tmp_path: Path) -> None:
    sold = tokens("house/nsubjpass/1 sold/ROOT/0 by/agent/-1 clerks/pobj/-1 to/prep/-3 Bo/pobj/-1")
    files = write_corpus(tmp_path, [Doc("v:1", sold)])
    mask = make_mask(files)
    found = sketch(files, search(files, parse("[lemma='by|to']"), mask), mask)
    assert {str(relation): near.together.n.tolist() for relation, near in found.items()} == {
        "preposition of": [1], "preposition's object": [1, 1]}


def test_without_a_parser_there_is_no_sketch(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", CLERK)], layers={"en": ["lemma"]})
    mask = make_mask(files)
    with pytest.raises(LayerMissing, match="not available for en"):
        sketch(files, search(files, parse("clerk"), mask), mask)
