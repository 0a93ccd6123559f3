"""Here is my video, my word: give me its tokens, its places.

``pack``      one immutable file of arrays and strings, memory-mapped, that appears whole or not at all
``batch``     the annotated documents of some videos as columns in memory; two batches merge into one
``lexicon``   sorted lists of strings, merged
``merging``   shards of any size put together in one, piece by piece
``shelf``     the shards of a folder: what lies where, and when shards are merged
``shard``     a batch on disk with its postings and its video × type counts
``layer``     a versioned set of spans over words (names, turns, stories, copies, codes)
``catalog``   one row a video: what is known of it, and in which shard its words lie
``corpus``    a folder of shards, a catalog and a manifest; opened without being read
"""
