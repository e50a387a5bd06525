"""Signing in: address and password, then a code where one is set up."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.signing import Proof
from accounts.totp import secret_of
from audit.refusal import Refused
from tests.accounts.conftest import PASSWORD, Answer, MakePerson, code_of, events_of, last_event, text_of
from tests.proofs import signed

LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"


def password(client: Client, person: User, word: str = PASSWORD, query: str = "") -> Answer:
    return client.post(LOGIN + query, {"login": person.email, "password": word})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_without_codes_the_password_is_enough(client: Client, member: User) -> None:
    assert password(client, member).headers["Location"] == "/"
    assert is_in(client)
    assert events_of(member) == ["person.signed_in"]
    assert last_event(member)["data"] == {"methods": ["password"]}
    assert "address" in last_event(member)["personal"]


def test_with_codes_the_password_is_not_enough(client: Client, legal: User) -> None:
    assert password(client, legal).headers["Location"] == CODE
    assert not is_in(client)
    assert client.get("/me/").headers["Location"].startswith(LOGIN)
    answer = client.post(CODE, {"code": code_of(legal)})
    assert answer.headers["Location"] == "/"
    assert is_in(client)
    assert last_event(legal)["data"] == {"methods": ["mfa", "password"]}


def test_a_used_code_is_refused_and_the_sentence_says_to_take_the_next(client: Client, legal: User) -> None:
    used = code_of(legal)
    password(client, legal)
    client.post(CODE, {"code": used})
    other = Client()
    password(other, legal)
    answer = other.post(CODE, {"code": used})
    assert "Wait for the next one" in text_of(answer)
    assert not is_in(other)
    assert last_event(legal)["verb"] == "person.sign_in_failed"
    other.post(CODE, {"code": code_of(legal)})
    assert is_in(other)


def test_a_code_that_signed_in_does_not_sign_too(client: Client, legal: User) -> None:

    used = code_of(legal)
    password(client, legal)
    client.post(CODE, {"code": used})
    with pytest.raises(Refused, match="used already"):
        signed(legal, Proof(password=PASSWORD, code=used), timezone.now())


def test_a_wrong_code_is_refused_with_an_event(client: Client, legal: User) -> None:
    password(client, legal)
    answer = client.post(CODE, {"code": "000000"})
    assert "not right" in text_of(answer)
    assert not is_in(client)
    assert last_event(legal)["data"] == {"what": "code"}
    assert last_event(legal)["actor"] is None


def test_a_recovery_code_signs_in_once(client: Client, legal: User) -> None:
    recovery = RecoveryCodes.activate(legal).get_unused_codes()[0]
    password(client, legal)
    client.post(CODE, {"code": recovery})
    assert is_in(client)
    assert "recovery_code.used" in events_of(legal)
    other = Client()
    password(other, legal)
    other.post(CODE, {"code": recovery})
    assert not is_in(other)


def test_the_code_page_without_a_password_leads_to_sign_in(client: Client, legal: User) -> None:
    assert client.get(CODE).headers["Location"] == LOGIN
    assert client.post(CODE, {"code": code_of(legal)}).headers["Location"] == LOGIN


def test_a_stranger_and_a_wrong_password_get_the_same_answer(client: Client, member: User) -> None:
    wrong = text_of(password(client, member, "wrong"))
    stranger = text_of(client.post(LOGIN, {"login": "who@example.org", "password": "wrong"}))
    sentence = "E-mail address and password don&#x27;t belong together."
    assert sentence in wrong
    assert sentence in stranger
    assert events_of(member) == ["person.sign_in_failed"]
    assert not is_in(client)


def test_the_address_may_be_typed_in_capitals(client: Client, member: User) -> None:
    client.post(LOGIN, {"login": " " + member.email.upper(), "password": PASSWORD})
    assert is_in(client)


def test_too_many_wrong_passwords_lock_the_address_for_a_while(
    client: Client, member: User, legal: User
) -> None:
    for _ in range(5):
        password(client, member, "wrong")
    assert "Wait five minutes" in text_of(password(client, member))
    assert not is_in(client)
    assert password(Client(REMOTE_ADDR="192.0.2.7"), legal).headers["Location"] == CODE


def test_too_many_wrong_codes_lock_the_second_step(client: Client, legal: User) -> None:
    password(client, legal)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    answer = client.post(CODE, {"code": code_of(legal)})
    assert "Wait five minutes" in text_of(answer)
    assert not is_in(client)


def test_one_address_of_the_network_that_tries_everybody_is_refused(client: Client, db: None) -> None:
    answers = [
        client.post(LOGIN, {"login": f"p{n}@example.org", "password": "wrong"}, REMOTE_ADDR="192.0.2.9")
        for n in range(32)
    ]
    assert answers[-1].status_code == 429
    assert "Too many tries" in text_of(answers[-1])


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/people/", "/people/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http:evil.example", "/"),
    ],
)
def test_only_own_pages_follow_a_sign_in(client: Client, member: User, target: str, lands: str) -> None:
    answer = client.post(f"{LOGIN}", {"login": member.email, "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == lands


def test_signing_out_needs_a_post_and_leaves_an_event(client: Client, member: User) -> None:
    password(client, member)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)
    assert last_event(member)["verb"] == "person.signed_out"


def test_signing_in_gives_a_new_session(client: Client, member: User) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    password(client, member)
    assert client.session.session_key != before


def test_an_invited_person_does_not_sign_in(client: Client, make_person: MakePerson) -> None:
    guest = make_person("Guest", is_active=False)
    password(client, guest)
    assert not is_in(client)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/", "/accounts/email/", "/accounts/confirm-email/", "/accounts/login/code/confirm/",
        "/accounts/3rdparty/", "/accounts/2fa/webauthn/signup/", "/accounts/social/signup/", "/accounts/",
    ],
)  # fmt: skip
def test_what_the_product_does_not_use_is_not_there(client: Client, member: User, path: str) -> None:
    client.force_login(member)
    assert client.get(path).status_code == 404


def test_who_needs_codes_and_has_none_sets_them_up_before_anything_else(
    client: Client, make_person: MakePerson
) -> None:
    secretary = make_person("Ines Duarte", Role.SECRETARY)
    password(client, secretary)
    for path in ("/", "/me/", "/people/"):
        assert client.get(path).headers["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    assert "<svg" in text_of(page)
    assert "data:image" not in text_of(page)


def test_setting_up_codes_opens_the_product_and_gives_recovery_codes(
    client: Client, make_person: MakePerson
) -> None:

    secretary = make_person("Ines Duarte", Role.SECRETARY)
    password(client, secretary)
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert secret_of(secretary) == secret


def test_the_sign_in_page_and_the_code_page_keep_to_the_policy(client: Client, legal: User) -> None:
    password(client, legal)
    for path in (CODE, "/accounts/password/reset/"):
        answer = client.get(path)
        assert "style=" not in text_of(answer)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
