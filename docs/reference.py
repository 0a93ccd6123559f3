"""Write ``docs/commands.md`` from the commands' own help: ``python -m docs.reference``."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.app import COMMANDS, app

PAGE = Path(__file__).with_name("commands.md")
WIDTH = 110


def page() -> str:
    """The command reference; the same on every machine and terminal."""
    parts = ["# Commands\n\nWritten from the commands' own help by `make docs`; a test keeps it current.\n"]
    settings = {**app.context_settings, "max_content_width": WIDTH, "terminal_width": WIDTH}
    root = click.Context(app, info_name="crosscut", **settings)
    parts.append(_block("crosscut", app.get_help(root)))
    for name in COMMANDS:
        command = app.get_command(root, name)
        assert command is not None
        context = click.Context(command, parent=root, info_name=name, **settings)
        parts.append(_block(f"crosscut {name}", command.get_help(context)))
    return "\n".join(parts)


def _block(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")
