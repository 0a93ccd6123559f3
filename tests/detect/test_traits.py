"""What do words show by themselves: case where a third of a show is advertisements, and whether anybody speaks?"""

from __future__ import annotations

import numpy as np
import pytest

from crosscut.clean.text import untimed
from crosscut.detect import traits_of
from crosscut.detect.speech import FEWEST, is_speech
from crosscut.model import Traits, Transcript
from crosscut.tokens import tokenise

SAID = {
    "en": "Well, I think that you know what we did here, and so my answer is yes, because the ferry is ours. ",
    "de": "Also ich glaube, dass wir uns da einig sind, und nun frage ich euch, was mein Hafen wert ist. ",
    "es": "Pues yo creo que nosotros ya lo sabemos, y entonces usted me dice que no, porque el puerto es nuestro. ",
    "fr": "Alors moi je pense que vous savez bien ce que nous avons fait, et donc oui, le port est à nous. ",
}
TOLD = {
    "en": "The council of Port Ellery voted on Monday to close the old bridge. Works begin in spring, said the mayor. ",
    "de": "Der Rat von Ellery hat am Montag beschlossen, die alte Brücke zu sperren. Der Umbau beginnt im Frühjahr. ",
    "es": "El consejo de Ellery votó el lunes cerrar el viejo puente. Las obras empiezan en primavera, según la alcaldía. ",
    "fr": "Le conseil du port d'Ellery a voté lundi la fermeture du vieux pont. Les travaux débutent au printemps. ",
}


def traits(text: str) -> Traits:
    return traits_of(untimed(text), tokenise(text, ""))


@pytest.mark.parametrize("language", SAID)
def test_who_speaks_says_i_and_you(language: str) -> None:
    assert is_speech(SAID[language] * 8, language) is True
    assert is_speech(TOLD[language] * 8, language) is False
    assert traits(TOLD[language] * 8).speech is False


def test_quotations_are_not_the_voice_of_the_text() -> None:
    assert is_speech((TOLD["fr"] + f"« {SAID['fr']} », explique le maire. ") * 4, "fr") is False


def test_short_texts_and_other_languages_are_not_judged() -> None:
    assert is_speech(TOLD["en"], "en") is None
    assert len(tokenise(TOLD["en"], "en")) < FEWEST
    assert is_speech(TOLD["en"] * 8, "cy") is None
    assert is_speech("", "en") is None


def test_what_takes_its_time_is_speech() -> None:
    text = " ".join([TOLD["en"].strip()] * 8)
    timed = Transcript(text, np.array([0, 80], np.int32), np.array([0, 30_000], np.int32), np.array([30_000, 60_000], np.int32))
    assert traits_of(timed, tokenise(text, "")).speech is True


def test_advertisements_do_not_hide_that_a_show_is_in_capitals() -> None:
    show, spot = "THE FERRY IS LATE AGAIN. WHO SAYS SO? ", "Buy Ellery oats. They are good. "
    assert traits(show * 60 + spot * 20 + show * 60).case == "upper"
    assert traits(spot * 60 + show * 10 + spot * 60).case == "cased"


@pytest.mark.parametrize(("text", "case"), [
    ("The old ferry of Port Ellery sails again on Monday.", "cased"),
    ("The old ferry of Port Ellery sails again. Nobody knows for how long.", "cased"),
    ("the old ferry of Port Ellery sails again on Monday said the mayor", "names"),
    ("the old ferry of the harbour sails again said the mayor of the town", "lower"),
    ("So the old ferry of Port Ellery sails again. " + "and nobody knows for how long it will " * 12 + "end.", "names"),
    ("So it sails.", "none"),
])
def test_case_of_short_texts(text: str, case: str) -> None:
    assert traits(text).case == case
