"""Which language is a text in?  By py3langid (Lui and Baldwin 2012: byte n-grams, naive Bayes, 97 languages)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

#: So many characters are looked at, in three places: of 4,802 real tracks none reads otherwise with 6,000.
LOOKED_AT = 180


def identify(text: str) -> tuple[str, float]:
    """Language code and the identifier's own probability; ("", 0.0) for a text without letters."""
    looked_at = sample(text, LOOKED_AT)
    if not any(map(str.isalpha, looked_at)):
        return "", 0.0
    language, certain = _identifier().classify(looked_at.lower())  # capitals alone mislead it
    return str(language), float(certain)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second, and only for imports

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def sample(text: str, size: int) -> str:
    """A third each of the beginning, the middle and the end; the whole of a text that is not longer."""
    if len(text) <= size:
        return text
    third, middle = size // 3, len(text) // 2
    return f"{text[:third]} {text[middle : middle + third]} {text[-third:]}"
