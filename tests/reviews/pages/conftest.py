"""Fixtures of these tests: worlds, and a requester with a draft, of which a module may have its own."""

import pytest

from accounts.models import User
from accounts.roles import Role
from reviews.models import ReviewRequest
from tests.dossiers import a_draft, person
from tests.worlds import (  # noqa: F401  (fixtures)
    _worlds,
    standing_approval,
    standing_house,
    standing_review,
    standing_reviews,
)


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def request_(requester: User) -> ReviewRequest:
    return a_draft(requester)
