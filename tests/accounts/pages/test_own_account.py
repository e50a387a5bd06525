"""What a person does with their own account."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.accounts.conftest import PASSWORD, MakePerson, code_of, deliver, events_of, text_of

NEW = "an even quieter lighthouse"


def signed_in(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    if Authenticator.objects.filter(user=person).exists():
        client.post("/accounts/2fa/authenticate/", {"code": code_of(person)})
    assert "_auth_user_id" in client.session
    return client


def profile(**over: str) -> dict[str, str]:
    return {
        "display_name": "Hanna Lindqvist", "language": "en", "time_zone": "UTC", "deputy": "",
        "reminder_mode": "single", "weekly_mail": "mo",
    } | over  # fmt: skip


def test_the_account_shows_and_keeps_changes(member: User, legal: User) -> None:
    client = signed_in(member)
    assert "Hanna Lindqvist" in text_of(client.get("/me/"))
    answer = client.post(
        "/me/",
        profile(deputy=str(legal.pk), time_zone="Europe/Stockholm", reminder_mode="daily", weekly_mail="fr"),
    )
    assert answer.headers["Location"] == "/me/"
    member.refresh_from_db()
    assert (member.deputy, member.time_zone, member.digest) == (legal, "Europe/Stockholm", "daily")
    assert member.weekly_mail == "fr"


def test_a_new_language_counts_more_than_what_the_browser_chose_before(member: User) -> None:
    client = signed_in(member)
    client.cookies["django_language"] = "en"
    answer = client.post("/me/", profile(language="zh-hans"))
    assert answer.cookies["django_language"].value == ""


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Moon/Base"}, {"language": "tlh"}, {"display_name": ""}, {"deputy": "999999"}]
)
def test_what_does_not_exist_is_refused(member: User, wrong: dict[str, str]) -> None:
    answer = signed_in(member).post("/me/", profile(**wrong))
    assert answer.status_code == 200
    assert "Nothing was saved" in text_of(answer)
    assert "person.profile_changed" not in events_of(member)


def test_nobody_can_choose_themself_or_somebody_who_left_as_deputy(
    member: User, make_person: MakePerson
) -> None:
    gone = make_person("Gone", is_active=False)
    for person in (member, gone):
        signed_in(member).post("/me/", profile(deputy=str(person.pk)))
        member.refresh_from_db()
        assert member.deputy is None


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(member: User) -> None:
    here, elsewhere = signed_in(member), signed_in(member)
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert "not your current password" in text_of(here.post("/accounts/password/change/", form))
    assert (
        here.post("/accounts/password/change/", form | {"oldpassword": PASSWORD}).headers["Location"]
        == "/me/"
    )
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert events_of(member)[-1] == "password.changed"
    deliver()
    assert [letter.subject for letter in mail.outbox] == ["The password of your account was changed"]


@pytest.mark.parametrize("weak", ["short", "password12345", "hanna.lindqvist@example.org"])
def test_a_weak_password_is_refused(member: User, weak: str) -> None:
    form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert signed_in(member).post("/accounts/password/change/", form).status_code == 200
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def link_in_mail() -> str:
    found = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_a_forgotten_password_is_reset_by_a_link_that_works_once(client: Client, member: User) -> None:
    old = signed_in(member)
    answer = client.post("/accounts/password/reset/", {"email": member.email})
    assert answer.headers["Location"] == "/accounts/password/reset/done/"
    deliver()
    link = link_in_mail()
    form_page = client.get(link).headers["Location"]
    assert link.split("-")[1] not in form_page
    client.post(form_page, {"password1": NEW, "password2": NEW})
    member.refresh_from_db()
    assert member.check_password(NEW)
    assert "password.reset" in events_of(member)
    assert old.get("/me/").status_code == 302
    assert "no longer works" in text_of(Client().get(link, follow=True))


def test_a_reset_does_not_go_round_the_second_factor(client: Client, legal: User) -> None:
    client.post("/accounts/password/reset/", {"email": legal.email})
    deliver()
    form_page = client.get(link_in_mail()).headers["Location"]
    client.post(form_page, {"password1": NEW, "password2": NEW})
    assert "_auth_user_id" not in client.session
    answer = client.post("/accounts/login/", {"login": legal.email, "password": NEW})
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"


def test_a_strangers_address_gets_the_same_answer_and_no_mail(client: Client, member: User) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "who@example.org"})
    assert answer.headers["Location"] == "/accounts/password/reset/done/"
    deliver()
    assert mail.outbox == []


def test_the_link_leads_to_our_address_whatever_host_the_request_names(
    client: Client, member: User, settings: Any
) -> None:
    settings.BASE_URL = "https://imprimatur.example"
    client.post("/accounts/password/reset/", {"email": member.email}, HTTP_HOST="localhost")
    deliver()
    assert "https://imprimatur.example/accounts/password/reset/key/" in mail.outbox[-1].body


def test_asking_for_links_too_often_is_refused(client: Client, member: User) -> None:
    answers = [client.post("/accounts/password/reset/", {"email": member.email}) for _ in range(7)]
    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429


def test_sessions_are_seen_and_the_others_ended(member: User) -> None:
    here, elsewhere = signed_in(member), signed_in(member)
    page = text_of(here.get("/accounts/sessions/"))
    assert "2 places" in page
    here.post("/accounts/sessions/")
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert "session.ended" in events_of(member)


def test_codes_are_removed_only_by_who_does_not_need_them(
    member: User, legal: User, make_person: MakePerson
) -> None:
    free = make_person("Free", codes=True)
    for person, remains in ((legal, True), (free, False)):
        client = signed_in(person)
        client.post("/accounts/reauthenticate/?next=/me/", {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/deactivate/")
        assert ("aria-disabled" in text_of(page)) is remains
        client.post("/accounts/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(user=person).exists() is remains
    assert "second_factor.removed" in events_of(free)
    assert "second_factor.removed" not in events_of(legal)


def test_what_touches_the_account_asks_again_who_it_is(
    legal: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(legal)
    answer = client.get("/accounts/2fa/recovery-codes/generate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert "Is it you?" in text_of(client.get(answer.headers["Location"]))
    client.post(answer.headers["Location"], {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    assert "recovery_codes.made" in events_of(legal)
    page = client.get("/accounts/2fa/recovery-codes/")
    assert "10 of 10" in text_of(page)
    text = client.get("/accounts/2fa/recovery-codes/download/")
    assert len(text_of(text).split()) == 10


def test_asking_again_accepts_an_unused_code_only(legal: User) -> None:
    client = signed_in(legal)
    used = code_of(legal)
    address = "/accounts/2fa/reauthenticate/?next=/me/"
    assert client.post(address, {"code": used}).headers["Location"] == "/me/"
    assert "used already" in text_of(client.post(address, {"code": used}))


def test_recovery_codes_are_not_there_for_who_has_none(member: User) -> None:
    assert signed_in(member).get("/accounts/2fa/recovery-codes/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/me/", "/accounts/sessions/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/totp/activate/",
     "/accounts/2fa/recovery-codes/generate/", "/accounts/reauthenticate/", "/sample/code/"],
)  # fmt: skip
def test_a_visitor_is_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.redirect_chain
    assert answer.request["PATH_INFO"] == "/accounts/login/"


def test_the_account_costs_few_queries(make_person: MakePerson, django_assert_max_num_queries: Any) -> None:
    person = make_person("Busy", Role.RESEARCHER)
    client = signed_in(person)
    with django_assert_max_num_queries(15):
        client.get("/me/")


def test_one_session_elsewhere_is_ended_and_only_ones_own(member: User, legal: User) -> None:
    here, phone, train, theirs = signed_in(member), signed_in(member), signed_in(member), signed_in(legal)
    phone_row, their_row = (
        UserSession.objects.get(session_key=client.session.session_key) for client in (phone, theirs)
    )
    assert f"/me/sessions/{phone_row.pk}/end/" in here.get("/accounts/sessions/").content.decode()
    assert here.post(f"/me/sessions/{their_row.pk}/end/").status_code == 404
    assert here.post(f"/me/sessions/{phone_row.pk}/end/").headers["Location"] == "/accounts/sessions/"
    assert [client.get("/me/").status_code for client in (here, phone, train, theirs)] == [200, 302, 200, 200]
    assert events_of(member).count("session.ended") == 1
