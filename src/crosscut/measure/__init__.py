"""Here are my counts: give me a number, its uncertainty and its evidence.

``finding``     a table with its question, parameters, digests and exclusions: what a figure needs to be believed
``bootstrap``   intervals by resampling videos
``exact``       limits where there are no hits, or few videos with hits
``rates``       a rate with its interval, and the videos that move it
``frequency``   how often, by any grouping of videos
``association`` which words go with the hits, or with one corpus rather than another: logDice, log-likelihood, log ratio
``dispersion``  how evenly spread over videos, or coarser parts
``variety``     how many different things fill a slot, and how evenly
``ranking``     the rows that score highest
"""
