"""Addresses of the accounts app."""

from django.urls import URLPattern, URLResolver, path, register_converter

from accounts.roles import Role
from accounts.views import invitation_list, people, person, profile, sample, tokens, welcome

app_name = "accounts"


class RoleConverter:
    """The name of a role in an address."""

    regex = "|".join(role.value for role in Role)

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


register_converter(RoleConverter, "role")

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", profile.me, name="me"),
    path("me/sessions/<int:session_id>/end/", profile.end_session, name="end_session"),
    path("me/calendar/make/", profile.make_calendar, name="make_calendar"),
    path("me/calendar/end/", profile.end_calendar, name="end_calendar"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.new_token, name="new_token"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("people/", people.people, name="people"),
    path("people/tokens/", tokens.all_tokens, name="all_tokens"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/invite-list/", invitation_list.invite_list, name="invite_list"),
    path("people/invite-list/confirm/", invitation_list.confirm_list, name="confirm_list"),
    path("people/test-mail/", people.test_mail, name="test_mail"),
    path("people/<int:person_id>/", person.person, name="person"),
    path("people/<int:person_id>/change/", person.change, name="change"),
    path("people/<int:person_id>/roles/<role:role>/give/", person.give, name="give_role"),
    path("people/<int:person_id>/roles/<role:role>/take/", person.take, name="take_role"),
    path("people/<int:person_id>/sessions/end/", person.end, name="end_sessions"),
    path("people/<int:person_id>/second-factor/reset/", person.reset_codes, name="reset_second_factor"),
    path("people/<int:person_id>/signing/unlock/", person.unlock, name="unlock_signing"),
    path("people/<int:person_id>/deactivate/", person.let_go, name="deactivate"),
    path("people/<int:person_id>/reactivate/", person.let_in, name="reactivate"),
    path("people/<int:person_id>/invite-again/", person.send_again, name="invite_again"),
    path("welcome/<int:invitation_id>/<str:token>/", welcome.welcome, name="welcome"),
    path("welcome/first/<str:token>/", welcome.first_administrator, name="first_administrator"),
    path("sample/sign-in/", sample.sign_in_as, name="sample_sign_in"),
    path("sample/cast/", sample.cast_list, name="sample_cast"),
    path("sample/code/", sample.code, name="sample_code"),
]
