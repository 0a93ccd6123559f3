"""Which stretches of videos are about the same event?  Pure algorithms over plain arrays: no corpus files, no layers.

``segments``   where a long show goes on to another subject: the door
``cohesion``   how well stretches of a text hold together by their words
``cues``       marks, formulas, pauses, capitals, chapters; ``formulas`` are what presenters say
``kinds``      story, advert, teaser
``clusters``   which pieces are of one story, and what tells it from others (``vectors``, ``onepass``)
``embedding``  what a piece is about in any language, by a sentence encoder
"""
