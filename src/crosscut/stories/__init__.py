"""Which stretches of videos are about the same event?  Pure algorithms over plain arrays: no corpus files, no layers.

``segments``   where a long show goes on to another subject
``clusters``   which pieces are of one story, and what tells it from others (``vectors``, ``onepass``)
``embedding``  what a piece is about in any language, by a sentence encoder
"""
