"""Merged lexicons are what a set and a sort give, and each string is found where it went."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crosscut.store.lexicon import merge_sorted
from crosscut.store.pack import Strings

#: Few letters, so that many strings share their first bytes; NUL, which must not pass for an end; lengths around a step.
TEXTS = st.one_of(st.text("a\0b", max_size=23), st.text(max_size=6), st.sampled_from(["", "a" * 7, "a" * 14, "a" * 13 + "\0"]))


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@given(st.lists(st.sets(TEXTS, max_size=12), min_size=1, max_size=5), st.integers(1, 40))
def test_merged_lists_are_the_sorted_union(lists: list[set[str]], at_once: int) -> None:
    parts = [sorted(values, key=encoded) for values in lists]
    merged, places = merge_sorted([Strings.of(part) for part in parts], at_once)
    assert merged.tolist() == sorted(set().union(*lists), key=encoded)
    for part, place in zip(parts, places, strict=True):
        assert [merged[code] for code in place.tolist()] == part
