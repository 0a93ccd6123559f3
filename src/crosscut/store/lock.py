"""One writer of a folder at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crosscut.errors import CrosscutError


@contextmanager
def only_one(folder: Path, what: str) -> Iterator[None]:
    """Hold a folder by a lock that the operating system drops when its holder dies (not on Windows).

    CrosscutError where somebody else holds it; ``what`` is what they do: "another build".
    """
    with (folder / ".lock").open("w") as handle:
        if os.name == "posix":
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CrosscutError(f"{what} is running in {folder}: wait for it, or stop it") from error
        yield
