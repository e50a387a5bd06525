"""Files of evidence in the browser: given, withdrawn, and only ever handed out as downloads."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from audit import files
from compliance.models import Assessment, Evidence
from tests.compliance.conftest import attach, verbs_of
from tests.compliance.pages.conftest import Browser


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def give(client: Client, assessment: Assessment, name: str, content: bytes, **more: str) -> object:
    upload = SimpleUploadedFile(name, content, "text/html")
    address = f"/compliance/assessments/{assessment.pk}/evidence/R01/"
    return client.post(address, {"file": upload, **more}, follow=True)


def test_a_file_is_added_and_shown_with_its_day(readiness: Assessment, owner: User, browser: Browser) -> None:
    shown = text(give(browser(owner), readiness, "报告 1.pdf", b"content", effective_on="2026-02-01"))
    assert "The file is added." in shown
    assert "报告 1.pdf" in shown
    assert "of Sun 1 Feb" in shown


def test_an_empty_file_and_no_file_are_refused(readiness: Assessment, owner: User, browser: Browser) -> None:
    client = browser(owner)
    assert "This file is empty." in text(give(client, readiness, "empty.txt", b""))
    nothing = client.post(f"/compliance/assessments/{readiness.pk}/evidence/R01/", {}, follow=True)
    assert "Choose a file" in text(nothing)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "app.js", "report.pdf"])
def test_whatever_was_uploaded_is_handed_out_as_a_download(
    readiness: Assessment, owner: User, reviewer: User, browser: Browser, name: str
) -> None:
    content = b"<svg onload='alert(1)'/>"
    evidence = attach(owner, readiness, "R01", content, name)
    answer = browser(reviewer).get(f"/compliance/evidence/{evidence.pk}/")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert verbs_of(readiness)[-1] == "evidence.downloaded"


def test_an_outsider_gets_nothing_and_leaves_no_event(
    readiness: Assessment, owner: User, outsider: User, browser: Browser
) -> None:
    evidence = attach(owner, readiness, "R01")
    assert browser(outsider).get(f"/compliance/evidence/{evidence.pk}/").status_code == 404
    assert browser(outsider).post(f"/compliance/evidence/{evidence.pk}/withdraw/").status_code == 404
    assert Client().get(f"/compliance/evidence/{evidence.pk}/").status_code == 302
    assert verbs_of(readiness) == ["assessment.opened", "evidence.added"]


def test_a_file_that_is_lost_is_said_to_be_lost(readiness: Assessment, owner: User, browser: Browser) -> None:
    evidence = attach(owner, readiness, "R01")
    assert files.place_of(evidence.sha256).is_relative_to(Path(settings.DATA_DIR))
    files.place_of(evidence.sha256).unlink()
    shown = text(browser(owner).get(f"/compliance/evidence/{evidence.pk}/", follow=True))
    assert "be read from the disk" in shown


def test_a_file_is_withdrawn_with_a_reason_and_stays_visible(
    readiness: Assessment, owner: User, reviewer: User, browser: Browser
) -> None:
    evidence = attach(owner, readiness, "R01")
    address = f"/compliance/evidence/{evidence.pk}/withdraw/"
    assert browser(owner).get(address).status_code == 405
    assert browser(reviewer).post(address, {"reason": "No."}).status_code == 403
    assert "Say why" in text(browser(owner).post(address, {"reason": ""}, follow=True))
    shown = text(browser(owner).post(address, {"reason": "Wrong model."}, follow=True))
    assert "<del>proof.txt</del>" in shown
    assert "withdrawn by Ravi Krishnan, Tue 3 Mar: Wrong model." in shown
    assert browser(reviewer).get(f"/compliance/evidence/{evidence.pk}/").status_code == 200


def test_a_file_that_came_in_parts_is_added_for_the_control_it_was_begun_for(
    readiness: Assessment, owner: User, outsider: User, browser: Browser
) -> None:
    client, address = browser(owner), f"/compliance/assessments/{readiness.pk}/evidence/"
    begun = client.post(f"{address}R01/uploads/", {"name": "a/册.csv", "size": "4"}).json()
    client.post(
        begun["address"],
        b"held",
        content_type="application/octet-stream",
        headers={"Upload-Offset": "0"},
    )
    elsewhere = client.post(f"{address}R02/", {"upload": begun["token"]}, follow=True)
    assert "not there any more" in text(elsewhere)
    assert not Evidence.objects.exists()
    assert "The file is added." in text(
        client.post(f"{address}R01/", {"upload": begun["token"]}, follow=True)
    )
    assert (Evidence.objects.get().name, Evidence.objects.get().size) == ("册.csv", 4)
    assert client.post(f"{address}R01/uploads/", {"name": "a", "size": "0"}).status_code == 422
    assert browser(outsider).post(f"{address}R01/uploads/", {"name": "a", "size": "4"}).status_code == 404
