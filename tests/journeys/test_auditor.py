"""An auditor reads what an engagement covers, takes it away, and finds the taking in the log."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from audit.log import keys
from audit.models import Event
from imprimatur.tlog.proof import InclusionProof
from records.models import Record
from reviews.models import Decision
from tests.audit.logs import signed, signer_in
from tests.boardrooms import House
from tests.journeys import record_checks
from tests.journeys.cast import PASSWORD, a_lab, a_sealed_approval
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.long]


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("auditor")


@pytest.fixture
def decision(house: House) -> Decision:
    return a_sealed_approval(house)


def test_an_auditor_filters_the_log_takes_it_away_and_finds_that_in_the_log(
    house: House, decision: Decision, visit: Visit, tmp_path: Path, settings: Any
) -> None:
    signer_in(settings, tmp_path / "signer")
    signed(timezone.now())
    reference = decision.request.reference
    ada, ida = visit(house.ada), visit(house.ida)
    ada.signs_in(PASSWORD)
    makes_the_engagement(ada, house, decision)
    ida.signs_in(PASSWORD)
    reads_the_log(ida, reference)
    takes_the_log_away(ida, reference, tmp_path)
    reads_the_record(ida, decision, tmp_path)
    for verb in ("log.exported", "record.downloaded"):
        ida.goes(f"/log/?event={verb}")
        row = ida.page.locator("main table.flat tbody tr").first
        assert "Ida Novák" in row.inner_text()
        assert verb in row.inner_text()


def makes_the_engagement(ada: Visitor, house: House, decision: Decision) -> None:
    """For the board only, from today."""
    today = timezone.now().date()
    ada.follows("Engagements")
    ada.goes("/engagements/new")
    ada.writes(
        title="Annual audit", purpose="Records are sampled.", auditors=[house.ida.pk], covers="parts",
        boards=[house.boards["ethics"].pk], starts_on=today, ends_on=today + timedelta(days=5),
    )  # fmt: skip
    ada.presses("Make the engagement")
    assert "Ethics board of auditor" in ada.text()


def reads_the_log(ida: Visitor, reference: str) -> None:
    """Filter by object and kind, and open an event."""
    ida.follows("Log")
    ida.writes(object=reference, event="vote.cast")
    ida.presses("Show")
    rows = ida.page.locator("main table.flat tbody tr")
    assert rows.count() == 4
    assert "马若兰" in ida.page.locator("main table.flat").inner_text()
    with ida.page.expect_navigation():
        rows.first.locator("a").first.click()
    ida.looks()
    event = Event.objects.get(pk=parse_qs(urlsplit(ida.page.url).query)["open"][0])
    taken = []
    for name in ("Exact bytes", "Proof"):
        with ida.page.expect_download() as coming:
            ida.page.get_by_role("link", name=name, exact=True).click()
        taken.append(coming.value.path().read_bytes())
    assert taken[0] == bytes(event.leaf)
    InclusionProof.parse(taken[1].decode()).check(taken[0], keys.verifiers())
    ida.page.get_by_role("button", name="中文").click()
    ida.page.wait_for_load_state()
    ida.looks()
    ida.page.get_by_role("button", name="English").click()
    ida.page.wait_for_load_state()


def takes_the_log_away(ida: Visitor, reference: str, folder: Path) -> None:
    """As CSV and JSON, under the filters; the two tell of the same events."""
    numbers = []
    for form in ("csv", "json"):
        ida.goes(f"/log/?object={reference}&event=vote.cast")
        with ida.page.expect_download() as coming:
            ida.page.locator(f'button[name="format"][value="{form}"]').click()
        content = coming.value.path().read_text(encoding="utf-8-sig")
        if form == "csv":
            numbers.append(sorted(int(row["number"]) for row in csv.DictReader(io.StringIO(content))))
        else:
            numbers.append(sorted(event["number"] for event in json.loads(content)["events"]))
    assert len(numbers[0]) == 4
    assert numbers[0] == numbers[1]


def reads_the_record(ida: Visitor, decision: Decision, folder: Path) -> None:
    """Download the record from its page."""
    record = decision.record
    assert record is not None
    ida.waits(lambda: Record.objects.get(pk=record.pk).state == "sealed")
    ida.goes(f"/requests/{decision.request.reference}/")
    ida.follows("The record")
    with ida.page.expect_download() as coming:
        ida.page.locator(f'a[href="/records/{record.pk}/file"]').click()
    coming.value.save_as(folder / "record.pdf")
    assert record_checks.qpdf_accepts(folder / "record.pdf")
    assert record_checks.embedded((folder / "record.pdf").read_bytes(), "record.json") == bytes(
        record.context
    )
