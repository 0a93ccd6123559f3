"""Which stretches did the recogniser invent?  Loops, and endings after the speech is over.

A recogniser of the Whisper kind that loses the thread writes the same words again and again, and over music or silence
it writes what often stands there in its training material: thanks, farewells, credits of subtitlers.  Nothing is taken
out: the words stay as captioned, and what is found is reported.

**Loops** are found among the words, not the pieces: a loop that is cut differently each time is the same loop.  A phrase
of p words said k times in a row is one when its repeats alone are 24 words or more and k is 3 or more: people do say
*get your hands off me* three times, but not a sentence of eight words four times.  Phrases of up to four words are chants,
refrains and answers (*no no no*, *we will win*): they are loops from 12 times on.  Whatever its length, a phrase said 6
times or more is one where nobody could say it so fast (8 words a second; quick speakers reach 6), and pieces that are the
same are one where each stands for half a minute, which is how music is cut up.

**Endings** are judged by what they follow: *thank you* ends half of all interviews.  The last pieces are invented where
they hold nothing but such words and the recogniser itself heard no speech, or nothing was said for 8 seconds before, or
where they are a lone *you*.  Credits (*Subtitles by …*) are never said aloud and need no silence.

Chosen on every second of 1,239 Whisper transcripts of television news and read through on the others, where 29 of 31
findings were right at first sight.  The wrong ones were chants, which led to the rule for four words; the refrain of a
song and a stammer, met in other material, led from 16 repeated words to 24.  All 94 findings of the two halves are
right now, as far as can be told without the sound; who counts a numbered auction will still be taken for a loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from crosscut.clean.times import Int64
from crosscut.model import Transcript

#: What decides: see above.
REPEATED_WORDS, LEAST = 24, 3
CHANT, CHANTED = 4, 12
HURRIED, FASTEST_WORDS_A_SECOND = 6, 8
#: The same piece so many times, each for so many ms on average.
STRETCHED = ((3, 25_000), (5, 15_000))
#: Longest phrase that is looked for: 60 words are 20 seconds of speech; Whisper hears 30 at a time.
LONGEST = 60
#: Silence before an ending, and how long a word lasts at most when a piece ends late.
SILENCE_MS, WORD_MS = 8_000, 667
#: Whisper's own threshold for "there is no speech".
NO_SPEECH = 0.6
#: At most so many pieces are an ending.
_LAST = 6
_SHOWN = 60
#: Lengths of phrase from which on a look at every so manieth word rules out most.
_STRIDE = 13
#: Loops that are named one by one.
_MOST = 3

# Scripts without blanks: two characters count as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*")
_WORD_OR_END = re.compile(rf"{_WORD.pattern}|\n")
_SENTENCE = re.compile(r"[.,!?…。，！？]+")
_FAREWELLS = """
you / thank you / thanks / thank you so much / thank you very much / thanks for watching / thank you for watching
thanks so much for watching / thank you so much for watching / thank you for listening / thanks for listening
please subscribe / subscribe / bye / bye bye / goodbye / see you next time / see you in the next video
i'll see you next time / i'll see you in the next video / we'll be right back
vielen dank / danke / vielen dank fürs zuschauen / danke fürs zuschauen / tschüss / bis zum nächsten mal / bis bald
merci / merci beaucoup / merci d'avoir regardé / merci d'avoir regardé cette vidéo / au revoir / à bientôt
gracias / muchas gracias / gracias por ver / gracias por ver el video / gracias por ver el vídeo / adiós
suscríbete / suscríbete al canal / hasta la próxima / obrigado / obrigado por assistir / grazie / ciao
grazie per la visione / спасибо / спасибо за просмотр / спасибо за внимание / до свидания / продолжение следует
شكرا / شكرا لكم / شكرا للمشاهدة / ご視聴ありがとうございました / ありがとうございました / 谢谢大家 / 谢谢观看 / 感谢观看
시청해주셔서 감사합니다 / 감사합니다
"""
_CREDIT = re.compile(
    r"amara\.org|otter\.ai|castingwords"
    r"|^\W*(?:(?:sub)?titles?|captions?|captioned|transcri\w{1,8}|translat\w{1,5}) by\b"
    r"|^\W*untertitel(?:ung)?\b.{0,40}\b(?:von|zdf|ard|funk|swr|wdr|ndr|mdr|br)\b"
    r"|^\W*sous-titr\w{1,6}\b.{0,40}\b(?:par|st)\b|^\W*subt[ií]tul\w{1,6} (?:realizad\w{1,3} )?por\b"
    r"|^\W*legendas? (?:por|pela)\b|^\W*sottotitoli (?:creati |a cura )?d|^\W*字幕"
    r"|^\W*(?:редактор субтитров|субтитры (?:сделал|создавал|делал))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """Pieces ``first`` to ``stop - 1``, the ``kind`` ("loop", "ending") and ``why``, for a person to read."""

    first: int
    stop: int
    kind: str
    why: str


def invented(
    pieces: Sequence[str], starts: Sequence[int], ends: Sequence[int], unheard: Sequence[float] = (),
) -> list[Found]:
    """Find what was invented among the pieces of a transcript, in order; times are ms, empty where none are known.

    ``unheard`` is how sure the recogniser was of each piece that nobody spoke, 0 to 1 (``no_speech_prob``).
    """
    loops = list(_loops(pieces, starts, ends))
    ending = [one for one in _ending(pieces, starts, ends, unheard)
              if not any(loop.first <= one.first and one.stop <= loop.stop for loop in loops)]
    return sorted(loops + ending, key=lambda found: (found.first, found.stop))


def in_transcript(heard: Transcript) -> list[str]:
    """Say what was invented in a recogniser's transcript, its pieces being what has a time."""
    bounds = [*heard.offsets.tolist(), len(heard.text)]
    pieces = [heard.text[begin:end] for begin, end in pairwise(bounds)]
    return named(invented(pieces, heard.starts.tolist(), heard.ends.tolist()), heard.starts.tolist())


