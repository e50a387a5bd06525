"""The term of each deadline under a policy, with where it comes from: the one place that says how long things take."""

from dataclasses import replace

from reviews.rules.clocks import DEFAULT_TERMS, Procedure, Term, Unit
from reviews.rules.explaining import DateKind, SourcedTerm, TermSource
from reviews.rules.policy import BoardPolicy, rules_for

SIGN_WITHIN = Term(5, Unit.WORKING_DAYS)
VERIFY_WITHIN = Term(5, Unit.WORKING_DAYS)
"""Ours, as nothing says how long a signature or a verification may take (P)."""

FULL_TERM_MARK = "S"
"""Thirty days for a full review is a second-hand account of the Chinese measures of 2023 (process.md, section 4)."""
EMERGENCY_MARK = "M"


def term_for(
    kind: DateKind, policy: BoardPolicy, *, procedure: str = "", version: int = 0
) -> SourcedTerm | None:
    """Return how long the thing may take under the policy; None for dates that somebody chooses.

    `version` of the policy that holds, 0 when the board has none: then the house's defaults do.
    """
    rules = rules_for(policy, procedure)
    own = policy.procedure(procedure)
    code = procedure or Procedure.FULL.value
    found: dict[DateKind, tuple[Term, str]] = {
        DateKind.COMPLETENESS: (Term(policy.completeness_days, Unit.WORKING_DAYS), "completeness_days"),
        DateKind.ROUTING: (Term(policy.completeness_days, Unit.WORKING_DAYS), "completeness_days"),
        DateKind.REVIEW: (own.term, f"procedures.{code}.term"),
        DateKind.QUESTION: (Term(policy.question_days, Unit.WORKING_DAYS), "question_days"),
        DateKind.BALLOT: (
            Term(rules.ballot_days, Unit.WORKING_DAYS),
            "ballot_days" if own.ballot_days is None else f"procedures.{code}.ballot_days",
        ),
        DateKind.RATIFICATION: (Term(policy.ratification_days, Unit.WORKING_DAYS), "ratification_days"),
        DateKind.APPEAL: (Term(policy.appeal_days), "appeal_days"),
        DateKind.PROVISIONAL: (
            Term(own.provisional_days or DEFAULT_TERMS.provisional.count), f"procedures.{code}.provisional_days",
        ),
        DateKind.SIGNATURE: (SIGN_WITHIN, ""),
        DateKind.VERIFICATION: (VERIFY_WITHIN, ""),
    }  # fmt: skip
    if kind not in found:
        return None
    term, path = found[kind]
    return SourcedTerm(term, _source(kind, path, policy, code, version))


SPANS: dict[DateKind, str] = {
    DateKind.EXPIRY: "validity_months",
    DateKind.APPEAL_UNTIL: "appeal_days",
    DateKind.CONTINUING: "continuing_months",
    DateKind.DECLARATION: "declaration_months",
}
"""Settings from which a date follows without a working day: months and days of the calendar."""


def span_for(kind: DateKind, policy: BoardPolicy, version: int) -> TermSource | None:
    """Return the setting from which the date follows, with its number; None for a kind that follows from none."""
    path = SPANS.get(kind, "")
    if not path:
        return None
    return replace(_source(kind, path, policy, "", version), number=getattr(policy, path))


def _source(kind: DateKind, path: str, policy: BoardPolicy, procedure: str, version: int) -> TermSource:
    """Return the source beside the setting, else how sure the default is."""
    kept = policy.sources.get(path)
    if kept is not None:
        return TermSource(path, version, kept.mark.value, kept.text_en, kept.text_zh)
    return TermSource(path, version if path else 0, _mark(kind, procedure))


def _mark(kind: DateKind, procedure: str) -> str:
    if kind == DateKind.REVIEW and procedure in (Procedure.FULL, Procedure.EXPERT):
        return FULL_TERM_MARK
    return EMERGENCY_MARK if kind == DateKind.REVIEW and procedure == Procedure.EMERGENCY else "P"
