"""What kind of text is this?  Told from the words themselves, whatever the file claims.

``language``   which language it is in: the only module that imports py3langid
``speech``     whether it is what was said or what was written about it
``traits``     case, marks, unknown words, words a minute, silences
"""

from crosscut.detect.traits import traits_of

__all__ = ["traits_of"]
