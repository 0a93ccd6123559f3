"""A person's word on stories: every line counts or is refused; what commands write, an editor may have written."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscut.errors import QueryError, StudyError
from crosscut.workbench.telling import MERGE, NAME, STORY, Move, Word, new_name, read_word, say, video_of

HEADER = "what\tfield\tvalue\n"
ID = "h_r7JCpshl0"


def read(folder: Path, text: str) -> Word:
    (folder / "stories.tsv").write_bytes(text.encode("utf-8", "surrogatepass"))
    return read_word(folder)


def test_no_file_no_word(tmp_path: Path) -> None:
    assert read_word(tmp_path) == Word()


def test_lines_are_followed_in_order_and_the_last_counts(tmp_path: Path) -> None:
    word = read(tmp_path, HEADER + f"a\tname\tOne\na\tname\tTwo\nb\tmerge\ta\nb\tmerge\t\n{ID}\tstory\tnone\n# a note\n"
                f"{ID}@75.5\tstory\tnew:  The  wreck\nweb:x\tnot\ta\nc\tname\tX\nc\tname\t\n")
    assert word.names == {"a": (3, "Two")}
    assert word.merged == {}
    assert word.moves == (Move(6, f"youtube:{ID}", None, "story", "none"),
                          Move(8, f"youtube:{ID}", 75.5, "story", "new: The  wreck"), Move(9, "web:x", None, "not", "a"))


def test_mergers_lead_on(tmp_path: Path) -> None:
    word = read(tmp_path, HEADER + "a\tmerge\tb\nb\tmerge\tc\n")
    assert [word.at_last(story) for story in "abcd"] == ["c", "c", "c", "d"]


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    word = read(tmp_path, "note\tvalue\twhat\tfield\nwhy\tA name\ta\tname\n")
    assert word.names == {"a": (2, "A name")}


@pytest.mark.parametrize(("text", "said"), [
    (HEADER + "a\tnames\tx\n", "line 2: unknown field 'names'; did you mean 'name'"),
    (HEADER + "a\txyzzy\tx\n", "line 2: unknown field 'xyzzy'; known: name, merge, story, not"),
    (HEADER + "a\tmerge\ta\n", "line 2: a would be merged into itself"),
    (HEADER + "a\tmerge\tb\n# note\nb\tmerge\tc\nc\tmerge\ta\n", "line 5: c would be merged into itself"),
    (HEADER + f"{ID}\tnot\t\n", "line 2: not which story"),
    (HEADER + f"{ID}\tnot\tnew\n", "line 2: not which story"),
    ("video\tfield\tvalue\nx\tstory\tnone\n", "line 1: no column 'what'"),
    (HEADER + "\ud800\tname\tx\n", "not UTF-8"),
])
def test_what_cannot_be_followed_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        read(tmp_path, text)


def test_what_a_command_writes_is_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "corrections"
    say(folder, "a", NAME, "A new name")
    say(folder, "a", MERGE, "b")
    path = say(folder, f"{ID}@12", STORY, "new: The pier")
    word = read_word(folder)
    assert word.names == {"a": (2, "A new name")}
    assert word.at_last("a") == "b"
    assert word.moves == (Move(4, f"youtube:{ID}", 12.0, "story", "new: The pier"),)
    assert path.read_text().startswith("what\tfield\tvalue\tauthor\tdate\tnote\n")
    assert [path.name for path in folder.iterdir()] == ["stories.tsv"]


def test_a_command_writes_into_the_columns_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "stories.tsv").write_text("# mine\nnote\twhat\tvalue\tfield\nfirst\ta\tX\tname")
    say(tmp_path, "b", NAME, "Y")
    assert (tmp_path / "stories.tsv").read_text() == "# mine\nnote\twhat\tvalue\tfield\nfirst\ta\tX\tname\n\tb\tY\tname\n"
    assert read_word(tmp_path).names == {"a": (3, "X"), "b": (4, "Y")}


def test_what_cannot_be_said_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    say(tmp_path, "a", MERGE, "b")
    before = (tmp_path / "stories.tsv").read_bytes()
    with pytest.raises(QueryError, match="tab"):
        say(tmp_path, "a", NAME, "x\ty")
    with pytest.raises(QueryError, match="merged into itself"):
        say(tmp_path, "b", MERGE, "a")
    assert (tmp_path / "stories.tsv").read_bytes() == before


def test_the_digest_is_of_what_is_said_not_of_where(tmp_path: Path) -> None:
    one = read(tmp_path, HEADER + "a\tname\tX\nb\tmerge\ta\n")
    other = read(tmp_path, "# note\n" + HEADER + "b\tmerge\ta\na\tname\tY\na\tname\tX\n")
    assert one.digest == other.digest != read(tmp_path, HEADER + "a\tname\tX\n").digest


def test_videos_and_new_names() -> None:
    assert [video_of(what) for what in ("a@12", "web:x@y", "youtube:b@1.5")] == ["a", "web:x@y", "youtube:b"]
    assert [new_name(said) for said in ("new: The pier", "new", "none", "2024-01-01-newest")] == ["The pier", "", "", ""]
