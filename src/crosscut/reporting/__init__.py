"""Here is a study: give me one page that I can send, that needs no server and no network, and that shows its evidence.

``writing``   the door: gather, render, write
``gather``    the accounts of the corpus, as plain data
``asking``    the answers to the queries, as plain data
``naming``    what outlets call the same, where the study has choice sets
``stories``   what outlets say of the same events, where a layer has stories (``stories.html``)
``queries``   what is asked where nobody asked
``charts``    SVG from plain numbers, as wide as a phone or a page (decision 0020)
``figures``   which numbers are drawn, on which scale
``page``      HTML from all of these (``page.html``, ``page.css``)
"""

from crosscut.reporting.writing import report

__all__ = ["report"]
