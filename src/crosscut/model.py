"""What is a video, a track, a transcript, a record?  (Pure data: imports nothing of the house.)

Intervals are half-open, times are whole milliseconds from the start of the video, lengths are tokens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
import numpy.typing as npt

#: Where the words of a track came from.  Order is the default order of preference when one track is selected.
KINDS = (
    "uploaded",    # made or edited by people and published with the video
    "transcript",  # written record of the speech, made by people elsewhere
    "automatic",   # the platform's own speech recognition
    "asr",         # somebody else's speech recognition (Whisper and the like)
    "record",      # tagged text whose captions are gone (the form that the project started from)
    "live",        # captions written while a broadcast went on: capitals, errors, delay
    "translated",  # a machine's translation of another track
    "summary",     # a description of what was said, not the speech
    "unknown",
)

#: Kinds that are speech as spoken; the others never enter default counts.
SPEECH_KINDS = frozenset({"uploaded", "transcript", "automatic", "asr", "record", "live", "unknown"})

#: What a source may say about a video.  Everything else it says is kept under ``extra``.
FACTS = (
    "platform", "id", "url", "outlet", "title", "title_language", "published", "duration_ms", "programme", "format",
    "language", "description", "thumbnail", "channel", "obtained",
)

FORMATS = ("clip", "short", "show", "live", "hearing", "unknown")
PRECISIONS = ("second", "day", "month", "unknown")

#: Status of a video that counts, and of one whose captions are debris.
USABLE, LOST = "usable", "live captions with lost words"
#: Flag of a video of which a recogniser wrote something again and again.
REPEATED = "the recogniser repeats itself"
#: Views of a corpus: words as captioned, which is always made; and in the poorest form that captions come in.
FOUND, LEVELLED = "found", "levelled"
VIEWS = (FOUND, LEVELLED)

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one track as captioned, and when they are heard.

    ``text`` is what was captioned with nothing added: markup gone, entities decoded, repeats of roll-up captions
    gone; sound marks (``[Music]``) and speaker marks (``>>``) stay in it.  Anchors tie it to time: from character
    ``offsets[i]`` on, the text is heard at ``starts[i]`` until ``ends[i]`` ms.  Offsets ascend strictly.  No anchors:
    no times.  ``word_timed`` says that each word has its own anchor; otherwise a cue does, and word times are spread
    over it and marked as estimates.
    """

    text: str
    offsets: Int32
    starts: Int32
    ends: Int32
    word_timed: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """One caption track of one video, as a file gave it.  ``evidence`` says why it is of this kind."""

    transcript: Transcript
    kind: str
    language: str = ""          # BCP 47 as claimed, "" where nothing says
    variant: str = ""           # tells apart tracks of one kind and language
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What one stretch of a file says about one video.

    ``raw`` are the bytes of that stretch, untouched, and readable again by the same reader alone; ``locator`` says
    where in the file it stood (``""``: the whole file).  ``facts`` has keys of ``FACTS``; ``extra`` keeps the rest in
    order, as the file had it.  A record that cannot be used has a ``reason`` and no track.
    """

    raw: bytes
    facts: Mapping[str, str | int] = field(default_factory=dict)
    tracks: tuple[Track, ...] = ()
    locator: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """When a video was published, as precisely as the source says.

    ``text`` is ISO 8601 cut to the precision: ``2024-07-04T18:30:00+02:00``, ``2024-07-04``, ``2024-07`` or ``""``.
    """

    text: str
    precision: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of strings by code: token i has ``values[codes[i]]``."""

    values: list[str]
    codes: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, column: Iterable[str]) -> Coded:
        """Code a plain column; values in order of first appearance."""
        seen: dict[str, int] = {}
        codes = [seen.setdefault(value, len(seen)) for value in column]
        return cls(list(seen), np.array(codes, np.uint32))

    def __len__(self) -> int:
        return len(self.codes)

    def tolist(self) -> list[str]:
        """The plain column again."""
        return [self.values[code] for code in self.codes.tolist()]


#: Bits of a token's flags: a sentence begins here; nobody marked it, we cut there (pause or length); an entity begins
#: here; the time is an estimate; the token is written together with the one before it (``'s``).
SENTENCE, BOUNDED, ENTITY, ESTIMATED, GLUED = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Annotation:
    """What an annotator says of the tokens of one document, column by column.

    ``head`` is the distance to the governing token (0: root or unknown).  Layers that a language lacks are all "".
    """

    lemma: Coded
    pos: Coded
    tag: Coded
    head: npt.NDArray[np.int16]
    dep: Coded
    entity: Coded
    flags: npt.NDArray[np.uint8]


#: Sentences begin with a capital; only some words have one (names, German nouns); no word has; all letters are
#: capitals; too few letters to tell, or a script without case.
CASES = ("cased", "names", "lower", "upper", "none")
#: Capitals in which more words than this are in no dictionary have lost letters: on 53 real broadcasts at most 0.06 are,
#: names included; where each twentieth letter begins a gap of one to six, 0.11 to 0.25.  Only in languages where that was
#: tried: the capitals of others do not fold to the small letters of a dictionary (Greek accents, Turkish i).
DEBRIS, DEBRIS_IN = 0.15, ("en",)
#: The identifier's own probability from which on a language is believed.
CERTAIN = 0.99


@dataclass(frozen=True, slots=True)
class Traits:
    """Traits of one track; None where the text is too short, or has no times, to tell."""

    language: str = ""                # as identified, "" where there are no letters
    certain: float = 0.0              # the identifier's own probability
    case: str = "none"                # one of ``CASES``
    unknown: float | None = None      # share of words that the dictionary of the language does not have
    a_minute: float | None = None     # words a minute, over the whole span of the track
    longest_silence: float | None = None  # seconds
    silent: float | None = None       # share of the span in silences of more than ten seconds
    speech: bool | None = None        # whether it was said, rather than written about what was said

    @property
    def debris(self) -> bool:
        """Whether these are the remains of a live feed that lost letters on its way: not to be read, nor counted."""
        told = self.case == "upper" and self.language in DEBRIS_IN
        return told and self.unknown is not None and self.unknown >= DEBRIS

    def to_json(self) -> str:
        """As the ledger keeps them."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def of_json(cls, text: str) -> Traits:
        """As the ledger kept them; those of an older ledger are unknown."""
        return cls(**json.loads(text or "{}"))


#: Of a track that nobody has looked at.
UNKNOWN = Traits()
