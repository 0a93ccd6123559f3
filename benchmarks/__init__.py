"""How fast, beside what, and how does the cost grow?  ``make bench`` prints a table and writes ``bench.json``."""
