"""``python -m crosscut`` is the ``crosscut`` command."""

from crosscut.cli import main

main()
