"""Kinds of letters, and which placeholders a text of each kind may and must name (process.md, section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter tells; MINUTES is the frame of minutes, which are no letter but have a text of the same sort."""

    APPROVED = "approved"
    CONDITIONS = "approved_with_conditions"
    RETURNED = "returned"
    REJECTED = "rejected"
    REFUSED = "refused"
    PROVISIONAL = "provisional"
    GAPS = "gaps"
    SUSPENDED = "suspended"
    LIFTED = "lifted"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    APPEAL_RECEIVED = "appeal_received"
    APPEAL_DECIDED = "appeal_decided"
    INCIDENT = "incident"
    REVIEW_DUE = "review_due"
    MINUTES = "minutes"


DECISIONS = frozenset(
    {
        LetterKind.APPROVED, LetterKind.CONDITIONS, LetterKind.RETURNED, LetterKind.REJECTED, LetterKind.REFUSED,
        LetterKind.PROVISIONAL,
    }
)  # fmt: skip
"""Letters that tell what the boards decided."""


class Form(StrEnum):
    """What stands where a placeholder is named.

    WORDS, DAY and MOMENT inside a sentence; PASSAGE (what people wrote), LIST and TABLE alone on a line.
    """

    WORDS = "words"
    DAY = "day"
    MOMENT = "moment"
    PASSAGE = "passage"
    LIST = "list"
    TABLE = "table"

    @property
    def stands_alone(self) -> bool:
        """Say whether it needs a line of its own."""
        return self in {Form.PASSAGE, Form.LIST, Form.TABLE}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that a text may use. `maybe`: it can be empty, so it stands inside a block of its own name.

    `must`: a text of this kind that doesn't name it is refused. `said`: who writes the letter hands it in.
    """

    form: Form
    maybe: bool = False
    must: bool = False
    said: bool = False


Placeholders = Mapping[str, Placeholder]

_ALWAYS: dict[str, Placeholder] = {
    "organisation": Placeholder(Form.WORDS),
    "board": Placeholder(Form.WORDS),
    "requester": Placeholder(Form.WORDS),
    "reference": Placeholder(Form.WORDS, must=True),
    "letter": Placeholder(Form.WORDS),
    "model": Placeholder(Form.WORDS, must=True),
    "project": Placeholder(Form.WORDS),
    "purpose": Placeholder(Form.WORDS),
    "date": Placeholder(Form.DAY),
}
_APPEAL: dict[str, Placeholder] = {
    "appeal_until": Placeholder(Form.DAY, maybe=True),
    "appeal_route": Placeholder(Form.WORDS),
}
_DECIDED: dict[str, Placeholder] = {
    **_ALWAYS,
    **_APPEAL,
    "decided_on": Placeholder(Form.DAY),
    "procedure": Placeholder(Form.WORDS, must=True),
    "revision": Placeholder(Form.WORDS, must=True),
    "reasons": Placeholder(Form.PASSAGE, must=True),
    "facts": Placeholder(Form.TABLE, must=True),
    "minority_opinions": Placeholder(Form.LIST, maybe=True, must=True),
}
_VALID: dict[str, Placeholder] = {
    "valid_from": Placeholder(Form.DAY, must=True),
    "valid_until": Placeholder(Form.DAY, must=True),
    "next_review": Placeholder(Form.DAY, maybe=True, must=True),
    "duties": Placeholder(Form.LIST, must=True),
}
_ABOUT_APPROVAL: dict[str, Placeholder] = {
    **_ALWAYS,
    "decided_on": Placeholder(Form.DAY),
    "revision": Placeholder(Form.WORDS),
    "facts": Placeholder(Form.TABLE, must=True),
}

PLACEHOLDERS: Mapping[LetterKind, Placeholders] = {
    LetterKind.APPROVED: {**_DECIDED, **_VALID},
    LetterKind.CONDITIONS: {**_DECIDED, **_VALID, "conditions": Placeholder(Form.TABLE, must=True)},
    LetterKind.RETURNED: _DECIDED,
    LetterKind.REJECTED: {
        **_DECIDED,
        "appeal_until": Placeholder(Form.DAY, maybe=True, must=True),
        "appeal_route": Placeholder(Form.WORDS, must=True),
    },
    LetterKind.REFUSED: {
        **_DECIDED,
        "refused_by": Placeholder(Form.WORDS, must=True),
        "refused_as": Placeholder(Form.WORDS),
    },
    LetterKind.PROVISIONAL: {
        **_DECIDED,
        **_VALID,
        "conditions": Placeholder(Form.TABLE, maybe=True, must=True),
        "full_review_by": Placeholder(Form.DAY, maybe=True, must=True),
    },
    LetterKind.GAPS: {
        **_ALWAYS,
        "revision": Placeholder(Form.WORDS, must=True),
        "secretary": Placeholder(Form.WORDS),
        "gaps": Placeholder(Form.PASSAGE, must=True),
        "questions": Placeholder(Form.LIST, maybe=True, must=True),
        "facts": Placeholder(Form.TABLE, must=True),
    },
    LetterKind.SUSPENDED: {
        **_ABOUT_APPROVAL,
        "suspended_by": Placeholder(Form.WORDS),
        "suspended_at": Placeholder(Form.MOMENT, must=True),
        "reasons": Placeholder(Form.PASSAGE, must=True),
        "ratify_by": Placeholder(Form.MOMENT, must=True),
        "appeal_route": Placeholder(Form.WORDS, must=True),
    },
    LetterKind.LIFTED: {
        **_ABOUT_APPROVAL,
        "suspended_at": Placeholder(Form.MOMENT),
        "reasons": Placeholder(Form.PASSAGE, maybe=True, must=True),
        "valid_until": Placeholder(Form.DAY, must=True),
    },
    LetterKind.LAPSED: {
        **_ABOUT_APPROVAL,
        "suspended_at": Placeholder(Form.MOMENT, must=True),
        "ratify_by": Placeholder(Form.MOMENT, must=True),
        "valid_until": Placeholder(Form.DAY, must=True),
    },
    LetterKind.WITHDRAWN: {
        **_ALWAYS,
        "withdrawn_by": Placeholder(Form.WORDS, must=True, said=True),
        "withdrawn_at": Placeholder(Form.MOMENT, must=True),
        "reasons": Placeholder(Form.PASSAGE, maybe=True, must=True, said=True),
        "facts": Placeholder(Form.TABLE, maybe=True, must=True),
    },
    LetterKind.APPEAL_RECEIVED: {
        **_ALWAYS,
        "against": Placeholder(Form.WORDS, must=True, said=True),
        "received_at": Placeholder(Form.MOMENT, must=True),
        "grounds": Placeholder(Form.PASSAGE, must=True, said=True),
        "panel": Placeholder(Form.WORDS, maybe=True, must=True, said=True),
        "decide_by": Placeholder(Form.DAY, maybe=True, must=True, said=True),
        "facts": Placeholder(Form.TABLE, maybe=True, must=True),
    },
    LetterKind.APPEAL_DECIDED: {
        **_ALWAYS,
        "against": Placeholder(Form.WORDS, must=True, said=True),
        "panel": Placeholder(Form.WORDS, must=True, said=True),
        "result": Placeholder(Form.WORDS, must=True, said=True),
        "reasons": Placeholder(Form.PASSAGE, must=True, said=True),
        "minority_opinions": Placeholder(Form.LIST, maybe=True, must=True),
        "facts": Placeholder(Form.TABLE, maybe=True, must=True),
    },
    LetterKind.INCIDENT: {
        **_ALWAYS,
        "incident": Placeholder(Form.WORDS, must=True, said=True),
        "severity": Placeholder(Form.WORDS, must=True, said=True),
        "aware_at": Placeholder(Form.MOMENT, must=True, said=True),
        "report_by": Placeholder(Form.MOMENT, must=True, said=True),
        "what_happened": Placeholder(Form.PASSAGE, must=True, said=True),
        "facts": Placeholder(Form.TABLE, maybe=True, must=True),
    },
    LetterKind.REVIEW_DUE: {
        **_ABOUT_APPROVAL,
        "due": Placeholder(Form.DAY, must=True, said=True),
        "valid_until": Placeholder(Form.DAY, maybe=True),
    },
    LetterKind.MINUTES: {
        "organisation": Placeholder(Form.WORDS),
        "board": Placeholder(Form.WORDS, must=True),
        "number": Placeholder(Form.WORDS),
        "date": Placeholder(Form.DAY, must=True),
        "place": Placeholder(Form.WORDS, maybe=True),
        "led_by": Placeholder(Form.WORDS),
        "minutes_by": Placeholder(Form.WORDS),
        "opened_at": Placeholder(Form.MOMENT),
        "closed_at": Placeholder(Form.MOMENT),
        "next_meeting": Placeholder(Form.MOMENT, maybe=True),
        "items": Placeholder(Form.TABLE, must=True),
    },
}  # fmt: skip


def said_of(kind: LetterKind) -> dict[str, Placeholder]:
    """Return the placeholders that who writes such a letter hands in."""
    return {name: about for name, about in PLACEHOLDERS[kind].items() if about.said}
