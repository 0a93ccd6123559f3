"""All benchmarks in one run: ``python -m benchmarks.run [NAME…]``; prints a table, writes ``bench.json``.

Each scale runs in a process of its own, so that its peak memory is its own.  Peers and limits are measured in the same
run, on the same files, by turns.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import copies, material, stories  # noqa: F401  # copies is named in BENCHMARKS
from benchmarks.page import written

Row = dict[str, Any]
PEAK = "peak_mb"


def timed(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_mb() -> float:
    """Largest resident memory of this process and of the largest of its children, in MB."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def spine(times: int) -> Row:
    """Import, clean, tokenise and index, with the annotation known already."""
    from crosscut.building import build
    from crosscut.importing import import_

    folder = material.CACHE / f"spine-{times}"
    made = material.study(folder)
    files = material.copies(folder / "in", times)
    material.give_annotations(made)
    limit = timed(lambda: [__import__("hashlib").sha256(path.read_bytes()).digest() for path in files])
    importing = timed(lambda: import_(made, [folder / "in"], mappings=material.mappings()))
    building = timed(lambda: build(made))
    words = material.words(made)
    index = sum(path.stat().st_size for path in made.corpus.glob("*.pack"))
    return {"scale": f"{times}x", "words": words, "files": len(files), "import_s": importing, "index_s": building,
            "words_per_s": words / (importing + building), "read_and_hash_s": limit, "bytes_per_word": index / words,
            PEAK: peak_mb()}


def small(annotated: bool, part: int, many: int) -> Row:
    """Many imports, each followed by a build, beside one of everything: of every ``part``-th transcript.

    ``annotated``: into a study that has the same words under other ids already, so that nothing is left to annotate.
    One process reads and annotates in both, so that the ratio is the price of many and not of a pool that small ones lack.
    """
    from crosscut.building import build
    from crosscut.importing import import_

    files = material.copies(material.CACHE / "small" / "in", 1)[::part]
    seconds = {}
    for parts in (1, many):
        folder = material.CACHE / f"small-{parts}"
        made = replace(material.grown(folder) if annotated else material.study(folder), jobs=1)
        size = -(-len(files) // parts)
        began = time.perf_counter()
        for begin in range(0, len(files), size):
            import_(made, files[begin : begin + size], mappings=material.mappings())
            build(made)
        seconds[parts] = time.perf_counter() - began
        shards = len(list(made.corpus.glob("shard-*.pack")))
    return {"words": material.words(made), "imports": many, "one_s": seconds[1], "many_s": seconds[many],
            "ratio": seconds[many] / seconds[1], "shards_left": shards}


def annotate(part: int) -> Row:
    """The whole build of one part of the transcripts beside plain ``spacy.pipe`` on the same text and processes."""
    import spacy

    from crosscut.annotate import annotator_for
    from crosscut.annotate.choose import model_folder
    from crosscut.building import build
    from crosscut.importing import import_

    made = material.study(material.CACHE / f"annotate-{part}")
    files = material.transcripts()[::part]
    import_(made, files, mappings=material.mappings())
    ours = timed(lambda: build(made, jobs=2))
    words = material.words(made)
    corpus = __import__("crosscut").open(made.folder)
    texts = [corpus.text(video) for video in corpus.files.catalog.video.tolist()]
    folder = model_folder(annotator_for("en", {}).model.rpartition("-")[0])
    assert folder

    def plain() -> None:
        nlp = spacy.load(folder)
        for _ in nlp.pipe(texts, n_process=2, batch_size=16):
            pass

    peer = timed(plain)
    return {"part": f"1/{part}", "words": words, "ours_s": ours, "spacy_s": peer, "ratio": ours / peer,
            "words_per_s": words / ours, PEAK: peak_mb()}


def captions() -> Row:
    """Reading and cleaning roll-up captions beside webvtt-py, which only parses them; by turns, best of five."""
    import webvtt

    from crosscut.read import File, vtt
    from crosscut.tokens import tokenise

    folder = material.SHARED / "captions" / "youtube-auto-vtt"
    paths = sorted(folder.rglob("*.vtt")) if folder.is_dir() else material.transcripts()
    data = [(path.name, path.read_bytes()) for path in paths]

    def ours() -> list[str]:
        return [record.tracks[0].transcript.text for name, raw in data for record in vtt.read(File(name, raw))
                if record.tracks]

    def theirs() -> int:
        return sum(len(caption.text) for path in paths for caption in webvtt.read(str(path)).captions)

    words = sum(len(tokenise(text)) for text in ours())
    best = {name: min(timed(work) for _ in range(5)) for name, work in (("ours", ours), ("webvtt", theirs))}
    return {"files": len(paths), "words": words, "ours_words_per_s": words / best["ours"],
            "webvtt_py_words_per_s": words / best["webvtt"], "ratio": best["webvtt"] / best["ours"]}


#: Families of caption files below ``captions/``: a pattern, and the peers that read them.
FAMILIES = {
    "WebVTT, automatic": ("youtube-auto-vtt/**/*.vtt", ("webvtt", "pysubs2")),
    "WebVTT, published": ("youtube-published-vtt/**/*.vtt", ("webvtt", "pysubs2")),
    "SubRip, broadcast": ("tv-closed-captions-srt/**/*.srt", ("webvtt", "pysubs2", "srt")),
    "SubRip, one word a cue": ("asr-word-srt/**/*.srt", ("webvtt", "pysubs2", "srt")),
    "SubRip, by people": ("human-vs-word-timings/**/*.srt", ("webvtt", "pysubs2", "srt")),
    "TTML": ("ebu-tt-ttml/tagesschau*/*.xml", ("pysubs2",)),
    "word lists": ("human-vs-word-timings/**/*.json", ()),
    "TV News pages": ("ia-tv-news-html/*.html", ()),
}


def family(name: str) -> Row:
    """Reading and cleaning one family of caption files beside parsers of the same files; by turns, best of three."""
    import pysubs2
    import srt
    import webvtt

    from crosscut.read import File, recognise
    from crosscut.tokens import tokenise

    pattern, peers = FAMILIES[name]
    paths = sorted((material.SHARED / "captions").glob(pattern))
    files = [File(path.name, path.read_bytes()) for path in paths]

    def ours() -> list[str]:
        return [track.transcript.text for file in files if (format := recognise(file)) for record in format.read(file)
                for track in record.tracks]

    def with_webvtt() -> int:
        read = webvtt.read if paths[0].suffix == ".vtt" else webvtt.from_srt
        return sum(len(caption.text) for path in paths for caption in read(str(path)).captions)

    work: dict[str, Callable[[], object]] = {
        "ours": ours, "webvtt": with_webvtt,
        "pysubs2": lambda: [event.plaintext for path in paths for event in pysubs2.load(str(path), encoding="utf-8-sig")],
        "srt": lambda: [cue.content for file in files for cue in srt.parse(file.data.decode("utf-8-sig"))],
    }
    words = sum(len(tokenise(text)) for text in ours())
    best = {peer: min(timed(work[peer]) for _ in range(3)) for peer in ("ours", *peers)}
    return {"files": len(files), "words": words, "ours_words_per_s": words / best["ours"],
            **{f"{peer}_ratio": best[peer] / best["ours"] for peer in ("webvtt", "pysubs2", "srt") if peer in best}}


def shell() -> Row:
    """``crosscut kwic`` on the sample study, from the shell: best and median of nine, beside a bare Python."""
    from crosscut.demonstrating import demo

    folder = material.CACHE / "demo"
    demo(folder, lambda verb: lambda done, total, what: None)

    # As an installed program runs: with its byte code kept, whatever this shell says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(*command: str) -> float:
        return timed(lambda: subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environment))

    tool = str(Path(sys.executable).with_name("crosscut"))
    run(tool, "kwic", "breakthrough")
    ours = sorted(run(tool, "kwic", "breakthrough") for _ in range(9))
    bare = sorted(run(sys.executable, "-c", "import numpy") for _ in range(9))
    return {"kwic_best_s": ours[0], "kwic_median_s": ours[4], "python_and_numpy_median_s": bare[4]}


