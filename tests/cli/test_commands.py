"""Commands as a person types them: output, exit codes, and what they import."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crosscut.cli.app import COMMANDS
from crosscut.cli.common import fitting, harmless, to_table
from tests.studies import built, record


def run(*words: str, cwd: Path, check: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "crosscut", *words], capture_output=True, text=True, cwd=cwd, check=check)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    built(folder, [record("aaaaaaaaaa1", "peace talks about the talks"), record("aaaaaaaaaa2", "no talks", outlet="en_BBB"),
                   record("-aaaaaaaaa3", "dash", title="evil \x1b]0;pwned\x07 \u202etitle")])
    return folder


def test_every_command_has_help(tmp_path: Path) -> None:
    listing = run("--help", cwd=tmp_path).stdout
    for name in COMMANDS:
        assert re.search(rf"^  {name}\s+\S.*[.]$", listing, re.MULTILINE), name
        assert "Usage: " in run(name, "--help", cwd=tmp_path, check=True).stdout


def test_kwic_shows_lines_with_links(study: Path) -> None:
    done = run("kwic", "talks", "--sort", "video", cwd=study)
    assert "3 hits in 2 videos" in done.stderr
    assert "peace talks about the talks" in " ".join(done.stdout.split())
    assert done.stdout.count("https://youtu.be/aaaaaaaaaa1") == 2


def test_kwic_json_is_stable(study: Path) -> None:
    found = json.loads(run("kwic", "[norm=\"talks\"]", "--format", "json", "--sort", "video", cwd=study).stdout)
    assert list(found) == ["query", "cql", "hits", "videos", "words", "per_million", "seed", "notes", "rows"]
    assert found["rows"][0] == {
        "video": "youtube:aaaaaaaaaa1", "outlet": "en_AAA", "date": "2023-09-04", "title": "About aaaaaaaaaa1",
        "left": "peace", "node": "talks", "right": "about the talks", "start": 1, "end": 2, "time_ms": -1,
        "estimated": False, "link": "https://youtu.be/aaaaaaaaaa1"}


def test_freq_counts_by_outlet(study: Path) -> None:
    found = json.loads(run("freq", "talks", "--format", "json", cwd=study).stdout)
    assert [(row["outlet"], row["hits"], row["words"]) for row in found["rows"]] == [("en_AAA", 2, 6), ("en_BBB", 1, 2)]
    assert found["parameters"]["unit of resampling"] == "video"
    assert len(found["result"]) == 64


def test_freq_is_drawn_too(study: Path, tmp_path: Path) -> None:
    done = run("freq", "talks", "--figure", str(tmp_path / "out.svg"), "--format", "csv", cwd=study, check=True)
    assert "talks,en_AAA,2,6" in done.stdout
    svg = (tmp_path / "out.svg").read_text(encoding="utf-8")
    assert "n = 3 videos, 3 hits" in svg
    assert "How often is ‘talks’ said, by outlet?" in svg
    refused = run("freq", "talks", "--figure", str(tmp_path / "out.gif"), cwd=study)
    assert refused.returncode == 1
    assert "must end in .svg, .png, .pdf, .json" in refused.stderr
    assert refused.stdout == ""


def test_collocates_side_by_side_and_as_a_network(study: Path, tmp_path: Path) -> None:
    least = ("--layer", "norm", "--at-least", "1", "--min-videos", "1", "--window", "1,0")
    found = json.loads(run("collocates", "talks", *least, "--format", "json", cwd=study).stdout)
    assert {row["norm"]: row["together"] for row in found["rows"]} == {"no": 1, "peace": 1, "the": 1}
    assert found["rows"][0]["lines"].startswith("crosscut kwic '[norm=")
    assert found["parameters"]["window"] == [1, 0]
    sides = json.loads(run("collocates", "talks", *least, "--by", "outlet", "--format", "json", cwd=study).stdout)
    assert {(row["norm"], row["outlet"]): row["together"] for row in sides["rows"]}["no", "en_BBB"] == 1
    done = run("collocates", "talks", *least, "--network", str(tmp_path / "x.graphml"), cwd=study, check=True)
    assert "Wrote " in done.stderr
    assert "peace" in (tmp_path / "x.graphml").read_text(encoding="utf-8")


def test_status_json_has_what_is_promised(study: Path) -> None:
    found = json.loads(run("status", "--format", "json", cwd=study).stdout)
    assert found["files"] == {"seen": 3, "imported": 3, "joined": 0, "excluded": 0}
    assert {"files", "records", "tracks", "videos", "words", "outlets", "exclusions", "frame", "differences", "flags",
            "copies", "stories", "corpus"} == set(found)
    assert found["copies"] is None
    assert found["words"] == 8


def test_an_id_that_begins_with_a_dash(study: Path) -> None:
    assert "dash" in run("show", "--", "-aaaaaaaaa3", cwd=study).stdout


def test_a_title_cannot_steer_the_terminal(study: Path) -> None:
    shown = run("show", "--", "-aaaaaaaaa3", cwd=study).stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "evil �]0;pwned� �title" in shown


@pytest.mark.parametrize(("words", "code", "message"), [
    (("kwic", "[lema=\"x\"]"), 1, "did you mean lemma?"),
    (("kwic", "talks", "--where", "outlt=x"), 1, "did you mean outlet?"),
    (("freq", "[pos=\"NOUN\"]"), 1, "pos is not available for en"),
    (("collocates", "talks", "--relations", "all"), 1, "not available for en"),
    (("collocates", "talks", "--window", "a,b"), 2, "'a,b' is no window: 5, or 3,5"),
    (("collocates", "talks", "--window", "1,2,3"), 1, "one left and one right"),
    (("collocates", "talks", "--network", "x.svg"), 1, "call the file x.graphml"),
    (("collocates", "talks", "--network", "x.graphml", "--by", "outlet"), 2, "--network has no --by"),
    (("collocates", "talks", "--network", "x.graphml", "--seed", "3"), 2, "--network has no --seed"),
    (("collocates", "talks", "--network", "x.graphml", "--relations", "all"), 2, "--network has no --relations"),
    (("dispersion", "talks", "--strips", "--parts", "day"), 2, "--strips has no --parts"),
    (("naming", "held", "--show", "test", "--replicates", "100"), 2, "--show test has no --replicates"),
    (("naming", "--suggest", "talks", "--unit", "day"), 2, "--suggest has no --unit"),
    (("show", "nothing"), 1, "no video 'nothing'"),
    (("status", "--by", "nonsense"), 1, "none of outlet, programme, format, kind, language, month"),
    (("kwic",), 2, "Missing argument"),
    (("nonsense",), 2, "No such command"),
    (("import", "not-there"), 1, "no such file or folder"),
    (("sql", "DROP TABLE videos; SELECT * FROM read_text('/etc/passwd')"), 1, "sql reads only"),
    (("sql", "SELECT * FROM read_text('/etc/passwd')"), 1, "disabled by configuration"),
])
def test_errors_say_what_and_how_to_go_on(study: Path, words: tuple[str, ...], code: int, message: str) -> None:
    done = run(*words, cwd=study)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_query_error_points_at_the_column(study: Path) -> None:
    lines = run("kwic", "[lemma=talks]", cwd=study).stderr.splitlines()
    assert lines[1:] == ["  [lemma=talks]", "         ^"]


def test_outside_a_study_import_makes_one(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(record("aaaaaaaaaa1", "peace"))
    assert run("status", cwd=tmp_path).returncode == 1
    assert run("import", "x.txt", cwd=tmp_path).returncode == 0
    assert (tmp_path / "crosscut.toml").is_file()
    assert run("init", cwd=tmp_path).returncode == 1  # a study is begun once


def test_a_concordance_imports_nothing_heavy(study: Path) -> None:
    code = ("import sys; sys.argv[1:] = ['kwic', 'talks']\n"
            "from crosscut.cli.app import app\n"
            "app(standalone_mode=False)\n"
            "print(sorted({'polars', 'duckdb', 'spacy', 'simplemma', 'jinja2', 'pydantic', 'typer', 'numpy.ma'}"
            " & set(sys.modules)), file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=study, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_pipe_that_closes_early_is_no_error(study: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "crosscut", "export", "--form", "table", "--of", "tokens"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=study)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert errors == b""


def test_tables_fit_and_align(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosscut.cli.common.terminal_width", lambda: 24)
    table = to_table(("name", "n"), [("a very long name that goes on", 1_000), ("b", 2)], {})
    assert table.splitlines() == [
        "name                   n", "─" * 24, "a very long name…  1,000", "b                      2"]


def test_a_narrow_terminal_does_without_lesser_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosscut.cli.common.terminal_width", lambda: 20)
    rows = [("war", 1, 2.5, 7), ("peace", 12, 3.5, 8)]
    columns, found, dropped = fitting(("query", "hits", "rate", "more"), rows, {}, ("more", "hits", "gone"))
    assert (columns, list(found), dropped) == (("query", "hits", "rate"), [("war", 1, 2.5), ("peace", 12, 3.5)], ["more"])
    assert fitting(("query", "hits"), [("war", 1)], {}, ())[2] == []


def test_harmless_keeps_ordinary_text() -> None:
    assert harmless("Radio-Télé – ‘quoted’ العربية") == "Radio-Télé – ‘quoted’ العربية"


def test_the_page_on_json_names_every_key(study: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    for words in (("freq", "talks"), ("dispersion", "talks"), ("dispersion", "talks", "--strips"), ("ngrams", "--at-least", "1"),
                  ("ngrams", "--frame", "the *"), ("keyness", "talks", "--by", "outlet"), ("collocates", "talks", "--min-videos", "1", "--at-least", "1", "--layer", "norm"),
                  ("collocates", "talks", "--min-videos", "1", "--at-least", "1", "--layer", "norm", "--by", "outlet"), ("trend", "talks"), ("trend", "talks", "--changes"),
                  ("contrast", "talks", "--by", "title"), ("stories",), ("stories", "--by", "outlet"),
                  ("stories", "--story", "About aaaaaaaaaa1"), ("kwic", "talks"), ("status",), ("show", "aaaaaaaaaa1")):
        found = json.loads(run(*words, "--format", "json", cwd=study, check=True).stdout)
        inner = [found, *(value for value in found.values() if isinstance(value, dict)), *found.get("rows", []),
                 *found.get("outlets", []), *found.get("paragraphs", [])]
        keys = {"words_OUTLET" if key.startswith("words_") else key for table in inner for key in table} - {"url", "title", "published", "language"}
        free = set(found.get("facts", {})) | set(found.get("exclusions", {}) if isinstance(found.get("exclusions"), dict) else {})
        assert [key for key in sorted(keys - free) if f"`{key}`" not in page] == []


def test_a_series_and_what_is_asked_of_it_instead(study: Path) -> None:
    shown = run("trend", "talks", "--period", "week", "--least-words", "0", "--least-videos", "0", cwd=study, check=True)
    assert "2023-W36" in shown.stdout
    changes = run("trend", "talks", "--changes", "--format", "json", cwd=study, check=True)
    assert {row["note"] for row in json.loads(changes.stdout)["rows"]} == {"fewer than 4 periods with words"}
    refused = run("trend", "talks", "--first", cwd=study)
    assert refused.returncode == 1
    assert "en_AAA: 2 of 2; en_BBB: 1 of 1" in refused.stderr
    for words, said in ((("--lags", "3"), "trend has no --lags"), (("--changes", "--cumulative"), "--changes has no --cumulative"),
                        (("--first", "--seed", "1"), "--first has no --seed")):
        wrong = run("trend", "talks", *words, cwd=study)
        assert wrong.returncode == 2
        assert said in wrong.stderr


def test_a_file_gets_the_format_of_its_name(study: Path, tmp_path: Path) -> None:
    run("freq", "talks", "-o", str(tmp_path / "x.csv"), cwd=study, check=True)
    assert "query,outlet,hits" in (tmp_path / "x.csv").read_text()
