"""The SVG that a converter wrote, made smaller and readable by a screen reader."""

from __future__ import annotations

import xml.etree.ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
#: What the picture does not need: names of marks, and one label a mark (the description says what a reader needs).
_DROPPED = ("class", "role", "aria-label", "aria-roledescription", "aria-hidden", "pointer-events")


def dressed(drawn: str, title: str, description: str) -> str:
    """One image with a title and a description, instead of hundreds of labelled marks."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(drawn)
    for element in root.iter():
        for name in _DROPPED:
            element.attrib.pop(name, None)
    _prune(root)
    root.set("role", "img")
    root.set("aria-labelledby", "crosscut-t crosscut-d")
    for place, (kind, text) in enumerate((("title", title), ("desc", description))):
        child = ET.Element(f"{{{_SVG}}}{kind}", {"id": f"crosscut-{kind[0]}"})
        child.text = text
        root.insert(place, child)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True) + "\n"


def _prune(element: ET.Element) -> None:
    """Take out what draws nothing: empty paths and groups."""
    for child in list(element):
        _prune(child)
        empty = child.tag == f"{{{_SVG}}}g" and not len(child)
        if empty or child.get("display") == "none" or child.get("d") == "M0,0h0v0h0Z":
            element.remove(child)


def in_points(svg: str) -> str:
    """The picture with three quarters of its width and height: pixels are 96 to an inch, a PDF takes them for 72."""
    root = ET.fromstring(svg)
    for name in ("width", "height"):
        root.set(name, f"{0.75 * float(root.get(name, '0')):g}")
    return ET.tostring(root, encoding="unicode")
