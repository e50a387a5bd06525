"""The pages of people, for administrators."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from accounts.services.invitation import Guest, invite
from tests.accounts.conftest import NOW, MakePerson, deliver, events_of, text_of

PAGES = ("/people/", "/people/invite/", "/people/invite-list/", "/people/{id}/")
ACTS = (
    "change", "roles/legal/give", "roles/legal/take", "sessions/end", "second-factor/reset", "deactivate", "reactivate",
    "invite-again",
)  # fmt: skip


def test_people_are_listed_with_roles_and_state(office: Client, legal: User, member: User) -> None:
    page = text_of(office.get("/people/"))
    assert "Sun Yiran" in page
    assert "hanna.lindqvist@example.org" in page
    assert "legal" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=hanna", ["Hanna Lindqvist"]),
        ("q=example.org+sun", ["Sun Yiran"]),
        ("role=administrator", ["Ada Mensah"]),
        ("state=invited", ["guest"]),
        ("state=deactivated", []),
        ("role=king", ["Ada Mensah", "guest", "Hanna Lindqvist", "Sun Yiran"]),
    ],
)
def test_the_address_is_the_filter(
    office: Client, administrator: User, legal: User, member: User, query: str, names: list[str]
) -> None:
    invite(actor=administrator, guest=Guest(email="guest@example.org"), now=NOW)
    answer = office.get(f"/people/?{query}")
    assert sorted(each.person.display_name for each in answer.context["page"].people) == sorted(names)
    if not names:
        assert "Nobody fits" in text_of(answer)


@pytest.mark.both_engines
def test_a_long_list_is_paged_by_name_without_losing_anybody(office: Client, make_person: MakePerson) -> None:
    for number in range(120):
        User.objects.create_user(f"p{number}@example.org", None, display_name=f"Person {number // 2:03}")
    seen, address = [], "/people/?q=person"
    while address:
        answer = office.get(address)
        seen += [each.person.pk for each in answer.context["page"].people]
        address = answer.context.get("after_url", "") and "/people/" + answer.context["after_url"]
    assert len(seen) == len(set(seen)) == 120
    back = office.get("/people/" + answer.context["before_url"])
    assert [each.person.pk for each in back.context["page"].people] == seen[50:100]


@pytest.mark.parametrize("edge", ["0", "x", "99999999999999999999", "-1", "²"])
def test_an_address_that_was_tampered_with_shows_the_first_page(office: Client, edge: str) -> None:
    assert office.get("/people/", {"after": edge}).status_code == 200


def test_a_long_list_costs_few_queries(
    office: Client, make_person: MakePerson, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        User.objects.create_user(f"p{number}@example.org", None, display_name=f"Person {number}")
    with django_assert_max_num_queries(15):
        office.get("/people/")


def test_a_person_costs_few_queries(office: Client, legal: User, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15):
        office.get(f"/people/{legal.pk}/")


@pytest.mark.parametrize("who", ["member", "secretary", "auditor", "legal"])
def test_for_everybody_else_the_pages_do_not_exist(
    client: Client, make_person: MakePerson, member: User, who: str
) -> None:
    person = member if who == "member" else make_person("Somebody", Role(who))
    client.force_login(person)
    for path in PAGES:
        assert client.get(path.format(id=member.pk)).status_code == 404
    for act in ACTS:
        assert client.post(f"/people/{member.pk}/{act}/").status_code == 404
    for path in ("/people/test-mail/", "/people/invite-list/confirm/", "/people/invite/"):
        assert client.post(path).status_code == 404
    assert events_of(member) == []


def test_a_visitor_is_sent_to_sign_in(client: Client, member: User) -> None:
    for path in PAGES:
        assert client.get(path.format(id=member.pk)).headers["Location"].startswith("/accounts/login/")
    for act in ACTS:
        assert client.post(f"/people/{member.pk}/{act}/").status_code == 302
    assert events_of(member) == []


def test_acts_answer_405_to_a_get_and_404_for_nobody(office: Client, member: User) -> None:
    for act in ACTS:
        assert office.get(f"/people/{member.pk}/{act}/").status_code == 405
        assert office.post(f"/people/999999/{act}/").status_code == 404
    assert office.post(f"/people/{member.pk}/roles/king/give/").status_code == 404


def test_an_administrator_invites_by_the_form(office: Client) -> None:
    form = {
        "email": "Lin@example.org", "display_name": "林雨晴", "roles": ["researcher", "legal"],
        "language": "zh-hans", "time_zone": "Asia/Shanghai", "line_manager": "",
    }  # fmt: skip
    answer = office.post("/people/invite/", form)
    person = User.objects.get(email="lin@example.org")
    assert answer.headers["Location"] == f"/people/{person.pk}/"
    assert set(person.groups.values_list("name", flat=True)) == {"researcher", "legal"}
    page = text_of(office.get(f"/people/{person.pk}/"))
    assert "invited" in page
    assert "Send a new invitation" in page
    again = office.post("/people/invite/", form)
    assert "belongs to somebody already" in text_of(again)


def test_the_person_page_gives_and_takes_roles(office: Client, member: User) -> None:
    office.post(f"/people/{member.pk}/roles/auditor/give/")
    assert list(member.groups.values_list("name", flat=True)) == ["auditor"]
    office.post(f"/people/{member.pk}/roles/auditor/take/")
    assert not member.groups.exists()
    assert events_of(member) == ["person.role_given", "person.role_taken"]


def test_what_is_refused_says_why(office: Client, administrator: User) -> None:
    answer = office.post(f"/people/{administrator.pk}/roles/administrator/take/", follow=True)
    assert "last administrator" in text_of(answer)
    page = text_of(office.get(f"/people/{administrator.pk}/"))
    assert "deactivate yourself" in page
    assert "reset your own second factor" in page


def test_a_lost_phone_is_reset_on_the_page(office: Client, legal: User) -> None:
    office.post(f"/people/{legal.pk}/second-factor/reset/", {"reset-reason": ""})
    assert events_of(legal) == []
    office.post(f"/people/{legal.pk}/second-factor/reset/", {"reset-reason": "lost on a train"})
    assert events_of(legal) == ["second_factor.reset"]
    assert "lost on a train" in text_of(office.get(f"/people/{legal.pk}/"))


def test_name_line_manager_and_deputy_are_changed_on_the_page(
    office: Client, member: User, legal: User
) -> None:
    path = f"/people/{member.pk}/change/"
    office.post(path, {"display_name": "Hanna L.", "line_manager": str(legal.pk), "deputy": ""})
    member.refresh_from_db()
    assert (member.display_name, member.line_manager) == ("Hanna L.", legal)
    answer = office.post(path, {"display_name": "", "line_manager": str(member.pk)})
    assert answer.status_code == 200
    assert "Nothing was saved" in text_of(answer)


def test_a_test_mail_goes_to_the_administrator_and_is_in_the_trail(
    office: Client, administrator: User
) -> None:
    office.post("/people/test-mail/")
    deliver()
    assert [letter.to for letter in mail.outbox] == [[administrator.email]]
    assert "mail.tested" in events_of(administrator)
