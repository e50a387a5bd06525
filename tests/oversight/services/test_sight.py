"""What an engagement lets see, and nothing beside it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from oversight.permissions import sight_of
from reviews.models import BoardReview
from tests.boardrooms import a_ballot
from tests.dossiers import NOW
from tests.oversight.conftest import Audited, Make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_reviews")]
LATER = NOW + timedelta(minutes=1)


def seen(user: User) -> set[tuple[str, str]]:
    return set(sight_of(user, LATER).events().values_list("object_type", "object_id"))


def test_an_auditor_of_a_project_sees_its_story_and_nothing_of_another_project(
    audited: Audited, aude: User
) -> None:
    found = seen(aude)
    assert ("reviews.reviewrequest", str(audited.request.pk)) in found
    assert ("registry.project", str(audited.project.pk)) in found
    assert ("registry.project", str(audited.other.pk)) not in found
    assert not sight_of(aude, LATER).events().filter(project=str(audited.other.pk)).exists()
    assert not sight_of(aude, LATER).events().filter(object_type="accounts.user").exists()


def test_an_auditor_of_a_board_sees_what_it_did_and_what_it_shares_but_not_what_another_board_did(
    audited: Audited, basil: User
) -> None:
    house = audited.house
    ethics = a_ballot(house, house.ethics_review(audited.request))
    safety = a_ballot(house, house.safety_review(audited.request), mover="sid", seconder="mara")
    found = seen(basil)
    assert ("reviews.ballot", str(ethics.pk)) in found
    assert ("reviews.ballot", str(safety.pk)) not in found
    assert ("reviews.reviewrequest", str(audited.request.pk)) in found
    assert ("reviews.board", str(house.boards["ethics"].pk)) in found
    assert ("reviews.board", str(house.boards["safety"].pk)) not in found
    assert not sight_of(basil, LATER).events().filter(project=str(audited.other.pk)).exists()


def test_an_auditor_of_the_whole_and_an_administrator_see_every_event(audited: Audited, wanda: User) -> None:
    assert sight_of(wanda, LATER).events().count() == Event.objects.count()
    assert sight_of(audited.house.ada, LATER).events().count() == Event.objects.count()


def test_an_auditor_sees_the_events_of_their_own_engagement_and_not_of_anothers(
    audited: Audited, aude: User, basil: User
) -> None:
    own = sight_of(aude, LATER).events().filter(object_type="oversight.engagement")
    assert [event.object_id for event in own] == [str(sight_of(aude, LATER).engagements[0].pk)]


def test_nobody_else_sees_the_log(audited: Audited) -> None:
    for name in ("ravi", "chloe", "mara", "rex", "lex", "sena", "ugo"):
        with pytest.raises(Http404):
            sight_of(getattr(audited.house, name), LATER)


def test_an_auditor_without_an_engagement_or_after_it_or_before_it_sees_nothing(
    otto: User, lars: User, aude: User, engage: Make
) -> None:
    for user in (otto, lars):
        with pytest.raises(Http404):
            sight_of(user, LATER)
    with pytest.raises(Http404):
        sight_of(aude, NOW + timedelta(days=365))
    early = engage("Early Auditor", starts_at=NOW + timedelta(days=1)).grants.get().user
    with pytest.raises(Http404):
        sight_of(early, LATER)
    assert sight_of(early, NOW + timedelta(days=1)).engagements


def test_somebody_who_is_no_auditor_any_more_sees_nothing(aude: User) -> None:
    aude.groups.remove(Group.objects.get(name=Role.AUDITOR.value))
    with pytest.raises(Http404):
        sight_of(User.objects.get(pk=aude.pk), LATER)


def test_two_engagements_are_seen_together(audited: Audited, aude: User, engage: Make) -> None:
    engage("Aude Auditor", projects=[audited.other])
    projects = sight_of(aude, LATER).events().exclude(project="").values_list("project", flat=True)
    assert set(projects) == {str(audited.project.pk), str(audited.other.pk)}


def test_the_story_of_a_request_from_before_its_board_was_chosen_is_in_sight(
    audited: Audited, basil: User
) -> None:
    review = BoardReview.objects.get(request=audited.request, board=audited.house.boards["ethics"])
    verbs = sight_of(basil, LATER).events().filter(root_id=str(review.request_id), board="")
    assert "request.submitted" in set(verbs.values_list("verb", flat=True))
