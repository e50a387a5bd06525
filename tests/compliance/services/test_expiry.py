"""Evidence that grows old: its owner is reminded 90, 30 and 7 days before, until something newer is there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts.models import User
from audit.refusal import Refused
from compliance.models import Assessment, Evidence
from compliance.selectors.expiry import expiring_for
from compliance.services.evidence import add_evidence, withdraw_evidence
from reminders.models import Reminder
from reminders.planner import plan
from reminders.waiting import waiting_for
from tests.compliance.conftest import NOW

pytestmark = pytest.mark.both_engines
LAST = date(2026, 7, 31)


def give(
    owner: User, assessment: Assessment, *, at: datetime = NOW, until: date | None = LAST, number: str = "R01"
) -> Evidence:
    upload = ContentFile(b"shown", name="report.txt")
    return add_evidence(
        actor=owner, assessment_id=assessment.pk, number=number, upload=upload, expires_on=until, now=at
    )


def waits(owner: User, at: datetime) -> list[str]:
    return [
        thing.object_id for source, thing in waiting_for(owner.pk, at) if source.kind == "evidence.expiry"
    ]


def test_the_owner_is_reminded_ninety_thirty_and_seven_days_before_and_each_once(
    readiness: Assessment, owner: User, outsider: User
) -> None:
    file = give(owner, readiness)
    give(owner, readiness, until=None, number="R02")
    assert waits(owner, datetime(2026, 5, 1, 9, tzinfo=UTC)) == [], "91 days are left"
    assert waits(owner, datetime(2026, 5, 3, 9, tzinfo=UTC)) == [str(file.pk)]
    for day in (date(2026, 5, 2), date(2026, 5, 3), date(2026, 7, 1), date(2026, 7, 24), date(2026, 7, 24)):
        plan(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    stages = (
        Reminder.objects.filter(kind="evidence.expiry").order_by("begins").values_list("stage", flat=True)
    )
    assert list(stages) == ["90d", "30d", "7d"]
    assert expiring_for(outsider, datetime(2026, 7, 1, 9, tzinfo=UTC)) == []
    (told,) = expiring_for(owner, datetime(2026, 7, 1, 9, tzinfo=UTC))
    assert (told.evidence, told.days) == (file, 30)


def test_newer_evidence_for_the_same_control_takes_its_place_and_withdrawn_evidence_is_not_told(
    readiness: Assessment, owner: User
) -> None:
    july = datetime(2026, 7, 1, 9, tzinfo=UTC)
    first = give(owner, readiness)
    other = give(owner, readiness, number="R03")
    assert waits(owner, july) == [str(first.pk), str(other.pk)]
    newer = give(owner, readiness, at=NOW + timedelta(days=1), until=date(2027, 7, 31))
    assert waits(owner, july) == [str(other.pk)]
    withdraw_evidence(actor=owner, evidence_id=newer.pk, reason="Wrong file.", now=NOW)
    withdraw_evidence(actor=owner, evidence_id=other.pk, reason="Wrong file.", now=NOW)
    assert waits(owner, july) == [str(first.pk)]


def test_nothing_expires_before_the_day_it_is_about(readiness: Assessment, owner: User) -> None:
    with pytest.raises(Refused, match="can't expire before"):
        give(owner, readiness, until=date(2026, 3, 1))
    file = give(owner, readiness)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=file.pk).update(expires_on=date(2026, 1, 1))
