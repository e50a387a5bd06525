"""An engagement that looks at a part of the time: what happened before and after it isn't seen."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.roles import Role
from audit.models import Event
from audit.refusal import Refused
from oversight.permissions import sight_of, sight_under
from records.models import Record
from records.permissions import may_read
from registry.models import Project, ProjectUserGrant
from registry.permissions import VIEW
from reviews.permissions.sight import visible_to, why_not_see_deliberation
from reviews.permissions.windows import Asked, windows
from tests.boardrooms import a_ballot
from tests.dossiers import NOW, person
from tests.oversight.conftest import Audited, Make
from tests.oversight.pages.test_engagements import a_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]
DAY = timedelta(days=1)


def test_an_event_outside_the_period_is_not_seen(audited: Audited, engage: Make) -> None:
    later = NOW + 3 * DAY
    a_ballot(audited.house, audited.house.ethics_review(audited.request), now=later)
    auditor = engage("Pia Auditor", period_from=NOW + DAY, period_until=later + DAY).grants.get().user
    seen = sight_of(auditor, NOW).events()
    verbs = set(seen.values_list("verb", flat=True))
    assert "ballot.opened" in verbs
    assert "request.submitted" not in verbs
    before = engage("Bea Auditor", period_until=NOW + DAY).grants.get().user
    verbs = set(sight_of(before, NOW).events().values_list("verb", flat=True))
    assert "request.submitted" in verbs
    assert "ballot.opened" not in verbs


def test_the_moment_at_which_a_period_ends_is_out_and_that_at_which_it_begins_is_in(
    audited: Audited, engage: Make
) -> None:
    at = Event.objects.get(verb="request.submitted").occurred_at
    ends = sight_under(engage("Pia Auditor", period_until=at))
    begins = sight_under(engage("Bea Auditor", period_from=at))
    assert not ends.events().filter(verb="request.submitted").exists()
    assert begins.events().filter(verb="request.submitted").exists()


def test_the_engagement_itself_is_seen_whatever_the_period_is(audited: Audited, engage: Make) -> None:
    old = engage("Pia Auditor", period_from=NOW - 90 * DAY, period_until=NOW - 80 * DAY)
    seen = sight_of(old.grants.get().user, NOW).events()
    assert list(seen.values_list("verb", "object_id")) == [("engagement.made", str(old.pk))]


def test_under_an_engagement_for_the_whole_organisation_the_period_holds_too(
    audited: Audited, engage: Make
) -> None:
    part = sight_under(engage("Wim Auditor", whole=True, projects=[], period_from=NOW + DAY))
    assert not part.everything
    assert set(part.events().values_list("root_type", flat=True)) == {"oversight.engagement"}
    everything = sight_under(engage("Wanda Auditor", whole=True, projects=[]))
    assert everything.everything


def test_two_engagements_with_different_periods_are_seen_each_in_its_own(
    audited: Audited, engage: Make
) -> None:
    """The period of one never opens more of what the other covers."""
    other: Project = audited.other
    engage("Pia Auditor", period_from=NOW + DAY)
    auditor = engage("Pia Auditor", projects=[other], period_until=NOW + DAY).grants.get().user
    seen = sight_of(auditor, NOW).events().exclude(project="")
    assert set(seen.values_list("project", flat=True)) == {str(other.pk)}


@pytest.mark.both_engines
def test_records_and_requests_are_those_of_the_period(audited: Audited, engage: Make) -> None:
    record = a_record(audited)
    inside, outside = (
        engage("Pia Auditor", period_until=NOW + DAY),
        engage("Bea Auditor", period_from=NOW + DAY),
    )
    assert list(sight_under(inside).records()) == [record]
    assert list(sight_under(inside).requests()) == [audited.request]
    assert not sight_under(outside).records().exists()
    assert not sight_under(outside).requests().exists()
    Record.objects.filter(pk=record.pk).update(frozen_at=NOW + 2 * DAY)  # decided after the period
    assert not sight_under(inside).records().exists()


def test_a_period_that_ends_before_it_begins_is_refused(audited: Audited, engage: Make) -> None:
    with pytest.raises(Refused):
        engage("Pia Auditor", period_from=NOW, period_until=NOW - DAY)


@pytest.mark.both_engines
def test_a_request_of_another_time_is_not_there_for_the_auditor_and_one_of_the_period_is(
    audited: Audited, engage: Make
) -> None:
    inside = engage("Pia Auditor", period_until=NOW + DAY).grants.get().user
    outside = engage("Bea Auditor", period_from=NOW + DAY).grants.get().user
    board = engage(
        "Bob Auditor", projects=[], boards=[audited.house.boards["ethics"]], period_from=NOW + DAY
    ).grants.get().user  # fmt: skip
    assert list(visible_to(inside, NOW)) == [audited.request]
    assert not visible_to(outside, NOW).exists()
    assert not visible_to(board, NOW).exists()
    for user, amount in ((inside, 1), (outside, 0), (board, 0)):
        parts = windows(user, NOW, Asked())
        found = {key for part in parts for _at, key in part.newest(Asked(), 9)}
        assert len(found) == amount
    assert why_not_see_deliberation(inside, audited.request, NOW) is not None
    reader = engage(
        "Rob Auditor", projects=[], boards=[audited.house.boards["ethics"]], period_until=NOW + DAY
    )
    assert why_not_see_deliberation(reader.grants.get().user, audited.request, NOW) is None


def test_another_engagement_without_a_period_shows_all_of_what_it_covers(
    audited: Audited, engage: Make
) -> None:
    engage("Pia Auditor", period_from=NOW + DAY)
    both = engage("Pia Auditor").grants.get().user
    assert list(visible_to(both, NOW)) == [audited.request]
    record = a_record(audited)
    Record.objects.filter(pk=record.pk).update(frozen_at=NOW - 9 * DAY)
    assert may_read(both, Record.objects.get(), NOW)
    alone = engage("Bea Auditor", period_from=NOW + DAY).grants.get().user
    assert not may_read(alone, Record.objects.get(), NOW)


def test_a_grant_that_somebody_else_gave_is_not_narrowed_by_an_engagement(
    audited: Audited, engage: Make
) -> None:
    auditor = person("Pia Auditor", Role.AUDITOR)
    ProjectUserGrant.objects.create(
        content_object=audited.project, user=auditor, permission=Permission.objects.get(codename=VIEW)
    )
    engage("Pia Auditor", period_from=NOW + DAY)
    assert list(visible_to(auditor, NOW)) == [audited.request]
