"""The list of commands, in the order in which a study meets them; a command's module is imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from crosscut import __version__

#: Name of each command, and the module that holds it.
COMMANDS = {
    "init": "init", "demo": "demo", "import": "import_", "build": "build", "status": "status", "show": "show",
    "kwic": "kwic", "freq": "freq", "trend": "trend", "contrast": "contrast", "keyness": "keyness",
    "collocates": "collocates", "dispersion": "dispersion", "ngrams": "ngrams", "naming": "naming", "copies": "copies",
    "stories": "stories", "compare": "compare", "absence": "absence", "verify": "verify", "sql": "sql", "export": "export",
    "report": "report", "forget": "forget",
}


class _Commands(click.Group):
    """A group that imports a command only when it is asked for: a concordance should not wait for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"crosscut.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="crosscut")
def app() -> None:
    """Compare how TV news outlets cover the same story: captions to corpus to evidence.

    Every number opens its lines, every line opens its second of video.
    """
