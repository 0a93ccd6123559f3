"""A person's decisions: every line counts or is refused; none is lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscut.corrections import digest, read_corrections, write_header
from crosscut.errors import StudyError

ID = "h_r7JCpshl0"
HEADER = "video\tfield\tvalue\n"


def read(folder: Path, text: str) -> dict[str, dict[str, str]]:
    (folder / "videos.tsv").write_bytes(text.encode("utf-8", "surrogatepass"))
    return {video: dict(fields) for video, fields in read_corrections(folder).items()}


def test_no_file_no_corrections(tmp_path: Path) -> None:
    assert read_corrections(tmp_path) == {}


def test_the_last_line_about_a_field_counts(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER + f"{ID}\ttitle\tOne\n{ID}\toutlet\ten_AAA\nyoutube:{ID}\ttitle\tTwo\nweb:a\tkind\tasr\n") == {
        f"youtube:{ID}": {"title": "Two", "outlet": "en_AAA"}, "web:a": {"kind": "asr"}}


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    text = f'# a note\nnote\tvalue\tvideo\tfield\n\n# another\nwhy\t"quoted" title\t{ID}\ttitle\r\n\t\t\t\n'
    assert read(tmp_path, text) == {f"youtube:{ID}": {"title": '"quoted" title'}}


def test_a_byte_order_mark_and_missing_cells_are_no_matter(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + HEADER + f"-bc_DEF1234\texclude\n{ID}\tpublished\t\n") == {
        "youtube:-bc_DEF1234": {"exclude": ""}, f"youtube:{ID}": {"published": ""}}


@pytest.mark.parametrize(("text", "said"), [
    (HEADER + f"{ID}\ttitel\tx\n", "line 2: unknown field 'titel'; did you mean 'title'"),
    (HEADER + f"{ID}\txyzzy\tx\n", "line 2: unknown field 'xyzzy'; known: outlet"),
    (HEADER + f"# note\n\n{ID}\ttitel\tx\n", "line 4: unknown field"),
    (HEADER + f"{ID}\t\tx\n", "line 2: unknown field ''"),
    (HEADER + f"{ID}\tkind\tautomatc\n", "'automatc' is no kind; known: uploaded"),
    (HEADER + f"{ID}\tformat\tmovie\n", "'movie' is no format; known: clip"),
    (HEADER + f"{ID}\tpublished\tyesterday\n", "'yesterday' is no date"),
    (HEADER + f"{ID}\tpublished\t2024-13-01\n", "'2024-13-01' is no date"),
    (HEADER + f"{ID}\tpublished\t2024-07T10:00\n", "is no date"),
    ("Video\tField\tValue\n" + f"{ID}\ttitle\tx\n", "line 1: no column 'video'"),
    (f"video,field,value\n{ID},title,x\n", "line 1: no column 'video'"),
    (f"{ID}\ttitle\tx\n", "line 1: no column 'video'"),
    (HEADER + "\ud800\ttitle\tx\n", "not UTF-8"),
])
def test_what_cannot_be_followed_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        read(tmp_path, text)


@pytest.mark.parametrize("date", ["2024-07", "2024-07-04", "2024-07-04T18:30", "2024-07-04T18:30:00+02:00", "2024-07-04T18:30:00Z", ""])
def test_dates_of_every_precision_are_taken(tmp_path: Path, date: str) -> None:
    assert read(tmp_path, HEADER + f"{ID}\tpublished\t{date}\n") == {f"youtube:{ID}": {"published": date}}


def test_the_header_invites_and_is_never_written_over(tmp_path: Path) -> None:
    write_header(tmp_path / "corrections")
    assert read_corrections(tmp_path / "corrections") == {}
    path = tmp_path / "corrections" / "videos.tsv"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{ID}\ttitle\tMine\tme\t2024-07-04\t\n")
    write_header(tmp_path / "corrections")
    assert read_corrections(tmp_path / "corrections") == {f"youtube:{ID}": {"title": "Mine"}}


def test_the_digest_follows_decisions_and_not_their_order(tmp_path: Path) -> None:
    one = read(tmp_path, HEADER + "a\ttitle\tx\nb\ttitle\ty\n")
    assert digest(one) == digest(read(tmp_path, HEADER + "b\ttitle\ty\n# note\na\ttitle\told\na\ttitle\tx\n"))
    assert digest(one) != digest(read(tmp_path, HEADER + "a\ttitle\ty\nb\ttitle\tx\n"))
    assert digest({}) != digest(one)
