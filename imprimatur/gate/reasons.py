"""Why the gate denies: a code for machines and a sentence that says what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The codes; docs/gate.md explains them."""

    UNKNOWN_KEY = "unknown_key"
    KEY_MISSING = "key_missing"
    SAME_KEY_TWICE = "same_key_twice"
    PAYLOADS_DIFFER = "payloads_differ"
    NO_DECISION = "no_decision"
    NOT_APPROVED = "not_approved"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    CONDITION_OUTSTANDING = "condition_outstanding"
    CONDITION_UNKNOWN = "condition_unknown"
    ENVIRONMENT_MISSING = "environment_missing"
    ENVIRONMENT_WRONG = "environment_wrong"
    IGNORED_TOO_MUCH = "ignored_too_much"
    STATUS_MISSING = "status_missing"
    STATUS_UNKNOWN_KEY = "status_unknown_key"
    STATUS_PAYLOADS_DIFFER = "status_payloads_differ"
    NO_STATUS = "no_status"
    STATUS_OF_ANOTHER = "status_of_another"
    STATUS_STALE = "status_stale"
    STATUS_OF_THE_FUTURE = "status_of_the_future"
    STATUS_ROLLED_BACK = "status_rolled_back"
    STATUS_FORKED = "status_forked"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    FOLDER_REFUSED = "folder_refused"
    FOLDER_DIFFERS = "folder_differs"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands against the release."""

    code: Code
    sentence: str

    def __str__(self) -> str:
        return self.sentence
