"""The same work on many things at once, in processes of their own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Generic, TypeVar

from crosscut.errors import CrosscutError

T = TypeVar("T")
R = TypeVar("R")


class Pool(Generic[T, R]):
    """``jobs`` processes that do ``work``, which is sent to each of them once; things are sent in bundles."""

    def __init__(self, work: Callable[[T], R], jobs: int) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
        self._executor = ProcessPoolExecutor(jobs, context, _start, (work, os.getpid()))

    def submit(self, bundle: Sequence[T]) -> Future[list[R]]:
        """Have the work done on each thing of a bundle."""
        return self._executor.submit(_do, bundle)

    def __enter__(self) -> Pool[T, R]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._executor.shutdown(wait=error is None, cancel_futures=error is not None)
        if isinstance(error, BrokenProcessPool):
            raise CrosscutError("a process that does a part of the work ended: in a script, put the work under if __name__ "
                                "== '__main__', or set jobs = 1") from error


def each(work: Callable[[T], R], bundles: Iterable[list[T]], jobs: int) -> Iterator[tuple[T, R]]:
    """Each thing with what the work gave, in any order; few bundles are under way, so that memory stays bounded."""
    running: dict[Future[list[R]], list[T]] = {}
    queue = iter(bundles)
    with Pool(work, jobs) as pool:
        while True:
            while len(running) < 2 * jobs and (bundle := next(queue, None)):
                running[pool.submit(bundle)] = bundle
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield from zip(running.pop(future), future.result(), strict=True)


_work: Callable[[Any], Any] | None = None


def _start(work: Callable[[Any], Any], parent: int) -> None:
    """Set up one process; it leaves Ctrl-C to its parent, and ends by itself when that is killed."""
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _do(bundle: Sequence[Any]) -> list[Any]:
    assert _work is not None
    return [_work(one) for one in bundle]
