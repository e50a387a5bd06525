"""What decides a request is compared with the log: who changes it behind the application's back is found."""

from datetime import timedelta

import pytest
from django.db.models import F

from audit.reconciling.comparing import Kind
from audit.reconciling.running import reconcile
from records.models import Record
from reviews.models import Ballot, BallotSeat, BoardReview, Decision
from tests.boardrooms import a_ballot, a_house, all_vote, in_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


def test_terms_roster_dates_and_records_that_were_changed_in_the_database_are_found() -> None:
    house = a_house()
    request = in_review(house)
    all_vote(house, a_ballot(house, house.ethics_review(request)))
    longer = timedelta(days=365)
    forged = [
        Ballot.objects.filter(request=request).update(deadline=F("deadline") + longer),
        BallotSeat.objects.filter(ballot__request=request, recused=True).update(role="chair"),
        BoardReview.objects.filter(request=request).update(passed="reject"),
        Decision.objects.filter(request=request).update(expires_at=F("expires_at") + longer),
        Record.objects.filter(object_id=request.pk).update(outcome="rejected"),
    ]
    assert forged == [1, 1, 1, 1, 1]
    changed = [found.type for found in reconcile().first if found.kind == Kind.CHANGED]
    assert sorted(changed) == [
        "records.record", "reviews.ballot", "reviews.ballotseat", "reviews.boardreview", "reviews.decision",
    ]  # fmt: skip
