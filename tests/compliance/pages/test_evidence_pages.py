"""The page of a file of evidence: its versions, a preview that runs nothing, and files that are used again."""

from base64 import b64decode
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import Assessment, Control, Evidence
from records import pdf_pages
from tests.compliance.conftest import NOW, attach, verbs_of
from tests.compliance.pages.conftest import Browser
from tests.compliance.pages.test_evidence import text
from tests.compliance.services.test_evidence_versions import next_run, replace

__all__ = ["next_run"]
EVIL = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "PNG")
    return made.getvalue()


def pdf(pages: int) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(300, 200))
    held = BytesIO()
    made.save(held)
    return held.getvalue()


SHOWN = [
    (EVIL, "text/plain; charset=utf-8", EVIL),
    ("结论".encode("gb18030"), "text/plain; charset=utf-8", "结论".encode()),
    (b"a" * 300_000, "text/plain; charset=utf-8", b"a" * 200_000),
    (picture(), "image/png", picture()),
    (pdf(1), "image/png", None),
]


def test_a_preview_is_what_the_bytes_are_and_runs_nothing(
    readiness: Assessment, owner: User, browser: Browser
) -> None:
    client = browser(owner)
    for content, content_type, shown in SHOWN:
        evidence = attach(owner, readiness, "R01", content, "page.html")
        page = text(client.get(f"/compliance/evidence/{evidence.pk}/look/"))
        assert '<iframe class="framed" sandbox loading="lazy" title="Preview of page.html"' in page
        assert f'src="/compliance/evidence/{evidence.pk}/preview/">' in page
        assert ("Only the beginning" in page) is (len(content) == 300_000)
        assert verbs_of(readiness)[-1] == "evidence.added", "the page itself is no look"
        answer = client.get(f"/compliance/evidence/{evidence.pk}/preview/")
        got = answer.content
        if content_type.startswith("image/"):
            assert answer["Content-Type"] == "text/html; charset=utf-8"
            begin = f'<img alt="Preview" src="data:{content_type};base64,'.encode()
            got = b64decode(got.partition(begin)[2].partition(b'"')[0])
        else:
            assert answer["Content-Type"] == content_type
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert got == shown if shown else Image.open(BytesIO(got)).width == pdf_pages.WIDTH
        assert verbs_of(readiness)[-1] == "evidence.viewed"


def test_pages_of_a_pdf_are_turned_and_one_that_is_broken_is_only_handed_out(
    readiness: Assessment, owner: User, outsider: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence, client = attach(owner, readiness, "R01", pdf(3), "a.pdf"), browser(owner)
    address = f"/compliance/evidence/{evidence.pk}/"
    second = text(client.get(f"{address}look/?page=2"))
    assert "Page 2 of 3" in second
    assert f"{address}preview/?page=2" in second
    assert client.get(f"{address}preview/?page=3").status_code == 200
    assert client.get(f"{address}preview/?page=4").status_code == 404
    assert browser(outsider).get(f"{address}preview/").status_code == 404
    broken = attach(owner, readiness, "R01", b"%PDF-1.7 and nothing else", "b.pdf")
    assert "can&#x27;t be shown here" in text(client.get(f"/compliance/evidence/{broken.pk}/look/"))
    assert client.get(f"/compliance/evidence/{broken.pk}/preview/").status_code == 404
    monkeypatch.setitem(pdf_pages._NOWHERE, "PATH", "/nowhere")
    assert "can&#x27;t be shown here" in text(client.get(f"{address}look/"))
    archive = attach(owner, readiness, "R01", b"PK\x03\x04" + bytes(50), "c.zip")
    assert "not shown here" in text(client.get(f"/compliance/evidence/{archive.pk}/look/"))


def test_versions_stand_on_the_page_of_each_and_on_the_checklist(
    readiness: Assessment,
    owner: User,
    browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    first = attach(owner, readiness, "R01", b"first", "proof.txt")
    second = replace(owner, readiness, first)
    client = browser(owner)
    checklist = text(client.get(f"/compliance/assessments/{readiness.pk}/"))
    assert "version 1, replaced by version 2 on" in checklist
    assert f'name="replaces" value="{second.pk}"' in checklist
    assert f'name="replaces" value="{first.pk}"' not in checklist
    with django_assert_max_num_queries(15):
        page = text(client.get(f"/compliance/evidence/{first.pk}/look/"))
    assert "replaced by a newer version" in page
    assert f'href="/compliance/evidence/{second.pk}/look/"' in page
    assert b"".join(client.get(f"/compliance/evidence/{first.pk}/").streaming_content) == b"first"  # type: ignore[attr-defined]


def test_a_file_of_the_last_run_is_used_again_and_warned_of_when_it_expired(
    next_run: Assessment,
    accepted: Assessment,
    owner: User,
    reviewer: User,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    control = Control.objects.filter(library=accepted.library, evidence_required=True)[0]
    source = Evidence.objects.get(assessment=accepted, control=control)
    address = f"/compliance/assessments/{next_run.pk}/evidence/{control.number}/again/"
    client = browser(owner)
    with django_assert_max_num_queries(15):
        page = text(client.get(address))
    assert "Use proof.txt again" in page
    assert "have expired or are older" not in page
    assert browser(reviewer).get(address).status_code == 403
    day, until = str(source.effective_on), str(NOW.date())
    done = client.post(
        address, {"source_id": source.pk, "effective_on": day, "expires_on": until}, follow=True
    )
    shown = text(done)
    assert "The file is used again." in shown
    assert 'alert-triangle"></use></svg>expired</span>' in shown, "it expired yesterday"
    again = Evidence.objects.get(reused_from=source)
    assert "Used again from" in text(client.get(f"/compliance/evidence/{again.pk}/look/"))
    assert client.post(address, {"source_id": again.pk}).status_code == 404
