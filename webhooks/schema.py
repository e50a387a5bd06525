"""JSON Schema of every message (draft 2020-12), and the table of types in docs/webhooks.md, from their registration."""

import json
from typing import Any

from webhooks import types
from webhooks.types import Type, Value

FORMS: dict[str, dict[str, Any]] = {
    "string": {"type": "string", "minLength": 1},
    "uri": {"type": "string", "format": "uri"},
    "date-time": {"type": "string", "format": "date-time"},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
}
EVENT = Value("string", "id of the event in the audit log; null when none tells of it", nullable=True)


def whole() -> dict[str, Any]:
    """Return the schema of any message: one of the types."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of Imprimatur's webhooks",
        "oneOf": [{"$ref": f"#/$defs/{kind.name}"} for kind in types.known()],
        "$defs": {kind.name: of_type(kind) for kind in types.known()},
    }


def of_type(kind: Type) -> dict[str, Any]:
    """Return the schema of a type. New members may come; a receiver passes over what it doesn't know."""
    members = dict(kind.values) | {"event": EVENT}
    return {
        "type": "object",
        "description": kind.when,
        "properties": {
            "type": {"const": kind.name},
            "timestamp": FORMS["date-time"] | {"description": "when it happened"},
            "data": {
                "type": "object",
                "properties": {name: _of_value(value) for name, value in members.items()},
                "required": list(members),
            },
        },
        "required": ["type", "timestamp", "data"],
    }


def _of_value(value: Value) -> dict[str, Any]:
    found = FORMS[value.kind] | {"description": value.meaning}
    if value.one_of:
        found = {"enum": [*value.one_of, *([None] if value.nullable else [])], "description": value.meaning}
    elif value.nullable:
        found["type"] = [found["type"], "null"]
    return found


def text() -> str:
    """Return the schema as docs/webhooks.schema.json has it."""
    return json.dumps(whole(), indent=1, ensure_ascii=False) + "\n"


def table() -> str:
    """Return the table of types as docs/webhooks.md has it."""
    lines = ["| type | when | `data` |", "|---|---|---|"]
    lines += [f"| `{kind.name}` | {kind.when} | {_members(kind)} |" for kind in types.known()]
    return "\n".join(lines) + "\n"


def _members(kind: Type) -> str:
    return ", ".join(f"`{name}`" for name in (*kind.values, "event"))
