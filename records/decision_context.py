"""What a review record says about the decision itself: outcome, validity, and what sets it apart."""

from typing import Literal, NotRequired, TypedDict

Outcome = Literal["approved", "approved_with_conditions", "returned", "rejected", "refused"]


class Refusal(TypedDict):
    """Legal or the chair would not sign; only when the outcome is "refused"."""

    name: str
    role: str
    at: str
    reason: str


class Appeal(TypedDict):
    """The appeal that the decision answers, and the panel that heard it."""

    number: int
    against: int  # number of the decision that is appealed
    filed_by: str
    filed_at: str  # instant
    grounds: str  # Markdown
    panel: str


class Apart(TypedDict, total=False):
    """What sets a decision apart from others; a key that is missing says that there is nothing of its kind."""

    provisional: str  # sentence: approved in an emergency, why, and what follows
    full_review_of: str  # reference of the request whose provisional approval is reviewed in full
    appeal: Appeal


class Decision(TypedDict):
    """What was decided, and until when it holds."""

    outcome: Outcome
    decided_at: str  # instant
    revision: int  # number of the revision that was decided on
    revision_sha256: str
    reasons: str  # Markdown: why, in the words of the motion or the chair
    valid_from: str | None  # day
    valid_until: str | None  # day, the last one on which the approval holds
    next_review: str | None  # day
    reporting_duties: list[str]
    appeal_until: str | None  # day
    appeal_route: str
    refusal: Refusal | None
    apart: NotRequired[Apart]
