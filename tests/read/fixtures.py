"""Invented files in the shapes that real ones have: a harbour town, its ferry and its council."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from crosscut.model import Record
from crosscut.read import File, Mapping, recognise

SHARED = Path(__file__).parents[3] / "shared" / "data"

TAGGED = (
    "<video_id>Ab-3dEf_7Hi</video_id>\n"
    "<video_title>Ferry & bridge: \"who pays?\" asks mayor</video_title>\n"
    "<thumbnail_path>data/en_HBR\\Ferry & bridge who pays asks mayor.jpg</thumbnail_path>\n"
    "<publish_date>20240229</publish_date>\n"
    "\n"
    "<doc>\n"
    "the ferry will sail again on Monday said the mayor of Port Ellery and nobody paid\n"
    "</doc>"
)
TAGGED_LONG = (
    "<video_id></video_id>\n"
    "<video_title>2.5 million for the quay</video_title>\n"
    "<thumbnail_path>de_HBR\\2.jpg</thumbnail_path>\n"
    "<publish_date></publish_date>\n"
    "<description>First line\n"
    "Watch: https://ellery.example <live>\n"
    "\n"
    "last line</description>\n"
    "\n"
    "<doc>\n"
    "one line\n"
    "another line &gt;&gt; with&nbsp;marks\n"
    "</doc>"
)

LIVE = """WEBVTT
Kind: captions
Language: en

00:00:06.067 --> 00:00:07.100 line:0%
\u0020

00:00:06.600 --> 00:00:10.133 line:0%
E FERRY.

00:00:07.200 --> 00:00:13.133 line:0%
&gt;&gt; NEW QUA OPE

00:00:10.567 --> 00:00:23.633 line:0%
IC QUESTION, IS\u0020
"""

UPLOADED = """WEBVTT
Kind: captions
Language: en

00:00:00.080 --> 00:00:06.120
the council of Port&nbsp;
Ellery met today which was&nbsp;&nbsp;

00:00:06.120 --> 00:00:12.120
the first time this year

00:00:14.000 --> 00:00:15.000
the first time this year
"""

JSON3: dict[str, object] = {"wireMagic": "pb3", "pens": [{}], "events": [
    {"tStartMs": 0, "dDurationMs": 9_000, "id": 1},
    {"tStartMs": 160, "dDurationMs": 4_320, "wWinId": 1, "segs": [
        {"utf8": "Ferries", "acAsrConf": 0}, {"utf8": " are", "tOffsetMs": 559}, {"utf8": " late", "tOffsetMs": 720}]},
    {"tStartMs": 2_230, "dDurationMs": 2_250, "wWinId": 1, "aAppend": 1, "segs": [{"utf8": "\n"}]},
    {"tStartMs": 2_240, "dDurationMs": 3_440, "wWinId": 1, "segs": [
        {"utf8": "again.", "acAsrConf": 0}, {"utf8": " Why?", "tOffsetMs": 720}]},
]}

SRT = """1
00:00:01,000 --> 00:00:03,500
{\\an8}<i>Good evening</i> from
<font color="#ffff00">Port Ellery.</font>

2
00:00:04,000 --> 00:00:06,000
The ferry sails again &amp; again.
"""

BROADCAST = "\ufeff" + "".join(
    f"{number}\n00:00:{number * 2:02},000 --> 00:00:{number * 2 + 2:02},000\n{text}\n\n" for number, text in enumerate((
        "THE FERRY IS LATE.", ">> AND WHO SAYS SO?", ">> THE MAYOR OF PORT", "ELLERY SAID SO TODAY.", "Buy Ellery oats."), 1))

ONE_WORD = "".join(
    f"{at + 1}\n00:00:{at:02},{at * 7:03} --> 00:00:{at:02},900\n{word}\n\n" for at, word in enumerate(
        ["hier", "ist", "der", "hafen", "von", "ellery", "und", "die", "fähre", "kommt", "heute"]))

SBV = """0:00:00.599,0:00:04.160
>> MAYOR: The council of
Port Ellery met[br]today.

0:00:04.160,0:00:06.770
It was late.
"""

LRC = """[ti:The ferry song]
[ar:Harbour TV]
[length:01:40]
[offset:+500]

[00:12.00]The ferry sails
[00:15.30][01:10.50]Back to Ellery
[00:20.00]
"""

WORD_LRC = """[00:12.00] <00:12.00> The <00:12.50> ferry <00:13.10> sails <00:13.90>
[00:14.00] <00:14.00> again <00:14.70>
"""

TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="en">
<head><metadata><ttm:title>Council of Ellery</ttm:title></metadata><styling><style id="s1"/></styling></head>
<body><div>
<p begin="00:00:01.000" end="00:00:03.500"><metadata><ttm:desc>a bell</ttm:desc></metadata>
  Good <span>evening</span><br/>
  from Port Ellery &amp; bay.</p>
<p begin="4s" dur="1500ms">The ferry sails.</p>
</div></body></tt>
"""

