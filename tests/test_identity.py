"""Which video is this?  The same whatever the address looks like; never another one's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.identity import canonical_url, identify, link, outlet_from_path, split_key, video_key, youtube_id

ID = "h_r7JCpshl0"


@pytest.mark.parametrize("url", [
    f"https://www.youtube.com/watch?v={ID}", f"http://youtube.com/watch?v={ID}", f"https://m.youtube.com/watch?v={ID}&t=42s",
    f"https://www.youtube.com/watch?list=PL1&index=2&v={ID}", f"https://youtu.be/{ID}", f"https://youtu.be/{ID}?si=abc&t=3",
    f"https://www.youtube.com/shorts/{ID}", f"https://www.youtube.com/shorts/{ID}/?feature=share",
    f"https://www.youtube.com/live/{ID}?feature=share", f"https://www.youtube.com/embed/{ID}",
    f"https://www.youtube-nocookie.com/embed/{ID}?rel=0", f"https://www.youtube.com/v/{ID}", f"HTTPS://WWW.YouTube.COM/watch?v={ID}",
    f"https://music.youtube.com/watch?v={ID}#fragment", f"  https://youtu.be/{ID}\n"])
def test_every_form_of_a_youtube_address_gives_its_id(url: str) -> None:
    assert youtube_id(url) == ID
    assert identify({"url": url}, b"") == ("youtube", ID)


@pytest.mark.parametrize("url", [
    "", "https://www.youtube.com/", "https://www.youtube.com/watch", "https://www.youtube.com/watch?v=short",
    f"https://www.youtube.com/watch?v={ID}x", f"https://notyoutube.com/watch?v={ID}", f"https://youtube.com.evil.example/watch?v={ID}",
    f"https://news.example/?u=https://youtu.be/{ID}", f"https://www.youtube.com/@channel/{ID}", "https://youtu.be/", "http://[",
    f"https://youtu.be/../{ID}", f"https://www.youtube.com/watch?x={ID}", "https://youtu.be/aaaaaaaaaa%"])
def test_other_addresses_have_no_youtube_id(url: str) -> None:
    assert youtube_id(url) == ""


@pytest.mark.parametrize(("one", "other"), [
    ("https://www.news.example/v/1", "http://news.example/v/1/"),
    ("https://news.example/v/1?utm_source=x&utm_medium=y&fbclid=z", "https://news.example/v/1"),
    ("https://news.example/v?b=2&a=1", "https://news.example/v?a=1&b=2#t=3"),
    ("https://NEWS.example/v", "https://news.example/v"),
    ("https://news.example/v?xtor=RSS-1&at_medium=x&id=5", "https://news.example/v?id=5"),
])
def test_what_varies_from_visit_to_visit_is_no_part_of_an_address(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)
    assert identify({"url": one}, b"") == identify({"url": other}, b"")


@pytest.mark.parametrize(("one", "other"), [
    ("https://news.example/v/1", "https://news.example/v/2"), ("https://news.example/v/A", "https://news.example/v/a"),
    ("https://news.example/v?id=1", "https://news.example/v?id=2"), ("https://news.example/v?123", "https://news.example/v?124"),
    ("https://a.example/v", "https://b.example/v"), ("https://news.example/v?a=1&a=2", "https://news.example/v?a=1"), ("x", "y")])
def test_other_addresses_are_other_videos(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)
    assert identify({"url": one}, b"") != identify({"url": other}, b"")


@given(st.text(st.characters(exclude_categories=())))
def test_no_address_breaks_anything(url: str) -> None:
    platform, id = identify({"url": url}, b"x")
    assert platform in {"youtube", "web", "content"}
    assert id
    assert split_key(video_key(platform, id)) == (platform, id)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_a_key_names_one_video(platform: str, id: str, other_platform: str, other_id: str) -> None:
    one = identify({"platform": platform, "id": id}, b"")
    other = identify({"platform": other_platform, "id": other_id}, b"")
    assert (video_key(*one) == video_key(*other)) == (one == other)
    assert split_key(video_key(*one)) == one


def test_identity_by_what_is_known() -> None:
    assert identify({"platform": "vimeo", "id": " 12 "}, b"") == ("vimeo", "12")
    assert identify({"id": ID}, b"") == ("youtube", ID)  # it looks like one of YouTube's
    assert identify({"id": ID, "url": "https://news.example/v"}, b"") == ("local", ID)
    assert identify({"id": "20240704001"}, b"") == identify({"id": "20240704001", "url": ""}, b"x") == ("local", "20240704001")
    assert identify({"id": "short"}, b"") == ("local", "short")
    assert identify({"id": ID, "url": f"https://youtu.be/{ID}"}, b"") == ("youtube", ID)
    assert identify({"platform": " YouTube", "id": ID}, b"") == ("youtube", ID)
    assert identify({"platform": "vimeo:album", "id": "12"}, b"") == ("vimeo-album", "12")
    assert identify({}, b"one") == identify({"title": "t"}, b"one")
    assert identify({}, b"one")[0] == "content"
    assert identify({}, b"one") != identify({}, b"two")


def test_a_bare_id_is_youtubes() -> None:
    assert split_key(ID) == ("youtube", ID)
    assert split_key("-abc_DEF123") == ("youtube", "-abc_DEF123")
    assert split_key("web:a:b") == ("web", "a:b")
    assert video_key("youtube", "-a") == "youtube:-a"


@pytest.mark.parametrize(("arguments", "address"), [
    (("youtube", ID, "", 245_900), f"https://youtu.be/{ID}?t=245"), (("youtube", ID, "", 0), f"https://youtu.be/{ID}?t=0"),
    (("youtube", ID, "", -1), f"https://youtu.be/{ID}"), (("web", "x", "https://news.example/v", 61_000), "https://news.example/v#t=61"),
    (("web", "x", "https://news.example/v", -1), "https://news.example/v"), (("web", "x", "javascript:alert(1)", 5), ""),
    (("web", "x", " javascript:alert(1)", 5), ""), (("web", "x", "data:text/html,x", 5), ""), (("local", "x", "", 5), ""),
    (("web", "x", "file:///etc/passwd", 5), ""), (("archive.org", "A_B", "https://archive.org/details/A_B", 61_900),
                                                  "https://archive.org/details/A_B/start/61/end/121"),
    (("archive.org", "A_B", "https://archive.org/details/A_B", -1), "https://archive.org/details/A_B")])
def test_links_open_the_second_and_only_on_the_web(arguments: tuple[str, str, str, int], address: str) -> None:
    assert link(*arguments) == address


@pytest.mark.parametrize(("path", "outlet"), [
    ("data/en_AJ/x.vtt", "en_AJ"), ("data\\fr_F24\\x.vtt", "fr_F24"), ("data/en_AJ/2024/x.vtt", "en_AJ"), ("x.vtt", ""),
    ("en_AJ", ""), ("data/Al Jazeera/x.vtt", "Al Jazeera"), ("en_AJ/fr_F24/x.vtt", "fr_F24"), ("EN_aj/x.vtt", ""), ("", ""),
    ("tv_news/x.vtt", ""), ("my_data/x.vtt", ""), ("en_AJ/tv_news/x.vtt", "en_AJ"), ("en_AJ-2/x.vtt", ""), ("en_/x.vtt", ""), ("../en_AJ/../x.vtt", "en_AJ"),
    ("a/en_AJ.zip/x.vtt", "en_AJ"), ("en_AJ.tar.gz/2024/x.vtt", "en_AJ"), ("en_AJ.zip", ""), ("Al Jazeera.tgz/x.vtt", "Al Jazeera")])
def test_the_outlet_of_a_folder(path: str, outlet: str) -> None:
    assert outlet_from_path(path, {"Al Jazeera"}) == outlet
