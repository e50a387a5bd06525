"""Exempt requests and doubts: who may determine, on which grounds, and to which procedure a doubt leads.

An exempt request is internal, without personal data, external users or a change of weights (process.md, section 4, P).
"""

from enum import StrEnum

from reviews.rules.triage import Procedure


class Capacity(StrEnum):
    """As what somebody determines, or sends a request to another procedure."""

    CHAIR = "chair"
    MEMBER = "member"
    SECRETARY = "secretary"


class ExemptionGround(StrEnum):
    """What has to be true of an exempt request; who determines confirms each."""

    INTERNAL = "internal"
    NO_PERSONAL_DATA = "no_personal_data"
    NO_EXTERNAL_USERS = "no_external_users"
    NO_CHANGE_OF_WEIGHTS = "no_change_of_weights"


LEADS_TO: dict[Procedure, tuple[Procedure, ...]] = {
    Procedure.EXEMPT: (Procedure.EXPEDITED, Procedure.FULL),
    Procedure.EXPEDITED: (Procedure.FULL,),
}
"""Where a doubt leads: only ever to a stricter procedure. The way back is a new submission."""


def missing_grounds(confirmed: object) -> tuple[ExemptionGround, ...]:
    """Return the grounds that were not confirmed; an exemption needs all of them."""
    given = set(confirmed) if isinstance(confirmed, list | tuple | set | frozenset) else set()
    return tuple(ground for ground in ExemptionGround if ground.value not in given)


def may_lead_to(before: str, after: str) -> bool:
    """Say whether a doubt may send a request from one procedure to the other."""
    return after in LEADS_TO.get(Procedure(before or Procedure.FULL), ())
