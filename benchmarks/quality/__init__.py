"""How right are the automatic labels?  ``python -m benchmarks.quality`` measures each on gold data and holds it to a floor.

``gold``      what people annotated: treebanks, as words with places in the text
``measure``   the same text through our own pipeline, in four views, and what of it is right
``gate``      floors, and what breaks them
``page``      the table, and ``docs/quality.md``
"""
