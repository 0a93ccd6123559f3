"""What was said, once, and when?  Caption repair: pure functions from what a file shows to a ``Transcript``.

``times``    clock readings to whole milliseconds
``text``     markup and entities away, pieces of text to a ``Transcript``
``rolling``  which lines of a roll-up screen are new
``loops``    which stretches a speech recogniser invented
"""
