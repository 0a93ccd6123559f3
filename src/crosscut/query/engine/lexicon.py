"""Which values of a layer does a test allow?  Decided on the distinct values of a shard, never on its tokens.

Regular expressions come from strangers: RE2 runs them, in time linear in the text whatever the pattern.  Literals are
looked up; ``.*ing``, ``cease.*`` and the like are compared byte by byte; other patterns run over the whole lexicon at once,
its values one a line, unless they could match the end of a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import re2

from crosscut.errors import QueryError
from crosscut.query.pattern import Listed, Test
from crosscut.store.pack import Strings
from crosscut.store.shard import Shard
from crosscut.tokens import norm, word

Ints = npt.NDArray[np.int64]

#: Layers that belong to the type of a token, and those with a column of codes of their own.
TYPE_LAYERS = ("word", "norm", "lemma", "pos", "tag")
TOKEN_LAYERS = ("dep", "entity")
#: Lexicons with fewer values than this are read through one by one.
FEW = 2_000
#: RE2 takes the square of a pattern's size to read it; what people write needs some kB.
MEMORY = 8 << 20

_SURROGATE = re.compile("[\ud800-\udfff]")  # no token holds one, and RE2 cannot read it
#: Patterns made of these alone match no end of line: no classes by name or by what is not in them, no flags.
_CLASS = r"\[[^\\\]\[^\x00-\x1f][^\\\]\[\x00-\x1f]*\]"
_ON_A_LINE = re.compile(rf"(?:[^\\\[(\x00-\x1f]|\\[.^$*+?{{}}\[\]()|\"'\\-]|\((?!\?)|{_CLASS})*")
_PLAIN = re.compile(r"(?:[^\\.^$*+?{}\[\]()|]|\\[.^$*+?{}\[\]()|\"'\\-])*")
_AFFIX = re.compile(rf"(\.\*)?({_PLAIN.pattern})(\.\*)?", re.DOTALL)


def stored(test: Test | Listed) -> str:
    """The lexicon that a test is decided on."""
    cased = isinstance(test, Test) and test.cased
    if test.layer in ("word", "norm"):
        return "word" if cased and test.layer == "word" else "norm"
    if test.layer == "lemma" and not cased and (isinstance(test, Listed) or not (test.regex or test.folded)):
        return "lemma_folded"
    return test.layer


def allowed(shard: Shard, test: Test | Listed) -> Ints:
    """Codes, ascending, of the values that a test allows in the lexicon that it is decided on; "" is no value."""
    lexicon, layer = shard.lexicon(stored(test)), stored(test)
    if isinstance(test, Listed):
        found = {code for value in test.words for code in _literal(lexicon, layer, Test(test.layer, value)).tolist()}
        return np.array(sorted(found), np.int64)
    if test.folded:
        return _without_accents(lexicon, layer, test)
    return _expression(lexicon, layer, test) if test.regex else _literal(lexicon, layer, test)


def fits(test: Test, value: str) -> bool:
    """Whether one value is as a test says: for attributes of structures, which are few."""
    if not value:
        return False
    if test.regex:
        return compiled(test.value, test.cased).fullmatch(_printable(value)) is not None
    return value == test.value if test.cased else value.casefold() == test.value.casefold()


@lru_cache(maxsize=32)  # of up to 8 MB each
def compiled(value: str, cased: bool = False) -> re2._Regexp:
    """A regular expression of a stranger, ready to run; one that cannot be read is a ``QueryError``."""
    options = re2.Options()
    options.case_sensitive = cased
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(_printable(value), options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise QueryError(f"not a regular expression: {text}", value) from error


def unaccented(text: str) -> str:
    """A text without accents (``%d``)."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _printable(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


#: How a value is written in the lexicons that hold one form of each word.
_WRITTEN: dict[str, Callable[[str], str]] = {"norm": norm, "word": word, "lemma_folded": str.casefold}


def _literal(lexicon: Strings, layer: str, test: Test) -> Ints:
    known = _WRITTEN.get(layer) if (layer, test.cased) != ("norm", True) else None
    if known or test.cased:
        found = lexicon.find(known(test.value) if known else test.value)
        return np.array([found] if found >= 0 and lexicon.raw(found) else [], np.int64)
    wanted = test.value.casefold()
    return _codes([code for code, value in enumerate(lexicon.tolist()) if value and value.casefold() == wanted])


