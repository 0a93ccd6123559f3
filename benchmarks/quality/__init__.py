"""How right are the automatic labels?  ``python -m benchmarks.quality`` measures each on gold data and holds it to a floor.

``gold``      what people annotated: treebanks, as words with places in the text
``measure``   the same text through our own pipeline, in four views, and what of it is right
``kinds``     what kind of text each real caption file is, against a table filled by hand
``cleaning``  words and times of real captions against word lists and a slower reading
``captions``  both of these as results and tables
``copies``    passages that recur: planted, recognised by several, revised, and judged by hand
``gate``      floors, and what breaks them
``page``      the table, and ``docs/quality.md``
"""
