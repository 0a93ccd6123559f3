"""Where do the bytes of a video lie, exactly as they came?

``raw/<platform>/<hash>-<readable id>/<hash of the bytes>.<suffix>``: folder names are lower case and begin with a hash
of the id, so ids that differ only in case, begin with ``-`` or hold a path never meet on any file system.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path, PurePosixPath

from crosscut.store.pack import sync_folder

_UNSAFE = re.compile(r"[^a-z0-9_-]+")
_WINDOWS = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")  # names that Windows keeps for itself


def folder_of(platform: str, id: str) -> PurePosixPath:
    """The folder of a video below ``raw/``; safe whatever the platform and the id are."""
    return PurePosixPath(_platform(platform), f"{_short(f'{platform}:{id}')}-{_readable(id, 40)}")


def _platform(platform: str) -> str:
    name = _readable(platform, 30) or "unknown"
    return f"{name}_" if _WINDOWS.fullmatch(name) else name


def _readable(text: str, longest: int) -> str:
    return _UNSAFE.sub("-", text.lower())[:longest].strip("-")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class RawStore:
    """Writes raw files; ``flush`` makes all that was written since the last time survive a power cut."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._unflushed: list[Path] = []

    def write(self, platform: str, id: str, data: bytes, suffix: str) -> tuple[str, str]:
        """Keep ``data`` untouched; returns its SHA-256 and its place below the root."""
        sha256 = hashlib.sha256(data).hexdigest()
        place = folder_of(platform, id) / f"{sha256[:16]}.{_readable(suffix, 12) or 'raw'}"
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        # Straight under its name: nothing speaks of it before the ledger does, and a half from a kill is written anew.
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            self._unflushed.append(path)
        return sha256, place.as_posix()

    def flush(self) -> None:
        """Flush what was written to the disk; all writes first, so that one journal commit serves many files."""
        for path in self._unflushed:
            with path.open("r+b") as file:  # Windows flushes only what may be written
                os.fsync(file.fileno())
        below = {folder for path in self._unflushed for folder in (path.parent, path.parent.parent)}
        for folder in sorted(below | ({self.root, self.root.parent} if below else set())):
            sync_folder(folder)  # folders hold the names
        self._unflushed.clear()

    def read(self, place: str, sha256: str) -> bytes | None:
        """The bytes at a place, or None where they are gone or not what they were."""
        try:
            data = (self.root / place).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def erase(self, platform: str, id: str) -> None:
        """Remove everything of one video; what cannot be removed is an ``OSError``, never passed over."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.root / folder_of(platform, id))


