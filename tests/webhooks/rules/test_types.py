"""What docs/ says of the types of messages is what the program says."""

import json

import jsonschema_rs
import pytest

from audit import verbs
from tests.dossiers import NOW
from webhooks import schema, types
from webhooks.emission import body_of
from webhooks.management.commands.webhook_types import documents
from webhooks.types import Type

PERSONAL = ("name", "person", "reason", "text", "email", "actor", "title", "comment")


def test_the_documents_are_those_of_the_registration() -> None:
    for path, text in documents().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: manage.py webhook_types --write"


@pytest.mark.parametrize("kind", types.known(), ids=lambda kind: kind.name)
def test_a_type_is_about_verbs_that_exist_or_about_dates_and_tells_nothing_about_people(kind: Type) -> None:
    assert [verbs.get(verb) for verb in kind.verbs] or kind.due or kind == types.TEST
    assert not [name for name in kind.values if any(word in name for word in PERSONAL)]
    assert kind.when.endswith(".")
    assert str(kind.label)


def test_the_schema_is_one_and_refuses_what_is_no_message() -> None:
    validator = jsonschema_rs.validator_for(schema.whole(), validate_formats=True)
    good = json.loads(body_of("endpoint.test", {"endpoint": 1, "event": None}, NOW))
    assert validator.is_valid(good)
    assert not validator.is_valid(good | {"timestamp": "yesterday"})
    assert not validator.is_valid(good | {"type": "vote.cast"})
    assert not validator.is_valid(good | {"data": {"endpoint": 1}})
