"""Which language is meant?  Names and three-letter codes, as recognisers and libraries write them, as BCP 47 has it."""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
#: All that Whisper knows by name.
_NAMES = """
af afrikaans am amharic ar arabic as assamese az azerbaijani ba bashkir be belarusian bg bulgarian bn bengali bo tibetan
br breton bs bosnian ca catalan cs czech cy welsh da danish de german el greek en english es spanish et estonian
eu basque fa persian fi finnish fo faroese fr french gl galician gu gujarati ha hausa haw hawaiian he hebrew hi hindi
hr croatian hu hungarian hy armenian id indonesian is icelandic it italian ja japanese jv javanese ka georgian kk kazakh
km khmer kn kannada ko korean la latin lb luxembourgish ln lingala lo lao lt lithuanian lv latvian mg malagasy mi maori
mk macedonian ml malayalam mn mongolian mr marathi ms malay mt maltese my myanmar ne nepali nl dutch nn nynorsk
no norwegian oc occitan pa punjabi pl polish ps pashto pt portuguese ro romanian ru russian sa sanskrit sd sindhi
si sinhala sk slovak sl slovenian sn shona so somali sq albanian sr serbian su sundanese sv swedish sw swahili ta tamil
te telugu tg tajik th thai tk turkmen tl tagalog tr turkish tt tatar uk ukrainian ur urdu uz uzbek vi vietnamese
yi yiddish yo yoruba yue cantonese zh chinese es castilian my burmese nl flemish ro moldavian si sinhalese zh mandarin
"""
#: Three letters (ISO 639-2, both kinds) of languages of television news.
_THREE = """
ar ara bg bul cs ces cs cze da dan de deu de ger el ell el gre en eng es spa et est fa fas fa per fi fin fr fra fr fre
he heb hi hin hr hrv hu hun id ind it ita ja jpn ka geo ka kat ko kor lt lit lv lav nl dut nl nld no nor pl pol ps pus
pt por ro ron ro rum ru rus sk slk sk slo sl slv sq alb sq sqi sr srp sv swe th tha tl tgl tr tur uk ukr ur urd vi vie
zh chi zh zho
"""
_OLD = {"iw": "he", "in": "id", "jw": "jv", "ji": "yi"}  # codes that were replaced; Whisper still writes "jw"


def _table(pairs: str) -> dict[str, str]:
    words = pairs.split()
    return dict(zip(words[1::2], words[::2], strict=True))


_CODES = _table(_NAMES) | _table(_THREE)


def language_code(said: object) -> str:
    """Give the code of what is said to be a language ("English", "eng", "en", "pt_BR", "<|en|>"), or ""."""
    if not isinstance(said, str) or len(said) > 40:
        return ""
    text = said.strip("<|> \t\n").replace("_", "-")
    bare = text.lower()
    if bare in _CODES:
        return _CODES[bare]
    first, _, rest = text.partition("-")
    code = f"{first.lower()}-{rest}" if rest else first.lower()
    return _OLD.get(code, code) if _CODE.fullmatch(code) and bare not in ("und", "mul", "zxx") else ""
