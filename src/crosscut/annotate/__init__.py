"""What is each word?  Lemma, part of speech, head, entity: by the annotator of its language.

``choose``       which annotator a language gets, and the fingerprint by which its work is known
``linguistic``   spaCy pipelines: the only module that imports spaCy
``lemmas``       lemmas by dictionary for other languages: the only module that imports simplemma
"""

from crosscut.annotate.choose import Annotator, Request, annotator_for, labels, load

__all__ = ["Annotator", "Request", "annotator_for", "labels", "load"]
