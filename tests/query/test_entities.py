"""Names as they are marked: runs of tokens, by video."""

from __future__ import annotations

from crosscut.model import ENTITY, GLUED
from crosscut.query.entities import KINDS, entities
from crosscut.query.mask import make_mask
from tests.helpers.corpora import Doc, Tok, corpus


def person(form: str, flags: int = 0) -> Tok:
    return Tok(form, entity="PERSON", flags=flags)


DOCS = [
    Doc("v:0", (person("Mary", ENTITY), person("Voss", 0), person("'s", GLUED), Tok("boat"), person("Voss", ENTITY),
                person("Dahl", ENTITY), Tok("Bevarra", entity="GPE", flags=ENTITY))),
    Doc("v:1", (person("Voss", ENTITY), Tok("and"), person("Voss", ENTITY), Tok("in"), Tok("Bevarra", entity="GPE", flags=ENTITY))),
    Doc("v:2", (Tok("Voss"),)),
]


def test_a_name_is_counted_once_a_video_in_any_shard() -> None:
    for shards in ([[0, 1, 2]], [[2, 0], [1]]):
        with corpus(DOCS, shards) as files:
            mask = make_mask(files)
            assert entities(files, mask, KINDS["persons"]) == {("mary", "voss"): 1, ("voss",): 2, ("dahl",): 1}
            assert entities(files, mask, KINDS["places"]) == {("bevarra",): 2}
            assert entities(files, make_mask(files, "video=v:2"), KINDS["places"]) == {}
