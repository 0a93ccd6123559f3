"""Small studies that tell stories: each topic has words of its own, among words that everybody says."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from crosscut.workbench.corpus import Corpus, open_corpus
from tests.studies import PLAIN, built, record

#: A topic's own words.
TOPICS = {
    "ferry": "ferry harbour captain passengers capsized divers lifeboat hull coastguard wreck drowned pier salvage tide",
    "strike": "strike union wages railway drivers walkout pickets employers bargaining timetable commuters ballot pay dispute",
    "storm": "storm hurricane winds flooded roofs shelters evacuated landfall rainfall rivers levee gusts forecasters damage",
    "vote": "election ballots candidate turnout polling parliament coalition seats majority recount exit constituency winner",
    "bank": "bank lender deposits collapse regulator bailout shareholders liquidity branches savings merger insolvency bonds",
}
COMMON = "today there were people who said that it was more than what they had seen before and after this year again"


def text(topic: str, seed: int, words: int = 90) -> str:
    """What somebody says of a topic: a third of the words are the topic's."""
    chance = random.Random(f"{topic}{seed}")
    return " ".join(chance.choice((TOPICS[topic] if chance.random() < 0.4 else COMMON).split()) for _ in range(words))


def clip(number: int, topic: str, day: int, *, outlet: str = "en_AAA", words: int = 90, title: str = "") -> str:
    """A record of a clip about a topic on a day of September 2023."""
    return record(f"vid{number:08}", text(topic, number, words), outlet=outlet, date=f"202309{day:02}",
                  title=title or f"The {TOPICS[topic].split()[number % 10]} of the {topic}")


def study(folder: Path, clips: Sequence[str], settings: str = "") -> Corpus:
    """A built study of clips."""
    return built(folder, clips, PLAIN + settings)


def again(corpus: Corpus) -> Corpus:
    """The study opened again, as it is now."""
    return open_corpus(corpus.study.folder)


def bcubed(found: Mapping[str, str], truth: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F of a grouping (Bagga & Baldwin 1998), over the things that both speak of."""
    both = sorted(found.keys() & truth.keys())
    precision = recall = 0.0
    for one in both:
        together = {other for other in both if found[other] == found[one]}
        right = {other for other in both if truth[other] == truth[one]}
        precision += len(together & right) / len(together) / len(both)
        recall += len(together & right) / len(right) / len(both)
    return precision, recall, 2 * precision * recall / (precision + recall)
