"""Here are my counts: give me a number, its uncertainty and its evidence.

``finding``     a table with its question, parameters, digests and exclusions: what a figure needs to be believed
``bootstrap``   intervals by resampling videos
``exact``       limits where there are no hits, or few videos with hits
``rates``       a rate with its interval, and the videos that move it
``frequency``   how often, by any grouping of videos
``keyness``     what one group of videos says more often than others: what it is, and the scores of words
``comparing``   the same with what is known of the videos: how many, which ranks (``ranksum``), and resamples
``significance`` p-values, and what becomes of them when there are many
``association`` which words go with the hits, or with one corpus rather than another: logDice, log-likelihood, log ratio
``dispersion``  how evenly spread over videos, or coarser parts
``variety``     how many different things fill a slot, and how evenly
``permutation`` would groups differ so much by chance?
``dealing``     units dealt out to groups anew, for tests by permutation
``contrast``    do the groups' rates differ in this window: all at once, pairs, each against the others
``trend``       how often over time
``changes``     where a rate changed, and how sure that is
``leads``       who speaks of it first, and who follows
``periods``     days, weeks, months, years
``ranking``     the rows that score highest
``naming``      what each group calls it: shares of alternatives, tests, drift
``collocation`` scores of collocates with intervals, and groups side by side
``network``     collocates of collocates
``similarity``  which words can take one another's place
``comparability`` what differs between groups beside what is asked
"""
