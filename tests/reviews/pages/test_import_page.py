"""Answers read from files: a preview with places, then proposals; a broken file doesn't keep the others from it."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from registry.models import CardAuthor
from reviews.models import Answer, Proposal, ReviewRequest
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor
from reviews.services.proposals import take_proposal
from tests.dossiers import NOW, a_draft, person

pytestmark = pytest.mark.django_db
CARD = """---
license: mit
thumbnail: a.png
---
# Harbor

## Limitations

It knows **few** small ports.

## Compression

Four bits.
"""
DATASET = {
    "@type": "sc:Dataset",
    "name": "Logs",
    "license": "CC0",
    "rai:dataLimitations": ["Large ports only."],
}


def file(name: str, content: object) -> SimpleUploadedFile:
    text = content if isinstance(content, str) else json.dumps(content)
    return SimpleUploadedFile(name, text.encode())


def page(user: User, request: ReviewRequest, part: str = "", status: int = 200, **sent: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.post(f"/requests/{request.reference}/import/{part}", sent, follow=bool(part))
    assert answer.status_code == status
    return unescape(answer.content.decode())


def sealed(shown: str) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', shown)
    assert found is not None
    return found[1]


def test_a_preview_says_what_is_found_where_and_what_is_missing_and_keeps_nothing(
    request_: ReviewRequest, requester: User, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(requester)
    with django_assert_max_num_queries(15):
        sent = {"sources": [file("README.md", CARD), file("c.json", DATASET)]}
        shown = unescape(client.post(f"/requests/{request_.reference}/import/", sent).content.decode())
    assert "The files answer 2 questions" in shown
    assert "<p>It knows <strong>few</strong> small ports.</p>" in shown
    assert "README.md, line 7, Limitations" in shown
    assert "c.json, line 1, rai:dataLimitations" in shown
    assert "Said in other words, so the answer is yours" in shown
    assert "Four bits." in shown
    assert "required answers are still missing" in shown
    assert "line 3, thumbnail" in shown
    assert "It states the licence mit; the version is registered with nothing." in shown
    assert not Proposal.objects.exists()


def test_what_was_shown_is_proposed_with_its_place_and_is_no_answer(
    request_: ReviewRequest, requester: User
) -> None:
    shown = page(requester, request_, sources=[file("README.md", CARD), file("c.json", DATASET)])
    after = page(requester, request_, "propose/", sealed=sealed(shown))
    assert "3 proposals stand beside their questions. None is an answer until you take it." in after
    made = Proposal.objects.get(question="limits_told", source="model_card")
    assert (made.value, made.source_name, made.place, made.quote, made.made_by) == (
        "It knows **few** small ports.", "README.md", "line 7, Limitations", "It knows **few** small ports.", requester,
    )  # fmt: skip
    assert not Answer.objects.exists()
    assert Event.objects.filter(verb="proposals.made").count() == 2


def test_a_broken_file_is_named_with_the_place_and_the_others_are_read(
    request_: ReviewRequest, requester: User
) -> None:
    broken = [
        file("dup.md", "---\nlicense: mit\nlicense: gpl\n---\n"), file("nan.json", '{"a":\nNaN}'),
        SimpleUploadedFile("w.safetensors", bytes(8)), SimpleUploadedFile("empty.md", b""), file("x.pdf", "%PDF"),
    ]  # fmt: skip
    shown = page(requester, request_, sources=[*broken, file("README.md", CARD)])
    for sentence in (
        "was not read: line 3, license: the key stands here a second time; which of both holds can't be told.",
        "was not read: line 2, a: NaN and Infinity are no JSON.",
        "was not read: tensor header: the header has the length 0.",
        "was not read: there is nothing in it.",
        "was not read: it is no model card (.md), no Croissant metadata (.json) and no safetensors file.",
    ):
        assert sentence in shown
    assert "The files answer 1 question" in shown


def test_a_pasted_text_is_read_too_and_two_files_of_one_name_stay_two(
    request_: ReviewRequest, requester: User
) -> None:
    shown = page(requester, request_, text=CARD, sources=[file("a.json", DATASET), file("a.json", DATASET)])
    assert "pasted text, line 7, Limitations" in shown
    assert "a.json (2), line 1, rai:dataLimitations" in shown


def test_nothing_and_too_many_files_are_errors_of_the_form(request_: ReviewRequest, requester: User) -> None:
    assert "Choose a file, or paste a text." in page(requester, request_, status=422, text=" ")
    many = [file(f"{number}.md", CARD) for number in range(11)]
    assert "Choose 10 files at most." in page(requester, request_, status=422, sources=many)


def test_a_preview_of_somebody_else_or_changed_on_the_way_is_refused(
    request_: ReviewRequest, requester: User
) -> None:
    other = person("Olga Other", Role.RESEARCHER)
    add_contributor(actor=requester, request_id=request_.pk, person=other, now=NOW)
    seal = sealed(page(requester, request_, text=CARD))
    for user, text in ((other, seal), (requester, seal[:-1]), (requester, "")):
        assert "This preview can't be used any more. Read the files again." in page(
            user, request_, "propose/", sealed=text
        )
    assert not Proposal.objects.exists()


def test_an_answer_that_is_there_is_told_and_not_touched(request_: ReviewRequest, requester: User) -> None:
    save_answer(
        actor=requester, request_id=request_.pk, question="limits_told", raw=["Mine."], version=0, now=NOW
    )
    shown = page(requester, request_, text=CARD)
    assert "This question has an answer. The proposal stands beside it." in shown
    page(requester, request_, "propose/", sealed=sealed(shown))
    assert Answer.objects.get().value == "Mine."


def test_places_are_in_the_language_of_the_reader(request_: ReviewRequest, requester: User) -> None:
    client = Client()
    client.force_login(requester)
    client.cookies["django_language"] = "zh-hans"
    answer = client.post(f"/requests/{request_.reference}/import/", {"text": CARD})
    assert answer.status_code == 200
    assert "few" in answer.content.decode()


def test_a_dataset_becomes_a_row_and_rows_of_two_files_are_joined_when_they_are_taken(
    requester: User,
) -> None:
    request = a_draft(requester, questions="2026-2")
    other = {"@type": "Dataset", "name": "Letters", "distribution": [{"contentSize": "12.5 GB"}]}
    shown = page(requester, request, sources=[file("a.json", DATASET), file("b.json", other)])
    assert "a.json, line 1, name; line 1, license" in shown
    page(requester, request, "propose/", sealed=sealed(shown))
    for version, proposal in enumerate(Proposal.objects.filter(question="datasets")):
        take_proposal(actor=requester, proposal_id=proposal.pk, expected_version=version, now=NOW)
    assert Answer.objects.get(question="datasets").value == [
        {"name": "Logs", "right": "CC0"}, {"name": "Letters", "size": "12.5"},
    ]  # fmt: skip


def test_the_authors_of_a_card_are_kept_with_the_version_when_its_proposals_are_made(
    request_: ReviewRequest, requester: User
) -> None:
    card = CARD + "\n## Authors\n\n- Ana Díaz <ana@example.org>\n- Ben Ito\n"
    shown = page(requester, request_, sources=[file("README.md", card)])
    assert "Ana Díaz" in shown
    assert not CardAuthor.objects.exists()
    for _twice in range(2):
        page(requester, request_, "propose/", sealed=sealed(shown))
    rows = CardAuthor.objects.filter(version=request_.version).values_list(
        "name", "email", "source_name", "place"
    )
    assert list(rows) == [
        ("Ana Díaz", "ana@example.org", "README.md", "line 15, Authors"),
        ("Ben Ito", "", "README.md", "line 15, Authors"),
    ]
    assert Event.objects.filter(verb="version.authors_read").count() == 1