EBU = """<!--Profile: EBU-TT-D-Basic-DE--><tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ebuttm="urn:ebu:tt:metadata"
xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:timeBase="media" xml:lang="de">
<tt:head><tt:metadata><ebuttm:documentMetadata><ebuttm:documentEbuttVersion>v1.0</ebuttm:documentEbuttVersion>
</ebuttm:documentMetadata></tt:metadata></tt:head>
<tt:body><tt:div style="defaultStyle">
<tt:p xml:id="sub0" begin="10:00:00.040" end="10:00:01.040"/>
<tt:p xml:id="sub1" begin="10:00:03.000"
end="10:00:06.400">
<tt:span style="textWhite">Die Fähre fährt</tt:span>
<tt:br/>
<tt:span style="textYellow">nach Ellery.</tt:span>
</tt:p>
</tt:div></tt:body></tt:tt>
"""

SRV1 = ('<?xml version="1.0" encoding="utf-8" ?><transcript><text start="0.16" dur="4.3">it&amp;#39;s late &amp;gt;&amp;gt; who\n'
        'says so</text><text start="5.009" dur="2">the mayor</text></transcript>')

SRV2 = """<?xml version="1.0" encoding="utf-8" ?><timedtext><window id="1" t="0" op="define" rc="2" cc="40"/>
<text t="160" d="4320" w="1" r="15" c="1">Ferries</text><text t="719" d="3761" w="1" append="1"> are</text>
<text t="880" d="3600" w="1" append="1"> late</text><text w="1" t="2230" d="2250" append="1">
</text><text t="2240" d="3440" w="1" r="15" c="1">again.</text><text t="2960" d="2720" w="1" append="1"> Why?</text></timedtext>
"""

SRV3 = """<?xml version="1.0" encoding="utf-8" ?><timedtext format="3"><head><ws id="0"/><wp id="1" rc="2" cc="40"/></head><body>
<w t="0" id="1" wp="1" ws="1"/>
<p t="160" d="4320" w="1"><s ac="252">Ferries</s><s t="559" ac="248"> are</s><s t="720"> late</s></p>
<p t="2230" d="2250" w="1" a="1">
</p>
<p t="2240" d="3440" w="1"><s>again.</s><s t="720"> Why?</s></p>
</body></timedtext>
"""

INFO: dict[str, object] = {
    "id": "Ab-3dEf_7Hi", "title": "\n) ", "description": "All about the ferry", "channel": "Harbour TV", "duration": 93.4,
    "webpage_url": "https://www.youtube.com/watch?v=Ab-3dEf_7Hi", "timestamp": 1_709_229_600, "upload_date": "20240301",
    "extractor": "youtube", "extractor_key": "Youtube", "language": "en", "live_status": "was_live", "view_count": 12,
    "thumbnail": "https://pictures.example/Ab-3dEf_7Hi.jpg", "tags": ["ferry", "quay"], "_type": "video",
}

NOTES = """---
Recorded on: May 01, 2024
Length: 63s
Keywords: ['ferry', 'quay']
About: The ferry sails again.

Watch: https://ellery.example
Length: not the key, it was there before
---

# Ferry sails again | Harbour TV
**Harbour - Morning:** [April 30, 2024](https://www.youtube.com/watch?v=Ab-3dEf_7Hi)
*  The ferry [which is red] sails again. [[00:00:00](https://www.youtube.com/watch?v=Ab-3dEf_7Hi&t=0.0s)]
*  At last, [[00:00:06](https://www.youtube.com/watch?v=Ab-3dEf_7Hi&t=6.160000000000001s)]
   says the mayor.
* &gt;&gt; Thank you. [[00:00:12](https://www.youtube.com/watch?v=Ab-3dEf_7Hi&t=12.8s)]
"""


def only(name: str, data: bytes | str, *mappings: Mapping) -> Record:
    """The one record of a file."""
    (record,) = records(name, data, *mappings)
    return record


def records(name: str, data: bytes | str, *mappings: Mapping) -> list[Record]:
    file = File(name, data.encode() if isinstance(data, str) else data, mappings)
    format = recognise(file)
    assert format is not None, "no format knows the file"
    return list(format.read(file))


def as_json(value: object) -> str:
    return json.dumps(value, indent=1)


def shared(*parts: str, pattern: str = "**/*") -> Sequence[Path]:
    """Real files beside the repository; a test that needs them says aloud that it did not run."""
    folder = SHARED.joinpath(*parts)
    if not folder.is_dir():
        pytest.skip(f"NOT RUN: needs the shared material at {folder}")
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def as_subrip(text: str, *, trimmed: bool = False) -> str:
    """WebVTT as converters write it in SubRip: no header, no settings, no tags, no word times."""
    cues = re.findall(r"(?m)^([0-9:]{8})\.([0-9]{3}) --> ([0-9:]{8})\.([0-9]{3}).*\n((?:.*\n)*?)(?=\n|\Z)", text)
    written: list[str] = []
    for start, start_ms, end, end_ms, body in cues:
        lines = [html.unescape(re.sub("<[^>]*>", "", line)) for line in body.rstrip("\n").split("\n")]
        lines = [line.strip() for line in lines if line.strip()] if trimmed else lines
        if lines:
            times = f"{start},{start_ms} --> {end},{end_ms}"
            written.append("\n".join([str(len(written) + 1), times, *lines, "", ""]))
    return "".join(written)
