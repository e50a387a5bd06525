"""Letters to who asked: written by themselves, once, from frozen data, each a sealed record of its own."""

import json
from typing import Any, cast

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.models import Event
from audit.refusal import Refused
from jobs.models import Job
from records.canonical import canonical
from records.letter_context import LetterContext
from records.models import Record
from records.permissions import may_read
from records.shape import faults
from reminders.models import Message
from reviews.models import Decision, Letter
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.from_record import boards_in_words
from reviews.selectors.letters.texts import shipped
from reviews.services.letter_texts import change_text
from reviews.services.letters import freeze_letter, issue_letter, translate_letter, write_letter
from reviews.services.signing import refuse_to_sign
from reviews.services.triage import return_request
from tests.boardrooms import House, a_house, approved, decided, in_review, sign, submitted
from tests.dossiers import NOW, a_version, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def issued(letter: Letter) -> dict[str, Any]:
    """Return what the letter says, after its job has run."""
    record = freeze_letter(letter_id=letter.pk, now=NOW).record
    assert record is not None
    context = json.loads(bytes(record.context))
    assert list(faults(context, LetterContext)) == []
    return cast(dict[str, Any], context)


def words_of(context: dict[str, Any]) -> str:
    return "\n".join(
        part
        for section in context["sections"]
        for part in [section["title"], *(p["text"] for p in section["pieces"])]
    )


def test_the_decision_letter_is_written_after_the_last_signature_and_not_before(house: House) -> None:
    decision = decided(house, in_review(house))
    sign(house, decision, "legal", "lex")
    assert not Letter.objects.exists()
    sign(house, decision, "chair", "chloe")
    letter = Letter.objects.get()
    assert (letter.kind, letter.decision, letter.number, letter.record) == ("approved", decision, 1, None)
    assert Job.objects.filter(kind="reviews.letter", payload={"letter": letter.pk}).count() == 1
    context = issued(letter)
    assert decision.record is not None
    assert context["reference"] == f"{decision.request.reference}-L1"
    assert context["decision"]["context_sha256"] == decision.record.context_sha256
    assert [line["name"] for line in context["signatures"]] == ["Lex Legal", "Chloe Chair"]
    assert all(line["meaning"] and line["signed_at"] for line in context["signatures"])
    assert context["manifest_sha256"] == decision.manifest_sha256
    assert context["template"] == {
        "kind": "approved", "language": context["language"], "version": 0,
        "sha256": shipped(LetterKind.APPROVED, context["language"]).sha256,
    }  # fmt: skip
    said = words_of(context)
    assert decision.request.reference in said
    assert decision.reasons in said
    assert "You may appeal until" in said
    assert "{" not in said


def test_its_record_goes_to_the_seal_and_who_asked_is_told_once(house: House) -> None:
    decision = approved(house, in_review(house))
    letter = Letter.objects.get()
    issue_letter({"letter": letter.pk})
    issue_letter({"letter": letter.pk})
    letter.refresh_from_db()
    record = letter.record
    assert record is not None
    assert (record.kind, record.state, record.reference) == (
        "letter", "sealing", f"{decision.request.reference}-L1",
    )  # fmt: skip
    assert Record.objects.filter(kind="letter").count() == 1
    assert Event.objects.filter(verb="letter.issued").count() == 1
    told = Message.objects.filter(kind="request.letter")
    assert [message.person for message in told] == [decision.request.requester]
    assert may_read(decision.request.requester, record, NOW)
    assert not may_read(person("outsider@example.org"), record, NOW)


def test_a_rejection_says_until_when_and_to_whom_one_appeals(house: House) -> None:
    decision = decided(house, in_review(house), "reject")
    letter = Letter.objects.get()
    context = issued(letter)
    assert letter.kind == "rejected"
    assert context["signatures"] == []
    assert "Ethics board rejected revision 1" in words_of(context)
    assert "shares no voter" in words_of(context)
    assert decision.appeal_until is not None
    assert str(decision.appeal_until.year) in context["standing"]


