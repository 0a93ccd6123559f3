"""The SVG that a converter wrote: made smaller, the same each time, and readable by a screen reader."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

_SVG = "http://www.w3.org/2000/svg"
#: What the picture does not need: names of marks, and one label a mark (the description says what a reader needs).
_DROPPED = ("class", "role", "aria-label", "aria-roledescription", "aria-hidden", "pointer-events")
#: What a group says for all that is in it.
_INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor")
#: Attributes that hold numbers; two digits after the point are a two-hundredth of a pixel.
_PLACES = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "dy")
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


def dressed(drawn: str, title: str, description: str) -> str:
    """One image with a title and a description, instead of hundreds of labelled marks."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(drawn)
    _renumber(root)
    for element in root.iter():
        for name in _DROPPED:
            element.attrib.pop(name, None)
        if element.get("opacity") == "1":
            del element.attrib["opacity"]
        for name in _PLACES:
            if name in element.attrib:
                element.set(name, _NUMBER.sub(_rounded, element.attrib[name]))
    _prune(root)
    _gather(root)
    _name(root, title, description)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True) + "\n"


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _renumber(root: ET.Element) -> None:
    """The converter counts its clips for as long as it runs: a picture should not depend on those before it."""
    clips = [element for element in root.iter() if element.tag == f"{{{_SVG}}}clipPath"]
    names = {f"url(#{clip.get('id')})": f"c{number}" for number, clip in enumerate(clips)}
    for clip, name in zip(clips, names.values(), strict=True):
        clip.set("id", name)
    for element in root.iter():
        if (used := element.get("clip-path")) in names:
            element.set("clip-path", f"url(#{names[used]})")


def _name(root: ET.Element, title: str, description: str) -> None:
    """Title and description; names within the picture that no other picture on a page has."""
    own = hashlib.sha256(ET.tostring(root) + title.encode() + description.encode()).hexdigest()[:8]
    for element in root.iter():
        if element.tag == f"{{{_SVG}}}clipPath":
            element.set("id", f"{own}-{element.get('id')}")
        if used := element.get("clip-path"):
            element.set("clip-path", used.replace("#", f"#{own}-"))
    root.set("role", "img")
    root.set("aria-labelledby", f"{own}-t {own}-d")
    for place, (kind, text) in enumerate((("title", title), ("desc", description))):
        child = ET.Element(f"{{{_SVG}}}{kind}", {"id": f"{own}-{kind[0]}"})
        child.text = text
        root.insert(place, child)


def _prune(element: ET.Element) -> None:
    """Take out what draws nothing: empty paths and groups."""
    for child in list(element):
        _prune(child)
        empty = child.tag == f"{{{_SVG}}}g" and not len(child)
        if empty or child.get("display") == "none" or child.get("d") == "M0,0h0v0h0Z":
            element.remove(child)


def _gather(element: ET.Element) -> None:
    """Say once in a group what all that is in it says."""
    for child in element:
        _gather(child)
    inside = list(element)
    if element.tag != f"{{{_SVG}}}g" or not inside:
        return
    for name in _INHERITED:
        first = inside[0].get(name)
        if first is not None and all(child.get(name) == first for child in inside):
            element.set(name, first)
            for child in inside:
                del child.attrib[name]


def in_page(svg: str, inks: Mapping[str, str]) -> str:
    """The picture as part of a page: without paper of its own, inks that the page knows by the page's names.

    ``inks``: a colour -> what is written for it, as ``var(--ink)``: light or dark as the page is.
    """
    root = ET.fromstring(svg)
    paper = next(child for child in root if child.tag == f"{{{_SVG}}}rect")
    root.remove(paper)
    root.set("class", "drawn")
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")  # HTML knows what an svg is
        for name in ("fill", "stroke"):
            colour = element.get(name, "")
            if colour in inks:
                element.set(name, inks[colour])
    return ET.tostring(root, encoding="unicode")


def in_points(svg: str) -> str:
    """The picture with three quarters of its width and height: pixels are 96 to an inch, a PDF takes them for 72."""
    root = ET.fromstring(svg)
    for name in ("width", "height"):
        root.set(name, f"{0.75 * float(root.get(name, '0')):g}")
    return ET.tostring(root, encoding="unicode")
