"""Here is my question: give me the hits.

``language``     what a user may write, and how it becomes a pattern
``pattern``      the tree of a question; knows nothing of storage
``fields``       what can be asked of a video: ``--where`` and ``--by``
``mask``         which videos and spans are searched, counted and divided by
``spans``        stretches of tokens as columns
``engine/``      all matches of a pattern in a shard
``search``       hits: what the engine finds, under a mask, by a strategy
``hits``         hits as columns, and what can be made of them
``shape``        what can be said of a pattern without a corpus
``counting``     how often each value of a layer; ``cells``, ``collocation``, ``lexicons`` beside it
``concordance``  here is a hit: give me its context, and its second of video
``lexicons``     the values of a layer over all shards
``counting``     how often each value occurs under a mask
``cells``        the same for whole outlets and months, added up once and laid beside the catalog
``collocation``  what stands near the hits
``ngrams``       which n tokens stand together; ``tally`` beside it counts what is too much to keep
``clusters``     n-grams around hits, and what fills the slots of a frame
"""
