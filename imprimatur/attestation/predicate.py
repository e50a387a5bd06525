"""The predicate release-decision/v1: what an organisation decided about a model that a manifest names.

docs/attestations.md defines its fields. Values only: nothing is looked up here, and nothing is judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:imprimatur:release-decision/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
SUBJECT = "manifest"


class Outcome(StrEnum):
    """What was decided."""

    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"


class Settled(StrEnum):
    """Where a condition stands; any other word counts as outstanding."""

    OPEN = "open"
    PARTLY = "partly"
    MET = "met"
    WAIVED = "waived"


class CheckKind(StrEnum):
    """What a machine can tell of a condition."""

    ENVIRONMENT = "environment"
    """The release goes to one of `oneOf`."""
    EXPIRY = "expiry"
    """The release happens before the instant `before`."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a machine can check; a `kind` that isn't known can't be checked, and then nothing is allowed."""

    kind: str
    one_of: tuple[str, ...] = ()
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the approval; one that blocks must be met or waived before anything is released."""

    id: str
    text: str
    state: str
    blocks_release: bool
    due: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Say whether it holds nothing back any more."""
        return self.state in {Settled.MET, Settled.WAIVED}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is stated. `told` holds what readers want and no gate judges: votes, policies, evidence, checkpoint."""

    manifest_sha256: str
    id: str
    reference: str
    issuer: str
    outcome: str
    decided_at: datetime
    valid_from: datetime
    valid_until: datetime
    model: Mapping[str, str]
    revision: Mapping[str, object]
    status_list: str
    status_list_address: str
    ignore: tuple[str, ...] = ()
    conditions: Sequence[Condition] = ()
    told: Mapping[str, object] = field(default_factory=dict)
