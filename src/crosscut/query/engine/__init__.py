"""Here is a pattern and a shard: give me the matches.

``lexicon``     which values of a layer a test allows
``constraint``  which tokens are as a constraint says
``matches``     stretches of tokens as columns
``matcher``     all matches of a pattern, from its rarest part to both sides
``relations``   tokens and their children in the tree of a sentence
``structures``  where videos and the spans of layers lie
``conditions``  what must hold of a whole match
"""
