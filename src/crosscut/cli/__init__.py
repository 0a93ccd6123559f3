"""Doors: parse, call one function, print.  One command, one file; heavy imports happen inside the command.

Exit codes: 0 done; 1 the user's input cannot be served (the message says what, where and what to do); 2 usage.
"""

from __future__ import annotations

import os
import sys

from crosscut.errors import CrosscutError


def main() -> None:
    """The ``crosscut`` command."""
    from crosscut.cli.app import app
    from crosscut.cli.common import harmless

    try:
        app()
    except CrosscutError as error:
        print("crosscut: " + harmless(str(error), keep="\n"), file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # `crosscut kwic … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        print("crosscut: stopped; what was finished is kept", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        print(f"crosscut: {harmless(str(error))}", file=sys.stderr)
        sys.exit(1)
