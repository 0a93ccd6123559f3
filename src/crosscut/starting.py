"""Begin a study: a folder with a study file whose comments explain each line."""

from __future__ import annotations

import json
from pathlib import Path

from crosscut import corrections
from crosscut.errors import StudyError
from crosscut.settings import FILE
from crosscut.store.pack import write_text

TEMPLATE = '''\
# A Crosscut study.  Everything here is optional; a line that begins with # is not read.

[study]
name = {name}
# description = "What is compared, and why."
seed = 1                       # of random samples and resampling: the same seed gives the same lines and intervals

# The population that the study claims to speak for.  Videos outside it stay visible but are not counted.
[frame]
# claim = "All videos that the two outlets published about the talks"
# from = 2024-01-01            # first day
# until = 2024-12-31           # last day, inclusive
# outlets = ["en_AJ", "en_BBC"]
# languages = ["en"]
# formats = ["clip", "short", "show", "live", "hearing", "unknown"]
# min_words = 20

# Outlets.  `names` are what files, channels and listings call the outlet.
# [outlets.en_BBC]
# name = "BBC News"
# language = "en"
# colour = "#0072B2"
# names = ["BBC News", "BBC - The Latest"]

# Which track speaks for a video, in order of preference; and which kinds are speech and count by default.
# [selection]
# kinds = ["uploaded", "transcript", "automatic", "asr", "record"]
# speech = ["uploaded", "transcript", "automatic", "asr", "record", "live", "unknown"]

# What the paths of your files say, whatever their format: groups are id, outlet, title, published, programme, language …
# [import]
# path = '/(?P<outlet>[^/]+)/(?P<id>[^/]+)/[^/]+$'

# Models: an installed spaCy model by language, or "none".  jobs: processes that read and annotate.
# [annotate]
# jobs = 2
# models = {{ en = "en_core_web_sm" }}

# Events to mark on time lines.
# [[events]]
# date = 2024-07-04
# label = "Delegation announced"

# How crosscut stories tells stories apart: a story is over after so many days without a piece; least similarity, 0 to 1;
# seconds from which a video is cut into passages.
# [stories]
# days = 3
# threshold = 0.22
# long = 600
# embeddings = "universal-sentence-encoder"   # join stories across languages; pip install 'crosscut[embeddings]'

# Word lists, for queries.
# [words]
# held = ["captive", "hostage", "detainee", "prisoner"]

# Choice sets: what one referent is called.  `crosscut naming captives` compares which outlet says which.
# [naming.captives]
# referent = "people held in the conflict"     # in words, for readers
# [naming.captives.en]                         # one table a language; nothing is compared across languages
# within = 10                                  # how near is near: tokens, or a time as "5s"
# near = ['[lemma="israeli"]']                 # only hits near one of these count
# not_near = ['"Palestinian"']                 # hits near one of these do not
# [naming.captives.en.alternatives]            # name = query, words or CQL, which may use $lists of [words]
# captive = '[lemma="captive"]'
# hostage = '[lemma="hostage"]'
# detainee = '[lemma="detainee"] | "prisoner" "of" "war"'

# How to read tables and transcripts of your own (CSV, TSV, JSON, JSON Lines, Markdown): see docs/guide.md.
# [mappings.mine]
# form = "csv"
# kind = "transcript"
# [mappings.mine.fields]
# id = "video"
# title = "headline"
# published = "date"
# outlet = "channel"
# text = "transcript"
'''


def init(folder: Path) -> Path:
    """Write the study file of a new study; an existing one is never touched."""
    path = folder / FILE
    if path.exists():
        raise StudyError(f"{path} exists already: a study is begun once; edit it instead")
    folder.mkdir(parents=True, exist_ok=True)
    write_text(path, TEMPLATE.format(name=json.dumps(folder.resolve().name)))  # JSON's texts are TOML's
    corrections.write_header(folder / "corrections")
    return path
