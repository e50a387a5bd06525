"""Around a request by calls: history, changes, figures, what others hold, notes, evidence, suspensions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.models import Answer, ConditionFile, Letter, Note
from reviews.services import reading
from reviews.services.answers import save_answer
from reviews.services.letters import freeze_letter
from reviews.services.motions import ConditionDraft
from reviews.services.submission import submit_revision
from tests.boardrooms import House, a_ballot, approved, events, in_review, submitted
from tests.calling import Caller, as_, problem
from tests.dossiers import NOW, a_draft, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
BYTES = {"content_type": "application/octet-stream"}


def test_history_is_read_without_what_boards_say_among_themselves(house: House) -> None:
    request = in_review(house)
    a_ballot(house, house.ethics_review(request))
    path = f"/requests/{request.reference}/history"
    board, asker = as_(house.milo).get(path), as_(house.ravi).get(path)
    assert board["hidden_from"] is None
    assert {"ballot.opened", "request.submitted"} <= {one["verb"] for one in board["items"]}
    assert asker["hidden_from"]
    assert not [one for one in asker["items"] if one["verb"].startswith(("ballot.", "motion."))]
    problem(as_(house.ugo)("GET", path), 404, "not-found")


def test_readiness_likeness_and_changes_are_read_by_who_sees_the_request(house: House) -> None:
    path = f"/requests/{in_review(house).reference}"
    ravi = as_(house.ravi)
    assert ravi.get(f"{path}/readiness")["items"] == []
    assert ravi.get(f"{path}/similar")["items"] == []
    for part in ("changes", "changes/approved"):
        problem(ravi("GET", f"{path}/{part}"), 404, "not-found")
    for part in ("readiness", "similar", "changes"):
        problem(as_(house.ugo)("GET", f"{path}/{part}"), 404, "not-found")


def test_a_boards_review_is_read_by_who_sees_the_deliberation(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    path = f"/requests/{request.reference}/boards/ethics"
    told = as_(house.milo).get(path)
    assert (told["board"], told["round"], told["ballots"], told["motions"]) == (
        "ethics",
        1,
        [ballot.number],
        [],
    )
    assert "block" in told["acts"]
    for name in ("ravi", "rex"):
        problem(as_(house.people[name])("GET", path), 403, "forbidden")
    problem(as_(house.ugo)("GET", path), 404, "not-found")
    problem(as_(house.milo)("GET", f"/requests/{request.reference}/boards/safety"), 404, "not-found")


def test_what_others_hold_is_listed_and_who_leads_reminds_them_once_a_day(house: House, sena: Caller) -> None:
    request = in_review(house)
    a_ballot(house, house.ethics_review(request), now=timezone.now())
    vote = next(one for one in sena.get("/work/held")["items"] if one["kind"] == "review.vote")
    assert house.milo.pk in [one["person"]["id"] for one in vote["holders"]]
    own = as_(house.ravi).get("/work/held")["items"]
    assert [one["kind"] for one in own if one["reference"] == request.reference] == [""]
    assert as_(house.ugo).get("/work/held")["items"] == []
    path = f"/requests/{request.reference}/reminders"
    given = {"kind": "review.vote", "object": vote["object"], "person": house.milo.pk}
    problem(as_(house.mara)("POST", path, given), 403, "forbidden")
    problem(as_(house.ugo)("POST", path, given), 404, "not-found")
    problem(sena("POST", path, given | {"object": "999"}), 422, "refused")
    assert events("person.reminded") == 0
    told = sena.post(path, given)
    held = next(one for one in told["items"] if one["kind"] == "review.vote")
    reminded = [one["person"]["id"] for one in held["holders"] if one["reminded_at"]]
    assert reminded == [house.milo.pk]
    assert "today already" in problem(sena("POST", path, given), 422, "refused")["detail"]
    assert events("person.reminded") == 1


def test_a_private_note_is_its_authors_and_erased_by_them(house: House) -> None:
    request = in_review(house)
    path = f"/requests/{request.reference}/notes"
    given = {"readers": "private", "text": "Ask about the sources."}
    problem(as_(house.ugo)("POST", path, given), 404, "not-found")
    problem(as_(house.milo)("POST", path, given | {"readers": "privileged"}), 403, "forbidden")
    assert "Ask about the sources." in str(as_(house.milo).post(path, given))
    note = Note.objects.get()
    assert "Ask about" not in str(as_(house.mara).get(f"/requests/{request.reference}/discussion"))
    problem(as_(house.mara)("DELETE", f"{path}/{note.pk}"), 404, "not-found")
    assert as_(house.milo)("DELETE", f"{path}/{note.pk}").status_code == 204
    assert not Note.objects.exists()
    assert (events("note.made"), events("note.erased")) == (1, 1)


def test_a_condition_is_taken_up_laid_aside_and_reported_with_evidence_by_its_owner(house: House) -> None:
    due = timezone.now().date() + timedelta(days=30)
    draft = ConditionDraft(
        text="Publish it.", owner_id=house.ravi.pk, due=due, verifier_id=house.milo.pk, blocks_release=True
    )
    decision = approved(house, in_review(house), kind="approve_with_conditions", conditions=[draft])
    path = f"/requests/{decision.request.reference}/conditions/1"
    board, sena = f"/requests/{decision.request.reference}/boards/ethics", as_(house.sena)
    taken = sena.post(f"{board}/taking-up", {"matter": "condition"})
    assert [one["state"] for one in taken["boards"]] == ["deliberating"]
    problem(sena("POST", f"{board}/taking-up", {"matter": "condition"}), 409, "wrong-state")
    aside = sena.post(f"{board}/laying-aside", {"reason": "The owner reports first."})
    assert [one["state"] for one in aside["boards"]] == ["closed"]
    file, ravi, milo = f"{path}/files?name=report.pdf", as_(house.ravi), as_(house.milo)
    problem(ravi("POST", file, b"%PDF", **BYTES), 409, "wrong-state")
    ravi.post(f"{path}/reports", {"text": "Done."})
    problem(milo("POST", file, b"%PDF", **BYTES), 403, "forbidden")
    problem(as_(house.ugo)("POST", file, b"%PDF", **BYTES), 404, "not-found")
    problem(ravi("POST", file, b"", **BYTES), 422, "refused")
    assert not ConditionFile.objects.exists()
    told = ravi("POST", file, b"%PDF", **BYTES, idempotency_key="file").json()
    assert ravi("POST", file, b"%PDF", **BYTES, idempotency_key="file").json() == told
    (kept,) = told["reports"][0]["evidence"]
    assert (kept["name"], kept["size"]) == ("report.pdf", 4)
    assert b"".join(milo("GET", f"{path}/files/{kept['id']}").streaming_content) == b"%PDF"
    other = {"part": "owner", "person": house.lena.pk, "reason": "x"}
    problem(as_(house.sena)("POST", f"{path}/reassignment", other), 409, "wrong-state")
    milo.post(f"{path}/verdict", {"accepted": True, "verdict": "Read it."})
    problem(ravi("POST", file, b"%PDF", **BYTES), 409, "wrong-state")
    assert events("condition.evidence_added") == 1
    assert (events("review.taken_up"), events("review.laid_aside")) == (1, 1)


def test_suspensions_are_read_and_taken_up_by_who_leads_the_board(house: House, sena: Caller) -> None:
    request = approved(house, in_review(house), now=timezone.now()).request
    path = f"/requests/{request.reference}"
    problem(as_(house.ravi)("GET", f"{path}/suspensions"), 404, "not-found")
    as_(house.chloe).post(f"{path}/suspension", {"reason": "Wrong dosages."})
    told = as_(house.ravi).get(f"{path}/suspensions")
    assert [(one["reason"], one["ended_at"]) for one in told["items"]] == [("Wrong dosages.", None)]
    problem(as_(house.ugo)("GET", f"{path}/suspensions"), 404, "not-found")
    taking = f"{path}/boards/ethics/taking-up"
    problem(as_(house.ravi)("POST", taking, {"matter": "suspension"}), 403, "forbidden")
    problem(sena("POST", f"{path}/boards/ethics/laying-aside", {"reason": "No."}), 409, "wrong-state")
    assert events("review.laid_aside") == 0


def test_figures_and_loads_are_for_who_serves_the_boards(house: House, sena: Caller) -> None:
    in_review(house)
    for picture in ("age", "time", "returns", "load"):
        told = sena.get(f"/figures/{picture}?period=all")
        assert told["columns"], picture
    problem(as_(house.milo)("GET", "/figures/age"), 403, "forbidden")
    problem(sena("GET", "/figures/none"), 404, "not-found")
    load = sena.get("/boards/ethics/load")
    assert {row["head"] for row in load["groups"][0]["rows"]} >= {"Milo Member", "Chloe Chair"}
    problem(as_(house.milo)("GET", "/boards/ethics/load"), 403, "forbidden")
    problem(as_(house.ugo)("GET", "/boards/ethics/load"), 404, "not-found")


def test_letters_are_asked_for_in_another_language_by_who_asked(house: House) -> None:
    request = approved(house, in_review(house)).request
    path = f"/requests/{request.reference}/letters"
    given = {"language": "zh-hans"}
    ravi = as_(house.ravi)
    problem(ravi("POST", f"{path}/1/translations", given), 422, "refused")
    freeze_letter(letter_id=Letter.objects.get().pk, now=timezone.now())
    told = ravi.get(path)
    assert [(one["number"], one["language"], one["translates"]) for one in told["items"]] == [(1, "en", None)]
    assert told["why_not_translate"] is None
    problem(as_(house.milo)("POST", f"{path}/1/translations", given), 403, "forbidden")
    problem(as_(house.ugo)("POST", f"{path}/1/translations", given), 404, "not-found")
    problem(ravi("POST", f"{path}/9/translations", given), 404, "not-found")
    problem(ravi("POST", f"{path}/1/translations", {"language": "en"}), 422, "refused")
    assert Letter.objects.count() == 1
    told = ravi.post(f"{path}/1/translations", given)
    assert [(one["number"], one["translates"], one["state"]) for one in told["items"]] == [
        (1, None, "sealing"), (2, 1, None),
    ]  # fmt: skip
    assert ravi.post(f"{path}/1/translations", given) == told
    assert events("letter.written") == 2


def test_what_the_rules_propose_is_read_by_the_secretary_who_routes(house: House, sena: Caller) -> None:
    request = submitted(house, a_version(house.ravi, number="3.1"), NOW)
    path = f"/requests/{request.reference}/triage"
    problem(as_(house.milo)("GET", path), 404, "not-found")
    problem(as_(house.ravi)("GET", path), 403, "forbidden")
    told = sena.get(path)
    assert (told["revision"], told["why_not_check"]) == (1, None)
    assert "triage" in told["why_not_route"]
    assert told["reasons"]
    assert told["leading"] in told["boards"]
    draft = a_draft(house.ravi, a_version(house.ravi, number="3.2"), purpose="Later")
    problem(sena("GET", f"/requests/{draft.reference}/triage"), 404, "not-found")


def test_what_changed_between_two_revisions_is_told_question_by_question(house: House, sena: Caller) -> None:
    request = in_review(house)
    question = reading.ask_question(
        actor=house.mara, review_id=house.ethics_review(request).pk, text="Which?", now=NOW
    )
    reading.answer_question(actor=house.ravi, question_id=question.pk, text="These.", now=NOW)
    path = f"/requests/{request.reference}/changes"
    problem(as_(house.ravi)("GET", path), 404, "not-found")
    rows = Answer.objects.filter(request=request).order_by("pk")
    answer = next(one for one in rows if str(one.value).startswith("What is asked"))
    save_answer(
        actor=house.ravi, request_id=request.pk, question=answer.question, raw=["Another use."], now=NOW,
        version=answer.version,
    )  # fmt: skip
    submit_revision(actor=house.ravi, request_id=request.pk, why="Another use.", now=NOW)
    told = as_(house.milo).get(path)
    assert (told["before"], told["after"], told["before_of"]) == (1, 2, request.reference)
    (changed,) = told["answers"]
    assert (changed["question"], changed["text"]) == (answer.question, "Another use.")
    assert changed["added"] > 0
    assert (told["facts"], told["manifest"]) == ([], None)
    assert as_(house.milo).get(f"{path}?older=2&newer=1") == told
    problem(as_(house.milo)("GET", f"{path}?older=7"), 404, "not-found")
    problem(as_(house.ugo)("GET", path), 404, "not-found")
