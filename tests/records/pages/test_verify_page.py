"""Anybody asks whether a record is genuine; nobody learns anything else."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from imprimatur.record import apart
from records import codes, limits, store, verification
from records.models import Certificate, RevocationReason
from records.seal import lists
from tests.records.made import Make

pytestmark = pytest.mark.usefixtures("standing_records")

PRIVATE = ("Heron", "Wang Xiulan", "王秀兰", "Osei", "Approved", "minority", "Lin Yuqing", "C1")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')  # chance letters

Answer = Any  # the test client's response, which the stubs give no public name


def upload(client: Client, content: bytes, code: str = "") -> Answer:
    response: Answer = client.post(
        reverse("records:verify"), {"file": SimpleUploadedFile("r.pdf", content), "code": code}
    )
    return response


def heading(response: Answer) -> str:
    text: str = response.content.decode()
    start = text.index('<h2 id="verdict">')
    return text[start : text.index("</h2>", start)]


def test_the_issued_file_is_genuine(client: Client, sealed: Make) -> None:
    record = sealed()
    response = upload(client, store.read(record.file_sha256))
    assert response.status_code == 200
    assert "Genuine" in heading(response)
    assert "IMP-2026-0147" in response.content.decode()


def test_nothing_private_is_shown_and_signatories_only_to_whoever_has_the_paper(
    client: Client, sealed: Make
) -> None:
    record = sealed()
    content = store.read(record.file_sha256)
    signed = [one.name for one in verification.examine(content).signatures]
    for response, shown in (
        (client.get(reverse("records:verify_code", args=[record.code])), []),
        (upload(client, content), signed),
        (upload(client, content + b"x"), []),
    ):
        text = TOKEN.sub("", response.content.decode()).replace(record.code, "")
        for name in shown:
            text = text.replace(name, "")
        assert not [word for word in PRIVATE if re.search(rf"(?<!\w){word}(?!\w)", text)]


def test_a_changed_file_is_named_with_both_digests(client: Client, sealed: Make) -> None:
    record = sealed()
    response = upload(client, store.read(record.file_sha256) + b"\n")
    assert "Changed" in heading(response)
    assert record.file_sha256[:4] in response.content.decode()


def test_a_changed_file_without_its_code_is_found_by_the_code_that_was_typed(
    client: Client, sealed: Make
) -> None:
    record = sealed()
    content = store.read(record.file_sha256).replace(record.code.encode(), b"0" * 16)
    assert "Unknown" in heading(upload(client, content))
    assert "Changed" in heading(upload(client, content, codes.grouped(record.code)))


def test_a_genuine_record_offered_for_another_decision_is_not_accepted(client: Client, sealed: Make) -> None:
    record, other = sealed(), sealed("zh-hans")
    response = upload(client, store.read(record.file_sha256), other.code)
    assert "Another record" in heading(response)
    assert "Genuine" not in heading(response)


def test_a_code_alone_says_that_only_the_file_can_prove(client: Client, sealed: Make) -> None:
    record = sealed()
    response = client.get(reverse("records:verify_code", args=[codes.grouped(record.code)]))
    assert "Issued by us" in heading(response)
    assert "Genuine" not in heading(response)


@pytest.mark.parametrize("state", ["frozen", "pending"])
def test_a_record_that_is_not_sealed_is_unknown(
    client: Client, frozen: Make, pending: Make, state: str
) -> None:
    record = {"frozen": frozen, "pending": pending}[state]()
    assert "Unknown" in heading(client.get(reverse("records:verify_code", args=[record.code])))


def test_a_mistyped_code_is_told_from_one_that_was_not_issued(client: Client, db: None) -> None:
    code = codes.new_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert (
        "mistyped"
        not in client.get(reverse("records:verify_code", args=[code])).content.decode().split("<table")[1]
    )
    assert "check letter" in client.get(reverse("records:verify_code", args=[wrong])).content.decode()


@pytest.mark.parametrize("content", [b"%PDF-1.7 rubbish", b"\0" * 5000, b"<html>", b"PK\x03\x04"])
def test_other_files_are_unknown(client: Client, db: None, content: bytes) -> None:
    assert "Unknown" in heading(upload(client, content))


@pytest.mark.parametrize(
    ("content", "code", "said", "unsaid"),
    [
        (b"hello", "", "This is no PDF", "SHA-256. That"),
        (b"%PDF-1.7 rubbish", "", "Enter the code that is printed on it", "with this code"),
        (
            b"%PDF-1.7 rubbish",
            "7KQM-3XVT-9D2H-PW4C",
            "no record with this code, and no file",
            "This is no PDF",
        ),
    ],
)
def test_an_unknown_file_is_answered_by_what_was_given(
    client: Client, db: None, content: bytes, code: str, said: str, unsaid: str
) -> None:
    answer = upload(client, content, code).content.decode().replace("&#x27;", "'")
    assert said in answer
    assert unsaid not in answer


def test_a_hostile_file_with_our_code_is_answered(client: Client, sealed: Make) -> None:
    record = sealed()
    bomb = b"%PDF-1.7\n% imprimatur-code-" + record.code.encode() + b"\n" + b"1 0 obj\n<<" * 20000
    assert "Changed" in heading(upload(client, bomb))


def test_an_empty_question_says_what_is_missing(client: Client, db: None) -> None:
    response = client.post(reverse("records:verify"), {})
    assert "Choose a file or enter a code." in response.content.decode()


def test_an_address_that_asks_too_often_is_refused(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUESTIONS", 2)
    url = reverse("records:verify_code", args=[codes.new_code()])
    assert [client.get(url).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert client.get(reverse("records:verify")).status_code == 200


def test_a_customer_of_ipv6_is_one_address_and_a_neighbour_is_another(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUESTIONS", 1)
    url = reverse("records:verify_code", args=[codes.new_code()])
    own = [client.get(url, REMOTE_ADDR=f"2001:db8:7:8::{host}").status_code for host in range(1, 4)]
    assert own == [200, 429, 429]
    assert client.get(url, REMOTE_ADDR="2001:db8:7:9::1").status_code == 200


@pytest.mark.parametrize("announced", ["900000000", "many", "-1"])
def test_a_request_that_announces_too_much_or_nothing_that_is_a_number_is_not_read(
    client: Client, db: None, announced: str
) -> None:
    response = client.post(
        reverse("records:verify"),
        data=b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=announced,
    )
    assert response.status_code == 413


def test_a_question_from_another_site_is_refused(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("records:verify"), {"code": "x"}).status_code == 403


def test_the_certificates_are_public_and_lead_to_the_root(client: Client, sealed: Make) -> None:
    record = sealed()
    response = client.get(reverse("records:certificates"))
    assert record.signer is not None
    assert record.signer.chain in response.content.decode()
    assert response.content.count(b"BEGIN CERTIFICATE") == 6  # of the system and of the seal
    assert b"PRIVATE" not in response.content


def test_the_page_answers_in_chinese(client: Client, sealed: Make) -> None:
    record = sealed("zh-hans")
    response = client.get(
        reverse("records:verify_code", args=[record.code]), headers={"accept-language": "zh-hans"}
    )
    assert "由我们签发" in response.content.decode()


def test_equal_bytes_are_enough_where_the_signatures_could_not_be_read_in_time(
    client: Client, sealed: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = sealed()
    content = store.read(record.file_sha256)
    monkeypatch.setattr(apart, "WAIT", 0.001)
    genuine, other = upload(client, content), upload(client, content + b"x")
    assert "Genuine" in heading(genuine)
    assert "too busy to read them now" in genuine.content.decode()
    assert "Changed" in heading(other)


def test_the_signatures_of_a_genuine_file_stand_in_their_order(client: Client, sealed: Make) -> None:
    record = sealed()
    text = upload(client, store.read(record.file_sha256)).content.decode()
    people = [json.loads(bytes(step.line))["name"] for step in record.steps.exclude(person=None)]
    assert len(people) == 2
    places = [
        text.index(name) for name in ("The system that issues records", *people, "Seal of the organisation")
    ]
    assert places == sorted(places)
    assert "clock of our server" in text
    assert "clock of a timestamp authority" not in text


def test_a_certificate_that_was_revoked_later_is_explained_and_takes_nothing_away(
    client: Client, sealed: Make, now: datetime
) -> None:
    record, later = sealed(), now + timedelta(days=9)
    own = record.steps.get(field="sig-legal").certificate
    assert own is not None
    assert own.issuer is not None
    Certificate.objects.filter(pk=own.pk).update(revoked_at=later, revocation=RevocationReason.SUPERSEDED)
    lists.current(own.issuer, later + timedelta(hours=1))
    response = upload(client, store.read(record.file_sha256))
    assert "Genuine" in heading(response)
    assert response.content.decode().count("valid then, revoked later") == 1
    assert "takes nothing away from this record" in response.content.decode()
