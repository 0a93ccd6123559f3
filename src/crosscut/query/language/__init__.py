"""What a user may write, and how it becomes a query.

``parser``      the grammar, from the whole query down to a part
``frames``      rows of words with slots
``structures``  structures and times
``conditions``  what stands behind ``::``
``values``      tests of a token: layers, values, flags
``lexer``       the pieces of a query, each with its column
"""

from crosscut.query.language.lexer import DEEPEST, LONGEST_QUERY
from crosscut.query.language.parser import parse
from crosscut.query.language.structures import MOST_REPEATS

__all__ = ["DEEPEST", "LONGEST_QUERY", "MOST_REPEATS", "parse"]
