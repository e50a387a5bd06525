"""The list of requests: what each person sees, filters from the address, pages, queries."""

import random
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from registry.models import ModelVersion
from registry.services import share_project
from reviews.models import Board, BoardReview, Contributor, ReviewRequest, Revision, Seat
from reviews.permissions.sight import visible_to
from reviews.permissions.windows import Asked, windows
from reviews.rules.lifecycle import RequestState
from reviews.selectors import requests as selector
from reviews.selectors.requests import requests_page
from tests.dossiers import NOW, a_project, a_version, person
from tests.reviews.pages.drafting import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Board:
    return Board.objects.create(
        slug="ethics", name_en="Ethics", name_zh="伦理", kind="ethics", created_at=NOW
    )


def made(
    version: ModelVersion,
    requester: User,
    count: int,
    *,
    state: str = "in_review",
    board: Board | None = None,
) -> list[ReviewRequest]:
    """Return requests as rows, one a minute, the last one newest."""
    first = ReviewRequest.objects.count()
    rows = ReviewRequest.objects.bulk_create(
        ReviewRequest(
            reference=f"IMP-2026-{first + n + 1:04}", version=version, project_id=version.model.project_id,
            requester=requester, state=state, state_since=NOW, purpose=f"Purpose {first + n}", questionnaire="2026-1",
            created_at=NOW + timedelta(minutes=first + n), submitted_at=None if state == "draft" else NOW,
        )
        for n in range(count)
    )  # fmt: skip
    if board:
        for row in rows:
            revision = Revision.objects.create(
                request=row, number=1, frozen_at=NOW, frozen_by=requester, content=b"{}", sha256="0" * 64,
                manifest_sha256="0" * 64, questionnaire="2026-1",
            )  # fmt: skip
            BoardReview.objects.create(
                request=row, board=board, revision=revision, state_since=NOW, requested_at=row.created_at,
                opened_at=NOW, due_at=NOW,
            )  # fmt: skip
    return rows


def test_a_person_sees_their_requests_with_where_they_stand(
    requester: User, board: Board, django_assert_max_num_queries: Any
) -> None:
    version = a_version(requester)
    made(version, requester, 3, board=board)
    made(version, requester, 1, state="draft")
    client = entered(requester)
    with django_assert_max_num_queries(15):
        page = client.get("/requests/")
    text = page.content.decode()
    assert "4 requests" in text
    assert "Ethics: Assigned" in text
    assert text.index("IMP-2026-0004") < text.index("IMP-2026-0001")


def test_the_number_of_queries_does_not_grow_with_the_list(
    requester: User, board: Board, django_assert_max_num_queries: Any
) -> None:
    made(a_version(requester), requester, 60, board=board)
    client = entered(requester)
    with django_assert_max_num_queries(15):
        assert b"60 requests" in client.get("/requests/?state=in_review&q=Harbor").content


def test_an_outsider_sees_an_empty_list(requester: User, board: Board) -> None:
    made(a_version(requester), requester, 3, board=board)
    text = entered(person("Oto Outsider", Role.RESEARCHER)).get("/requests/").content.decode()
    assert "No requests yet." in text
    assert "IMP-2026" not in text


def test_pages_lead_through_the_whole_list_and_back(requester: User) -> None:
    made(a_version(requester), requester, 120)
    page, seen = requests_page(requester, NOW, Asked()), []
    while True:
        seen += [request.reference for request in page.requests]
        if page.older is None:
            break
        page = requests_page(requester, NOW, Asked(before=page.older))
    assert seen == [f"IMP-2026-{n:04}" for n in range(120, 0, -1)]
    back = requests_page(requester, NOW, Asked(after=page.newer))
    assert [request.reference for request in back.requests] == seen[50:100]
    first = requests_page(requester, NOW, Asked(after=back.newer))
    assert [request.reference for request in first.requests] == seen[:50]
    assert first.newer is None
    assert first.count == 120


