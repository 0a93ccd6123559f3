"""Does each family of captions give the kind and the words that a person reads in it?

``golden/`` has one small file of each family, and beside it what we read in it: the kind, and the words.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscut.tokens import tokenise

from .fixtures import only

GOLDEN = Path(__file__).with_name("golden")
FILES = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".words")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_words_are_those_that_a_person_reads(path: Path) -> None:
    kind, words = path.with_name(f"{path.name}.words").read_text("utf-8").splitlines()
    (track,) = only(path.name, path.read_bytes()).tracks
    assert tokenise(track.transcript.text, "").forms == words.split()
    assert track.kind == kind


def test_each_file_has_its_words_and_each_family_a_file() -> None:
    assert {path.name for path in GOLDEN.glob("*.words")} == {f"{path.name}.words" for path in FILES}
    assert len(FILES) >= 22
