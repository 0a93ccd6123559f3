"""What do the scripts say?  (The texts of the sample study are all our own; see ``scripts/``.)"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True, slots=True)
class Video:
    """One authored video.  ``story`` is the truth that groupings by story can be checked against."""

    outlet: str
    id: str
    published: str
    title: str
    programme: str
    format: str
    story: str
    text: str
    title_before: str = ""
    reupload_of: str = ""
    shared_with: str = ""
    translated: bool = False
    live_scrap: bool = False

    @property
    def url(self) -> str:
        """Its page."""
        return f"https://www.youtube.com/watch?v={self.id}"


@dataclass(frozen=True, slots=True)
class Scripts:
    """All that was authored."""

    videos: Sequence[Video]
    misheard: Mapping[str, Sequence[str]]

    def of(self, outlet: str) -> list[Video]:
        """The videos of an outlet, in the order of the script; one that another outlet shares comes last."""
        own = [video for video in self.videos if video.outlet == outlet]
        return own + [video for video in self.videos if video.shared_with == outlet]


def load(folder: Path = SCRIPTS) -> Scripts:
    """Read the scripts of every outlet (``xx_ABC.toml``) and the misheard names."""
    videos = [
        Video(outlet=path.stem, **{**table, "text": table["text"].strip()})
        for path in sorted(folder.glob("[a-z][a-z]_*.toml"))
        for table in _toml(path)["video"]
    ]
    names = _toml(folder / "misheard.toml").get("name", [])
    return Scripts(videos, {name["right"]: name["heard"] for name in names})


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
