"""Whoever may see everything walks through the places that no story passes, on a desk and on a phone."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment, ControlException
from compliance.services.about import Checked
from compliance.services.evidence import add_evidence
from compliance.services.exceptions import ask_for_exception
from compliance.services.findings import Planned, raise_finding
from compliance.services.opening import open_assessment
from registry.models import ModelVersion
from reviews.models import Board, Decision
from tests.boardrooms import House
from tests.journeys.cast import a_lab, a_sealed_approval, somebody
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey

ROLES = (Role.ADMINISTRATOR, Role.SECRETARY, Role.LEGAL)
EVERYWHERE = (
    "/", "/inbox/", "/me/", "/me/away/", "/me/interests/", "/accounts/sessions/", "/accounts/password/change/",
    "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/add/",
    "/requests/?state=decided&q=Harbor", "/models/", "/models/projects/new/", "/boards/", "/boards/new/", "/meetings/",
    "/compliance/", "/compliance/checks/?which=open", "/compliance/schedules/", "/compliance/libraries/",
    "/compliance/libraries/release-readiness/", "/compliance/libraries/eu-ai-act-gpai/",
    "/compliance/library-import/", "/compliance/applies/", "/compliance/applies/iso-42001/", "/compliance/controls/",
    "/compliance/overdue/", "/compliance/expiring/", "/compliance/actions/", "/compliance/exceptions/",
    "/compliance/incidents/", "/compliance/incidents/new/",
    "/compliance/schedules/new/?library=part-11", "/people/", "/people/invite/", "/people/invite-list/", "/jobs/",
    "/health/", "/engagements/", "/engagements/new", "/log/", "/verify/", "/letter-texts/",
    "/letter-texts/approved_with_conditions/en/", "/letter-texts/minutes/zh-hans/0/",
    "/working-days/?year=2026", "/working-days/new/",
)  # fmt: skip


@pytest.fixture
def house(place: Place, request: pytest.FixtureRequest) -> House:
    return a_lab("long-tour" if request.node.get_closest_marker("long") else "tour")


@pytest.fixture
def decision(house: House) -> Decision:
    return a_sealed_approval(house)


def test_every_fourth_place_is_clean_in_english_on_a_desk_and_the_next_but_one_in_chinese_on_a_dark_phone(
    house: House, decision: Decision, visit: Visit
) -> None:
    walks_in_english(house, decision, visit, slice(0, None, 4))
    walks_in_chinese(house, decision, visit, slice(2, None, 4))


@pytest.mark.long
def test_every_place_is_clean_in_english_on_a_desk_and_in_chinese_on_a_dark_phone(
    house: House, decision: Decision, visit: Visit
) -> None:
    walks_in_english(house, decision, visit, slice(None))
    walks_in_chinese(house, decision, visit, slice(None))


def walks_in_english(house: House, decision: Decision, visit: Visit, which: slice) -> None:
    ona = somebody(house.ada.email.partition("@")[2], "ona", "Ona Ortiz", *ROLES)
    walks(visit(ona), places(decision, house, ona)[which])


def walks_in_chinese(house: House, decision: Decision, visit: Visit, which: slice) -> None:
    story = house.ada.email.partition("@")[2]
    gong = somebody(story, "gong", "宫本", *ROLES, language="zh-hans", time_zone="Asia/Shanghai")
    walks(visit(gong, width=390, dark=True), places(decision, house, gong)[which])


def places(decision: Decision, house: House, who: User) -> list[str]:
    """Return the addresses."""
    version, board = decision.request.version, Board.objects.get(pk=house.boards["ethics"].pk)
    own, at = f"/requests/{decision.request.reference}/", f"/boards/{board.slug}/"
    return [
        *EVERYWHERE, own, f"{own}history/", f"{own}letters/", f"{own}panel/", f"{own}interests/", f"{own}ballots/1/",
        f"{own}amend/", f"/compliance/incidents/new/?version={version.pk}",
        f"{own}boards/{board.slug}/", f"/meetings/boards/{board.slug}/plan/",
        f"{own}boards/{board.slug}/readers/lead/", f"{own}clock/", f"{own}dates/",
        f"{own}dates/review/{decision.request.board_reviews.get(board=board).pk}/why/",
        f"{at}place/", f"{at}dates/", f"{at}load/", f"/working-days/?board={board.slug}",
        f"{own}boards/{board.slug}/exempt/", f"{own}boards/{board.slug}/doubt/", f"{at}policy/?preset=us-irb",
        at, f"{at}interests/", f"{at}policy/", f"{at}policy/1/", f"/people/{who.pk}/", f"/people/{house.ravi.pk}/",
        f"/models/projects/{version.model.project_id}/", f"/models/{version.model_id}/",
        f"/models/versions/{version.pk}/", f"/compliance/assessments/{Assessment.objects.get(version=version).pk}/",
        *found(version, who),
    ]  # fmt: skip


def found(version: ModelVersion, who: User) -> list[str]:
    """Return the addresses of a finding, an exception and a file, and of the forms that bring them."""
    checklist = Assessment.objects.filter(version=version).exclude(state="accepted").first()
    if checklist is None:
        checklist = open_assessment(
            actor=who, checked=Checked(library_code="release-readiness", version_id=version.pk), owner=who,
            reviewer=None, now=timezone.now(),
        )  # fmt: skip
    about: dict[str, Any] = {
        "actor": who, "assessment_id": checklist.pk, "number": "R03", "now": timezone.now(),
    }  # fmt: skip
    until = timezone.localdate() + timedelta(days=60)
    finding = raise_finding(
        severity="high", text="No sheet.", action=Planned("Write it.", who, until), **about
    )
    waits = ControlException.objects.filter(state="asked").first()
    exception = waits or ask_for_exception(reason="Late.", instead="A summary.", until=until, **about)
    notes = ContentFile(b"<script>alert(1)</script>", "notes.html")
    file = add_evidence(upload=notes, **about | {"actor": checklist.owner})
    again = [f"/compliance/assessments/{checklist.pk}/evidence/R03/again/"] if checklist.owner == who else []
    at = f"/compliance/assessments/{checklist.pk}/"
    return [
        *again, f"/compliance/evidence/{file.pk}/look/",
        at, f"{at}findings/R03/", f"{at}exceptions/R03/", f"/compliance/findings/{finding.pk}/",
        f"/compliance/exceptions/{exception.pk}/",
    ]  # fmt: skip


def walks(who: Visitor, addresses: list[str]) -> None:
    """Go to each address; what is wrong anywhere is told at the end, all at once."""
    who.is_signed_in()
    troubles = []
    for address in addresses:
        try:
            who.goes(address)
        except AssertionError as trouble:
            troubles.append(f"{address}\n{trouble}")
            who.watch.troubles.clear()
    assert not troubles, "\n".join(troubles)
