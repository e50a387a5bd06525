"""Names of the events of people."""

from django.utils.translation import gettext_lazy as _

from accounts.models import WeeklyMail
from accounts.words import ROLES
from audit import verbs, words

_VERBS = (
    ("person.invited", _("Person invited"), _("An administrator invited a person.")),
    ("person.invitation_withdrawn", _("Invitation withdrawn"), _("An administrator withdrew an invitation.")),
    ("person.joined", _("Invitation accepted"), _("A person accepted their invitation.")),
    ("person.created", _("Person created"), _("A person was made without an invitation.")),
    ("person.changed", _("Person changed"), _("An administrator changed what is known about a person.")),
    ("person.profile_changed", _("Account changed"), _("A person changed their own account.")),
    (
        "person.calendar_made",
        _("Calendar address made"),
        _("A person made the address of their calendar; an older one ended."),
    ),
    (
        "person.calendar_ended",
        _("Calendar address ended"),
        _("A person ended the address of their calendar."),
    ),
    ("person.role_given", _("Role given"), _("An administrator gave a person a role.")),
    ("person.role_taken", _("Role taken"), _("An administrator took a role from a person.")),
    ("person.deactivated", _("Person deactivated"), _("An administrator deactivated a person.")),
    ("person.reactivated", _("Person reactivated"), _("An administrator let a person in again.")),
    ("person.sessions_ended", _("Sessions ended"), _("An administrator ended a person's sessions.")),
    ("second_factor.reset", _("Second factor reset"), _("An administrator reset a lost second factor.")),
    (
        "passkey.registered",
        _("Passkey registered"),
        _("A person set up a passkey; its public key stands in the event."),
    ),
    ("passkey.renamed", _("Passkey renamed"), _("A person gave a passkey another name.")),
    ("passkey.removed", _("Passkey removed"), _("A person removed a passkey.")),
    ("signing.failed", _("Signing failed"), _("Somebody who signed as this person proved nothing.")),
    ("signing.locked", _("Signing locked"), _("Too many wrong answers locked signing for a person.")),
    ("signing.unlocked", _("Signing unlocked"), _("Signing was unlocked for a person, with a reason.")),
    (
        "organisation_account.linked",
        _("Account of the organisation linked"),
        _("A person came in through the organisation's provider for the first time."),
    ),
    (
        "organisation_account.refused",
        _("Sign-in of the organisation refused"),
        _("The organisation's provider named a person who isn't let in."),
    ),
    ("token.created", _("Token made"), _("A person made a token by which programs act for them.")),
    ("token.revoked", _("Token revoked"), _("A token was ended before its time.")),
    ("mail.tested", _("Mail tested"), _("An administrator sent a test mail.")),
)

_LEAVE_AS_IS = (
    "person.calendar_made", "person.calendar_ended", "person.role_given", "person.role_taken", "person.sessions_ended",
    "second_factor.reset", "mail.tested", "passkey.registered", "passkey.renamed", "passkey.removed", "signing.failed",
    "signing.locked", "signing.unlocked", "organisation_account.linked", "organisation_account.refused",
)  # fmt: skip

_WORDS = (
    ("account", _("account at the provider")),
    ("act", _("act")),
    ("again", _("again")),
    ("credential", _("credential")),
    ("deputy", _("deputy")),
    ("failures", _("wrong answers")),
    ("display_name", _("name")),
    ("invitation", _("invitation")),
    ("issuer", _("provider")),
    ("line_manager", _("line manager")),
    ("methods", _("ways")),
    ("public_key", _("public key")),
    ("reminder_mode", _("reminders")),
    ("removed", _("removed")),
    ("sample", _("sample")),
    ("sessions", _("sessions")),
    ("site", _("site")),
    ("team", _("team")),
    ("time_zone", _("time zone")),
    ("tokens", _("tokens")),
    ("scopes", _("scopes")),
    ("expires", _("ends")),
    ("weekly_mail", _("weekly mail")),
    ("what", _("what was wrong")),
)


def register_verbs() -> None:
    """Register them; called from AppConfig.ready()."""
    for name, label, sentence in _VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is(*_LEAVE_AS_IS)
    for key, label in _WORDS:
        words.register(key, label)
    words.register_values("weekly_mail", dict(WeeklyMail.choices))
    for key in ("role", "roles"):
        words.register_values(key, ROLES)
