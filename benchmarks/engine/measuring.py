"""Clocks, memory, cold caches and the limits of the machine.  Imports nothing of ours: peers are measured with it too."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

#: A warm figure is the mean of so many calls, each of other words; of fewer than all words where they take so long.
FEWEST_CALLS, ENOUGH_S = 5, 15.0
DROP = Path("/proc/sys/vm/drop_caches")


def cpu_s() -> float:
    """CPU seconds so far: all threads of this process, and its children that have ended (getrusage counts in µs)."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_mb() -> float:
    """Largest resident memory of this process, pages of mapped files included, in MB.

    Not ``ru_maxrss`` where there is another way: a child inherits it from the process that started it.
    """
    return _status_mb("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def age_ms() -> float:
    """Wall ms since this process was started, by a clock that ticks every 10 ms: interpreter, imports and all."""
    import psutil

    return 1e3 * (time.time() - float(psutil.Process().create_time()))


def drop_caches() -> bool:
    """Make the next read of any file go to the disk; False where this machine does not let us."""
    try:
        os.sync()
        DROP.write_text("3")
    except OSError:
        return False
    return True


@contextmanager
def own_memory() -> Iterator[dict[str, float]]:
    """The largest memory that is not pages of files, in MB as ``own_mb``: looked up 50 times a second (Linux only)."""
    found, done = {"own_mb": 0.0}, threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            found["own_mb"] = max(found["own_mb"], _status_mb("RssAnon"))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()


def _status_mb(field: str) -> float:
    """A field of the kernel's account of this process, in MB; 0 where there is none."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), 0.0)


def clocked(call: Callable[[], Any]) -> tuple[Any, float, float]:
    """What a call returns, its CPU and its wall in ms."""
    wall, cpu = time.perf_counter(), cpu_s()
    answer = call()
    return answer, 1e3 * (cpu_s() - cpu), 1e3 * (time.perf_counter() - wall)


def warm(ask: Callable[[Any], Any], terms: Sequence[Any]) -> dict[str, Any]:
    """Mean CPU and wall of calls, each of words that were not asked before: no cache of results can answer them."""
    answers: list[Any] = []
    cpu: list[float] = []
    wall: list[float] = []
    began = time.perf_counter()
    for term in terms:
        if len(wall) >= FEWEST_CALLS and time.perf_counter() - began > ENOUGH_S:
            break
        answer, cpu_ms, wall_ms = clocked(lambda term=term: ask(term))  # type: ignore[misc]
        answers.append(answer)
        cpu.append(cpu_ms)
        wall.append(wall_ms)
    _, again_ms, _ = clocked(lambda: ask(terms[len(wall) - 1]))
    return {"cpu_ms": sum(cpu) / len(cpu), "wall_ms": sum(wall) / len(wall), "calls": len(cpu), "again_cpu_ms": again_ms,
            "answers": answers}


def machine_limits() -> dict[str, float]:
    """What this machine does at best, in this hour: the floor under every figure beside it."""
    random = np.random.Generator(np.random.PCG64(1))
    column = random.integers(0, 300_000, 32_000_000, dtype=np.uint32)
    places = random.integers(0, len(column), 4_000_000)
    target = np.empty_like(column)

    def best(call: Callable[[], Any]) -> float:
        return min(clocked(call)[1] for _ in range(3)) / 1e3

    return {
        "copy_gb_per_s": 2 * column.nbytes / best(lambda: np.copyto(target, column)) / 1e9,
        "gather_m_per_s": len(places) / best(lambda: column[places]) / 1e6,
        "bincount_m_per_s": len(column) / best(lambda: np.bincount(column, minlength=300_000)) / 1e6,
    }
