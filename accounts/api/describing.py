"""The description of the API (OpenAPI 3.1): what each operation needs, every problem it answers, and examples.

Examples are put together from those of the fields, so each is one of its own schema.
"""

from collections.abc import Mapping
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from accounts.api import bodies
from accounts.api.problems import KINDS, MEDIA_TYPE, PLACE, Code
from accounts.api.repeating import HEADER

if TYPE_CHECKING:
    from accounts.api.rooms import Rule

_RESPONSES = "#/components/responses/"
_TOKEN = {
    "type": "http", "scheme": "bearer", "bearerFormat": "imp_…",
    "description": "A token of a person; the scope that it needs stands at each operation.",
}  # fmt: skip
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_ALWAYS = (
    Code.MALFORMED, Code.UNAUTHENTICATED, Code.MISSING_SCOPE, Code.FORBIDDEN, Code.NOT_FOUND, Code.INVALID,
    Code.TOO_MANY,
)  # fmt: skip
_OF_BODIES = (Code.TOO_LARGE, Code.WRONG_MEDIA_TYPE)
_OF_ACTS = (Code.WRONG_STATE, Code.REFUSED)
_OF_POSTS = (Code.IN_PROGRESS, Code.KEY_REUSED)

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Why a call wasn't done (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Names the kind of problem; stable."},
        "title": {"type": "string", "description": "The kind in words."},
        "status": {"type": "integer", "description": "The status of the answer."},
        "code": {"type": "string", "enum": [code.value for code in Code], "description": "End of `type`."},
        "detail": {"type": "string", "description": "What it is this time, and what to do, for a person."},
        "instance": {"type": "string", "description": "The address that was called."},
        "errors": {
            "type": "array",
            "description": "Each wrong field: `pointer` into the body, or `parameter`.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON pointer (RFC 6901) as a fragment."},
                    "parameter": {"type": "string", "description": "Name of a parameter or header."},
                },
            },
        },
    },
    "additionalProperties": True,
}


def paragraphs(text: str) -> str:
    """Return the text of a docstring without its indentation."""
    return cleandoc(text)


def beyond_types(rule: "Rule", status: int) -> dict[str, Any]:
    """Return what of an operation's description isn't in its types."""
    described: dict[str, Any] = {
        "parameters": _headers(rule),
        "responses": _problems(rule),
        "security": [{"token": [rule.scope.value] if rule.scope else []}],
    }
    if isinstance(rule.takes, bodies.FileBody):
        binary = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
        described["requestBody"] = {
            "required": True,
            "content": dict.fromkeys(rule.takes.media_types, binary),
        }
    if rule.gives != bodies.JSON:
        described["responses"][status] = {
            "description": "The file.",
            "content": {rule.gives: {"schema": {"type": "string", "contentMediaType": rule.gives}}},
        }
    return described


def _headers(rule: "Rule") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if rule.method == "POST":
        found.append(
            {
                "in": "header", "name": HEADER, "required": False, "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-\\[\\]-~]+$"},
                "description": "Any text of yours. The same call with the same key within 24 hours acts once.",
            }
        )  # fmt: skip
    if rule.names_version:
        found.append(
            {
                "in": "header", "name": "If-Match", "required": False, "example": '"3"',
                "schema": {"type": "string", "pattern": '^("[0-9]{1,9}"|\\*)$'},
                "description": (
                    "ETag of what you saw; `*` for whatever there is. Left out: there must be nothing yet."
                ),
            }
        )  # fmt: skip
    return found


def _problems(rule: "Rule") -> dict[int, Any]:
    codes = [*_ALWAYS, *rule.tells]
    if rule.scope is None:
        codes.remove(Code.MISSING_SCOPE)
    if rule.takes is not None:
        codes.extend(_OF_BODIES)
    if rule.method != "GET":
        codes.extend(_OF_ACTS)
    if rule.method == "POST":
        codes.extend(_OF_POSTS)
    if rule.names_version:
        codes.append(Code.STALE)
    by_status: dict[int, list[Code]] = {}
    for code in sorted(codes, key=lambda code: (KINDS[code].status, code.value)):
        by_status.setdefault(KINDS[code].status, []).append(code)
    return {
        status: {"$ref": _RESPONSES + ".".join(code.value for code in together)}
        for status, together in by_status.items()
    }


def _answer_of(codes: list[Code]) -> dict[str, Any]:
    """Return the answer that stands for these codes, which have the same status."""
    answer: dict[str, Any] = {
        "description": "\n\n".join(f"`{code.value}`: {KINDS[code].meaning}" for code in codes),
        "content": {
            MEDIA_TYPE: {
                "schema": _PROBLEM, "examples": {code.value: {"value": _example_of(code)} for code in codes},
            }
        },
    }  # fmt: skip
    if codes == [Code.TOO_MANY]:
        seconds = "Seconds until calls are answered."
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": seconds}}
    return answer


def _example_of(code: Code) -> dict[str, Any]:
    kind = KINDS[code]
    return {
        "type": f"https://imprimatur.example.org{PLACE}{code.value}", "title": str(kind.title), "status": kind.status,
        "code": code.value, "detail": str(kind.meaning), "instance": "/api/v1/requests",
    }  # fmt: skip


def with_examples(description: dict[str, Any]) -> dict[str, Any]:
    """Return the description with an example at every body of JSON that has none."""
    schemas = description["components"]["schemas"]
    schemas["Problem"] = PROBLEM_SCHEMA
    description["components"]["securitySchemes"] = {"token": _TOKEN}
    answers = description["components"]["responses"] = {}
    for operations in description["paths"].values():
        for operation in operations.values():
            _tidy(operation)
            contents = [operation.get("requestBody", {}).get("content", {})]
            for answer in operation["responses"].values():
                contents.append(answer.get("content", {}))
                if "$ref" in answer:
                    name = answer["$ref"].removeprefix(_RESPONSES)
                    answers[name] = _answer_of([Code(code) for code in name.split(".")])
            for content in contents:
                media = content.get(bodies.JSON)
                if media is not None and "example" not in media:
                    media["example"] = example(media["schema"], schemas)
    return description


def _tidy(operation: dict[str, Any]) -> None:
    """Leave out what is said twice; a parameter has one example, not a list of them (OpenAPI 3.1, 4.8.12)."""
    if operation.get("description", "").rstrip(".") == operation["summary"]:
        del operation["description"]
    for parameter in operation["parameters"]:
        parameter["schema"].pop("title", None)
        parameter["schema"].pop("description", None)
        if examples := parameter.pop("examples", None):
            parameter["example"] = examples[0]


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:  # noqa: ANN401  (JSON)
    """Return a value that fits the schema, put together from the examples of its parts."""
    if "examples" in schema:
        return schema["examples"][0]
    for word in ("const", "default"):
        if word in schema and schema[word] is not None:
            return schema[word]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return example(schema[word][0], schemas)
    return _plain(schema, schemas)


def _plain(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:  # noqa: ANN401  (JSON)
    match schema.get("type"):
        case "object":
            return {name: example(part, schemas) for name, part in schema.get("properties", {}).items()}
        case "array":
            return [example(schema["items"], schemas)]
        case "integer":
            return max(7, schema.get("minimum", 0))
        case "boolean":
            return True
        case "null":
            return None
        case "number":
            return 1.5
    return {"date-time": "2026-11-05T09:30:00Z", "date": "2026-11-05", "email": "aylin@example.org"}.get(
        schema.get("format", ""), "text"
    )
