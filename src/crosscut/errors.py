"""What can go wrong?

    CrosscutError            the user's input cannot be served; shown without a traceback, exit code 1
    ├── StudyError           the study file says something that cannot be followed
    ├── ImportFailed         a path given to ``import`` is not there or cannot be read
    ├── UnreadableFile       one file is broken; it becomes an exclusion, never the end of a run
    ├── CorpusMissing        there is no study here, or it has not been built
    ├── CorpusDamaged        a file of the corpus is not what the manifest says
    ├── QueryError           a query cannot be read; knows the column
    ├── LayerMissing         a query asks for a layer that the language or the corpus has not
    ├── ModelError           a language model is missing or is not the one that was tested
    └── NotFound             a video, layer or mapping of that name is unknown
"""

from __future__ import annotations


class CrosscutError(Exception):
    """The user's input cannot be served: the message says what, where and what to do."""


class StudyError(CrosscutError):
    """The study file says something that cannot be followed."""


class ImportFailed(CrosscutError):
    """A path given to ``import`` is not there or cannot be read."""


class UnreadableFile(CrosscutError):
    """One file is broken; ``reason`` is the short word that accounts use."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class CorpusMissing(CrosscutError):
    """There is no study here, or it has not been built yet."""


class CorpusDamaged(CrosscutError):
    """A file of the corpus is not what the manifest says; ``corpus/`` can be deleted and rebuilt."""


class QueryError(CrosscutError):
    """A query cannot be read; ``column`` counts from 0 in ``query``."""

    def __init__(self, message: str, query: str = "", column: int = 0) -> None:
        self.message, self.query, self.column = message, query, column
        marker = f"\n  {query}\n  {' ' * column}^" if query else ""
        super().__init__(f"{message}{marker}")


class LayerMissing(CrosscutError):
    """A query asks for a layer that the language or the corpus has not."""


class ModelError(CrosscutError):
    """A language model is missing, or its files are not the ones that were tested."""


class NotFound(CrosscutError):
    """A video, layer or mapping of that name is unknown."""
