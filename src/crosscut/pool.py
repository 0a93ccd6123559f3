"""Many documents at once: workers in processes of their own, where there is enough work for them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from crosscut.errors import CrosscutError
from crosscut.store.batch import Batch
from crosscut.work import Failure, Task, Worker

#: Below this many words a second process costs more (two seconds to load a model) than it saves.
WORDS_WORTH_A_POOL = 20_000

Made = tuple[Task, Batch | Failure]


def make_all(worker: Worker, tasks: Sequence[Task], jobs: int) -> Iterator[Made]:
    """Each task with its document or its failure, in any order."""
    if jobs < 2 or sum(task.version.words for task in tasks) < WORDS_WORTH_A_POOL:
        yield from ((task, worker.make(task)) for task in tasks)
        return
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
    with ProcessPoolExecutor(jobs, context, _start_worker, (worker, os.getpid())) as pool:
        try:
            yield from _results(pool, list(_bundles(tasks)), jobs)
        except BrokenProcessPool as error:
            raise CrosscutError("a process that annotates ended: in a script, put the work under if __name__ == "
                                "'__main__', or build with jobs=1") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _bundles(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """Tasks in bundles of some 5,000 words: enough to hide the cost of a message, few enough to share work evenly."""
    bundle: list[Task] = []
    for task in tasks:
        bundle.append(task)
        if sum(t.version.words for t in bundle) >= 5_000 or len(bundle) >= 50:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


def _results(pool: ProcessPoolExecutor, bundles: list[list[Task]], jobs: int) -> Iterator[Made]:
    """Results as they come; only a few bundles are under way, so that memory stays bounded."""
    running: dict[Future[list[Batch | Failure]], list[Task]] = {}
    queue = iter(bundles)
    while True:
        while len(running) < 2 * jobs and (bundle := next(queue, None)):
            running[pool.submit(_make_bundle, bundle)] = bundle
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield from zip(running.pop(future), future.result(), strict=True)


_worker: Worker | None = None


def _start_worker(worker: Worker, parent: int) -> None:
    """Set up one process; it leaves Ctrl-C to its parent, and ends by itself when that is killed."""
    global _worker
    _worker = worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _make_bundle(bundle: list[Task]) -> list[Batch | Failure]:
    assert _worker is not None
    return [_worker.make(task) for task in bundle]
