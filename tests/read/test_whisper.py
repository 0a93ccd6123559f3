"""Are the outputs of Whisper and its kin read, whichever tool wrote them, and is what they invented named?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.model import Track
from crosscut.read import File, Mapping, recognise, whisper

from .fixtures import as_json, only


def segment(text: str, start: float, end: float, **more: object) -> dict[str, Any]:
    return {"id": 0, "seek": 0, "start": start, "end": end, "text": text, "tokens": [50364], "temperature": 0.0,
            "avg_logprob": -0.2, "compression_ratio": 1.2, "no_speech_prob": 0.01} | more


def word(text: str, start: float | None, end: float | None, key: str = "word", sure: str = "probability") -> dict[str, Any]:
    times = {} if start is None else {"start": start, "end": end, sure: 0.9}
    return {key: text, **times}


OPENAI: dict[str, Any] = {"text": " The ferry sails again. Why?", "language": "en", "segments": [
    segment(" The ferry sails again.", 0.0, 2.5, words=[
        word(" The", 0.0, 0.3), word(" ferry", 0.3, 0.9), word(" sails", 0.9, 1.4), word(" again.", 1.4, 2.5)]),
    segment(" Why?", 4.0, 4.5, words=[word(" Why?", 4.0, 4.5)])]}
WHISPERX: dict[str, Any] = {"segments": [
    {"start": 0.5, "end": 2.0, "text": " On May 3 the quay", "speaker": "SPEAKER_00", "words": [
        word("On", 0.5, 0.6, sure="score"), word("May", 0.7, 0.9, sure="score"), word("3", None, None),
        word("the", 1.2, 1.3, sure="score"), word("quay", 1.4, 1.9, sure="score")]},
    {"start": 2.5, "end": 3.0, "text": "1,200", "speaker": "SPEAKER_01", "words": [word("1,200", None, None)]},
    *({"start": at, "end": at + 1, "text": "closed again.", "speaker": "SPEAKER_00", "words": [
        word("closed", at, at + 0.4, sure="score"), word("again.", at + 0.5, at + 1, sure="score")]} for at in range(4, 44, 2)),
], "word_segments": [word("On", 0.5, 0.6, sure="score")], "language": "en"}
CPP: dict[str, Any] = {
    "systeminfo": "AVX = 1", "model": {"type": "base"}, "params": {"model": "base.bin", "language": "auto", "translate": False},
    "result": {"language": "de"}, "transcription": [
        {"timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"}, "offsets": {"from": 0, "to": 2_000}, "text": " Die Fähre fährt.",
         "tokens": [{"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}}, {"text": " Die", "offsets": {"from": 0, "to": 300}},
                    {"text": " F", "offsets": {"from": 300, "to": 400}}, {"text": "äh", "offsets": {"from": 400, "to": 500}},
                    {"text": "re", "offsets": {"from": 500, "to": 600}}, {"text": " fährt", "offsets": {"from": 900, "to": 1_400}},
                    {"text": ".", "offsets": {"from": 1_400, "to": 2_000}}, {"text": "[_TT_100]", "offsets": {"from": 2_000, "to": 2_000}}]},
        {"timestamps": {}, "offsets": {"from": 2_500, "to": 3_000}, "text": " Warum?",
         "tokens": [{"text": " Warum", "offsets": {"from": 2_500, "to": 2_800}}, {"text": "?", "offsets": {"from": 2_800, "to": 3_000}}]}]}
CHUNKS: dict[str, Any] = {"text": " The ferry sails. Why?", "chunks": [
    {"timestamp": [0.0, 2.0], "text": " The ferry sails."}, {"timestamp": [3.0, None], "text": " Why?"}]}
FORMS = [OPENAI, WHISPERX, CPP, CHUNKS, OPENAI["segments"]]


def track(whole: object, name: str = "x.json") -> Track:
    record = only(name, as_json(whole))
    assert record.reason == ""
    return record.tracks[0]


def starts(whole: object) -> list[tuple[str, int]]:
    heard = track(whole).transcript
    ends = [*heard.offsets.tolist()[1:], len(heard.text)]
    return [(heard.text[begin:end].strip(), start)
            for begin, end, start in zip(heard.offsets.tolist(), ends, heard.starts.tolist(), strict=True)]


def test_openai() -> None:
    record = only("Ferry [Ab-3dEf_7Hi].json", as_json(OPENAI | {"duration": 12.5, "task": "transcribe", "model": "large-v3"}))
    assert record.facts == {"platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en", "duration_ms": 12_500}
    assert record.extra == (("task", "transcribe"), ("model", "large-v3"))
    (one,) = record.tracks
    assert (one.kind, one.language, one.evidence) == ("asr", "en", "2 segments of a recogniser with word times")
    assert (one.transcript.text, one.transcript.word_timed) == ("The ferry sails again. Why?", True)
    assert one.transcript.starts.tolist() == [0, 300, 900, 1_400, 4_000]
    assert one.transcript.ends.tolist() == [300, 900, 1_400, 2_500, 4_500]


def test_segments_without_words() -> None:
    bare = {"text": "", "language": "English", "segments": [segment(" One.", 0, 1), segment(" Two.", 1.5, 2)]}
    heard = track(bare)
    assert (heard.language, heard.transcript.text, heard.transcript.word_timed) == ("en", "One. Two.", False)
    assert heard.transcript.starts.tolist() == [0, 1_500]
    assert track([{"start": 0, "end": 1, "text": "One.", "avg_logprob": -1}]).transcript.text == "One."


def test_a_word_without_a_time_takes_the_one_before() -> None:
    assert starts(WHISPERX)[:7] == [("On", 500), ("May", 700), ("3", 700), ("the", 1_200), ("quay", 1_400), ("1,200", 2_500),
                                    ("closed", 4_000)]
    one = track(WHISPERX)
    assert one.transcript.word_timed
    assert one.evidence == ("22 segments of a recogniser with word times; 1 segments have no word times; 2 speakers told apart; "
                            "loop: 20 segments repeat “closed again” 20 times at 0:00:04")
    few = WHISPERX | {"segments": WHISPERX["segments"][:2]}
    assert not track(few).transcript.word_timed  # half of the segments have none


def test_words_of_a_file_beside_its_segments() -> None:
    whole = {"task": "transcribe", "language": "english", "duration": 3.0, "text": "The ferry, No. 7, sails.",
             "segments": [segment(" The ferry, No. 7,", 0, 2), segment(" sails.", 2, 3)],
             "words": [word(text, at, at + 0.5) for at, text in enumerate(("The", "ferry", "No", "7", "sails"))]}
    assert starts(whole) == [("The", 0), ("ferry,", 1_000), ("No.", 2_000), ("7,", 3_000), ("sails.", 4_000)]


def test_disfluencies_and_words_of_another_text() -> None:
    said = [word("[*]", 0, 0.1, "text", "confidence"), word("The", 0.1, 0.3, "text", "confidence"),
            word("ferry.", 0.3, 0.5, "text", "confidence")]
    assert starts({"segments": [segment(" The ferry.", 0, 1, words=said)], "language": "en"}) == [("The", 100), ("ferry.", 300)]
    other = {"segments": [segment(" Die Fähre fährt.", 0, 1, words=said)], "language": "de"}
    assert starts(other) == [("Die Fähre fährt.", 0)]
    assert not track(other).transcript.word_timed


def test_a_word_that_was_not_listed_stays_in_the_text() -> None:
    words = [word(" The", 0, 0.2), word(" red", 0.2, 0.4), word(" ferry", 0.4, 0.6), word(" sails", 0.6, 0.8), word(" now.", 1, 2)]
    assert starts([segment(" The red old ferry sails now.", 0, 2, words=words)]) == [
        ("The", 0), ("red old", 200), ("ferry", 400), ("sails", 600), ("now.", 1_000)]


def test_whisper_cpp() -> None:
    assert starts(CPP) == [("Die", 0), ("Fähre", 300), ("fährt.", 900), ("Warum?", 2_500)]
    assert (track(CPP).language, track(CPP).transcript.word_timed) == ("de", True)
    bare = json.loads(as_json(CPP))
    for one in bare["transcription"]:
        del one["tokens"]
    assert starts(bare) == [("Die Fähre fährt.", 0), ("Warum?", 2_500)]
    assert track(bare | {"params": {"language": "de", "translate": True}}).kind == "translated"
    assert track(bare | {"params": {"language": "de", "translate": True}}).language == "en"


@pytest.mark.parametrize("blank", [" ", ""])
def test_segments_that_are_words(blank: str) -> None:
    listed = [{"timestamp": [at, at + 0.5], "text": f"{blank}{text}"} for at, text in enumerate(("The", "ferry", "sails", "now."))]
    one = track({"text": "The ferry sails now.", "chunks": listed})
    assert (one.transcript.text, one.transcript.word_timed) == ("The ferry sails now.", True)
    assert one.transcript.starts.tolist() == [0, 1_000, 2_000, 3_000]


def test_chunks() -> None:
    assert starts(CHUNKS) == [("The ferry sails.", 0), ("Why?", 3_000)]


def test_scripts_without_blanks() -> None:
    words = [word(one, at, at + 1) for at, one in enumerate("船は出ます")]
    assert starts([segment("船は出ます。", 0, 5, words=words)]) == [("船", 0), ("は", 1_000), ("出", 2_000), ("ま", 3_000), ("す。", 4_000)]


def test_what_was_invented_stays_and_is_named() -> None:
    said = [segment(" The ferry sails again.", 0, 3)]
    said += [segment(" We have a number of boats that are here to help.", at, at + 2) for at in range(3, 13, 2)]
    said += [segment(" So, so, so, so it goes.", 13, 14, compression_ratio=3.1)]
    said += [segment(" Thanks for watching!", 20, 22, no_speech_prob=0.8)]
    one = track({"text": "", "segments": said, "language": "en"})
    assert one.transcript.text.count("number of boats") == 5
    assert one.transcript.text.endswith("Thanks for watching!")
    assert one.evidence == (
        "8 segments of a recogniser; loop: 5 segments repeat “we have a number of boats that are here to help” 5 times at 0:00:03; "
        "hallucinated ending: “Thanks for watching!” at 0:00:20; "
        "1 other segments repeat themselves (compression_ratio over 2.4)")


def test_silence_has_no_text() -> None:
    record = only("x.json", '{"text": "", "segments": [], "language": "en"}')
    assert (record.reason, record.tracks) == ("no text", ())


@pytest.mark.parametrize("whole", [
    {"segments": [{"text": "a", "start": 0, "end": 1}], "videoId": "x"}, {"segments": [{"start": 0}], "language": "en"}, {"segments": []},
    {"segments": 3, "text": "", "language": "en"}, {"chunks": ["a"]}, {"chunks": [{"timestamp": "0:01", "text": "a"}]}, [], [1], [{}],
    {"transcription": "words", "offsets": 1}, {"compression_ratio": 2.0}, [{"text": "a", "start": 0, "duration": 1}],
    {"events": [{"segments": 1, "avg_logprob": 2}]}])
def test_other_json_is_none(whole: object) -> None:
    assert recognise(File("x.json", as_json(whole).encode())) is None


def test_a_users_mapping_knows_better() -> None:
    mapping = Mapping.parse("mine", {"form": "json", "kind": "asr", "fields": {"id": "clip", "segments": "segments"}})
    data = as_json({"clip": "a-1", "segments": OPENAI["segments"]}).encode()
    assert recognise(File("x.json", data)) is whisper
    assert recognise(File("x.json", data, (mapping,))) is not whisper


WORDS = st.lists(st.tuples(st.text("abcdefghäé'-,.", min_size=1, max_size=8).filter(lambda text: any(map(str.isalnum, text))),
                           st.integers(0, 2_000)), min_size=1, max_size=30)


@given(WORDS, st.booleans())
def test_words_and_times_come_back(said: list[tuple[str, int]], blanks: bool) -> None:
    at, words = 0, []
    for text, lasting in said:
        words.append(word(f" {text}" if blanks else text, at / 1_000, (at + lasting) / 1_000))
        at += lasting + 1
    heard = track([segment(" " + " ".join(text for text, _ in said), 0, at / 1_000, words=words)]).transcript
    assert heard.text == " ".join(text for text, _ in said)
    assert heard.starts.tolist() == [round(one["start"] * 1_000) for one in words]
    assert heard.ends.tolist() == [round(one["end"] * 1_000) for one in words]
    assert heard.word_timed
