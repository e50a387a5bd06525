"""Writing a version of the rules of triage."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from records.canonical import canonical, digest
from reviews.models import TriageRuleSet
from reviews.permissions.reasons import require
from reviews.permissions.triage_rules import why_not_write_rules
from reviews.rules.triage_rules import RulesError, TriageRules, as_json, parse_rules


@transaction.atomic
def write_rules(
    *, actor: User, content: Mapping[str, Any], base: int, reason: str, now: datetime
) -> TriageRuleSet:
    """Write a new version of the rules; requests that were routed keep what was proposed to them.

    `base` is the version that the change began with, 0 for the shipped rules. Raises Refused when a newer one was
    written meanwhile, when nothing differs, without a reason, and for content that is no set of rules.
    """
    require(why_not_write_rules(actor))
    if not reason.strip():
        raise Refused(_("Say why the rules change; the reason is kept with the version."))
    clean = as_json(read_rules(content))
    last = TriageRuleSet.objects.aggregate(last=Max("version"))["last"] or 0
    if last != base:
        raise _meanwhile(last)
    return _keep(clean, last + 1, actor, reason.strip(), now)


def read_rules(content: Mapping[str, Any]) -> TriageRules:
    """Return the rules that were sent; raises Refused, naming every fault."""
    try:
        return parse_rules(content)
    except RulesError as error:
        raise Refused(_("These rules can't be used: {faults}.").format(faults=error)) from error


def _meanwhile(version: int) -> Refused:
    words = _("Somebody wrote version {version} of the rules meanwhile. Look at it, and change that one.")
    return Refused(words.format(version=version))


def _keep(clean: dict[str, Any], version: int, actor: User, reason: str, now: datetime) -> TriageRuleSet:
    sha256 = digest(canonical(clean))
    if TriageRuleSet.objects.filter(version=version - 1, sha256=sha256).exists():
        raise Refused(_("Nothing differs from the version in force."))
    try:
        with transaction.atomic():
            rules = TriageRuleSet.objects.create(
                version=version, content=clean, sha256=sha256, reason=reason, made_by=actor, made_at=now
            )
    except IntegrityError:  # another administrator wrote it in the same moment
        raise _meanwhile(version) from None
    trail.record(
        "triage_rules.written", obj=rules, actor=actor, now=now, reason=reason,
        data={"version": version, "sha256": sha256},
    )  # fmt: skip
    return rules
