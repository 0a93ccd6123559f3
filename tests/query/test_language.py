"""What can be written, what it becomes, and what is said of what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query.language import DEEPEST, LONGEST_QUERY, MOST_REPEATS, parse
from crosscut.query.pattern import Query, Token

from .patterns import QUERIES, WORDS

LISTS = {"captive": ("hostage", "captive"), "several": ("prisoner of war",), "nothing": ()}

SIMPLE = [
    ("peace", '[norm="peace"]'),
    ("Peace  TALKS", '[norm="peace"] [norm="talks"]'),
    ("hostage|captive", '[norm="hostage"] | [norm="captive"]'),
    ("peace talks | cease-fire", '[norm="peace"] [norm="talks"] | [norm="cease-fire"]'),
    ("peace|peace", '[norm="peace"]'),
    ("negotiat*", '[norm="negotiat.*"]'),
    ("*fire", '[norm=".*fire"]'),
    ("*", '[norm=".*"]'),
    ("**", '[norm=".*"]'),
    ("news.ex*", r'[norm="news\.ex.*"]'),
    ("negotiat*, now", '[norm="negotiat.*"] [norm="now"]'),
    ("＂a*b＂*c", '[norm="a.*b\\".*c"]'),
    ("U.S.", '[norm="us"]'),
    ("10,000", '[norm="10000"]'),
    ("3.5", r'[norm="3\.5"]'),
    ("24/7", '[norm="24"] [norm="7"]'),
    ("don't", '[norm="do"] [norm="n\\\'t"]'),
    ("Bevarra’s", '[norm="bevarra"] [norm="\\\'s"]'),
    ("peace, talks!", '[norm="peace"] [norm="talks"]'),
    ("“peace talks”", '[norm="peace"] [norm="talks"]'),
    ("peace & quiet?", '[norm="peace"] [norm="quiet"]'),
    ("within reach", '[norm="within"] [norm="reach"]'),
    ("a price of $5", '[norm="a"] [norm="price"] [norm="of"] [norm="5"]'),
    ("قَالَ", '[norm="قال"]'),
    ("(?longest) peace talks", '(?longest) [norm="peace"] [norm="talks"]'),
]
TOKENS = [
    ('"Talks"', '[word="Talks"]'),
    ("'talks'", '[word="talks"]'),
    ('[lemma="captive"]', '[lemma="captive"]'),
    ('[ lemma = "talk"  &  pos = "VERB" ]', '[lemma="talk" & pos="VERB"]'),
    ('[lemma="talk" & (pos="VERB" | pos="NOUN")]', '[lemma="talk" & (pos="VERB" | pos="NOUN")]'),
    ('[lemma="a" & pos="B" | tag="C"]', '[lemma="a" & pos="B" | tag="C"]'),
    ('[(lemma="a" & pos="B") & tag="C"]', '[lemma="a" & pos="B" & tag="C"]'),
    ('[pos!="VERB"]', '[pos!="VERB"]'),
    ('[!pos="VERB"]', '[pos!="VERB"]'),
    ('[!(pos="VERB" | pos="NOUN")]', '[!(pos="VERB" | pos="NOUN")]'),
    ('[!!pos="VERB"]', '[!(pos!="VERB")]'),
    ('[dep="nsubj" & entity="PERSON"]', '[dep="nsubj" & entity="PERSON"]'),
    ("[]", "[]"),
    # values
    ('"cease.*"', '[word="cease.*"]'),
    (r'"3\.5"', r'[word="3\.5"]'),
    (r'"\d+"', r'[word="\d+"]'),
    (r'[lemma="a\\d"]', r'[lemma="a\\d"]'),
    ("""'say"x".*'""", r'[word="say\"x\".*"]'),
    (r'[lemma="\"quoted\""]', r'[lemma="\"quoted\""]'),
    ('"don\'t"', '[norm="do"] [norm="n\\\'t"]'),
    ('"(?-i)Don\'t"', '[word="(?-i)Do"] [word="(?-i)n\\\'t"]'),
    ('"don\'t" %d', '[norm="do" %d] [norm="n\\\'t" %d]'),
    ('"U.S."', r'[word="U\.S\."]'),
    ('"war" %c', '[word="war"]'),
    ('"café"%d', '[word="café" %d]'),
    ('[lemma="caf." %cd & pos="X"]', '[lemma="caf." %d & pos="X"]'),
    ('"(?i)war"', '[word="war"]'),
    ('"(?-i)War"', '[word="(?-i)War"]'),
    ('"(?i)(?-i)War.*"', '[word="(?-i)War.*"]'),
    ('"(?-i)(?i)War"', '[word="War"]'),
    ('[lemma=="etc."]', r'[lemma="etc\."]'),
    ('[lemma="etc."%l]', r'[lemma="etc\."]'),
    ('[lemma=l"etc."]', r'[lemma="etc\."]'),
    ('l"etc."', r'[word="etc\."]'),
    (r'[tag==l"(?i)\"x\d"]', r'[tag="\(\?i\)\"x\\d"]'),
    # names of layers elsewhere
    ('[lc="war" & lemma_lc="war"]', '[norm="war" & lemma="war"]'),
    ('[word_lc="war" & xpos="NN" & UPOS="NOUN"]', '[norm="war" & tag="NN" & pos="NOUN"]'),
    # lists
    ("[lemma=$words.captive]", "[lemma=$words.captive]"),
    ("[lemma!=$captive]", "[lemma!=$words.captive]"),
    ("$words.captive", "[word=$words.captive]"),
    ("[lemma=$several]", "[lemma=$words.several]"),
]
PATTERNS = [
    ('"peace" []{0,3} "talks"', '[word="peace"] []{0,3} [word="talks"]'),
    ('"a"?', '[word="a"]?'),
    ('"a"*', '[word="a"]*'),
    ('"a"+', '[word="a"]+'),
    ('"a"{2}', '[word="a"]{2}'),
    ('"a"{,2}', '[word="a"]{0,2}'),
    ('"a"{0,1}', '[word="a"]?'),
    ('"a"{3,}', '[word="a"]{3,}'),
    ('"a"{ 1 , 2 }', '[word="a"]{1,2}'),
    ('"a"?+', '([word="a"]?)+'),
    ('("a" | "b") "c"', '([word="a"] | [word="b"]) [word="c"]'),
    ('("a" "b")', '[word="a"] [word="b"]'),
    ('("a" "b") "c"', '[word="a"] [word="b"] [word="c"]'),
    ('("a"|"b")|"c"', '[word="a"] | [word="b"] | [word="c"]'),
    ('("a" "b")+', '([word="a"] [word="b"])+'),
    ('"a" | "b" "c"', '[word="a"] | [word="b"] [word="c"]'),
    ('"a";', '[word="a"]'),
    ('(?Longest) "a"', '(?longest) [word="a"]'),
    # structures
    ('"a" within s', '[word="a"] within <s/>'),
    ('"a" within <s/>', '[word="a"] within <s/>'),
    ('"a" within sentence', '[word="a"] within <s/>'),
    ('"a" "b" within <turn role="host"/>', '[word="a"] [word="b"] within <turn role="host"/>'),
    ('"a" | "b" within s', '[word="a"] | [word="b"] within <s/>'),
    ('("a" within s) | "b"', '([word="a"] within <s/>) | [word="b"]'),
    ('"a" !within turn', '[word="a"] !within <turn/>'),
    ('"a" not within turn', '[word="a"] !within <turn/>'),
    ('"a" within s within turn', '[word="a"] within <s/> within <turn/>'),
    ('"a" within (s containing "b")', None),
    ('"a" within (<s/> containing "b")', '[word="a"] within (<s/> containing [word="b"])'),
    ('("a" within <turn/>) containing "b"', '([word="a"] within <turn/>) containing [word="b"]'),
    ('<s/> !containing "a"', '<s/> !containing [word="a"]'),
    ('<s/> containing "a" "b"', '<s/> containing [word="a"] [word="b"]'),
    ('<s> []* </s>', "<s> []* </s>"),
    ('<turn role="host" & name!="Ada" confidence="0.*"/>', '<turn role="host" name!="Ada" confidence="0.*"/>'),
    ('<turn role=="a.b" label="É" %d/>', r'<turn role="a\.b" label="É" %d/>'),
    ('<doc outlet="en_AJ"/> containing "a"', '<video outlet="en_AJ"/> containing [word="a"]'),
    ('<video month="2024-07" date!="2024-07-01"/>', '<video month="2024-07" date!="2024-07-01"/>'),
    ('<video_outlet="en_AJ"> "a"', '<video> [word="a"] within <video outlet="en_AJ"/>'),
    ('<text_outlet="en_AJ"> []* </text_outlet>', '<video> []* </video> within <video outlet="en_AJ"/>'),
    ('(<text outlet="x"> "a" | "b") "c"', '((<video> [word="a"] within <video outlet="x"/>) | [word="b"]) [word="c"]'),
    # time
    ('"a" []{0,3s} "b"', '[word="a"] []{0s,3s} [word="b"]'),
    ('"a" []{1,2.5 s} "b"', '[word="a"] []{1s,2.5s} [word="b"]'),
    ('"a" []{,1min} "b"', '[word="a"] []{0s,60s} [word="b"]'),
    ('"a" []{500ms,2s} "b"? "c"', '[word="a"] []{0.5s,2s} [word="b"]? [word="c"]'),
    ('"a" []{1s,2} "b"', '[word="a"] []{1s,2s} [word="b"]'),
    ('("a" []{0,3s} "b") []{0,1s} "c"', '[word="a"] []{0s,3s} [word="b"] []{0s,1s} [word="c"]'),
    ('"a" within 3s', '[word="a"] within 3s'),
    ('"a" within 3 seconds', '[word="a"] within 3s'),
    ('"a" within 2.5s', '[word="a"] within 2.5s'),
    ('"a" within 1 m', '[word="a"] within 60s'),
    ('"a" within first 60s', '[word="a"] within first 60s'),
    ('"a" within first 60 s', '[word="a"] within first 60s'),
    ('"a" !within last 1 min', '[word="a"] !within last 60s'),
    # labels and conditions
    ('a:[pos="NOUN"] b:"x"', 'a:[pos="NOUN"] b:[word="x"]'),
    ("a:[] []* b:[] :: a.lemma = b.lemma", "a:[] []* b:[] :: a.lemma = b.lemma"),
    ("1:[] 2:[] & 1.tag = 2.tag", "1:[] 2:[] :: 1.tag = 2.tag"),
    ('a:[] :: a.pos="NOUN"', 'a:[] :: a.pos = "NOUN"'),
    ('a:[] :: "NOUN" = a.pos', 'a:[] :: a.pos = "NOUN"'),
    ('a:[] :: a.lemma != "x.*"%d', 'a:[] :: a.lemma != "x.*" %d'),
    ('a:[] :: a.word == "U.S."', r'a:[] :: a.word = "U\.S\."'),
    ('a:[] :: a.word = "U.S."', r'a:[] :: a.word = "U\.S\."'),
    ("a:[] b:[] :: distance(a,b) <= 5 & seconds(a, b) < 2.5", "a:[] b:[] :: distance(a, b) <= 5 & seconds(a, b) < 2.5"),
    ("a:[] b:[] :: 5 >= distabs(a,b)", "a:[] b:[] :: distance(a, b) <= 5"),
    ('"x" :: video.outlet = "en_AJ"', '[word="x"] :: video.outlet = "en_AJ"'),
    ('"x" :: match.text_outlet = "en_AJ"', '[word="x"] :: video.outlet = "en_AJ"'),
    ('"x" :: match.video_outlet = "en_AJ"', '[word="x"] :: video.outlet = "en_AJ"'),
    ('"x" :: video.date >= "2024-07" & video.duration > 90', '[word="x"] :: video.date >= "2024-07" & video.duration > 90'),
    ('"x" :: video.year = 2024 & video.words < "500"', '[word="x"] :: video.year = "2024" & video.words < 500'),
    ('"x" :: video.words > 1234567', '[word="x"] :: video.words > 1234567'),
    ("a:[] :: a.lemma = video.title", "a:[] :: video.title = a.lemma"),
    ("a:[] :: (a.pos = \"X\" | a.pos = \"Y\") & !a.dep = \"z\"", 'a:[] :: (a.pos = "X" | a.pos = "Y") & !(a.dep = "z")'),
    ('a:[] :: a.pos = "X" -> a.dep = "z"', 'a:[] :: !(a.pos = "X") | a.dep = "z"'),
    # relations
    ('_ -nsubj-> [lemma="army"]', '_ -nsubj-> [lemma="army"]'),
    ('_ -nsubj-> _ ; !-obj-> "x"', '_ -nsubj-> _ ; !-obj-> [word="x"]'),
    ("_ --> _", "_ --> _"),
    ("_!-->_", "_ !--> _"),
    ("^--> _", "^ --> _"),
    ('^-root-> "x"', '^ -root-> [word="x"]'),
    ("_ -nsubj|obj-> _", "_ -nsubj|obj-> _"),
    (r"_ -nmod:poss-> _ ; -n.*-> _", r"_ -nmod:poss-> _ ; -n.*-> _"),
    ("_ -a-> _ -b-> _", "_ -a-> (_ -b-> _)"),
    ("_ -a-> _ -b-> _ ; -c-> _", "_ -a-> (_ -b-> _ ; -c-> _)"),
    ("_ -a-> (_ -b-> _) ; -c-> _", "_ -a-> (_ -b-> _) ; -c-> _"),
    ("^--> _ -a-> _ ; -b-> _", "^ --> (_ -a-> _ ; -b-> _)"),
    ("a:_ -x-> b:_ :: a.lemma = b.lemma", "a:[] -x-> b:[] :: a.lemma = b.lemma"),
    ('"the" (_ -x-> _)', '[word="the"] (_ -x-> _)'),
    ("_ -x-> _ within s", "(_ -x-> _) within <s/>"),
    ("_ -x-> _ | _ -y-> _", "(_ -x-> _) | (_ -y-> _)"),
]
VALID = [(query, printed) for query, printed in (*SIMPLE, *TOKENS, *PATTERNS) if printed]


@pytest.mark.parametrize(("query", "printed"), VALID)
def test_a_query_and_what_it_is(query: str, printed: str) -> None:
    found = parse(query, words=LISTS)
    assert str(found) == printed
    assert parse(printed, words=LISTS) == found


@given(QUERIES)
@settings(max_examples=200)
def test_a_tree_is_printed_as_a_query_that_gives_it_again(query: Query) -> None:
    assert parse(str(query), words=WORDS) == query


@pytest.mark.parametrize(("languages", "printed"), [
    (["en"], r'''[norm="l\'accord"]'''),
    (["fr"], r'''[norm="l\'"] [norm="accord"]'''),
    (["fr", "en"], r'''[norm="l\'accord"] | [norm="l\'"] [norm="accord"]'''),
    ([], r'''[norm="l\'accord"]'''),
])
def test_plain_words_are_cut_as_each_language_cuts_them(languages: list[str], printed: str) -> None:
    assert str(parse("l'accord", languages)) == printed
    assert languages == ["en"] or not languages or str(parse('"l\'accord"', languages)) == printed


NOT_SIMPLE = [
    ("", "an empty query", 0),
    ("  \n", "an empty query", 0),
    ("(?longest) ", "an empty query", 0),
    ("a|", "nothing on one side of |", 1),
    ("|a", "nothing on one side of |", 0),
    ("...", "nothing but marks", 0),
    ("ـ", "nothing but marks", 0),
    ("lemma=captive", 'write [lemma="…"]', 0),
    ("peace {2}", 'write "…" in quotation marks to say how often', 6),
    ("wom?n", 'only * stands for letters; write an expression: "wom.n"', 2),
    ("peace within s", '"…" within s', 6),
    ("sort by word;", "a command of CQP", 0),
    (" set MatchingStrategy longest;", "(?longest)", 1),
]
NOT_TOKENS = [
    ('"a', 'this " is never closed', 0),
    ("'tis", "this ' is never closed", 0),
    ('"a" b', "'b' was not expected here; write words in quotation marks", 4),
    ("“a” []", "use straight quotation marks", 0),
    ('"a" % "b"', "'%' has no meaning here; write what follows the value directly behind it", 4),
    ('"a"%x', "%x is not known: %d lets accents not count", 3),
    ("[", "expected a layer", 1),
    ('[lemma="a"', "expected ] to close the token", 10),
    ('[lemma="a" &', "expected a layer", 12),
    ('[lemma="a" & ]', "expected a layer", 13),
    ('[lemma="a" && pos="b"]', "one & is enough", 12),
    ('[lemma="a" pos="b"]', "join what one token must be with & or |", 11),
    ("[lemma]", "expected = or != after lemma", 6),
    ("[lemma=]", 'write the value in quotation marks: lemma="…"', 7),
    ("[lemma=a]", 'write the value in quotation marks: lemma="a"', 7),
    ("[lemma=a.lemma]", "behind ::, as in a:[] b:[] :: a.lemma = b.lemma", 7),
    ('[lema="a"]', "did you mean lemma?", 1),
    ('[xyz="a"]', "known: word, norm, lemma, pos, tag, dep, entity", 1),
    ("[captive]", 'write "captive" or [lemma="captive"]', 1),
    ('["a"]', '[word="a"], or "a" without brackets', 1),
    ("[$captive]", "[lemma=$captive]", 1),
    ('[: pos="a" :]', "cannot be asked for", 1),
    ('[(lemma="a"]', "expected ) to close the parenthesis", 11),
    ('[word="don\'t"]', "is more than one token; write it outside the brackets: \"don't\"", 6),
    ('[lemma="peace talks"]', "a value is one token, without blanks", 7),
    ('"peace.* talks"', 'each token has quotation marks of its own: "peace.*" "talks"', 0),
    ('"a("', "not a regular expression: missing )", 0),
    ('"a(?=b)"', "no look-around", 0),
    (r'"(a)\1"', "not a regular expression", 0),
    ('""', "an empty value matches nothing", 0),
    ('"(?-i)"', "an empty value matches nothing", 0),
    ("[lemma=$captiv]", "did you mean captive?", 7),
    ("[word=$several]", "more than one token: it would never be found", 6),
    ("[lemma=$nothing]", "the list nothing is empty", 7),
    ("[lemma=$]", "a list of the study file is written $words.NAME", 7),
]
NOT_PATTERNS = [
    ('("a"', "expected ) to close the parenthesis", 4),
    ('"a")', "')' was not expected here", 3),
    ("()", "')' was not expected here", 1),
    ('"a" | ', "the query ends too early", 6),
    ('"a" || "b"', "one | stands between two alternatives", 5),
    ('"a" "', 'this " is never closed', 4),
    ('"a" & "b"', "two patterns are not asked for in one place", 4),
    ('"a", "b"', "not separated by a comma", 3),
    ('"a" AND "b"', "'AND' was not expected here; parts stand side by side", 4),
    ('"a"{}', "say how often", 3),
    ('"a"{,}', "say how often", 3),
    ('"a"{1 2}', "say how often", 3),
    ('"a"{x}', "say how often", 3),
    ('"a"{٣}', "say how often", 3),
    ('"a"{2', "say how often", 3),
    ('"a"{1.5}', "how often is a whole number", 3),
    ('"a"{3,2}', "repeat from a lower to a higher number", 3),
    (f'"a"{{{MOST_REPEATS + 1}}}', "at most 1,000", 3),
    ('"a"{' + "9" * 5_000 + "}", "at most 1,000", 3),
    ('"a" string pos="VERB"]', "'string' was not expected here", 4),
    ('* "a"', "'*' was not expected here", 0),
    ("?[]", "'?' was not expected here", 0),
    ('_ "a"', "_ stands for a token in relations only", 0),
    ("(" * (DEEPEST + 1) + '"a"' + ")" * (DEEPEST + 1), "nested too deeply", DEEPEST),
    ("[" + "!" * 100 + 'pos="a"]', "nested too deeply", DEEPEST),
    ('"a"' + "?" * 2_000, "repeated too often", 8),
    ('"a"' + " within s" * 60, "nested too deeply", 445),
    ('"a"{0}', "this matches no token", 0),
    ("<s>", "this matches no token", 0),
    ("<s> </s>", "this matches no token", 0),
    ("(?long) []", "unknown matching strategy 'long'; did you mean longest?", 2),
    ("[] (?longest)", "at the beginning of the query", 4),
    # structures
    ('"a" within', "the query ends too early", 10),
    ('"a" within <s>', "write within <s/>", 11),
    ('"a" within 3 s', "write within 3 seconds or within 3s, or within s for one sentence", 11),
    ('"a" within 5', "within 5s for seconds", 11),
    ('"a" within 2 turns', "'turns' is no unit of time", 11),
    ('"a" within first', "how long? write within first 60s", 16),
    ('"a" within 25 h', "'h' is no unit of time", 11),
    ('"a" within 99999 min', "a day at most", 11),
    ('"a" within "b" | "c"', "put in parentheses what belongs together", 15),
    ('"a" within s "b"', "put in parentheses what belongs together", 13),
    ('<s/> containing "a" within turn', "(… within …) containing …", 20),
    ('s containing "a"', "structures so: <s/>", 0),
    ('<word/> containing "a"', "word is said of tokens", 1),
    ("<Größe/>", "no name of a structure", 1),
    ('< > "a"', "expected the name of a structure", 2),
    ("<s []", "or /> to close <s", 3),
    ('<s role="x"/>', "sentences have no attributes", 3),
    ('<turn role="host"> "a"', 'write <turn> … within <turn role="host"/>', 1),
    ('<turn_role="host"> "a"', '<turn role="…"/>', 1),
    ('<turn role="a" | role="b"/>', "write alternatives as one expression", 15),
    ("<turn role=host/>", 'write the value in quotation marks: <turn role="…"/>', 11),
    ("<turn role/>", "expected = or != after role", 10),
    ('<video outlett="x"/>', "did you mean outlet?", 7),
    ('<video duration="60"/>', ":: video.duration > 60", 7),
    ('<video date="2024-07"/>', 'month = "2024-07"', 7),
    # time
    ('[]{0,3s} "a"', "between two parts that have a token each", 0),
    ('"a" []{0,3s}', "between two parts that have a token each", 4),
    ('"a" []{0,3s} []{0,3s} "b"', "between two parts that have a token each", 4),
    ('"a" []{0,3s} "b"?', "between two parts that have a token each", 4),
    ('<s> []{0,3s} "b"', "between two parts that have a token each", 4),
    ('"a" ([]{0,3s}) "b"', "between two parts that have a token each", 5),
    ('"a" []{0,3s}? "b"', "is not repeated", 12),
    ('"a" "x"{0,3s} "b"', "only [] takes a time", 7),
    ('"a" ([]){0,3s} "b"', "only [] takes a time", 8),
    ('"a" []{3s} "b"', "say from when to when", 6),
    ('"a" []{1s,} "b"', "say from when to when", 6),
    ('"a" []{3s,1s} "b"', "from a shorter to a longer time", 6),
    ('"a" []{0,3h} "b"', "'h' is no unit of time", 6),
    # labels and conditions
    ("a:[] :: c.lemma = a.lemma", "no label 'c' is defined; defined: a", 8),
    ('[] :: c.lemma = "x"', "none is: write a:[", 6),
    ('a:[] :: match.lemma = "x"', "give the token a label", 8),
    ('a:[] within b:[] :: b.lemma = "x"', "not seen from outside", 20),
    ('a:[] !-x-> b:[] :: b.lemma = "x"', "not seen from outside", 19),
    ("a:[] :: a.lemma", "expected a comparison after a.lemma", 15),
    ("a:[] :: a.lema = \"x\"", "did you mean lemma?", 10),
    ("a:[] :: a", "expected . and a layer after a", 9),
    ("a:[] :: ", "expected a label's value", 8),
    ("a:[] :: a.lemma = 5", 'in quotation marks: a.lemma = "5"', 8),
    ('a:[] :: a.lemma < "x"', "words have no order", 8),
    ('a:[] :: a.word = "don\'t"', "more than one token", 17),
    ("a:[] :: lbound(a)", "write <s> before the token", 8),
    ("a:[] :: foo(a)", "there are distance(a, b) and seconds(a, b)", 8),
    ("a:[] :: distance(a) < 5", "expected , between two labels", 18),
    ('a:[] :: distance(a, a) < "x"', "is a number", 8),
    ("a:[] :: seconds(a, a) < 2s", "numbers stand without a unit", 24),
    ("a:[] :: seconds(a, a) < 0.00001", "at most nine digits", 24),
    ("a:[] :: 5 = 5", "one side must speak of a label or of the video", 8),
    ("a:[] :: video.outlet = video.title", "compare video.outlet with a value", 8),
    ('[] :: video.outlet < "x"', "only dates and numbers have an order", 6),
    ('[] :: video.duration = "long"', "video.duration is a number", 6),
    ('[] :: video.date = "July"', "a date is written 2024-07-04", 6),
    ('[] :: video.foo = "x"', "unknown field 'foo' of a video", 12),
    ('a:("x" "y")', "a label names one token", 2),
    ('a:"don\'t"', "this is several", 0),
    ("match:[]", "give the label another name", 0),
    # relations
    ('"the" _ -x-> _', 'stands in parentheses: "the" (_ -nsubj-> _)', 6),
    ('_ -x-> _ "b"', "stands in parentheses", 9),
    ("(_ -x-> _)* -y-> _", "between single tokens", 0),
    ('_ -x-> ("a"|"b")', '[word="a|b"]', 7),
    ("_ -x->", "expected a token behind the relation", 6),
    ("^ _", "^ is above the root", 2),
    ('"a" ^--> _', "'^' was not expected here; ^ stands first", 4),
    ("^--> _ ; -x-> _", "there is one root", 7),
    ("_ -(-> _", "not a regular expression", 2),
    # other dialects
    ('MU(meet "a" "b" -3 3)', '"a" []{0,3} "b"', 0),
    ('(meet [lemma="a"] "b" -3 3)', '"a" []{0,3} "b"', 0),
    ('("a" union "b")', "alternatives are written with |", 5),
    ('@[pos="a"]', "targets are labels here", 0),
    ('@1:[pos="a"]', "targets are labels here", 0),
    ('"a" expand to s', "hits are not expanded", 4),
    ('"a" cut 10', "said outside the query", 4),
    ('"a" sort by word', "said outside the query", 4),
    ('A = "a";', "a query has no name here", 0),
    ("<<s>>", "a whole structure is written <s/>", 0),
    ("/region[s]", "a whole sentence is <s/>", 0),
    ('/undef "a"', "macros are not available", 0),
    ('"a" =>nl "b"', "languages are not aligned here", 4),
    ('"a" - "b"', "a relation is written -nsubj->", 4),
]
INVALID = [*NOT_SIMPLE, *NOT_TOKENS, *NOT_PATTERNS]


@pytest.mark.parametrize(("query", "said", "column"), INVALID, ids=[query[:30] for query, _, _ in INVALID])
def test_what_cannot_be_read_is_said_with_its_column(query: str, said: str, column: int) -> None:
    with pytest.raises(QueryError) as error:
        parse(query, words=LISTS)
    assert said in error.value.message
    assert error.value.column == column
    assert error.value.query == query
    if query:
        assert str(error.value).splitlines()[-1] == "  " + " " * column + "^"


def test_without_lists_the_study_file_is_spoken_of() -> None:
    with pytest.raises(QueryError, match=r"write \[words\] and captive = .* into crosscut.toml"):
        parse("[lemma=$captive]")


def test_a_query_of_any_length_is_read_or_refused() -> None:
    assert isinstance(parse('"' + "a" * (LONGEST_QUERY - 2) + '"').pattern, Token)
    with pytest.raises(QueryError, match="at most 10,000"):
        parse("a" * (LONGEST_QUERY + 1))


PIECES = [
    '"', "'", "[", "]", "(", ")", "{", "}", "|", "&", "!", "=", "!=", "==", "?", "*", "+", ",", "{1,2}", "{0,3s}", "{,}", "word",
    "lemma", "pos", "a", "1", "s", "5s", "3", '"a"', '"b.*"', "[]", '[lemma="x"]', " ", "\\", "\n", "٣", "“", "ـ", "\ud800",
    "within", "containing", "not ", "first ", "<s>", "</s>", "<turn", "/>", ">", "<", "::", ":", ";", "-x->", "-->", "->", "^", "_",
    "a:", "1:", "a.", "video", ".outlet", "distance", "(a,b)", "$words.fight", "$", "%d", "%", "@", "(?longest)", "(?-i)", "5.5",
    'l"x"', "U.S.", "don't", '"don\'t"', "MU(", "<=", "<<", "=>", "/"]
SOUP = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A query with some of it gone or replaced."""
    text = str(draw(QUERIES))
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, min(len(text), begin + 6)))
        text = text[:begin] + draw(st.sampled_from(["", *PIECES])) + text[end:]
    return text


