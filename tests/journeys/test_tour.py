"""Whoever may see everything walks through the places that no story passes, on a desk and on a phone."""

import pytest

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment
from reviews.models import Board, Decision
from tests.boardrooms import House
from tests.journeys.cast import PASSWORD, a_lab, a_sealed_approval, somebody
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey

ROLES = (Role.ADMINISTRATOR, Role.SECRETARY, Role.LEGAL)
EVERYWHERE = (
    "/", "/inbox/", "/me/", "/accounts/sessions/", "/accounts/password/change/",
    "/accounts/2fa/recovery-codes/generate/",
    "/requests/?state=decided&q=Harbor", "/models/", "/models/projects/new/", "/boards/", "/boards/new/",
    "/compliance/", "/compliance/checks/?which=open", "/compliance/schedules/", "/compliance/libraries/",
    "/compliance/libraries/release-readiness/", "/compliance/libraries/eu-ai-act-gpai/",
    "/compliance/library-import/", "/compliance/applies/", "/compliance/applies/iso-42001/", "/compliance/controls/",
    "/compliance/overdue/", "/compliance/expiring/", "/compliance/schedules/new/?library=part-11", "/people/",
    "/people/invite/", "/people/invite-list/", "/jobs/",
    "/health/", "/engagements/", "/engagements/new", "/log/", "/verify/",
)  # fmt: skip


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("tour")


@pytest.fixture
def decision(house: House) -> Decision:
    return a_sealed_approval(house)


def test_every_other_place_is_clean_in_english_on_a_desk_and_in_chinese_on_a_dark_phone(
    house: House, decision: Decision, visit: Visit
) -> None:
    ona = somebody("tour", "ona", "Ona Ortiz", *ROLES)
    gong = somebody("tour", "gong", "宫本", *ROLES, language="zh-hans", time_zone="Asia/Shanghai")
    walks(visit(ona), places(decision, house, ona))
    walks(visit(gong, width=390, dark=True), places(decision, house, gong))


def places(decision: Decision, house: House, who: User) -> list[str]:
    """Return the addresses."""
    version, board = decision.request.version, Board.objects.get(pk=house.boards["ethics"].pk)
    own, at = f"/requests/{decision.request.reference}/", f"/boards/{board.slug}/"
    return [
        *EVERYWHERE, own, f"{own}history/", f"{own}interests/", f"{own}ballots/1/", f"{own}boards/{board.slug}/",
        at, f"{at}policy/", f"{at}policy/1/", f"/people/{who.pk}/", f"/people/{house.ravi.pk}/",
        f"/models/projects/{version.model.project_id}/", f"/models/{version.model_id}/",
        f"/models/versions/{version.pk}/", f"/compliance/assessments/{Assessment.objects.get(version=version).pk}/",
    ]  # fmt: skip


def walks(who: Visitor, addresses: list[str]) -> None:
    """Go to each address; what is wrong anywhere is told at the end, all at once."""
    who.signs_in(PASSWORD)
    troubles = []
    for address in addresses:
        try:
            who.goes(address)
        except AssertionError as trouble:
            troubles.append(f"{address}\n{trouble}")
            who.watch.troubles.clear()
    assert not troubles, "\n".join(troubles)
