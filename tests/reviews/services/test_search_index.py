"""Searching: who finds what, in which words, on both databases; and that the index follows what changes."""

import pytest
from django.core.management import call_command

from accounts.models import User
from registry.services import share_project
from reviews.models import Answer, ReviewRequest, SearchEntry
from reviews.permissions.sight import decisions_kept_from, may_read_record, visible_to
from reviews.selectors.search import Kind, SearchPage, search_page
from reviews.services.drafting import add_contributor, state_purpose
from reviews.services.motions import ConditionDraft
from reviews.services.submission import submit_revision
from tests.boardrooms import House, a_house, decided, in_review
from tests.dossiers import NOW, a_draft, a_version, fill

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]

EVERYBODY = ("ravi", "rex", "chloe", "milo", "mara", "lena", "sena", "lex", "rita", "sid", "ada", "ugo")


@pytest.fixture
def house() -> House:
    return a_house()


def found(user: User, query: str, kind: Kind = Kind.ALL) -> list[str]:
    return [result.request.reference for result in search_page(user, NOW, query, kind).results]


def finders(house: House, query: str, kind: Kind = Kind.ALL) -> set[str]:
    return {name for name in EVERYBODY if found(house.people[name], query, kind)}


def passages(page: SearchPage) -> list[tuple[str, int, str]]:
    return [
        (said.of, said.number, "".join(piece.text for piece in said.snippet.pieces))
        for result in page.results
        for said in result.said
    ]


def watermarked(house: House) -> ReviewRequest:
    """Return a request in review, one answer of which is about watermarks, and one in Chinese."""
    questions = {"need": "Pictures carry watermarks.", "harmed": "港口的工作人员使用模型。"}
    return in_review(house, answers=questions)


FINDS = (
    "watermark", "WATERMARKS", "watermarked picture", "工作", "港", "工作人员", "员使用", "harbor-7b", "arbor-7",
    "port off", "assist", "2026-0001", "Harbor watermark 模型", "harbor \udcff",
)  # fmt: skip
FINDS_NOT = ("waterfall", "工人", "watermark waterfall", "", "  ", "\0", "%", "'", "NOT x", '"', "_arbor")
ANYTHING = (
    "a" * 10_000, "模型" * 5_000, "'; DROP TABLE x; --", '"*":A & !(|<->', "AND OR NEAR(", "\\", "a\0b",
    "' OR 1=1", "{about}: x", "١٢٣ ⅷ ﬁ 👩‍👩‍👧 ̈",
)  # fmt: skip


def test_a_draft_of_ones_own_is_found_before_it_is_indexed(house: House) -> None:
    draft = a_draft(house.ravi)
    fill(draft, house.ravi, {"need": "Pilots read tide tables."})
    SearchEntry.objects.all().delete()
    assert found(house.ravi, "tide tables") == [draft.reference]


def test_a_word_is_found_in_other_forms_by_its_beginning_and_in_chinese_by_one_character_or_more(
    house: House,
) -> None:
    request = watermarked(house)
    assert {query: found(house.milo, query) for query in FINDS} == {
        query: [request.reference] for query in FINDS
    }
    assert {query: found(house.milo, query) for query in FINDS_NOT} == {query: [] for query in FINDS_NOT}
    for query in ANYTHING:
        assert found(house.milo, query) == found(house.ravi, query) == [], query


def test_who_may_not_see_a_request_finds_nothing_of_it(house: House) -> None:
    watermarked(house)
    seeing = {name for name in EVERYBODY if visible_to(house.people[name], NOW).exists()}
    assert seeing.isdisjoint({"ugo", "ada", "rita"})
    assert finders(house, "watermark") == finders(house, "harbor") == seeing


def test_an_outsider_finds_what_a_grant_lets_them_see_until_it_ends(house: House) -> None:
    request = watermarked(house)
    share_project(
        actor=house.ravi, project_id=request.project_id, person=house.ugo, may_contribute=False, now=NOW
    )
    assert found(house.ugo, "watermark") == [request.reference]


def test_a_deactivated_person_finds_nothing(house: House) -> None:
    watermarked(house)
    house.ravi.is_active = False
    assert found(house.ravi, "watermark") == []


def test_a_draft_is_found_by_its_authors_alone(house: House) -> None:
    request = a_draft(house.ravi, purpose="Release for the lighthouse")
    add_contributor(actor=house.ravi, request_id=request.pk, person=house.milo, now=NOW)
    Answer.objects.create(
        request=request, question="need", value="Foghorns are tuned.", updated_at=NOW, updated_by=house.milo
    )
    assert finders(house, "foghorn") == finders(house, "lighthouse") == {"ravi", "milo"}
    assert passages(search_page(house.milo, NOW, "foghorn")) == [("draft", 0, "Foghorns are tuned.")]
    assert not SearchEntry.objects.filter(answers__contains="foghorn").exists()