def test_a_rejection_that_is_final_says_so_and_names_no_day(house: House) -> None:
    decision = decided(house, in_review(house), "reject")
    letter = Letter.objects.get()
    record = decision.record
    assert record is not None
    frozen = json.loads(bytes(record.context))
    frozen["decision"]["appeal_until"] = None
    Record.objects.filter(pk=record.pk).update(context=canonical(frozen))
    Decision.objects.filter(pk=decision.pk).update(appeal_until=None)
    context = issued(letter)
    assert "so it is final" in words_of(context)
    assert "You may appeal" not in words_of(context)
    assert context["standing"] == ""


def test_an_approval_in_an_emergency_says_by_when_the_full_review_follows(house: House) -> None:
    decision = approved(house, in_review(house, procedure="emergency"))
    letter = Letter.objects.get(request=decision.request)
    context = issued(letter)
    assert letter.kind == "provisional"
    assert "provisionally" in words_of(context)
    assert decision.valid_until is not None
    assert f"A full review follows by {decision.valid_until.day}\xa0" in words_of(context)


def test_a_refusal_to_sign_has_its_own_letter_with_the_reason(house: House) -> None:
    decision = decided(house, in_review(house))
    refuse_to_sign(
        actor=house.lex, decision_id=decision.pk, role="legal", reason="The *licence* is unclear.", now=NOW
    )
    letter = Letter.objects.get()
    context = issued(letter)
    assert (letter.kind, letter.about_type) == ("refused", "reviews.refusal")
    assert "The *licence* is unclear." in words_of(context)
    assert "Lex Legal" in words_of(context)


def test_a_letter_is_written_once_for_what_it_is_about(house: House) -> None:
    decision = approved(house, in_review(house))
    again = write_letter(kind="approved", request=decision.request, about=decision, now=NOW)
    assert Letter.objects.get() == again
    assert Event.objects.filter(verb="letter.written").count() == 1


def test_what_only_the_act_knows_has_to_be_handed_in(house: House) -> None:
    decision = approved(house, in_review(house))
    request = decision.request
    with pytest.raises(ValueError, match=r"missing.*due"):
        write_letter(kind=LetterKind.REVIEW_DUE, request=request, about=decision, now=NOW)
    with pytest.raises(ValueError, match=r"unknown.*color"):
        write_letter(
            kind=LetterKind.REVIEW_DUE, request=request, about=decision, now=NOW,
            said={"due": "2027-01-01", "color": "x"},
        )  # fmt: skip
    letter = write_letter(
        kind=LetterKind.REVIEW_DUE, request=request, about=decision, now=NOW, said={"due": "2027-01-01"}
    )
    assert letter.number == 2
    assert "1\xa0January\xa02027" in words_of(issued(letter))


def test_a_translation_is_a_second_record_that_cites_the_first(house: House) -> None:
    decision = approved(house, in_review(house))
    first = Letter.objects.get()
    with pytest.raises(Refused, match="being written"):
        translate_letter(actor=house.ravi, letter_id=first.pk, language="zh-hans", now=NOW)
    context = issued(first)
    with pytest.raises(Http404):
        translate_letter(actor=person("out@example.org"), letter_id=first.pk, language="zh-hans", now=NOW)
    second = translate_letter(
        actor=decision.request.requester, letter_id=first.pk, language="zh-hans", now=NOW
    )
    translated = issued(second)
    first.refresh_from_db()
    assert first.record is not None
    assert translated["translation_of"]["context_sha256"] == first.record.context_sha256
    assert translated["language"] == "zh-hans"
    assert "理由" in words_of(translated)
    assert translated["facts"][0]["digest"] == context["facts"][0]["digest"]
    assert translate_letter(actor=house.ravi, letter_id=first.pk, language="zh-hans", now=NOW) == second
    with pytest.raises(Refused, match="translation itself"):
        translate_letter(actor=house.ravi, letter_id=second.pk, language="en", now=NOW)


