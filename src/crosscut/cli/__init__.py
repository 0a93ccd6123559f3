"""Doors: parse, call one function, print.  One command, one file; heavy imports happen inside the command.

Exit codes: 0 done; 1 the user's input cannot be served (the message says what, where and what to do); 2 usage.  Anything
else is a bug: it shows a traceback, and says where to report it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from crosscut.errors import CrosscutError


def main(words: Sequence[str] | None = None) -> None:
    """The ``crosscut`` command."""
    import click

    from crosscut.cli.app import app
    from crosscut.cli.common import harmless

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe on Windows has a code page that holds no outlet's title
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app.main(args=words, prog_name="crosscut", standalone_mode=False)
        if isinstance(code, int) and code:  # what a command gave to Context.exit
            sys.exit(code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except CrosscutError as error:
        print("crosscut: " + harmless(str(error), keep="\n"), file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        print("crosscut: stopped; what was finished is kept", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        print(f"crosscut: {harmless(str(error))}", file=sys.stderr)
        sys.exit(1)
    except Exception:
        print("crosscut: this is a bug in Crosscut; please report what follows, with the command and its version\n",
              file=sys.stderr)
        raise
