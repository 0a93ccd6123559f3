"""One target under atheris, in a process of its own: ``python -m tests.fuzz.harness TARGET SECONDS FOLDER``.

A finding does not end the run: of each kind (what was raised, and where in the product) the shortest input is kept in
``FOLDER/found``.  Only what no Python can catch (a crash of a library, a hang) ends the process; the input is then in
``FOLDER/crash-*``, and ``tests.fuzz.run`` goes on.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
import traceback
from pathlib import Path

#: An input of 64 KiB at most takes no longer than this; a folder that is imported twice, with its ledger, may.
SECONDS = {"importing": 4.0}
USUAL_SECONDS = 1.0
#: Memory that one input may take beyond what the process has when it begins.
MEMORY = 1 << 30
LONGEST, HANG = 65_536, 30


def limit_memory() -> None:
    """Let what asks for too much memory fail with ``MemoryError``."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)


def finding(target: str, data: bytes) -> str:
    """Run one input; give the kind of what is wrong with it, or ""."""
    from tests.fuzz.targets import TARGETS

    began = time.process_time()
    try:
        TARGETS[target][0](data)
    except Exception as error:
        return kind_of(error)
    return "slow" if time.process_time() - began > SECONDS.get(target, USUAL_SECONDS) else ""


def kind_of(error: BaseException) -> str:
    """What was raised, and the last place in the product (of a broken promise: in the target)."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/crosscut/" in frame.filename]
    frames = frames if frames and not isinstance(error, AssertionError) else traceback.extract_tb(error.__traceback__)[-1:]
    said = f"-{error}" if isinstance(error, AssertionError) and str(error).isascii() else ""
    return f"{type(error).__name__}-{Path(frames[-1].filename).stem}-{frames[-1].name}{said[:60]}".replace(" ", "_")


def confirmed(target: str, data: bytes) -> str:
    """Run an input that seems wrong; slowness counts only where it shows three times."""
    kind = finding(target, data)
    return kind if kind != "slow" else min((finding(target, data) for _ in range(2)), default="")


def main(target: str, seconds: int, folder: Path) -> None:
    """Fuzz one target for so long."""
    import atheris

    with atheris.instrument_imports(include=["crosscut"]):
        from tests.fuzz import seeds, targets

    found = folder / "found"
    for below in (folder / "corpus", found):
        below.mkdir(parents=True, exist_ok=True)
    for seed in seeds.of(target):
        (folder / "corpus" / hashlib.sha256(seed).hexdigest()[:20]).write_bytes(seed[:LONGEST])
    words = "".join(f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in word)}"\n' for word in seeds.words_of_dictionary())
    (folder / "words.dict").write_text(words)
    run, slow = targets.TARGETS[target][0], SECONDS.get(target, USUAL_SECONDS)
    shortest: dict[str, int] = {}

    def once(data: bytes) -> None:
        began, kind = time.process_time(), ""
        try:
            run(data)
        except Exception as error:
            kind = kind_of(error)
        if not kind and time.process_time() - began > slow:
            kind = confirmed(target, data)
        if kind and len(data) < shortest.get(kind, LONGEST + 1):
            shortest[kind] = len(data)
            (found / hashlib.sha256(kind.encode()).hexdigest()[:12]).write_bytes(data)
            (found / (hashlib.sha256(kind.encode()).hexdigest()[:12] + ".kind")).write_text(kind)

    once(b"")
    limit_memory()
    atheris.Setup([sys.argv[0], str(folder / "corpus"), f"-max_len={LONGEST}", f"-max_total_time={seconds}", f"-timeout={HANG}",
                   f"-dict={folder / 'words.dict'}", f"-artifact_prefix={folder}/crash-", "-rss_limit_mb=0",
                   "-print_final_stats=1", "-verbosity=1", "-reload=0"], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
