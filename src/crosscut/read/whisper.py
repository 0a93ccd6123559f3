"""Whisper and its kin: JSON of segments, and perhaps of words.

=====================  ==========================================================================================
openai-whisper         ``segments`` of ``start``, ``end`` (s), ``text``; ``words`` of ``word`` (with its blank)
faster-whisper         the same, or the bare list of segments
whisper-timestamped    the same; a word is ``text``, and ``[*]`` stands where somebody faltered
OpenAI's interface     the same; ``words`` of the whole file, without stops, beside the segments; "english"
WhisperX               ``words`` without blanks, numbers without times; ``word_segments``, ``speaker``
whisper.cpp            ``transcription`` of ``offsets`` (ms) and ``text``; ``tokens`` that are parts of words
Transformers           ``chunks`` of ``timestamp`` [start, end] (s) and ``text``: segments or words
=====================  ==========================================================================================

The text is that of the segments; words only say when.  What the recogniser probably invented stays in it, and the
evidence names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crosscut.clean.loops import invented, named
from crosscut.clean.text import plain, sound, transcript
from crosscut.errors import UnreadableFile
from crosscut.model import Record, Track, Transcript
from crosscut.read.columns import told
from crosscut.read.dates import milliseconds
from crosscut.read.decode import head, json_of, mentions
from crosscut.read.file import File
from crosscut.read.languages import language_code
from crosscut.read.names import name_facts, split

NAME = "Whisper JSON"
ROLE = "captions"

Object = dict[str, object]

#: Of the many keys of a segment those that no other recogniser and no hand writes.
_MARKS = ("avg_logprob", "no_speech_prob", "compression_ratio", "temperature", "seek")
#: How sure it is of a word.
_SURE = ("probability", "score", "confidence")
#: Beside these, a file with ``segments`` might be anybody's.
_OWN = frozenset(("text", "segments", "language", "word_segments", "words", "duration", "task", "language_probability",
                  "language_probs", "all_language_probs", "duration_after_vad", "model", "usage"))
#: Other lists, and what each item of them has.
_FORMS = (("word_segments", "word", str), ("transcription", "offsets", dict), ("chunks", "timestamp", list))
#: Whisper's own threshold for text that repeats itself.
_RATIO = 2.4
#: So many of a hundred segments may lack word times (music, numbers) in a track that has them.
_UNTIMED = 5
#: So many of a hundred words may not be found in the text of their segment; beyond that they are of another text.
_STRANGE = 20
#: A word is looked for so many characters ahead, when words before it were not listed.
_FAR = 200
#: A segment of one word lasts no longer on average; a sentence of a script without blanks does.
_WORD_MS = 1_500
_SPECIAL = re.compile(r"\[_[A-Z_]+[0-9]*_?\]|<\|[^|<>]{0,20}\|>")
_CHARACTER = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
#: A file with no more segments of one word than this may be of short answers.
_FEW = 3


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as the recogniser wrote it, in ms; None where it says no time."""

    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class _Segment:
    """One segment in ms; ``unheard`` is how sure the recogniser was that nobody spoke, ``ratio`` how well it packs."""

    text: str
    start: int | None
    end: int | None
    words: tuple[_Word, ...] = ()
    unheard: float = 0.0
    ratio: float = 0.0
    speaker: str = ""


def recognise(file: File) -> bool:
    """Tell by the names of keys, and then by the form of the whole."""
    if head(file).lstrip("\ufeff \t\r\n")[:1] not in ("{", "[") or not any(
            mentions(file, f'"{key}"') for key in ("segments", *(key for key, _, _ in _FORMS), *_MARKS, *_SURE)):
        return False
    try:
        return _listed(json_of(file)) is not None
    except UnreadableFile:
        return False


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    whole = json_of(file)
    listed = _listed(whole)
    if listed is None:
        raise UnreadableFile("no captions", "there is no list of segments")
    about = whole if isinstance(whole, dict) else {}
    segments = list(map(_segment, listed))
    language = _language(about) or split(file.name)[1]
    facts = name_facts(file.name, language) | ({"language": language} if language else {})
    if (length := milliseconds(about.get("duration"), "s") or 0) > 0:
        facts["duration_ms"] = length
    extra = tuple((sound(key), text) for key, value in about.items()
                  if key not in ("text", "language", "duration") and (text := _scalar(value)))
    heard, evidence = _track(segments, _words_of(about))
    if not heard.text:
        yield Record(file.data, facts, (), "", extra, reason="no text")
        return
    kind = "translated" if _translated(about) else "asr"
    yield Record(file.data, facts, (Track(heard, kind, language, evidence="; ".join(evidence)),), "", extra)


