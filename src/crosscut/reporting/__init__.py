"""Here is a study: give me one page that I can send, that needs no server and no network, and that shows its evidence.

``writing``   the door: gather, render, write
``gather``    the accounts of the corpus, as plain data
``asking``    the answers to the queries, as plain data
``queries``   what is asked where nobody asked
``charts``    SVG from plain numbers
``figures``   which numbers are drawn, on which scale
``page``      HTML from all of these (``page.html``, ``page.css``)
"""

from crosscut.reporting.writing import report

__all__ = ["report"]