def test_counts_end_at_ten_thousand(requester: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selector, "MOST", 101)
    made(a_version(requester), requester, 110)
    page = requests_page(requester, NOW, Asked())
    assert (page.count, page.is_cut) == (101, True)
    assert b"More than 10,000 requests" in entered(requester).get("/requests/").content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=draft", {"IMP-2026-0004"}),
        ("state=open", {"IMP-2026-0001", "IMP-2026-0002", "IMP-2026-0003", "IMP-2026-0004"}),
        ("state=decided", {"IMP-2026-0005"}),
        ("q=2026-0002", {"IMP-2026-0002"}),
        ("q=imp-2026-0003", {"IMP-2026-0003"}),
        ("q=skiff", {"IMP-2026-0004"}),
        ("q=Skiff-ASR+1.4", {"IMP-2026-0004"}),
        ("q=ravi", {f"IMP-2026-000{n}" for n in range(1, 6)}),
        ("q=nobody", set()),
        ("mine=on", {f"IMP-2026-000{n}" for n in range(1, 6)}),
        ("board=%(board)s", {"IMP-2026-0001", "IMP-2026-0002", "IMP-2026-0003"}),
        ("version=%(version)s", {"IMP-2026-0004"}),
        ("tier=4", set()),
        ("state=nonsense&board=x&tier=9", {f"IMP-2026-000{n}" for n in range(1, 6)}),
    ],
)
def test_the_address_is_the_filter(requester: User, board: Board, query: str, found: set[str]) -> None:
    harbor, skiff = a_version(requester), a_version(requester, name="Skiff-ASR", number="1.4")
    made(harbor, requester, 3, board=board)
    made(skiff, requester, 1, state="draft")
    made(harbor, requester, 1, state="approved")
    Seat.objects.create(board=board, person=requester, role="member", since=NOW)
    text = (
        entered(requester)
        .get(f"/requests/?{query % {'board': board.pk, 'version': skiff.pk}}")
        .content.decode()
    )
    assert {f"IMP-2026-000{n}" for n in range(1, 6) if f">IMP-2026-000{n}<" in text} == found


def test_each_filter_is_a_link_without_itself(requester: User) -> None:
    made(a_version(requester), requester, 1)
    text = entered(requester).get("/requests/?state=open&q=harbor").content.decode()
    assert 'href="?q=harbor"' in text
    assert 'href="?state=open"' in text


@pytest.mark.both_engines
@pytest.mark.parametrize("seed", range(12))
def test_the_parts_of_the_list_are_what_a_person_may_see(
    requester: User, board: Board, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    others = [person(f"Rea Researcher {n}", Role.RESEARCHER) for n in range(2)]
    projects = [a_project(requester, f"Project {n}") for n in range(15)]
    versions = [a_version(requester, project=project) for project in projects]
    for state in [state.value for state in RequestState] * 3:
        reviewed = state not in ("draft", "submitted", "triage") and chance.random() < 0.5
        whose = chance.choice([requester, *others])
        made(chance.choice(versions), whose, 1, state=state, board=board if reviewed else None)
    roles = chance.sample(list(Role), chance.randint(0, 2))
    viewer = person("Vera Viewer", *roles)
    for project in chance.sample(projects, chance.choice([0, 1, 14])):
        share_project(
            actor=requester,
            project_id=project.pk,
            person=viewer,
            may_contribute=chance.random() < 0.5,
            now=NOW,
        )
    if chance.random() < 0.5:
        Seat.objects.create(board=board, person=viewer, role="member", since=NOW)
    for request in chance.sample(list(ReviewRequest.objects.all()), 2):
        Contributor.objects.create(request=request, person=viewer, added_at=NOW, added_by=requester)
    seen = {request.pk for request in visible_to(viewer, NOW)}
    listed = {key for part in windows(viewer, NOW, Asked()) for _at, key in part.newest(Asked(), 1000)}
    assert listed == seen
    at_board = {request.pk for request in visible_to(viewer, NOW).filter(board_reviews__board=board)}
    asked = Asked(board=board.pk)
    assert {key for part in windows(viewer, NOW, asked) for _at, key in part.newest(asked, 1000)} == at_board
    states = ("draft", "approved", "in_review")
    fitting = list(visible_to(viewer, NOW).filter(state__in=states).order_by("-created_at", "-pk"))
    for few in (0, 1000):  # looked for in each window, and looked up first
        monkeypatch.setattr(selector, "FEW", few)
        page = requests_page(viewer, NOW, Asked(states=states), size=3)
        assert (page.requests, page.count) == (fitting[:3], len(fitting)), few


def test_who_is_deactivated_has_no_list(requester: User) -> None:
    made(a_version(requester), requester, 1)
    requester.is_active = False
    assert requests_page(requester, NOW, Asked()).requests == []
