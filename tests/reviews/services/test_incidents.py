"""Incidents: raised by who sees the model, classified with their clocks, filed, closed, and reminded of in hours."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from compliance.models import Incident
from reminders.models import Message
from reminders.waiting import get as source
from reviews.models import Decision, IncidentClass, IncidentReport
from reviews.rules.lifecycle import RequestState
from reviews.services.incident_filing import file_report, open_incident_file, suspend_for_incident
from reviews.services.incidents import (
    Told,
    classify_incident,
    close_incident,
    raise_incident,
    reopen_incident,
    tell_more,
)
from reviews.tasks import meet_deadlines
from tests.boardrooms import House, a_house, approved, in_review, verbs_about
from tests.dossiers import NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]
AWARE = NOW - timedelta(hours=2)


@pytest.fixture
def house() -> House:
    return a_house()


def raised(house: House, decision: Decision | None = None, **given: Any) -> IncidentReport:
    decision = decision or approved(house, in_review(house))
    arguments: dict[str, Any] = {
        "actor": house.ravi, "told": Told("It gave out addresses.", "Three people.", ""),
        "happened_at": AWARE - timedelta(hours=1), "aware_at": AWARE, "version_id": decision.request.version_id,
        "now": NOW,
    }  # fmt: skip
    return raise_incident(**{**arguments, **given})


def classify(house: House, report: IncidentReport, kind: str, **given: Any) -> IncidentClass:
    arguments = {"actor": house.sid, "reason": "By what is known.", "now": NOW, **given}
    return classify_incident(number=report.incident_id, kind=kind, **arguments)


def told_of_clock(person: User) -> int:
    return Message.objects.filter(person=person, kind="incident.clock").count()


def test_who_sees_the_model_raises_it_and_legal_safety_and_board_are_told_with_the_shortest_clock(
    house: House,
) -> None:
    report = raised(house, files=[ContentFile(b"log", "log.txt")])
    assert (report.state, report.kind, report.due_at) == ("raised", "", AWARE + timedelta(days=2))
    assert report.request is not None
    assert verbs_about(report.request).count("incident.raised") == 1
    told = set(Message.objects.filter(kind="incident.raised").values_list("person__display_name", flat=True))
    assert {"Lex Legal", "Sid Safety", "Chloe Chair", "Milo Member"} <= told
    assert not told & {"Rex Recused", "Ugo Outsider", "Ravi Requester"}
    incident = Incident.objects.get()
    assert (incident.text, incident.entered_by) == ("It gave out addresses.", house.ravi)
    (waits,) = source("incident.report").ask(NOW, frozenset({house.lex.pk}))
    assert waits.explain is not None
    assert "The term is 48 hours, day and night." in waits.explain()
    assert "when somebody became aware of it" in waits.explain()
    file, content = open_incident_file(
        actor=house.milo, number=report.incident_id, file_id=report.entries.get().files.get().pk, now=NOW
    )
    with content:
        assert (file.name, content.read()) == ("log.txt", b"log")
    with pytest.raises(Http404):
        open_incident_file(actor=house.ugo, number=report.incident_id, file_id=file.pk, now=NOW)


def test_what_is_not_seen_or_not_whole_is_not_raised(house: House) -> None:
    decision = approved(house, in_review(house))
    for change, error in (
        ({"actor": house.ugo}, Http404),
        ({"actor": person("Ari Auditor", Role.AUDITOR)}, PermissionDenied),
        ({"version_id": None}, Refused),
        ({"told": Told(" ")}, Refused),
        ({"aware_at": NOW + timedelta(hours=1)}, Refused),
        ({"aware_at": AWARE - timedelta(days=1)}, Refused),
    ):
        with pytest.raises(error):
            raised(house, decision, **change)
    assert not Incident.objects.exists()
    assert not IncidentReport.objects.exists()


def test_a_class_goes_up_or_down_with_its_reason_and_each_keeps_its_clock(house: House) -> None:
    report = raised(house)
    with pytest.raises(PermissionDenied):
        classify(house, report, "death", actor=house.chloe)
    with pytest.raises(Refused, match="Say why"):
        classify(house, report, "death", reason=" ")
    classify(house, report, "serious")
    classify(house, report, "death", reason="Somebody died of it.")
    with pytest.raises(Refused, match="already"):
        classify(house, report, "death")
    earlier = AWARE - timedelta(minutes=30)
    classify(house, report, "death", aware_at=earlier, reason="The night shift knew.")
    clocks = list(IncidentClass.objects.values_list("kind", "due_at"))
    assert clocks == [
        ("serious", AWARE + timedelta(days=15)),
        ("death", AWARE + timedelta(days=10)),
        ("death", earlier + timedelta(days=10)),
    ]
    report.refresh_from_db()
    assert (report.kind, report.aware_at, report.due_at) == ("death", earlier, clocks[-1][1])
    classify(house, report, "not_serious", reason="It was another model.")
    report.refresh_from_db()
    assert report.due_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentClass.objects.update(reason="None.")


def test_a_first_report_stops_the_clock_and_the_complete_one_lets_it_be_closed(house: House) -> None:
    report = raised(house)
    number, later = report.incident_id, NOW + timedelta(days=3)
    given: dict[str, Any] = {"number": number, "authority": "The market authority", "text": "What is known."}
    file_report(actor=house.lex, kind="initial", filed_at=NOW, now=later, **given)
    report.refresh_from_db()
    assert (report.state, report.filed_at) == ("initial", NOW)
    assert meet_deadlines(later) == 0, "nobody is reminded of what is reported"
    with pytest.raises(Refused, match="complete one"):
        close_incident(actor=house.lex, number=number, closing="Mended.", now=later)
    with pytest.raises(PermissionDenied):
        file_report(actor=house.ravi, kind="complete", filed_at=later, now=later, **given)
    with pytest.raises(Refused, match="before it is entered"):
        file_report(actor=house.lex, kind="complete", filed_at=later + timedelta(hours=1), now=later, **given)
    file_report(actor=house.lex, kind="complete", filed_at=later, now=later, **given)
    close_incident(actor=house.lex, number=number, closing="Mended.", now=later)
    with pytest.raises(IllegalTransition):
        tell_more(actor=house.ravi, number=number, told=Told("More."), now=later)
    reopen_incident(actor=house.lex, number=number, reason="A second person.", now=later)
    report.refresh_from_db()
    assert (report.state, report.filed_at, report.filings.count()) == ("classified", NOW, 2)


def test_what_was_told_stays_when_more_is_told(house: House) -> None:
    report = raised(house)
    with pytest.raises(Refused):
        tell_more(actor=house.milo, number=report.incident_id, told=Told(" "), now=NOW)
    with pytest.raises(Http404):
        tell_more(actor=house.ugo, number=report.incident_id, told=Told("Ha."), now=NOW)
    tell_more(actor=house.milo, number=report.incident_id, told=Told("", "A fourth person."), now=NOW)
    assert [entry.harm for entry in report.entries.all()] == ["Three people.", "A fourth person."]
    assert Event.objects.filter(verb="incident.told_more").count() == 1


def test_the_last_hours_are_reminded_once_each_and_a_missed_run_tells_the_latest_only(house: House) -> None:
    report = raised(house)
    assert report.due_at is not None
    due = report.due_at
    assert meet_deadlines(due - timedelta(hours=25)) == 0
    assert meet_deadlines(due - timedelta(hours=23)) == 1
    assert meet_deadlines(due - timedelta(hours=22)) == 0
    assert told_of_clock(house.sid) == 1
    assert told_of_clock(house.milo) == 0
    meet_deadlines(due - timedelta(minutes=90))
    assert told_of_clock(house.lex) == 2, "twelve and six hours were missed; the last one speaks for them"
    meet_deadlines(due + timedelta(hours=3))
    meet_deadlines(due + timedelta(hours=9))
    assert told_of_clock(house.lex) == 3
    asked = {thing.person_id for thing in source("incident.report").ask(NOW, None)}
    assert asked == {house.lex.pk, house.sid.pk}


def test_the_approval_is_suspended_for_it_in_one_step(house: House) -> None:
    decision = approved(house, in_review(house))
    report = raised(house, decision)
    number = report.incident_id
    with pytest.raises(PermissionDenied):
        suspend_for_incident(actor=house.ravi, number=number, reason="", now=NOW)
    suspension = suspend_for_incident(actor=house.sid, number=number, reason="", now=NOW)
    report.refresh_from_db()
    decision.request.refresh_from_db()
    assert (report.suspension, decision.request.state) == (suspension, RequestState.SUSPENDED)
    assert report.reference in suspension.reason
    assert Event.objects.filter(verb="request.suspended").count() == 1