def named(found: Sequence[Found], starts: Sequence[int]) -> list[str]:
    """Say what was found, and when it is heard, for a person to read; of many loops the first few."""
    why_when = [f"{one.why} at {_clock(starts[one.first])}" if len(starts) else one.why for one in found]
    said = [f"loop: {why}" for one, why in zip(found, why_when, strict=True) if one.kind == "loop"]
    more = [f"{len(said) - _MOST} more loops"] if len(said) > _MOST else []
    endings = [f"hallucinated ending: {why}" for one, why in zip(found, why_when, strict=True) if one.kind == "ending"]
    return said[:_MOST] + more + endings


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1_000 % 60:02}"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))


def _loops(pieces: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> Iterator[Found]:
    words, own, said = _coded(pieces)
    known = np.zeros(len(said), dtype=np.bool_)  # in a loop of a shorter phrase
    for size in _sizes(said):
        for begin, stop in repeated(said, size):
            times = (stop - begin) // size
            first, last = int(own[begin]), int(own[begin + times * size - 1])
            lasting, over = ends[last] - starts[first] if len(starts) else 0, last + 1 - first
            if _is_loop(size, times, lasting, over) and 2 * np.count_nonzero(known[begin:stop]) < stop - begin:
                known[begin:stop] = True
                yield Found(first, last + 1, "loop", _told(" ".join(words[begin:begin + size]), times, over))


def _sizes(said: Int64) -> list[int]:
    """Give the lengths of phrase that may be said three times in a row: the short ones, and few of the others.

    Two more turns of a phrase longer than the stride hold two neighbours of every so manieth word, each with its like.
    """
    longest = min(LONGEST, len(said) // LEAST)
    at, long = np.arange(0, len(said), _STRIDE), np.arange(_STRIDE, longest + 1)
    ahead = at[:, None] + long
    same = (ahead < len(said)) & (said[np.minimum(ahead, len(said) - 1)] == said[at][:, None])
    return [*range(1, min(_STRIDE, longest + 1)), *long[(same[1:] & same[:-1]).any(axis=0)].tolist()]


def _coded(pieces: Sequence[str]) -> tuple[list[str], Int64, Int64]:
    """Give the words of all pieces, the piece of each, and its hash."""
    text = "\n".join(piece.replace("\n", " ") for piece in pieces)
    words = _WORD_OR_END.findall(text.casefold().replace("’", "'"))
    said = np.fromiter(map(hash, words), np.int64, len(words))
    inside = said != hash("\n")
    return [word for word in words if word != "\n"], np.cumsum(~inside, dtype=np.int64)[inside], said[inside]


def repeated(said: Int64, size: int) -> Iterator[tuple[int, int]]:
    """Give the stretches, as long as can be, that say the same ``size`` words three times or more.

    A phrase that is itself a shorter one several times over is left out.
    """
    each = said[size::size] == said[:-size:size]  # a stretch that long holds two neighbours of every size-th word
    if not (each[1:] & each[:-1]).any():
        return
    same = np.concatenate(([False], said[size:] == said[:-size], [False]))
    turns = np.flatnonzero(same[1:] != same[:-1])
    begins, stops = turns[::2], turns[1::2]
    for at in np.flatnonzero(stops - begins >= (LEAST - 1) * size).tolist():
        begin = int(begins[at])
        if not _is_shorter(said[begin:begin + size]):
            yield begin, int(stops[at]) + size


def _is_shorter(phrase: Int64) -> bool:
    size = len(phrase)
    return any(size % part == 0 and bool((phrase[part:] == phrase[:-part]).all()) for part in range(1, size // 2 + 1))


def _is_loop(size: int, times: int, lasting: int, over: int) -> bool:
    """Say whether ``size`` words said ``times`` times in ``lasting`` ms, over so many pieces, are an invention."""
    if times >= HURRIED and 0 < lasting * FASTEST_WORDS_A_SECOND < size * times * 1_000:
        return True
    if over == times and any(times >= least and lasting >= each * times for least, each in STRETCHED):
        return True
    return times >= CHANTED if size <= CHANT else size * (times - 1) >= REPEATED_WORDS


def _told(phrase: str, times: int, over: int) -> str:
    often = f"“{_short(phrase)}” {times} times"
    return f"{over} segments repeat {often}" if over > 1 else f"{often} in one segment"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN - 1]}…"


def _ending(
    pieces: Sequence[str], starts: Sequence[int], ends: Sequence[int], unheard: Sequence[float],
) -> Iterator[Found]:
    """Find the pieces after the speech is over, if there are any: see above for what counts."""
    filled = [at for at, piece in enumerate(pieces) if _WORD.search(piece)]
    begin = None
    for place in range(len(filled) - 1, max(len(filled) - 1 - _LAST, -1), -1):
        at, before = filled[place], filled[place - 1] if place else None
        credit = _CREDIT.search(pieces[at]) is not None
        if not credit and not _is_farewell(pieces[at]):
            break
        doubted = at < len(unheard) and unheard[at] > NO_SPEECH
        quiet = before is not None and len(starts) > 0 and _quiet(pieces, starts, ends, before, at)
        if credit or doubted or quiet or (before is not None and at == filled[-1] and _left_over(pieces, before, at)):
            begin = at
    if begin is not None:
        text = " ".join(" ".join(pieces[begin:filled[-1] + 1]).split())
        yield Found(begin, filled[-1] + 1, "ending", f"“{_short(text)}”")


_KNOWN = frozenset(" ".join(_words(line)) for line in _FAREWELLS.replace("\n", " / ").split(" / ") if line)


def _is_farewell(piece: str) -> bool:
    """Say whether a piece is nothing but thanks and farewells."""
    parts = [" ".join(_words(part)) for part in _SENTENCE.split(piece)]
    return all(part in _KNOWN for part in parts if part)


def _quiet(pieces: Sequence[str], starts: Sequence[int], ends: Sequence[int], before: int, at: int) -> bool:
    """Say whether nothing was said for long between two pieces; one that ends late was over when it could be."""
    spoken = min(ends[before] - starts[before], len(_words(pieces[before])) * WORD_MS)
    return starts[at] - starts[before] - spoken >= SILENCE_MS


def _left_over(pieces: Sequence[str], before: int, at: int) -> bool:
    """Say whether a lone *you* is all that there is; the piece before might end in its *thank*."""
    return _words(pieces[at]) == ["you"] and _words(pieces[before])[-1] not in ("thank", "see")
