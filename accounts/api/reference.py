"""The description of the API as a page shows it: operations by heading, their fields and examples in a row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.api.bodies import JSON
from accounts.api.problems import KINDS, Code

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter or a field: its name, what it looks like, and what it means."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation. `sends` and `answers` are examples as text; `media` the type of a body that is no JSON."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[Named, ...]
    fields: tuple[Named, ...]
    sends: str
    media: str
    status: str
    answered: tuple[Named, ...]
    answers: str
    problems: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The operations on one kind of thing."""

    name: str
    anchor: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class ProblemShown:
    """A kind of problem with what it means."""

    code: str
    status: int
    title: str
    meaning: str


def headings(described: Schema) -> list[Heading]:
    """Return the operations of the description by heading, in its order."""
    found: dict[str, list[Operation]] = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            shown = _operation(path, method, operation, described["components"])
            found.setdefault(operation["tags"][0], []).append(shown)
    return [Heading(name, name.lower().replace(" ", "-"), tuple(some)) for name, some in found.items()]


def problems() -> list[ProblemShown]:
    """Return every kind of problem."""
    return [
        ProblemShown(code.value, KINDS[code].status, str(KINDS[code].title), str(KINDS[code].meaning))
        for code in Code
    ]


def _operation(path: str, method: str, operation: Schema, components: Schema) -> Operation:
    schemas = components["schemas"]
    body = operation.get("requestBody", {}).get("content", {})
    sent = body.get(JSON, {})
    status, answer = next(iter(operation["responses"].items()))
    content = answer.get("content", {}).get(JSON, {})
    scopes = operation["security"][0]["token"]
    return Operation(
        name=operation["operationId"], method=method.upper(), path=path, summary=operation["summary"],
        description=operation.get("description", ""), scope=scopes[0] if scopes else "",
        parameters=tuple(_parameter(one, schemas) for one in operation["parameters"]),
        fields=_fields(sent.get("schema", {}), schemas), sends=_text(sent), media="" if sent else ", ".join(body),
        status=status, answered=_fields(content.get("schema", {}), schemas), answers=_text(content),
        problems=_problems(operation),
    )  # fmt: skip


def _problems(operation: Schema) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (status, tuple(answer["$ref"].rsplit("/", 1)[-1].split(".")))
        for status, answer in operation["responses"].items()
        if "$ref" in answer
    )


def _text(content: Schema) -> str:
    return json.dumps(content["example"], ensure_ascii=False, indent=2) if "example" in content else ""


def _parameter(parameter: Schema, schemas: Schema) -> Named:
    kind = f"{parameter['in']}, {_kind(parameter['schema'], schemas)}"
    return Named(parameter["name"], kind, parameter["required"], parameter.get("description", ""))


def _fields(schema: Schema, schemas: Schema) -> tuple[Named, ...]:
    schema = _resolved(schema, schemas)
    required = set(schema.get("required", ()))
    return tuple(
        Named(name, _kind(part, schemas), name in required, part.get("description", ""))
        for name, part in schema.get("properties", {}).items()
    )


def _resolved(schema: Schema, schemas: Schema) -> Schema:
    if "$ref" in schema:
        found: Schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def _kind(schema: Schema, schemas: Schema) -> str:
    """Return what a value looks like, in the words of JSON Schema."""
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one, schemas) for one in schema["anyOf"]))
    found = _resolved(schema, schemas)
    if "enum" in found:
        return " | ".join(json.dumps(one) for one in found["enum"])
    if "const" in found:
        return json.dumps(found["const"])
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if found.get("type") == "array":
        return f"[{_kind(found['items'], schemas)}]"
    return _limited(found)


def _limited(schema: Schema) -> str:
    words = [str(schema.get("format") or schema.get("type", "any"))]
    for sign, name in (("≥", "minimum"), ("≤", "maximum"), ("≤", "maxLength")):
        if name in schema and schema[name] < 2**53 - 1:
            words.append(f"{sign} {schema[name]}{' characters' if name == 'maxLength' else ''}")
    return " ".join(words)
