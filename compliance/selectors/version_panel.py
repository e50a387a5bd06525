"""What applies to a version, on its page: with reasons, and whether a current checklist was accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from compliance.permissions import why_not_manage
from compliance.rules.applicability import Outcome
from compliance.selectors.applicability import verdicts_about
from compliance.selectors.subjects import Subject
from compliance.selectors.verdicts import Verdict
from registry.models import ModelVersion
from registry.panels import Panel


@dataclass(frozen=True, slots=True)
class WhatApplies:
    """Verdicts about a version: what applies or isn't known, and the rest. `may_open`: so the person may."""

    shown: Sequence[Verdict]
    rest: Sequence[Verdict]
    may_open: bool


def what_applies(version: ModelVersion, user: User, now: datetime) -> Panel | None:
    """Return the panel of a version that the person sees; None where no library is about versions."""
    told = verdicts_about(user, Subject(version.model.project, version.model, version), now)
    if not told:
        return None
    shown = [verdict for verdict in told if verdict.outcome is not Outcome.NO]
    rest = [verdict for verdict in told if verdict.outcome is Outcome.NO]
    content = WhatApplies(shown, rest, may_open=why_not_manage(user) is None)
    return Panel("compliance/components/what_applies.html", content)
