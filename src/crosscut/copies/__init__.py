"""Here are videos in order of publication, as heard: which passages were heard before, where first, and what kind are
they?

Plain arrays in, plain arrays out; nothing here knows of a corpus.  The door: ``finder`` (``Finder``, ``find``) and
``found`` (what comes out).

``found``    what is found: occurrences and groups, as columns, and what the kinds are called
``finder``   the fold over videos in their order, and how it goes on from an earlier one
``heard``    the text that was heard so far, which of it first, and how often each word
``shingles`` k words in a row as one number, and which of them are looked at; loops of a recogniser
``index``    where each shingle of text heard first stands: sorted runs on disk, merged geometrically
``chains``   shingles met on one diagonal
``align``    from there to the exact passage, word by word
``choose``   which of the passages that overlap in a video it is
``batch``    the three of them for many videos at a time
``sources``  copies of one first occurrence, and which words are whose
``groups``   groups with their evidence
``state``    what is kept between runs
``kinds``    re-upload, excerpt, pool, boilerplate, ident, repeat: by evidence
"""