@given(st.one_of(SOUP, mutated(), st.text(st.characters(exclude_categories=()))), st.sampled_from([["en"], ["fr", "en"]]))
@settings(max_examples=300)
def test_any_text_is_a_query_or_a_query_error(query: str, languages: list[str]) -> None:
    found, refusal = read(query, languages)
    if refusal:
        assert refusal.message
        assert refusal.query == query
        assert 0 <= refusal.column <= len(query)
    else:
        assert parse(str(found), languages, WORDS) == found


def read(query: str, languages: list[str]) -> tuple[Query | None, QueryError | None]:
    try:
        return parse(query, languages, WORDS), None
    except QueryError as error:
        return None, error


@pytest.mark.parametrize("piece", [
    '"a" ', '"a"|', "[]{0,3s} []", "(", "[", "!", "a:", "-", "\\", "{", "<turn ", "_ -x-> ", "$a", "*", "a ", '"(a|b){900}" ', "^",
    '"x" within s ', '"x" :: !(', '"x" :: video.words > 1 & ', "(?longest) ", "'", "::", "((((((((((([]?)*)*)"])
def test_the_longest_queries_are_read_or_refused_without_harm(piece: str) -> None:
    query = piece * (LONGEST_QUERY // len(piece))
    for text in (query, '"a"' + query[:-3], "[" + query[:-1]):
        found, refusal = read(text, ["en"])
        assert refusal or str(found)
