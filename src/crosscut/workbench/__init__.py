"""I have an open study: ask it.  One module a question, each a function of the open corpus and a method of ``Corpus``.

``opened``        the study and its corpus: masks, queries, hits, what to note of them
``asking``        how a question becomes a finding: all parameters spelled out, digests, exclusions, time
``reading``       concordances
``lists``         word lists, and hits grouped by what stands beside them
``freq``          how often
``keyness``       what some videos say more often than others
``things``        what is counted by video: values of a layer, n-grams, hits of queries
``collocates``    what goes with something; ``neighbours`` finds it, and chooses what is shown
``network``       which collocates go together in turn
``dispersion``    how evenly spread
``ngrams``        which words stand together: n-grams, clusters, frames
``trend``         how often over time
``changes``       where a rate changed
``leads``         who speaks of it first, and who follows
``contrast``      whether outlets differ in this window
``within``        a layer of stories: what each group says in each piece of a story
``compare``       whether outlets differ where they tell the same story; ``compare_keyness``, ``compare_naming``
``story``         one story: who was first, how long, headlines, words; ``story_only``, ``story_tables``
``over_time``     what these share: periods and events
``counted``       queries counted by video
``grouped``       groups of videos that are compared, and how a question speaks of them
``twice``         any measure asked twice, side by side: of all words and of a part of them
``views``         the same as found and levelled
``verifying``     a finding in a file, computed again
``corpus``        all of it together
"""