def _codes(found: list[int]) -> Ints:
    return np.array(found, np.int64)


def _expression(lexicon: Strings, layer: str, test: Test) -> Ints:
    pattern = compiled(test.value, test.cased)  # first of all: it may not be one
    affix = _AFFIX.fullmatch(test.value)
    if affix and test.value.isascii() and (affix[1] or affix[3]) and (layer == "norm" or test.cased):
        middle = re.sub(r"\\(.)", r"\1", affix[2])
        return _affixed(lexicon, (middle if test.cased else middle.lower()).encode(), bool(affix[1]), bool(affix[3]))
    if len(lexicon) >= FEW and _ON_A_LINE.fullmatch(test.value):
        return _over_lines(lexicon, test)
    return _codes([code for code, value in enumerate(lexicon.tolist()) if value and pattern.fullmatch(value)])


def _without_accents(lexicon: Strings, layer: str, test: Test) -> Ints:
    values = [(code, unaccented(value)) for code, value in enumerate(lexicon.tolist()) if value]
    if test.regex:
        pattern = compiled("".join(map(_unaccented_letter, test.value)), test.cased)
        return _codes([code for code, value in values if pattern.fullmatch(_printable(value))])
    write = _WRITTEN.get(layer, str if test.cased else str.casefold)
    wanted = unaccented(write(test.value))
    return _codes([code for code, value in values if (value if test.cased else value.casefold()) == wanted])


def _unaccented_letter(letter: str) -> str:
    """A letter of an expression without its accent; what would become a sign of the expressions stays as it is."""
    bare = unaccented(letter)
    return bare if bare.isalnum() or unicodedata.combining(letter) else letter


def _affixed(lexicon: Strings, middle: bytes, before: bool, after: bool) -> Ints:
    """Values that begin with, end with or hold some bytes; ``before``, ``after``: anything may stand there."""
    if not before:
        begin = lexicon.place(middle.decode())
        stop = lexicon.place_of_bytes(middle + b"\xff")  # no UTF-8 has that byte
        return np.arange(max(begin, _empties(lexicon)), stop)
    if not after:
        return _ending(lexicon, middle)
    if not middle:
        return np.arange(_empties(lexicon), len(lexicon))
    starts = _places(lexicon.blob.tobytes(), middle)
    codes = np.searchsorted(lexicon.offsets, starts, side="right") - 1
    return _distinct(codes[starts + len(middle) <= lexicon.offsets[codes + 1]])


def _empties(lexicon: Strings) -> int:
    """How many empty values a sorted lexicon begins with: none or one."""
    return int(len(lexicon) > 0 and int(lexicon.offsets[1]) == 0)


def _ending(lexicon: Strings, tail: bytes) -> Ints:
    ends = lexicon.offsets[1:]
    kept = np.flatnonzero((ends - lexicon.offsets[:-1] >= len(tail)) & (ends > lexicon.offsets[:-1]))
    for back, byte in enumerate(reversed(tail), 1):
        kept = kept[lexicon.blob[ends[kept] - back] == byte]
    return kept


def _places(blob: bytes, middle: bytes) -> Ints:
    """Where some bytes stand in a text, overlapping ones too."""
    found, at = [], blob.find(middle)
    while at >= 0:
        found.append(at)
        at = blob.find(middle, at + 1)
    return _codes(found)


def _distinct(ascending: Ints) -> Ints:
    keep = np.ones(len(ascending), bool)
    keep[1:] = ascending[1:] != ascending[:-1]
    return ascending[keep]


def _over_lines(lexicon: Strings, test: Test) -> Ints:
    """Run a pattern over all values at once; each is a line of its own."""
    pattern = compiled(f"(?m)^(?:{test.value})$", test.cased)
    text, starts = lexicon.lines()
    found = np.fromiter((match.start() for match in pattern.finditer(text)), np.int64)
    codes = np.searchsorted(starts, found, side="right") - 1
    if len(lexicon):
        codes = codes[starts[codes] == found]  # not behind the last line
    kept: Ints = codes[lexicon.offsets[codes + 1] > lexicon.offsets[codes]] if len(lexicon) else codes[:0]
    return kept