def test_a_letter_keeps_the_words_it_had_when_the_text_changes(house: House) -> None:
    approved(house, in_review(house))
    text = shipped(LetterKind.APPROVED, "en")
    change_text(
        actor=house.ada, kind=LetterKind.APPROVED, language="en",
        content=text.content.replace("No condition is attached.", "Nothing else is asked."), base=0,
        reason="Shorter.", now=NOW,
    )  # fmt: skip
    context = issued(Letter.objects.get())
    assert context["template"]["version"] == 1
    assert "Nothing else is asked." in words_of(context)
    change_text(
        actor=house.ada, kind=LetterKind.APPROVED, language="en", content=text.content, base=1,
        reason="As it was.", now=NOW,
    )  # fmt: skip
    assert "Nothing else is asked." in words_of(issued(Letter.objects.get()))


def test_texts_are_changed_by_administrators_in_order_and_with_a_reason(house: House) -> None:
    content = shipped(LetterKind.REJECTED, "en").content
    given: dict[str, Any] = {"kind": LetterKind.REJECTED, "language": "en", "now": NOW}
    with pytest.raises(PermissionDenied):
        change_text(actor=house.ravi, content=content + "More.\n", base=0, reason="x", **given)
    with pytest.raises(Refused, match="Say why"):
        change_text(actor=house.ada, content=content + "More.\n", base=0, reason=" ", **given)
    with pytest.raises(Refused, match="nothing to write"):
        change_text(actor=house.ada, content=content, base=0, reason="x", **given)
    with pytest.raises(Refused, match="This is missing: last day to appeal"):
        change_text(
            actor=house.ada, content=content.replace("{appeal_until}", "soon"), base=0, reason="x", **given
        )
    with pytest.raises(Refused, match=r"Did you mean \{requester\}"):
        change_text(actor=house.ada, content=content + "{requestr}\n", base=0, reason="x", **given)
    with pytest.raises(Refused, match="<script is HTML"):
        change_text(actor=house.ada, content=content + "<script>\n", base=0, reason="x", **given)
    with pytest.raises(Refused, match=r"U\+1F600"):
        change_text(actor=house.ada, content=content + "😀\n", base=0, reason="x", **given)
    assert not Event.objects.filter(verb="letter_text.changed").exists()
    change_text(actor=house.ada, content=content + "More.\n", base=0, reason="More to say.", **given)
    with pytest.raises(Refused, match="Somebody wrote version 1"):
        change_text(actor=house.ada, content=content + "Other.\n", base=0, reason="x", **given)
    assert Event.objects.filter(verb="letter_text.changed").count() == 1


def test_a_notice_of_gaps_is_a_letter_without_a_decision(house: House) -> None:
    request = submitted(house, a_version(house.ravi, number="9.9"), NOW)
    return_request(actor=house.sena, request_id=request.pk, text="1. Nobody is *named*.", now=NOW)
    letter = Letter.objects.get(request=request)
    context = issued(letter)
    assert (letter.kind, letter.decision, context["decision"]) == ("gaps", None, None)
    assert context["revision"] == 1
    assert "1. Nobody is *named*." in words_of(context)
    assert context["board"] == ""
    assert "Answers to look at" not in words_of(context), "a section that has nothing to say falls away"


def test_of_several_boards_only_those_are_named_that_returned_it() -> None:
    boards = [
        {"name": "Ethics board", "motion_passed": "approve"},
        {"name": "Safety board", "motion_passed": "return"},
    ]
    assert boards_in_words({"decision": {"outcome": "returned"}, "boards": boards}) == "Safety board"
    assert (
        boards_in_words({"decision": {"outcome": "approved"}, "boards": boards})
        == "Ethics board, Safety board"
    )
