"""Documents keep their columns and digests through cutting, merging and shards, in any grouping and order."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.model import GLUED
from crosscut.store import shard as module
from crosscut.store.batch import (
    LAST_WORD_MS,
    LONGEST_WORD_MS,
    TYPE_PARTS,
    merge,
    pack_types,
    speech_ms,
    token_durations,
    unpack_types,
)
from crosscut.store.shard import TYPE_LAYERS, Shard, write_shard
from crosscut.tokens import norm, word
from tests.helpers.corpora import Doc, Tok, batch_of, quick, read_back

FORMS = st.sampled_from(["war", "War", "WAR", "toward", "U.S.", "US", "us", "’s", "'s", "İstanbul", "ß", "سلام", "\U0001f600x"])
TEXT = st.text(max_size=4)
TOKS = st.builds(
    Tok, form=st.one_of(FORMS, st.text(min_size=1, max_size=4)), after=st.sampled_from([" ", "", ". ", "\0", "\x01", "a\0"]),
    lemma=TEXT, pos=st.sampled_from(["", "NOUN", "VERB"]), tag=st.sampled_from(["", "NN", "VB"]),
    head=st.integers(-32_768, 32_767), dep=st.sampled_from(["", "nsubj"]), entity=st.sampled_from(["", "GPE"]),
    flags=st.integers(0, 31), start=st.integers(-1, 2**31 - 1))
DOCS = st.lists(st.builds(Doc, video=st.just(""), tokens=st.lists(TOKS, max_size=8).map(tuple), before=TEXT), min_size=1,
                max_size=5).map(lambda docs: [replace(doc, video=f"v:{n}") for n, doc in enumerate(docs)])


def expected(docs: list[Doc]) -> list[tuple[str, str, tuple[Tok, ...]]]:
    return [(f"{doc.video}/found", doc.before, doc.tokens) for doc in docs]


@given(DOCS)
def test_cut_and_merge_give_the_documents_back(docs: list[Doc]) -> None:
    whole = merge(map(batch_of, docs))
    assert read_back(whole) == expected(docs)
    again = merge(whole.take([index]) for index in range(len(whole)))
    assert read_back(again) == expected(docs)
    assert again.documents == whole.documents


@given(DOCS, st.data())
def test_any_grouping_and_order_gives_the_same_documents(docs: list[Doc], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(docs))))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(docs)), max_size=3)) | {len(docs)})
    groups = [order[a:b] for a, b in zip([0, *cuts], cuts, strict=False) if a < b]
    with tempfile.TemporaryDirectory() as folder, quick():
        shards = []
        for number, group in enumerate(groups):
            path = Path(folder, f"{number}.pack")
            write_shard(path, merge(batch_of(docs[i]) for i in group))
            shards.append(Shard(path))
            assert read_back(shards[-1].batch) == expected([docs[i] for i in group])
            assert [b for i in range(len(group)) for b in read_back(shards[-1].batch.take([i]))] == expected([docs[i] for i in group])
        together = merge([shards[0].batch, *(s.batch.take([i]) for s in shards[1:] for i in range(len(s)))])
    assert read_back(together) == expected([docs[i] for i in order])
    made = {about.key: about for doc in docs for about in batch_of(doc).documents}
    assert {about.key: about for about in together.documents} == made


@given(DOCS)
def test_types_are_distinct_and_lexicons_have_no_doubles(docs: list[Doc]) -> None:
    whole = merge(map(batch_of, docs))
    types = list(zip(*(whole.types[name].tolist() for name in TYPE_PARTS), strict=True))
    assert len(set(types)) == len(types)
    for name, lexicon in whole.lexicons.items():
        assert len(set(lexicon)) == len(lexicon), name


@given(st.lists(TOKS, min_size=1, max_size=6).map(tuple), st.data())
def test_a_digest_tells_every_column_apart(tokens: tuple[Tok, ...], data: st.DataObject) -> None:
    doc = Doc("v:1", tokens, before="")
    place = data.draw(st.integers(0, len(tokens) - 1))
    column = data.draw(st.sampled_from(
        ["form", "after", "lemma", "pos", "tag", "dep", "entity", "head", "flags", "start"]))
    value = getattr(tokens[place], column)
    other = value + "x" if isinstance(value, str) else value ^ 1 if value >= 0 else 0
    change: dict[str, Any] = {column: other}
    changed = replace(doc, tokens=(*tokens[:place], replace(tokens[place], **change), *tokens[place + 1:]))
    old, new = batch_of(doc).documents[0], batch_of(changed).documents[0]
    assert old == batch_of(doc).documents[0]
    assert old.digest != new.digest
    assert (old.content != new.content) == (column in {"form", "after"})


def test_a_digest_tells_before_and_language_apart() -> None:
    doc = Doc("v:1", (Tok("a"),))
    digests = {batch_of(d).documents[0].digest for d in (doc, replace(doc, before=">> "), replace(doc, language="fr"))}
    assert len(digests) == 3


def test_a_digest_is_of_the_words_and_not_of_the_name() -> None:
    doc = Doc("v:1", (Tok("a"), Tok("b")))
    one, other = batch_of(doc).documents[0], batch_of(replace(doc, video="v:2")).documents[0]
    assert (one.digest, one.content) == (other.digest, other.content)
    assert one.key != other.key


@pytest.mark.parametrize(("one", "other"), [
    ((Tok("a", "x\0y"), Tok("b", " ")), (Tok("a", "x"), Tok("b", "y\0 "))),
    ((Tok("a", "\0"), Tok("b", "")), (Tok("a", ""), Tok("b", "\0"))),
])
def test_control_characters_do_not_blur_a_digest(one: tuple[Tok, ...], other: tuple[Tok, ...]) -> None:
    first, second = (batch_of(Doc("v:1", tokens)).documents[0] for tokens in (one, other))
    assert first.content != second.content
    assert first.digest != second.digest


@given(DOCS)
def test_postings_and_counts_are_what_a_loop_finds(docs: list[Doc]) -> None:
    with tempfile.TemporaryDirectory() as folder, quick():
        write_shard(Path(folder, "s.pack"), merge(map(batch_of, docs)))
        shard = Shard(Path(folder, "s.pack"))
        all_tokens = [(number, token) for number, doc in enumerate(docs) for token in doc.tokens]
        assert shard.tokens == len(all_tokens)
        assert len(shard) == len(docs)
        derived: dict[str, Callable[[Tok], str]] = {"word": lambda t: word(t.form), "norm": lambda t: norm(t.form), "lemma": lambda t: t.lemma,
                   "pos": lambda t: t.pos, "tag": lambda t: t.tag}
        for layer in TYPE_LAYERS:
            lexicon = shard.lexicon(layer).tolist()
            assert lexicon == sorted(lexicon, key=lambda text: text.encode("utf-8", "surrogatepass"))
            for code, value in enumerate(lexicon):
                types = np.flatnonzero(shard.type_codes(layer) == code)
                places = [place for place, (_, token) in enumerate(all_tokens) if derived[layer](token) == value]
                assert shard.places(types).tolist() == places
                assert shard.frequencies[types].sum() == len(places)
                naive = [sum(1 for place in places if all_tokens[place][0] == number) for number in range(len(docs))]
                assert shard.counts(types).tolist() == naive
        nothing = np.zeros(0, np.int64)
        assert shard.places(nothing).tolist() == []
        assert shard.frequencies[nothing].sum() == 0
        assert shard.counts(nothing).tolist() == [0] * len(docs)


@given(DOCS, st.data(), st.sampled_from([0, 1, 1_000]), st.sampled_from([0, 1_000]), st.sampled_from([0, 1, 1_000]))
def test_what_many_types_have_is_what_a_loop_over_them_finds(
    docs: list[Doc], data: st.DataObject, short: int, long: int, many: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, quick(), pytest.MonkeyPatch.context() as patch:
        for name, value in {"SHORT_RUN": short, "LONG_RUN": long, "MANY": many}.items():
            patch.setattr(module, name, value)
        write_shard(Path(folder, "s.pack"), merge(map(batch_of, docs)))
        shard = Shard(Path(folder, "s.pack"))
        how_many = len(shard.type_codes("form"))
        chosen = sorted(data.draw(st.sets(st.integers(0, how_many - 1)))) if how_many else []
        types, of_tokens = np.array(chosen, np.int64), shard.column("type").tolist()
        assert shard.places(types).tolist() == [place for place, kind in enumerate(of_tokens) if kind in chosen]
        by_document = [of_tokens[a:b] for a, b in pairwise(shard.bounds.tolist())]
        assert shard.counts(types).tolist() == [sum(kind in chosen for kind in kinds) for kinds in by_document]
        documents, numbers = shard.entries(types)
        assert list(zip(documents.tolist(), numbers.tolist(), strict=True)) == [
            (number, kinds.count(kind)) for kind in chosen for number, kinds in enumerate(by_document) if kind in kinds]


@given(st.lists(st.integers(0, 10_000), max_size=12).map(sorted))
def test_a_token_is_heard_until_the_next_but_not_too_long(starts: list[int]) -> None:
    naive = [min(after - start, LONGEST_WORD_MS) for start, after in pairwise(starts)]
    naive += [LAST_WORD_MS] if starts else []
    assert token_durations(np.array(starts, np.int32)).tolist() == naive
    assert speech_ms(np.array(starts, np.int32)) == sum(naive)


def test_speech_by_hand() -> None:
    assert speech_ms(np.array([0, 500, 5_000], np.int32)) == 500 + 2_000 + 400
    assert speech_ms(np.array([-1, -1], np.int32)) == 0
    assert speech_ms(np.zeros(0, np.int32)) == 0


def test_words_are_tokens_not_written_together_with_the_one_before() -> None:
    tokens = (Tok("Bevarra", ""), Tok("'s", flags=GLUED), Tok("do", ""), Tok("n't", flags=GLUED), Tok("go"))
    about = batch_of(Doc("v:1", tokens)).documents[0]
    assert (about.words, about.tokens) == (3, 5)


def test_renamed_changes_the_key_alone() -> None:
    batch = batch_of(Doc("v:1", (Tok("a"),)))
    assert batch.take([0], ["other"]).documents[0] == replace(batch.documents[0], key="other")


def test_too_many_values_are_refused_not_mixed_up() -> None:
    sizes = {"form": 1 << 26, "lemma": 1 << 26, "pos": 1 << 5, "tag": 1 << 7}
    codes = {name: np.array([size - 1, 0, 1], np.uint32) for name, size in sizes.items()}
    packed = pack_types(codes, sizes)
    assert {name: found.tolist() for name, found in unpack_types(packed, sizes).items()} == {
        name: column.tolist() for name, column in codes.items()}
    with pytest.raises(OverflowError, match="tag"):
        pack_types(codes, sizes | {"tag": (1 << 7) + 1})
