"""What is left of a text in the poorest form that captions come in?

Captions differ in case, punctuation, hyphens, in how numbers are written and in whether *uh* is.  Here all of them lose
what some of them never had, so that a count on both says how much of a difference was the captions':

- forms in small letters, as the norm has them; marks, sounds and speakers gone;
- hyphenated words taken apart (*72-hour*, *cease-fire*);
- a number of any length is one token ``0``: *25*, *twenty-five*, *2.5 million*, *ten thousand*;
- fillers gone.

What cannot be levelled without knowing more stays: misheard names, what a person edited out, spellings (*ceasefire*).
"""

from __future__ import annotations

import re

import numpy as np

from crosscut.model import Int32
from crosscut.tokens import Tokens, norm

#: Changes whenever the same tokens could be levelled otherwise: part of the recipe.
VERSION = "1"

FILLERS = {
    "en": "uh um erm er uhm umm hmm hm mm mhm ah eh", "de": "äh ähm öh hm mhm hmm", "fr": "euh heu hum",
    "es": "eh mmm hm",
}
#: As the norm has them (``ß`` is ``ss``).  *One* is no number by itself (*the one who*), but after one (*twenty one*); so
#: are its like in other languages.
NUMBERS = {
    "en": "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
          "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion "
          "trillion",
    "de": "null zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
          "achtzehn neunzehn zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend "
          "million millionen milliarde milliarden",
    "fr": "zéro deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente "
          "quarante cinquante soixante cent cents mille million millions milliard milliards",
    "es": "cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
          "dieciocho diecinueve veinte veintiuno veintidós veintitrés treinta cuarenta cincuenta sesenta setenta ochenta "
          "noventa cien ciento cientos mil millón millones",
}
ONES = {"en": "one", "de": "eins", "fr": "un une", "es": "uno un una"}
NUMBER = "0"

#: What is written together with its neighbour and no word of its own: *'s*, *n't*, *l'*.
_CLITIC = re.compile(r"n't|'.+|.+'")
_DIGITS = re.compile(r"[0-9][0-9.,:⁄]*(?:st|nd|rd|th|er|e|º|ª)?")
_FILLERS, _NUMBERS, _ONES = ({language: frozenset(words.split()) for language, words in table.items()}
                             for table in (FILLERS, NUMBERS, ONES))


def levelled(tokens: Tokens, start: Int32, language: str) -> tuple[Tokens, Int32]:
    """The tokens in their poorest form, and the start of each in ms; a token taken apart keeps its time."""
    fillers, numbers, ones = (table.get(language, frozenset()) for table in (_FILLERS, _NUMBERS, _ONES))
    forms: list[str] = []
    afters: list[str] = []
    places: list[int] = []
    counting = False
    for place, (form, after) in enumerate(zip(tokens.forms, tokens.afters, strict=True)):
        for part in filter(None, norm(form).split("-")):
            if part in fillers:
                continue
            counted = part in numbers or _DIGITS.fullmatch(part) is not None or (counting and part in ones)
            if counted and counting:
                afters[-1] = " "
                continue
            counting = counted
            forms.append(NUMBER if counted else part)
            afters.append(" ")
            places.append(place)
        if places and places[-1] == place and not after and not counting:
            afters[-1] = ""  # written together with the next one: a clitic
    lengths = [len(form) + len(after) for form, after in zip(forms, afters, strict=True)]
    offsets = np.cumsum([0, *lengths])[:-1].astype(np.int32)
    return Tokens("", forms, afters, offsets), start[places]


def poor(form: str, language: str) -> list[str]:
    """What becomes of one form."""
    nowhere = np.zeros(1, np.int32)
    return levelled(Tokens("", [form], [""], nowhere), nowhere, language)[0].forms


def as_heard(form: str, language: str) -> str:
    """The one word that a form is when captions of unlike kinds are to meet; "" for fillers and clitics, which are none.

    Of a hyphenated word the last part.  Measured on 22 calls that people and three recognisers wrote down (Earnings-21):
    two of them have 88 % of their words and 67 % of four words in a row in common as norms, 90 % and 72 % so.
    """
    if _CLITIC.fullmatch(norm(form)):
        return ""
    return "".join(poor(form, language)[-1:])