def _scalar(value: object) -> str:
    return "" if isinstance(value, list) else told(value)


def _listed(whole: object) -> list[Object] | None:
    """Give the segments of a file of these forms, whichever; None where it has another form."""
    if isinstance(whole, list):
        return _objects(whole) if _is_marked(whole) else None
    if not isinstance(whole, dict):
        return None
    segments = whole.get("segments")
    if isinstance(segments, list) and (segments or isinstance(whole.get("text"), str)):
        own = whole.keys() <= _OWN and not whole.keys().isdisjoint(("text", "language", "word_segments"))
        fits = all("text" in one for one in _objects(segments)[:1])
        return _objects(segments) if fits and (own or _is_marked(segments)) else None
    for key, inner, form in _FORMS:
        found = whole.get(key)
        if isinstance(found, list) and found and isinstance(found[0], dict) and isinstance(found[0].get(inner), form):
            return _objects(found)
    return None


def _objects(listed: Iterable[object]) -> list[Object]:
    return [one for one in listed if isinstance(one, dict)]


def _is_marked(segments: Sequence[object]) -> bool:
    first = segments[0] if segments else None
    if not isinstance(first, dict) or not isinstance(first.get("text"), str) or "start" not in first:
        return False
    words = first.get("words")
    word = words[0] if isinstance(words, list) and words else None
    return any(mark in first for mark in _MARKS) or (isinstance(word, dict) and any(sure in word for sure in _SURE))


def _segment(said: Object) -> _Segment:
    offsets, timestamp = said.get("offsets"), said.get("timestamp")
    if isinstance(offsets, dict):
        start, end = milliseconds(offsets.get("from"), "ms"), milliseconds(offsets.get("to"), "ms")
    elif isinstance(timestamp, list) and len(timestamp) == 2:
        start, end = milliseconds(timestamp[0], "s"), milliseconds(timestamp[1], "s")
    else:
        start, end = milliseconds(said.get("start"), "s"), milliseconds(said.get("end"), "s")
    words = _words(said.get("words")) or tuple(_whole_words(said.get("tokens")))
    text = _text(said) or "".join(word.text if word.text[:1] == " " else f" {word.text}" for word in words)
    return _Segment(text, start, end, words, _number(said.get("no_speech_prob")), _number(said.get("compression_ratio")),
                   told(said.get("speaker")))


def _text(said: Object) -> str:
    """What a segment or a word says; the recogniser's own marks are no text."""
    text = next((value for key in ("text", "word") if isinstance(value := said.get(key), str)), "")
    return _SPECIAL.sub("", sound(text)) if "[_" in text or "<|" in text else sound(text)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else 0.0


def _words(listed: object) -> tuple[_Word, ...]:
    said = _objects(listed) if isinstance(listed, list) else []
    return tuple(_Word(_text(one), milliseconds(one.get("start"), "s"), milliseconds(one.get("end"), "s")) for one in said)


def _whole_words(tokens: object) -> Iterator[_Word]:
    """Put whisper.cpp's tokens together: a word begins with a blank, or with a character of a script without them."""
    text, start, end = "", None, None
    for token in _objects(tokens) if isinstance(tokens, list) else []:
        part, offsets = _text(token), token.get("offsets")
        if not part or not isinstance(offsets, dict):
            continue
        if text and (part[0] == " " or _CHARACTER.match(part)):
            yield _Word(text, start, end)
            text = ""
        start = start if text else milliseconds(offsets.get("from"), "ms")
        text, end = text + part, milliseconds(offsets.get("to"), "ms")
    if text:
        yield _Word(text, start, end)


def _words_of(about: Object) -> tuple[_Word, ...]:
    """The words of the whole file, for segments that have none of their own."""
    return _words(about.get("words")) or _words(about.get("word_segments"))


def _language(about: Object) -> str:
    if _translated(about):
        return "en"  # the only language that Whisper translates into
    result, parameters = about.get("result"), about.get("params")
    said = (about.get("language"), result.get("language") if isinstance(result, dict) else "",
            parameters.get("language") if isinstance(parameters, dict) else "")
    return next(filter(None, map(language_code, said)), "")


def _translated(about: Object) -> bool:
    parameters = about.get("params")
    return about.get("task") == "translate" or (isinstance(parameters, dict) and parameters.get("translate") is True)


