"""Auditors and others who may only read what a board does write nothing into its review."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from reviews.models import BoardUserGrant, Comment
from reviews.permissions.reviewing import why_not_comment
from reviews.services.discussing import comment_on_answer
from tests.dossiers import NOW, person
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def reader(audited: Audited) -> User:
    """Somebody who was let to read what the ethics board reviews."""
    found = person("Rhea Reader")
    BoardUserGrant.objects.create(
        content_object=audited.house.boards["ethics"], user=found,
        permission=Permission.objects.get(codename="read_board"),
    )  # fmt: skip
    return found


@pytest.mark.parametrize("audience", ["board", "everyone"])
@pytest.mark.parametrize("who", ["basil", "wanda", "reader"])
def test_who_only_reads_writes_no_comment(
    audited: Audited, who: str, audience: str, request: pytest.FixtureRequest
) -> None:
    actor: Any = request.getfixturevalue(who)
    before = Event.objects.count()
    with pytest.raises(PermissionDenied):
        comment_on_answer(
            actor=actor, request_id=audited.request.pk, text="I was here.", audience=audience, now=NOW
        )
    assert not Comment.objects.exists()
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", ["milo", "chloe", "sena", "lex", "sid", "ravi"])
def test_who_takes_part_may_write(audited: Audited, name: str) -> None:
    assert why_not_comment(audited.house.people[name], audited.request, NOW) is None
