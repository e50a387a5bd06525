"""The log as a file."""

import csv
import hashlib
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from audit import trail, verbs
from audit.erasure import erase_values
from audit.leaf import commitment
from audit.models import Disclosure, Event
from audit.refusal import Refused
from audit.selectors import Filter
from audit.spreadsheets import harmless_cell
from audit.telling import tell
from oversight import export
from oversight.services import begin_export
from tests.dossiers import NOW
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]
LATER = NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "＝1", '=HYPERLINK("http://x")']
)
def test_no_cell_becomes_a_formula(cell: str) -> None:
    assert harmless_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "ballot.closed", "王淑兰", "a = b", "2026-11-24"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless_cell(cell) == cell


def test_a_csv_has_a_line_for_each_event_oldest_first_and_reads_back(audited: Audited) -> None:
    verbs.register("thing.said", "Thing said", "Somebody said something.")
    thing = Group.objects.create(name="thing")
    reason = '=cmd|"/C calc"!A1, 他说\n“好”'
    trail.record(
        "thing.said", obj=thing, actor=audited.house.ravi, now=LATER, reason=reason, data={"count": 3}
    )
    text = "".join(export.as_csv(Event.objects.all(), named=True))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff")
    assert len(rows) == Event.objects.count()
    assert [row["time_utc"] for row in rows] == sorted(row["time_utc"] for row in rows)
    assert rows[-1]["reason"] == f"'{reason}"
    assert rows[-1]["who"] == "Ravi Requester"
    assert rows[-1]["data"] == '{"count": 3}'


def test_without_personal_data_people_are_pseudonyms_and_words_are_withheld(audited: Audited) -> None:
    verbs.register("thing.said", "Thing said", "Somebody said something.")
    thing = Group.objects.create(name="thing")
    ravi, mara = audited.house.ravi, audited.house.mara
    trail.record(
        "thing.said", obj=thing, actor=ravi, on_behalf_of=mara, now=LATER, reason="Mara is ill.",
        data={"person": str(mara.pseudonym)}, personal={"person": mara.display_name},
    )  # fmt: skip
    files = [
        "".join(export.as_csv(Event.objects.all())),
        "".join(export.as_json(Event.objects.all(), now=LATER)),
    ]
    for text in files:
        for said in Disclosure.objects.exclude(path="reason").values_list("value", flat=True):
            assert said not in text
        assert "Mara is ill." not in text
        assert str(ravi.pseudonym) in text
    rows = list(csv.DictReader(io.StringIO(files[0].removeprefix("\ufeff"), newline="")))
    last = rows[-1]
    assert (last["who"], last["for"], last["reason"]) == (
        str(ravi.pseudonym),
        str(mara.pseudonym),
        "(withheld)",
    )
    assert any(row["who"] == "(system)" for row in rows)
    assert json.loads(files[1])["personal_data"] is False
    assert not any("disclosed" in event for event in json.loads(files[1])["events"])


def test_a_json_with_personal_data_opens_the_commitments_of_its_leaves_and_dates_what_was_erased(
    audited: Audited,
) -> None:
    erased = Event.objects.filter(disclosures__path="actor").earliest("id")
    erase_values(event_id=erased.pk, paths=["actor"], actor=None, reason="", now=LATER)
    document = json.loads("".join(export.as_json(Event.objects.all(), now=LATER, named=True)))
    opened = 0
    for event in document["events"]:
        promised = json.loads(event["leaf"])["personal"]
        for path, said in event["disclosed"].items():
            if path in promised:
                assert commitment(bytes.fromhex(said["salt"]), said["value"]) == promised[path]
                opened += 1
    assert opened > 10
    gone = next(event for event in document["events"] if event["number"] == erased.pk)
    assert gone["erased"] == {"actor": LATER.isoformat()}
    assert "actor" not in gone["disclosed"]


def test_personal_data_is_taken_away_for_a_reason_only_and_the_event_says_both(
    audited: Audited, aude: User
) -> None:
    given: dict[str, Any] = {"actor": aude, "asked": Filter(), "form": "csv", "filters": {}, "now": LATER}
    with pytest.raises(Refused):
        begin_export(**given, named=True, reason=" ")
    assert not Event.objects.filter(verb="log.exported").exists()
    begin_export(**given, named=True, reason="Interviews are prepared.")
    begin_export(**given, reason="ignored")
    told = tell(Event.objects.filter(verb="log.exported").order_by("id"))
    assert [(event.leaf["data"]["personal_data"], event.reason) for event in told] == [
        (True, "Interviews are prepared."),
        (False, ""),
    ]


def test_a_json_holds_the_exact_leaves_whose_hashes_it_names(audited: Audited) -> None:
    document = json.loads("".join(export.as_json(Event.objects.all(), now=LATER)))
    assert len(document["events"]) == Event.objects.count()
    for event in document["events"]:
        assert hashlib.sha256(b"\x00" + event["leaf"].encode()).hexdigest() == event["leaf_hash"]


def test_an_empty_file_is_still_a_file() -> None:
    nothing = Event.objects.none()
    assert json.loads("".join(export.as_json(nothing, now=LATER)))["events"] == []
    assert len("".join(export.as_csv(nothing)).splitlines()) == 1


def test_taking_away_is_an_event_with_the_filters_and_the_number_of_events(
    audited: Audited, aude: User
) -> None:
    sight, last = begin_export(
        actor=aude, asked=Filter(verb="request.submitted"), form="csv",
        filters={"event": "request.submitted", "person": "Ravi"}, now=LATER,
    )  # fmt: skip
    event = Event.objects.get(verb="log.exported")
    leaf = json.loads(bytes(event.leaf))
    assert leaf["data"] | {"last": last} == leaf["data"]
    assert (leaf["data"]["count"], leaf["data"]["format"]) == (1, "csv")
    assert last < event.pk
    assert (event.object_type, event.object_id) == ("oversight.engagement", str(sight.engagements[0].pk))
    assert "Ravi" not in bytes(event.leaf).decode()
    assert event.disclosures.get(path="filter person").value == "Ravi"


def test_a_file_has_as_many_events_as_its_own_event_says(
    audited: Audited, aude: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 3)
    sight, last = begin_export(actor=aude, asked=Filter(), form="json", filters={}, now=LATER)
    found = sight.events().filter(pk__lte=last)
    count = json.loads(bytes(Event.objects.get(verb="log.exported").leaf))["data"]["count"]
    assert (
        len(json.loads("".join(export.as_json(found, now=datetime.now(tz=LATER.tzinfo))))["events"])
        == count
        > 3
    )


def test_a_sheet_for_excel_says_what_the_csv_says_and_names_nobody_unasked(audited: Audited) -> None:
    said = list(csv.reader(io.StringIO("".join(export.as_csv(Event.objects.all())).removeprefix("\ufeff"))))
    sheet = export.as_sheet(Event.objects.all())
    assert [list(sheet.columns), *([str(cell) for cell in row] for row in sheet.rows)] == said
    assert not any("Ravi Requester" in cell for row in said for cell in row)
    named = list(export.as_sheet(Event.objects.all(), named=True).rows)
    assert any("Ravi Requester" in str(cell) for row in named for cell in row)
