"""What is compared byte by byte, or run over all values at once, allows what RE2 allows value by value."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query import pattern
from crosscut.query.engine import lexicon
from crosscut.store.pack import Strings
from crosscut.tokens import norm
from tests.helpers.corpora import Doc, Tok, write_corpus

VALUES = st.lists(st.text("abingé-.", max_size=6), max_size=20).map(
    lambda found: sorted(set(map(norm, found)), key=lambda value: value.encode()))
EXPRESSIONS = st.one_of(
    st.builds(lambda a, text, b: f"{a}{text}{b}", st.sampled_from(["", ".*"]), st.text("abing", max_size=3),
              st.sampled_from(["", ".*"])),
    st.sampled_from(["a|b", "(ab|in)+", "[ab]*", "[^a]*", "a.b", "a{2,3}", "\\.", "a\\.b.*", ".*\\-", "\\w+", "\\W", "(?s).*", ".",
                     ".*é", "É.*", "[a-n]+g", "(in|an)g?", "", "a*", "[é].*", "\\x61.*", "\\n", "[[:alpha:]]+", "\\Qa.\\E"]))


@given(VALUES, EXPRESSIONS, st.booleans())
def test_quick_ways_are_the_slow_way(values: list[str], expression: str, cased: bool) -> None:
    strings, test = Strings.of(values), pattern.Test("norm", expression, regex=True, cased=cased)
    slow = [code for code, value in enumerate(values) if value and lexicon.compiled(expression, cased).fullmatch(value)]
    with patch.object(lexicon, "FEW", 0):
        assert lexicon._expression(strings, "norm", test).tolist() == slow
    with patch.object(lexicon, "FEW", 1000):
        assert lexicon._expression(strings, "norm", test).tolist() == slow


@pytest.mark.parametrize("value", ["(", "*a", "[z-a]", "(?P<x>", "(a{1000}){1000}"])
def test_what_is_no_expression_is_said(tmp_path: Path, value: str) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", (Tok("war"),))])
    with pytest.raises(QueryError, match="not a regular expression"):
        lexicon.allowed(files.shards[0], pattern.Test("word", value, regex=True))