def told(words: int) -> Row:
    """Putting made-up pieces into stories."""
    return {**stories.tell(words), PEAK: peak_mb()}


def cut_up(words: int) -> Row:
    """Cutting made-up shows into segments."""
    return {**stories.cut(words), PEAK: peak_mb()}


def told_of_real() -> Row:
    """``crosscut stories`` on the real transcripts."""
    return {**stories.real(), PEAK: peak_mb()}


BENCHMARKS: dict[str, list[tuple[str, str]]] = {
    "captions": [("captions", "captions()")],
    "formats": [(f"format {name}", f"family({name!r})") for name in FAMILIES],
    "shell": [("shell", "shell()")],
    "spine": [(f"spine {n}x", f"spine({n})") for n in (1, 4, 16)],
    "small": [("small imports", "small(True, 1, 200)"), ("small imports annotated", "small(False, 12, 100)")],
    "stories": [*((f"stories {n}M", f"told({n * 1_000_000})") for n in (1, 10, 100)),
                *((f"segments {n}M", f"cut_up({n * 1_000_000})") for n in (1, 10)), ("stories real", "told_of_real()")],
    "annotate": [(f"annotate 1/{n}", f"annotate({n})") for n in (16, 4, 1)],
    "copies": [*((f"copies {n} M", f"copies.room({n})") for n in (1, 10, 100)), ("copies command", "copies.command()")],
}


def in_a_process_of_its_own(call: str) -> Row:
    """Run one benchmark in a fresh process and take its row."""
    code = f"import json; from benchmarks.run import *; print('\\n' + json.dumps({call}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=material.ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{call} failed:\n{done.stderr}")
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return row


def main(names: list[str]) -> None:
    """Run the benchmarks named, or all."""
    if not material.have_shared():
        print("../shared/data is not there: measured on the bundled sample study, which is small", file=sys.stderr)
    if unknown := set(names) - set(BENCHMARKS):
        raise SystemExit(f"no benchmark {', '.join(unknown)}; there is: {', '.join(BENCHMARKS)}")
    material.CACHE.mkdir(exist_ok=True)
    material.annotated()
    path = material.ROOT / "bench.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    found["machine"] = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    for name in names or list(BENCHMARKS):
        if name == "formats" and not material.have_shared():
            print("formats: NOT MEASURED, there are no real files of each format", file=sys.stderr)
            continue
        for label, call in BENCHMARKS[name]:
            found[label] = in_a_process_of_its_own(call)
            print(label + ":  " + "  ".join(f"{k} {written(v)}" for k, v in found[label].items()), flush=True)
            path.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
