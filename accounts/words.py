"""Roles, and faults of a list of people, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.roles import Role
from accounts.rules.invitation_list import MOST, Fault, Found
from accounts.rules.scopes import Scope

ROLES: dict[str, StrOrPromise] = {
    Role.RESEARCHER: gettext_lazy("researcher"),
    Role.SECRETARY: gettext_lazy("secretary"),
    Role.LEGAL: gettext_lazy("legal"),
    Role.RELEASE_MANAGER: gettext_lazy("release manager"),
    Role.SAFETY_LEAD: gettext_lazy("safety lead"),
    Role.AUDITOR: gettext_lazy("auditor"),
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
}
_DOES: dict[str, StrOrPromise] = {
    Role.RESEARCHER: gettext_lazy("asks for releases of models"),
    Role.SECRETARY: gettext_lazy("takes requests in, assigns boards, runs meetings"),
    Role.LEGAL: gettext_lazy("signs or refuses decisions"),
    Role.RELEASE_MANAGER: gettext_lazy("verifies conditions, releases what was approved"),
    Role.SAFETY_LEAD: gettext_lazy("answers for the safety duties"),
    Role.AUDITOR: gettext_lazy("reads what an engagement opens"),
    Role.ADMINISTRATOR: gettext_lazy("invites people, gives roles, watches jobs"),
}
_SCOPES: dict[Scope, StrOrPromise] = {
    Scope.REGISTRY_READ: gettext_lazy("read projects, models and versions"),
    Scope.REGISTRY_WRITE: gettext_lazy("open projects, register models, versions and manifests"),
    Scope.REQUESTS_READ: gettext_lazy("read requests, dossiers, decisions, letters and my work"),
    Scope.REQUESTS_WRITE: gettext_lazy(
        "draft and submit requests, answer questions, comment, report on conditions"
    ),
    Scope.BOARDS_WRITE: gettext_lazy("act for boards: triage, positions, motions, ballots, votes"),
    Scope.RELEASES_WRITE: gettext_lazy("record releases, suspend approvals"),
    Scope.COMPLIANCE_READ: gettext_lazy("read checklists, evidence, findings and exceptions"),
    Scope.COMPLIANCE_WRITE: gettext_lazy("answer checklists, hand in evidence, report on actions"),
    Scope.RECORDS_READ: gettext_lazy("read and download sealed records"),
    Scope.ATTESTATIONS_READ: gettext_lazy("download attestations of decisions and the status list"),
    Scope.AUDIT_READ: gettext_lazy("read the log and engagements, download bundles"),
    Scope.AUDIT_WRITE: gettext_lazy(
        "draw samples and note them, have the log verified, make and end engagements"
    ),
    Scope.PEOPLE_READ: gettext_lazy("read people and their roles"),
    Scope.PEOPLE_WRITE: gettext_lazy("invite and deactivate people, give and take roles"),
    Scope.ORGANISATION_READ: gettext_lazy(
        "read what administrators look after: working days, letters, questions, rules of triage, certificates, "
        "webhooks, jobs"
    ),
    Scope.ORGANISATION_WRITE: gettext_lazy("change what administrators look after"),
}
_UNREADABLE: dict[str, StrOrPromise] = {
    "empty": gettext_lazy("There is nobody in this list."),
    "too_large": gettext_lazy("This file is larger than 1 MB. Split it."),
    "too_many": gettext_lazy("This list has more than {most} people. Split it."),
    "not_text": gettext_lazy(
        "This is not a CSV file. In a spreadsheet, save as CSV (UTF-8), and choose that file."
    ),
    "no_email_column": gettext_lazy("The first row has no heading “email”."),
}
_FAULTS: dict[Fault, StrOrPromise] = {
    Fault.NO_EMAIL: gettext_lazy("The e-mail address is missing."),
    Fault.BAD_EMAIL: gettext_lazy("“{text}” is not an e-mail address."),
    Fault.TWICE: gettext_lazy("{text} stands in an earlier row too."),
    Fault.FORMULA: gettext_lazy("“{text}” begins like a formula of a spreadsheet."),
    Fault.TOO_LONG: gettext_lazy("“{text}” is too long."),
    Fault.CONTROL: gettext_lazy("A cell holds invisible signs."),
    Fault.UNKNOWN_ROLE: gettext_lazy("There is no role “{text}”."),
    Fault.UNKNOWN_LANGUAGE: gettext_lazy("There is no language “{text}”. Write en or zh."),
    Fault.UNKNOWN_TIME_ZONE: gettext_lazy("There is no time zone “{text}”. Write it like Asia/Shanghai."),
    Fault.TAKEN: gettext_lazy("{text} belongs to somebody already."),
    Fault.UNKNOWN_MANAGER: gettext_lazy("The line manager {text} is not among the people here."),
}


def role_word(name: str) -> str:
    """Return the role's name in the active language; an unknown one as it is."""
    return str(ROLES.get(name, name))


def role_choices() -> list[tuple[str, str]]:
    """Return the roles as choices, each with what it does."""
    return [(role.value, _("{role}: {does}").format(role=ROLES[role], does=_DOES[role])) for role in Role]


def scope_in_words(scope: Scope) -> str:
    """Return the code of the scope and what it is for."""
    return _("{role}: {does}").format(role=scope.value, does=_SCOPES[scope])


def unreadable_sentence(code: str) -> str:
    """Return why a list as a whole can't be read."""
    return str(_UNREADABLE[code]).format(most=MOST)


def fault_sentence(found: Found) -> str:
    """Return what is wrong with a row."""
    return str(_FAULTS[found.fault]).format(text=found.text)