def test_what_is_rewritten_in_review_is_the_authors_until_it_is_submitted(house: House) -> None:
    request = watermarked(house)
    answer = Answer.objects.get(request=request, question="need")
    answer.value, answer.updated_at = "Pictures carry foghorns.", NOW.replace(hour=10)
    answer.save()
    assert finders(house, "foghorn") == {"ravi"}
    submit_revision(actor=house.ravi, request_id=request.pk, why="Other uses.", now=NOW.replace(hour=11))
    assert {"ravi", "milo", "lex"} <= finders(house, "foghorn")
    assert passages(search_page(house.milo, NOW, "pictures")) == [
        ("answers", 2, "Pictures carry foghorns."), ("answers", 1, "Pictures carry watermarks."),
    ]  # fmt: skip


def test_what_was_decided_is_found_but_not_by_who_is_kept_from_it(house: House) -> None:
    request = watermarked(house)
    condition = ConditionDraft(
        text="Publish the tugboat report.", owner_id=house.ravi.pk, due=NOW.date().replace(year=2027),
        verifier_id=house.sena.pk,
    )  # fmt: skip
    decided(house, request, "approve_with_conditions", conditions=[condition])
    assert {"ravi", "milo", "lex"} <= finders(house, "tugboat")
    assert not finders(house, "tugboat") & {"rex", "ugo", "ada"}
    assert "rex" in finders(house, "watermark")
    assert "rex" not in finders(house, "harbor tugboat") | finders(house, "tugboat", Kind.DECISIONS)
    assert [of for of, *_rest in passages(search_page(house.milo, NOW, "tugboat"))] == ["decision"]
    assert found(house.milo, "附条件批准 OR approved conditions", Kind.DECISIONS) == []
    assert found(house.milo, "approved conditions", Kind.DECISIONS) == [request.reference]
    kept_says_the_same_as_the_door(house, request)


def kept_says_the_same_as_the_door(house: House, request: ReviewRequest) -> None:
    for name in EVERYBODY:
        user, kept = house.people[name], decisions_kept_from(house.people[name])
        if visible_to(user, NOW).filter(pk=request.pk).exists():
            is_kept = kept is not None and kept.filter(pk=request.pk).exists()
            assert is_kept is not may_read_record(user, str(request.pk), NOW), name


def test_a_kind_finds_only_what_is_of_it(house: House) -> None:
    request = watermarked(house)
    assert found(house.milo, "watermark", Kind.ANSWERS) == [request.reference]
    assert found(house.milo, "watermark", Kind.REQUESTS) == []
    assert found(house.milo, "harbor", Kind.REQUESTS) == [request.reference]
    assert found(house.milo, "harbor", Kind.ANSWERS) == found(house.milo, "harbor", Kind.DECISIONS) == []
    assert found(house.milo, "harbor", Kind.PEOPLE) == []


def test_nothing_of_a_person_stands_in_the_index(house: House) -> None:
    request = watermarked(house)
    entry = SearchEntry.objects.get(request=request)
    assert (
        "ravi"
        not in f"{entry.title} {entry.about} {entry.answers} {entry.decisions} {entry.passages}".lower()
    )


def test_pages_follow_each_other_newest_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.selectors.search.SIZE", 2)
    monkeypatch.setattr("reviews.selectors.search.MANY", 1)  # so that hits are looked for in each window
    made = [
        a_draft(
            house.ravi, a_version(house.ravi, number=str(n)), purpose="A buoy", now=NOW.replace(minute=n)
        ).reference
        for n in range(5)
    ]
    first = search_page(house.ravi, NOW, "buoy")
    second = search_page(house.ravi, NOW, "buoy", before=first.older)
    third = search_page(house.ravi, NOW, "buoy", before=second.older)
    shown = [result.request.reference for page in (first, second, third) for result in page.results]
    assert shown == made[::-1]
    assert first.newer is third.older is None
    back = search_page(house.ravi, NOW, "buoy", after=third.newer)
    assert [result.request.reference for result in back.results] == shown[2:4]


def test_the_index_follows_every_change_as_if_it_were_made_anew(house: House) -> None:
    draft = a_draft(house.ravi, a_version(house.ravi, number="3"))
    state_purpose(actor=house.ravi, request_id=draft.pk, purpose="For the lighthouse", now=NOW)
    decided(house, watermarked(house), "reject")
    kept = list(SearchEntry.objects.order_by("pk").values())
    assert "lighthouse" in kept[0]["about"]
    call_command("search", "rebuild")
    assert list(SearchEntry.objects.order_by("pk").values()) == kept
    SearchEntry.objects.filter(pk=draft.pk).delete()
    assert found(house.ravi, "lighthouse") == []
    call_command("search", "missing")
    assert found(house.ravi, "lighthouse") == [draft.reference]
