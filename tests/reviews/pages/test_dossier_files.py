"""Files and the manifest of a dossier: attached, refused, taken out, handed out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from reviews.models import AnswerFile, ReviewRequest
from tests.dossiers import MANIFEST
from tests.reviews.pages.drafting import HTMX, at, entered

pytestmark = pytest.mark.django_db


def test_without_scripts_a_file_is_taken_out_by_its_button(request_: ReviewRequest, requester: User) -> None:
    client = entered(requester)
    client.post(at(request_), {"topic": "data_quality", "f-annotation": SimpleUploadedFile("a.csv", b"a")})
    file = AnswerFile.objects.get()
    client.post(at(request_), {"topic": "data_quality", "remove": str(file.pk)})
    file.refresh_from_db()
    assert file.removed_at is not None


def test_files_are_kept_and_handed_out_as_downloads_of_unknown_kind(
    request_: ReviewRequest, requester: User
) -> None:
    client = entered(requester)
    upload = SimpleUploadedFile("page\u202elmth.html", b"<script>alert(1)</script>", content_type="text/html")
    part = client.post(at(request_, "answers/need/files/"), {"f-need": upload}, **HTMX)
    assert b"pagelmth.html" in part.content
    file = AnswerFile.objects.get()
    found = client.get(f"/requests/{request_.reference}/files/{file.pk}/")
    assert b"".join(found.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert found["Content-Type"] == "application/octet-stream"
    assert found["Content-Disposition"].startswith("attachment")
    assert "sandbox" in found["Content-Security-Policy"]
    assert found["X-Content-Type-Options"] == "nosniff"
    client.post(at(request_, f"files/{file.pk}/remove/"), **HTMX)
    file.refresh_from_db()
    assert file.removed_at is not None


def test_an_empty_file_is_refused_beside_its_question(request_: ReviewRequest, requester: User) -> None:
    part = entered(requester).post(
        at(request_, "answers/need/files/"), {"f-need": SimpleUploadedFile("empty.txt", b"")}, **HTMX
    )
    assert part.status_code == 422
    assert b"This file is empty" in part.content
    assert not AnswerFile.objects.exists()


def test_a_manifest_is_pasted_with_the_line_ends_of_a_browser_or_uploaded(
    request_: ReviewRequest, requester: User
) -> None:
    client, address = entered(requester), at(request_, "manifest/")
    pasted = MANIFEST.decode().replace("\n", "\r\n")
    assert client.post(address, {"text": pasted}).status_code == 302
    assert client.post(address, {"file": SimpleUploadedFile("m.sha256", MANIFEST)}).status_code == 302
    request_.version.refresh_from_db()
    assert request_.version.manifest is not None
    assert request_.version.manifests.values("sha256").distinct().count() == 1
    crlf = client.post(address, {"file": SimpleUploadedFile("m.sha256", pasted.encode())})
    assert b"line 1: the line ends with a carriage return" in crlf.content
    assert b"one of both" in client.post(address, {"text": ""}).content
