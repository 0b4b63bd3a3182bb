"""`tidings schema`: the JSON Schema of the record."""

from __future__ import annotations

import click

from tidings.cli.terminal import say


@click.command("schema")
def command() -> None:
    """Print the JSON Schema (2020-12) of one record, as `tidings read --format jsonl` writes it."""
    import msgspec

    from tidings.facts import Record

    schema = msgspec.json.schema(Record)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    say(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())
