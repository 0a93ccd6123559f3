"""How fast is the query engine, beside what, and how does it grow?  ``make bench-engine TOKENS=10000000``.

``vocabulary``  the types that the test corpus is made of, with real frequencies
``material``    a seeded study of so many tokens, and the same tokens as plain arrays for the peers
``index``       building the index: seconds, memory, bytes
``queries``     what is asked, of what words, and what our own answer is
``plain``       the same answers counted by scanning plain arrays: slow and obvious
``peers``       the same questions put to other tools
``measuring``   clocks, memory, cold caches
``ours``        our own calls, one process a query
``run``         all of it, side by side, into ``bench-engine.json``
``page``        the section of ``docs/performance.md``
"""
