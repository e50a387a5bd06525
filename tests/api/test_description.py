"""The description of the API: kept beside the code, with examples that fit, and nothing undescribed."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import pytest
from django.test import Client
from django.urls import get_resolver
from ninja import Schema

from accounts.api.fields import In, Out
from accounts.api.problems import KINDS, Code
from accounts.rules.scopes import Scope
from config.api_pages import described

KEPT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in described()["paths"].items()
    for method, operation in operations.items()
]


def test_the_kept_description_is_the_one_that_is_served(client: Client) -> None:
    """A change of the API is seen in review; `manage.py openapi --write` renews the copy."""
    served = json.loads(client.get("/api/v1/openapi.json").content)
    assert served == json.loads(KEPT.read_text())


def test_no_two_shapes_share_a_name() -> None:
    """In the description the one would take the place of the other, and say of an answer what it isn't."""
    shapes: list[type[Schema]] = [In, Out]
    named: dict[str, set[object]] = defaultdict(set)
    while shapes:
        shape = shapes.pop()
        shapes += shape.__subclasses__()
        for part in [
            shape,
            *(kind for field in shape.model_fields.values() for kind in kinds(field.annotation)),
        ]:
            named[part.__name__].add(part)
    assert {name: parts for name, parts in named.items() if len(parts) > 1} == {}


def kinds(annotation: object) -> Iterator[type[Enum]]:
    """Yield the enumerations in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield annotation
    for part in get_args(annotation):
        yield from kinds(part)


def bodies() -> list[Any]:
    found = []
    for method, path, operation in OPERATIONS:
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [answer.get("content", {}) for answer in operation["responses"].values()]
        found += [
            pytest.param(each["application/json"], id=f"{method} {path}")
            for each in contents
            if "application/json" in each
        ]
    return found


@pytest.mark.parametrize("media", bodies())
def test_each_example_fits_its_schema(media: dict[str, Any]) -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **media["schema"]}
    validator = jsonschema_rs.validator_for(
        schema | {"components": described()["components"]}, validate_formats=True
    )
    assert [str(error) for error in validator.iter_errors(media["example"])] == []


def test_each_operation_has_a_name_a_summary_a_heading_a_scope_and_its_problems() -> None:
    names = [operation["operationId"] for _method, _path, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    known = {scope.value for scope in Scope}
    for method, path, operation in OPERATIONS:
        assert operation["summary"], path
        assert operation["tags"], path
        assert set(operation["security"][0]["token"]) <= known
        assert operation["security"][0]["token"] or path == "/api/v1/me"
        assert {"400", "401", "403", "404", "422", "429"} <= set(operation["responses"]), path
        if "requestBody" in operation:
            assert {"413", "415"} <= set(operation["responses"]), path
        if method == "POST":
            assert "409" in operation["responses"], path
            assert any(one["name"] == "Idempotency-Key" for one in operation["parameters"]), path


def test_each_address_of_the_api_is_described() -> None:
    patterns: list[Any] = get_resolver().url_patterns
    mounted = next(one for one in patterns if getattr(one, "namespace", "") == "api")
    names = {each.name for each in mounted.url_patterns} - {"api-root"}
    assert names == {operation["operationId"] for _method, _path, operation in OPERATIONS}


def test_each_operation_is_reached_at_its_address(client: Client) -> None:
    """Where two rooms have operations at one address, the first would answer for both, and that there are none."""
    unreached = [
        f"{method} {path}"
        for method, path, _operation in OPERATIONS
        if client.generic(method, re.sub(r"\{\w+\}", "1", path)).status_code != 401
    ]
    assert unreached == []


def test_each_problem_has_its_place_on_the_page_of_the_reference(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()
    assert set(KINDS) == set(Code)
    for code in Code:
        assert f'id="problem-{code.value}"' in page
    for _method, _path, operation in OPERATIONS:
        assert f'id="{operation["operationId"]}"' in page
    assert "<script>" not in page
    assert "style=" not in page
