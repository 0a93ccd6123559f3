"""docs/query-language.md cannot lie: each of its examples is asked, and what it shows is what is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from crosscut.errors import QueryError
from crosscut.model import GLUED, SENTENCE
from crosscut.query import pattern
from crosscut.query.engine.structures import Structures
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.pattern import STRATEGIES, Query
from crosscut.query.search import search
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import LayerSpan
from crosscut.tokens import tokenise
from tests.helpers.corpora import Doc, Tok, corpus

from . import slow
from .test_search import plain, structures

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text(encoding="utf-8")
LISTS = {"trade": ("buy", "sell", "pay")}

# form lemma pos tag head (its number within the sentence, from 1; 0: root) dep entity
BRIDGE = """
Good good ADJ JJ 2 amod -; evening evening NOUN NN 0 ROOT -
The the DET DT 3 det -; old old ADJ JJ 3 amod -; bridge bridge NOUN NN 7 nsubjpass -; in in ADP IN 3 prep -;
    Bevarra Bevarra PROPN NNP 4 pobj GPE; is be AUX VBZ 7 auxpass -; closed close VERB VBN 0 ROOT -
Engineers engineer NOUN NNS 2 nsubj -; repaired repair VERB VBD 0 ROOT -; the the DET DT 4 det -; bridge bridge NOUN NN 2 dobj -;
    in in ADP IN 2 prep -; May May PROPN NNP 5 pobj DATE
They they PRON PRP 3 nsubj -; 'll will AUX MD 3 aux -; repair repair VERB VB 0 ROOT -; the the DET DT 5 det -; café café NOUN NN 3 dobj -;
    too too ADV RB 3 advmod -
"""
MARKET = """
The the DET DT 2 det -; market market NOUN NN 3 nsubj -; opens open VERB VBZ 0 ROOT -; early early ADV RB 3 advmod -
Farmers farmer NOUN NNS 2 nsubj -; sell sell VERB VBP 0 ROOT -; apples apple NOUN NNS 2 dobj -; and and CCONJ CC 2 cc -;
    visitors visitor NOUN NNS 6 nsubj -; buy buy VERB VBP 2 conj -; apples apple NOUN NNS 6 dobj -
U.S. U.S. PROPN NNP 2 compound GPE; visitors visitor NOUN NNS 5 nsubj -; do do AUX VBP 5 aux -; n't not PART RB 5 neg -;
    pay pay VERB VB 0 ROOT -
"""


def tokens(text: str) -> tuple[Tok, ...]:
    """The tokens of a video as they are written above; one begins every half second."""
    found: list[Tok] = []
    for sentence in text.strip().replace(";\n   ", ";").splitlines():
        for number, line in enumerate(sentence.split(";"), 1):
            form, lemma, pos, tag, head, dep, entity = line.split()
            glued = GLUED if form in {"'ll", "n't"} else 0
            found.append(Tok(form, lemma=lemma, pos=pos, tag=tag, head=int(head) - number if head != "0" else 0, dep=dep,
                             entity=entity.strip("-"), flags=(SENTENCE if number == 1 else 0) | glued, start=500 * len(found)))
    return tuple(found)


DOCS = [Doc("v:bridge", tokens(BRIDGE), row={"outlet": "en_HAR", "published": "2024-07-04", "title": "The bridge"}),
        Doc("v:market", tokens(MARKET), row={"outlet": "en_VAL", "published": "2024-08-12", "title": "Market day"})]
LAYERS = {"turn": [
    LayerSpan("v:bridge", "", 0, 9, "A", 1.0, (("role", "host"), ("name", "Lena"))),
    LayerSpan("v:bridge", "", 9, 21, "B", 1.0, (("role", "guest"),)),
    LayerSpan("v:market", "", 0, 4, "A", 1.0, (("role", "host"), ("name", "Ida Holm"))),
    LayerSpan("v:market", "", 4, 16, "B", 1.0, (("role", "guest"),))]}


ENGINE: list[tuple[CorpusFiles, Structures]] = []


@pytest.fixture(scope="module", autouse=True)
def engine() -> Iterator[None]:
    """The videos of the page, as a corpus, and its layers."""
    with corpus(DOCS) as files, structures(files, DOCS, LAYERS) as known:
        ENGINE.append((files, known))
        yield
        ENGINE.clear()


def answer(query: Query) -> list[slow.Hit]:
    """What the engine finds; the plain definition must say the same."""
    (files, known), = ENGINE
    found = plain(files, search(files, query, make_mask(files), structures=known))
    assert found == slow.hits(query, DOCS, layers=LAYERS)
    return found


def found(query: str) -> list[str]:
    """The hits of a query as the page shows them."""
    forms = {doc.video: [token.form for token in doc.tokens] for doc in DOCS}
    return [" ".join(forms[video][start:end]) for video, start, end in answer(parse(query, words=LISTS))]


EXAMPLES = [line for block in re.findall(r"^```cql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_finds_what_the_page_shows(line: str) -> None:
    query, sign, shown = re.split(r"\s+([→✗])\s?", line)
    if sign == "✗":
        with pytest.raises(QueryError, match=re.escape(shown)):
            parse(query, words=LISTS)
    else:
        assert found(query) == [hit for hit in shown.split(" · ") if hit]


@pytest.mark.parametrize("row", [line for line in PAGE.splitlines() if line.startswith("|") and line.count(" | ") == 4][1:])
def test_what_the_table_of_dialects_says_can_be_written(row: str) -> None:
    ours = row.replace(r"\|", "\0").split("|")[5].replace("\0", "|")
    for query in re.findall(r"`([^`]+)`", ours):
        if query not in {"&", "[]"}:
            parse(query, words=LISTS)


def test_the_page_shows_the_videos_that_are_asked() -> None:
    quoted = " ".join(line.lstrip("> ") for line in PAGE.splitlines() if line.startswith(">"))
    for doc, shown in zip(DOCS, re.split(r"\*\*v:\w+\*\*", quoted)[1:], strict=True):
        spoken = " ".join(re.split(r"\*\w+:\*", shown)[1:])
        assert tokenise(spoken).forms == [token.form for token in doc.tokens]
        assert str(doc.row["outlet"]) in shown
        assert str(doc.row["published"]) in shown


def test_every_strategy_is_explained() -> None:
    for name, meaning in STRATEGIES.items():
        assert f"| `{name}` | {meaning} |" in PAGE


def test_examples_use_everything() -> None:
    seen = {type(node) for line in EXAMPLES if "→" in line
            for node in pattern.walk(parse(re.split(r"\s+→", line)[0], words=LISTS))}
    assert seen >= {node for node in vars(pattern).values() if isinstance(node, type) and is_dataclass(node)}
