"""Somebody without any part in it finds nothing at the addresses of the other stories, and nothing in the lists."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from compliance.models import Assessment
from oversight.models import Engagement
from oversight.services import make_engagement
from reviews.models import Decision
from tests.boardrooms import House
from tests.journeys.cast import a_lab, a_sealed_approval
from tests.journeys.conftest import Visit
from tests.journeys.place import Place

pytestmark = pytest.mark.journey


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("outsider")


@pytest.fixture
def decision(house: House) -> Decision:
    return a_sealed_approval(house)


@pytest.fixture
def engagement(house: House) -> Engagement:
    now = timezone.now()
    return make_engagement(
        actor=house.ada, title="Annual audit", purpose="Records are sampled.", auditors=[house.ida], whole=True,
        projects=[], boards=[], starts_at=now, ends_at=now + timedelta(days=5), now=now,
    )  # fmt: skip


def test_an_outsider_finds_nothing_at_the_addresses_of_others(
    house: House, decision: Decision, engagement: Engagement, visit: Visit
) -> None:
    ugo = visit(house.ugo, dark=True)
    ugo.is_signed_in()
    addresses = addresses_of(decision, engagement)
    ugo.goes(addresses[0], status=404)
    for address in addresses:
        answer = ugo.context.request.get(ugo.url + address)
        assert answer.status == 404, address
        assert "Harbor" not in answer.text()
    for place in (
        "/",
        "/requests/",
        "/models/",
        "/compliance/",
        "/compliance/checks/",
        "/boards/",
        "/inbox/",
    ):
        ugo.goes(place)
        assert "Harbor" not in ugo.text(), place
        assert decision.request.reference not in ugo.text(), place
    stranger = visit(None)
    for address in addresses:
        answer = stranger.context.request.get(stranger.url + address, max_redirects=0)
        assert (answer.status, answer.headers.get("location", "").split("?")[0]) == (
            302,
            "/accounts/login/",
        ), address


def addresses_of(decision: Decision, engagement: Engagement) -> list[str]:
    """Return the addresses of what the stories of this folder are about."""
    request = decision.request
    version = request.version
    assessment = Assessment.objects.get(version=version)
    ballot = request.ballots.get()
    assert decision.record is not None
    own = f"/requests/{request.reference}/"
    return [
        own, f"{own}history/", f"{own}readiness/", f"{own}discuss/", f"{own}interests/", f"{own}dossier/",
        f"{own}dossier/manifest/", f"{own}dossier/people/", f"{own}triage/", f"{own}sign/", f"{own}release/",
        f"{own}boards/{ballot.review.board.slug}/", f"{own}boards/{ballot.review.board.slug}/move/",
        f"{own}motions/{ballot.motion_id}/ballot/", f"{own}ballots/{ballot.number}/",
        f"/records/{decision.record.pk}/", f"/records/{decision.record.pk}/file",
        reverse("registry:project", args=[version.model.project_id]),
        reverse("registry:model", args=[version.model_id]),
        reverse("registry:version", args=[version.pk]), reverse("registry:manifest_text", args=[version.pk]),
        reverse("compliance:assessment", args=[assessment.pk]), reverse("compliance:content", args=[assessment.pk]),
        "/log/", f"/log/{Event.objects.latest('pk').pk}/bytes", "/engagements/", "/engagements/new",
        reverse("oversight:engagement", args=[engagement.pk]), "/people/", "/jobs/", "/health/",
    ]  # fmt: skip
