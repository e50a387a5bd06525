"""Fixtures of the oversight tests: the cast with two boards, a request in review by both, and auditors.

Aude audits the project, Basil the ethics board, Wanda the whole organisation; Otto has the role and no engagement,
Lars had an engagement that is over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from oversight.models import Engagement
from oversight.services import make_engagement
from registry.models import Project
from reviews.models import ReviewRequest
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW, a_project, a_version, person
from tests.worlds import _worlds, standing_reviews  # noqa: F401  (fixtures)

Make = Callable[..., Engagement]


@dataclass
class Audited:
    """What there is to see."""

    house: House
    project: Project
    request: ReviewRequest
    other: Project


@pytest.fixture
def audited(db: None) -> Audited:
    house = a_house()
    request = in_review(house, ("ethics", "safety"))
    stranger = person("Stella Stranger", Role.RESEARCHER)
    other = a_project(stranger, "Secret", now=NOW)
    a_version(stranger, project=other, name="Shade-1B", now=NOW)
    return Audited(house, Project.objects.get(name="Harbor"), request, other)


@pytest.fixture
def engage(audited: Audited) -> Make:
    """Make an engagement of somebody new, by default of the project from yesterday for a year."""

    def make(name: str, **over: Any) -> Engagement:
        auditor = User.objects.filter(display_name=name).first() or person(name, Role.AUDITOR)
        given: dict[str, Any] = {
            "actor": audited.house.ada, "title": f"Audit by {name}", "purpose": "The yearly look.",
            "auditors": [auditor], "whole": False, "projects": [audited.project], "boards": [],
            "starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(days=365), "now": NOW,
        }  # fmt: skip
        return make_engagement(**given | over)

    return make


@pytest.fixture
def aude(engage: Make) -> User:
    return engage("Aude Auditor").grants.get().user


@pytest.fixture
def basil(engage: Make, audited: Audited) -> User:
    return engage("Basil Auditor", projects=[], boards=[audited.house.boards["ethics"]]).grants.get().user


@pytest.fixture
def wanda(engage: Make) -> User:
    return engage("Wanda Auditor", whole=True, projects=[]).grants.get().user


@pytest.fixture
def otto(audited: Audited) -> User:
    return person("Otto Auditor", Role.AUDITOR)


@pytest.fixture
def lars(engage: Make) -> User:
    past = NOW - timedelta(days=400)
    ended = engage("Lars Auditor", starts_at=past, ends_at=past + timedelta(days=30), now=past)
    return ended.grants.get().user
