"""Write the help of every verb into `docs/cli.md`: run `python docs/cli_help.py` after changing an option."""

from __future__ import annotations

import copy
import re
import sys
from pathlib import Path

import click

from tidings.cli import group

PAGE = Path(__file__).with_name("cli.md")
MARK = re.compile(r"(<!-- help: (\w+) -->\n```text\n).*?(```\n)", re.S)


def with_help(page: str) -> str:
    """Return the page with each marked block replaced by the present help."""
    return MARK.sub(lambda match: f"{match[1]}{help_of(match[2])}\n{match[3]}", page)


def help_of(verb: str) -> str:
    """Return what `tidings VERB --help` prints at a width of 100."""
    # What a verb says of itself depends on the settings of the group, such as the short name of --help.
    parent = click.Context(group, info_name="tidings", **group.context_settings)
    command = group.get_command(parent, verb)
    if command is None:
        raise SystemExit(f"docs/cli.md asks for the help of {verb}, which is no verb")
    # click keeps the help option of whoever asked first, who may have called the verb without its group.
    command = copy.copy(command)
    command._help_option = None
    context = click.Context(command, info_name=verb, parent=parent, terminal_width=100, max_content_width=100)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    if "--check" in sys.argv:
        sys.exit(with_help(page) != page)
    PAGE.write_text(with_help(page), encoding="utf-8")