def _track(segments: Sequence[_Segment], words: Sequence[_Word]) -> tuple[Transcript, list[str]]:
    """Join the segments, by words where these have times, and say what is odd about them."""
    starts, ends = _settled([(one.start, one.end) for one in segments])
    timed = [_timed(one, start, end) for one, start, end in zip(segments, starts, ends, strict=True)]
    spoken = [at for at, one in enumerate(segments) if one.text.strip()]
    lacking = sum(timed[at] is None for at in spoken)
    pieces = [piece for at in spoken for piece in timed[at] or [(f"{segments[at].text}\n", starts[at], ends[at])]]
    if words and lacking == len(spoken):
        whole = _Segment("\n".join(one.text for one in segments), 0, None, tuple(words))
        if found := _timed(whole, 0, max(ends, default=0)):
            pieces, lacking = found, 0
    single = bool(spoken) and _are_words(segments, starts, ends)
    word_timed = single or (100 * lacking <= _UNTIMED * len(spoken) and bool(spoken))
    if single and any(one.text[:1] == " " for one in segments):
        pieces = [(piece.removesuffix("\n"), start, end) for piece, start, end in pieces]
    heard, note = transcript([piece for piece, _, _ in pieces], [start for _, start, _ in pieces],
                             [end for _, _, end in pieces], glue="", word_timed=word_timed)
    return heard, [*_said(segments, word_timed, lacking if word_timed else 0), *filter(None, [note]),
                   *_odd(segments, starts, ends)]


def _settled(times: Sequence[tuple[int | None, int | None]]) -> tuple[list[int], list[int]]:
    """Give each its times: one without a start takes the one before, one without an end lasts until the next."""
    starts, ends, before = [], [], 0
    for start, end in times:
        before = before if start is None else start
        starts.append(before)
        ends.append(-1 if end is None else end)
    return starts, [following if end < 0 else end
                    for end, following in zip(ends, [*starts[1:], *starts[-1:]], strict=True)]


def _timed(segment: _Segment, start: int, end: int) -> list[tuple[str, int, int]] | None:
    """Give the pieces of a segment by its words, with their times; None where the words have none or are others."""
    words = [word for word in segment.words if any(map(str.isalnum, word.text))]
    if all(word.start is None for word in words):
        return None
    starts, ends = _settled([(start, None), *((word.start, word.end) for word in words), (end, None)])
    places = _places(segment.text, [word.text.strip() for word in words])
    if 100 * (len(words) - len(places)) > _STRANGE * len(words):
        return None
    bounds = [0, *(at for _, at in places[1:]), len(segment.text)]
    pieces = [(segment.text[begin:stop], starts[word + 1], ends[word + 1])
              for (word, _), (begin, stop) in zip(places, pairwise(bounds), strict=True)]
    return [*pieces[:-1], (f"{pieces[-1][0]}\n", *pieces[-1][1:])]


def _places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Find the words in their text: which of them stand where.  One that is not found next is passed over."""
    places, at = [], 0
    for number, word in enumerate(words):
        found = text.find(word, at, at + _FAR + len(word))
        if found < 0:
            continue
        skipped, after = any(map(str.isalnum, text[at:found])), found + len(word)
        if not skipped or not (text[found - 1].isalnum() or text[after:after + 1].isalnum()):
            places.append((number, found))
            at = after
    return places


def _are_words(segments: Sequence[_Segment], starts: Sequence[int], ends: Sequence[int]) -> bool:
    """Tell whether the segments are words: whisper.cpp with ``-ml 1``, Transformers asked for words."""
    spoken = [at for at, one in enumerate(segments) if one.text.strip()]
    single = sum(" " not in segments[at].text.strip() for at in spoken)
    lasting = sum(ends[at] - starts[at] for at in spoken)
    return len(spoken) > _FEW and 20 * single >= 19 * len(spoken) and 0 < lasting <= _WORD_MS * len(spoken)


def _said(segments: Sequence[_Segment], word_timed: bool, lacking: int) -> list[str]:
    speakers = {one.speaker for one in segments} - {""}
    said = [f"{len(segments)} segments of a recogniser" + (" with word times" if word_timed else "")]
    said += [f"{lacking} segments have no word times"] if lacking else []
    return said + ([f"{len(speakers)} speakers told apart"] if speakers else [])


def _odd(segments: Sequence[_Segment], starts: Sequence[int], ends: Sequence[int]) -> list[str]:
    """Name what was probably invented."""
    found = invented([plain(one.text) for one in segments], starts, ends, [one.unheard for one in segments])
    inside = {at for one in found for at in range(one.first, one.stop)}
    packed = sum(one.ratio > _RATIO for at, one in enumerate(segments) if at not in inside)
    more = [f"{packed} other segments repeat themselves (compression_ratio over {_RATIO})"] if packed else []
    return named(found, starts) + more
