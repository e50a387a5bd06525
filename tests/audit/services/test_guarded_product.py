"""The services of the product under the commit guard: not one of them commits a change without its event."""

import pytest
from django.db import connection

from audit import guards
from tests.boardrooms import a_house, approved, in_review
from tests.dossiers import a_version

pytestmark = pytest.mark.engine("postgresql")


@pytest.mark.usefixtures("committed")
def test_a_request_from_draft_to_approval_commits_nothing_without_an_event() -> None:
    house = a_house()
    guards.install(connection, commit_guard=True)
    request = in_review(house, ("ethics", "safety"))
    assert request.state == "in_review"
    other = in_review(house, ("ethics",), version=a_version(house.ravi, number="3.0"))
    assert approved(house, other).request.state == "approved"
