"""Pages of letters: their texts, which administrators write and look at first, and the letters of a request."""

import io
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache

from audit.models import Event
from reviews.models import Letter, LetterTemplate
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.texts import shipped
from reviews.services.letters import freeze_letter
from tests.boardrooms import House, a_house, approved, in_review
from tests.dossiers import NOW
from tests.reviews.pages.visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
LIST, TEXT = "/letter-texts/", "/letter-texts/rejected/en/"
CONTENT = shipped(LetterKind.REJECTED, "en").content


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep what would be printed for a preview; two white pages stand for it."""
    kept: list[str] = []

    def blank(html: str, **_given: Any) -> bytes:
        kept.append(html)
        target = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.add_blank_page()
            pdf.save(target)
        return target.getvalue()

    monkeypatch.setattr("reviews.services.letter_previews.press_apart", blank)
    return kept


def test_only_administrators_find_the_texts(house: House, django_assert_max_num_queries: Any) -> None:
    for path in (LIST, TEXT, "/letter-texts/rejected/en/0/"):
        assert client_of(house, "sena").get(path).status_code == 404
    assert client_of(house, "sena").post(TEXT, {"content": "x", "base": 0}).status_code == 404
    assert client_of(house, "ada").get("/letter-texts/nothing/en/").status_code == 404
    ada = client_of(house, "ada")
    ada.get(LIST)
    with django_assert_max_num_queries(15):
        shown = words(ada.get(LIST).content.decode())
    assert "Rejection" in shown
    assert shown.count("as shipped") == 2 * len(LetterKind)
    shown = words(get(house, "ada", TEXT))
    assert "last day to appeal" in shown
    assert "Go back to the shipped text" not in shown, "it is in use"
    assert not LetterTemplate.objects.exists()


def test_a_fault_is_said_with_what_to_do_and_nothing_typed_is_lost(house: House) -> None:
    broken = CONTENT.replace("{appeal_until}", "soon") + "\nDear {requestor} <b>you</b>\n"
    response = post(house, "ada", TEXT, {"content": broken, "base": 0, "reason": "Shorter."}, 422)
    shown = words(response.content.decode())
    assert "There is no {requestor} in letters of this kind. Did you mean {requester}?" in shown
    assert (
        "This is missing: last day to appeal. Write {begin appeal_until}, {appeal_until} and {end appeal_until}"
        in shown
    )
    assert "HTML, which is not allowed" in shown
    assert "Dear {requestor}" in shown, "the text stays in the field"
    assert not LetterTemplate.objects.exists()
    assert not Event.objects.filter(verb="letter_text.changed").exists()


def test_a_new_version_is_compared_with_the_others_and_taken_back(house: House) -> None:
    changed = CONTENT.replace("The version may not be released.", "Nothing may be released.")
    post(house, "ada", TEXT, {"content": changed.replace("\n", "\r\n"), "base": 0, "reason": "Plainer."})
    row = LetterTemplate.objects.get()
    assert (row.version, row.content, row.reason) == (1, changed, "Plainer.")
    shown = get(house, "ada", f"{TEXT}1/")
    assert "<del>" in shown
    assert "Plainer." in shown
    again = post(house, "ada", TEXT, {"content": CONTENT, "base": 0, "reason": "Late."}, 422).content.decode()
    assert "Somebody wrote version 1 meanwhile" in words(again)
    post(house, "ada", f"{TEXT}shipped/", {"base": 1, "reason": ""})
    assert LetterTemplate.objects.count() == 1, "without a reason nothing is written"
    post(house, "ada", f"{TEXT}shipped/", {"base": 1, "reason": "Agreed with legal."})
    assert LetterTemplate.objects.get(version=2).content == CONTENT
    assert "Go back to the shipped text" not in words(get(house, "ada", TEXT))
    assert Event.objects.filter(verb="letter_text.changed").count() == 2


def test_a_preview_is_printed_pages_for_who_asked_and_saves_nothing(house: House, printed: list[str]) -> None:
    given = {"content": CONTENT + "\nAnd a *last* word.\n", "base": 0, "preview": "on"}
    response = post(house, "ada", TEXT, given, 200)
    shown = response.content.decode()
    assert "Preview, 2 pages" in shown
    assert "And a *last* word." in words(shown), "it stays in the editor"
    assert "<em>last</em> word" in printed[0]
    path = shown.split('src="/letter-texts/preview/')[1].split('"')[0]
    picture = client_of(house, "ada").get(f"/letter-texts/preview/{path}")
    assert picture.content.startswith(b"\x89PNG")
    assert client_of(house, "sena").get(f"/letter-texts/preview/{path}").status_code == 404
    cache.clear()
    assert client_of(house, "ada").get(f"/letter-texts/preview/{path}").status_code == 404
    assert not LetterTemplate.objects.exists()
    assert not Letter.objects.exists()


def test_a_preview_has_the_data_of_a_request_that_one_may_read(house: House, printed: list[str]) -> None:
    decision = approved(house, in_review(house))
    given = {
        "content": shipped(LetterKind.APPROVED, "en").content, "base": 0, "preview": "on",
        "reference": decision.request.reference,
    }  # fmt: skip
    path = "/letter-texts/approved/en/"
    refused = post(house, "ada", path, given, 422).content.decode()
    assert "see a request with this number" in words(refused), "an administrator sees no requests"
    assert printed == []
    house.ada.groups.add(*house.lex.groups.all())
    house.ada.__dict__.pop("_roles", None)
    assert "Preview, 2 pages" in post(house, "ada", path, given, 200).content.decode()
    assert decision.manifest_sha256 in printed[0]


def test_letters_stand_on_their_page_for_who_may_read_records(
    house: House, django_assert_max_num_queries: Any
) -> None:
    decision = approved(house, in_review(house))
    letter = freeze_letter(letter_id=Letter.objects.get().pk, now=NOW)
    page = f"/requests/{decision.request.reference}/letters/"
    ravi = client_of(house, "ravi")
    ravi.get(page)
    with django_assert_max_num_queries(15):
        shown = ravi.get(page).content.decode()
    assert f"{decision.request.reference}-L1" in words(shown)
    assert f"/records/{letter.record_id}/" in shown
    assert f'href="{page}"' in get(house, "ravi", f"/requests/{decision.request.reference}/")
    assert client_of(house, "rex").get(page).status_code == 404, "the line manager of who asks"
    assert client_of(house, "ugo").get(page).status_code == 404
    assert "Have it issued in" not in words(get(house, "milo", page))
    translate = f"{page}1/translate/"
    assert client_of(house, "milo").post(translate, {"language": "zh-hans"}).status_code == 403
    post(house, "ravi", translate, {"language": "zh-hans"})
    post(house, "ravi", translate, {"language": "zh-hans"})
    second = Letter.objects.get(translates=letter)
    assert (second.language, second.asked_by) == ("zh-hans", house.ravi)
    assert Event.objects.filter(verb="letter.written", actor=house.ravi.pseudonym).count() == 1
