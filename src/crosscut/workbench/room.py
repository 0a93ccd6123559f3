"""What a narrow terminal does without before anything else: columns that tell no two rows apart, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def lesser_first(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], lesser: Sequence[str], *, constant: Sequence[str] = (),
    keep: str = "",
) -> tuple[str, ...]:
    """``lesser``, with its columns that are empty in all rows in front.

    ``constant``: labels, such as the query, that go where they are the same in all rows, and are kept where not; they stand
    in ``lesser`` too.  ``keep``: the column that rows are sorted by, which stays.
    """
    place = {name: at for at, name in enumerate(columns)}
    empty = [name for name in lesser if name in place and all(row[place[name]] in (None, "") for row in rows)]
    several = {name for name in constant if name in place and len({row[place[name]] for row in rows}) > 1}
    return tuple(name for name in dict.fromkeys((*empty, *lesser)) if name != keep and name not in several)
