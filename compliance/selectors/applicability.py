"""Which libraries apply to the organisation and to each model version, and why: by rule, or by a person's decision."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_stubs_ext import StrOrPromise

from accounts.models import User
from compliance.models import ApplicabilityOverride, Assessment, Library
from compliance.models.library import in_language
from compliance.permissions import visible_assessments
from compliance.rules.applicability import (
    Condition,
    Fact,
    Facts,
    Finding,
    Level,
    Outcome,
    Test,
    judge,
    read_applies,
)
from compliance.selectors.libraries import newest
from registry.models import ModelVersion, scientific
from registry.permissions import visible_projects
from registry.vocabulary import Channel, Market, Modality

MOST = 50
FACTS: dict[str, StrOrPromise] = {
    Fact.MARKETS: gettext_lazy("markets"),
    Fact.CHANNEL: gettext_lazy("channel"),
    Fact.MODALITY: gettext_lazy("kinds of content"),
    Fact.COMPUTE: gettext_lazy("training compute"),
    Fact.DATA: gettext_lazy("data"),
}
_CODES = {Fact.MARKETS: Market, Fact.CHANNEL: Channel, Fact.MODALITY: Modality}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a library applies. `why`: sentences; `override`: the decision that made it so, if a person did.

    `latest`: id of the newest assessment of the library about the same thing that the person sees, None for none.
    """

    library: Library
    outcome: Outcome
    why: list[str]
    override: ApplicabilityOverride | None
    latest: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A version with its verdicts, in the order of the columns."""

    version: ModelVersion
    verdicts: list[Verdict]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The organisation with its libraries, and versions by libraries of versions; `later` leads on, 0 at the end."""

    organisation: list[Verdict]
    columns: list[Library]
    lines: list[Line]
    later: int

    def rows(self) -> Iterator[list[object]]:
        """Yield a row for each verdict: about, library, whether, why, decided by."""
        for verdict in self.organisation:
            yield [_("Organisation"), *_told(verdict)]
        for line in self.lines:
            for verdict in line.verdicts:
                yield [str(line.version), *_told(verdict)]


OUTCOMES: dict[Outcome, tuple[str, str, StrOrPromise]] = {
    Outcome.YES: ("live", "check", gettext_lazy("applies")),
    Outcome.NO: ("", "minus", gettext_lazy("doesn't apply")),
    Outcome.UNKNOWN: ("warn", "help-circle", gettext_lazy("not known")),
}


def _told(verdict: Verdict) -> list[object]:
    decided = verdict.override.made_by.display_name if verdict.override else ""
    return [verdict.library.name, OUTCOMES[verdict.outcome][2], " ".join(verdict.why), decided]


def matrix_of(user: User, now: datetime, *, before: int = 0, most: int | None = MOST) -> Matrix:
    """Return what applies to what the person sees: the newest versions first, from below the id `before`."""
    versions = ModelVersion.objects.filter(model__project__in=visible_projects(user, now))
    if before:
        versions = versions.filter(pk__lt=before)
    found = list(versions.select_related("model__project").order_by("-pk")[: most + 1 if most else None])
    shown = found[:most] if most else found
    libraries = list(newest().filter(applies__isnull=False).order_by("framework", "code"))
    columns = [library for library in libraries if library.level == Level.VERSION]
    ours = [library for library in libraries if library.level == Level.ORGANISATION]
    overrides = _in_force(Q(version__in=shown) | Q(version__isnull=True), now)
    latest = _latest(visible_assessments(user, now), shown)
    lines = [
        Line(version, [_verdict(library, version, overrides, latest) for library in columns])
        for version in shown
    ]
    return Matrix(
        organisation=[_verdict(library, None, overrides, latest) for library in ours],
        columns=columns, lines=lines, later=shown[-1].pk if len(found) > len(shown) else 0,
    )  # fmt: skip


def verdict_of(user: User, library: Library, version: ModelVersion | None, now: datetime) -> Verdict:
    """Return whether one library applies to a version, or to the organisation."""
    overrides = _in_force(Q(version=version), now)
    return _verdict(
        library, version, overrides, _latest(visible_assessments(user, now), [version] if version else [])
    )


def decisions_about(code: str, version: ModelVersion | None) -> list[ApplicabilityOverride]:
    """Return all decisions about it, the newest first, those that ended too."""
    rows = ApplicabilityOverride.objects.filter(library_code=code, version=version)
    return list(rows.select_related("made_by", "ended_by"))


Overrides = Mapping[tuple[str, int | None], ApplicabilityOverride]
Latest = Mapping[tuple[str, int | None], int]


def _in_force(about: Q, now: datetime) -> Overrides:
    today = timezone.localdate(now)
    rows = ApplicabilityOverride.objects.filter(about, ended_at__isnull=True, made_at__lte=now)
    counting = rows.filter(Q(until__isnull=True) | Q(until__gte=today)).select_related("made_by")
    return {(row.library_code, row.version_id): row for row in counting.order_by("made_at", "id")}


def _latest(visible: "QuerySet[Assessment]", versions: Iterable[ModelVersion]) -> Latest:
    about = Q(version__in=list(versions)) | Q(scope="organisation")
    rows = visible.filter(about).order_by().values_list("library__code", "version").annotate(Max("pk"))
    return {(code, version): last for code, version, last in rows}


def _verdict(library: Library, version: ModelVersion | None, overrides: Overrides, latest: Latest) -> Verdict:
    key = (library.code, version.pk if version else None)
    override = overrides.get(key)
    if override is not None:
        outcome = Outcome.YES if override.applies else Outcome.NO
        return Verdict(library, outcome, [override.reason], override, latest.get(key))
    if library.applies is None:
        return Verdict(
            library, Outcome.UNKNOWN, [_("The library says nothing of it.")], None, latest.get(key)
        )
    judged = judge(read_applies(library.applies), facts_of(version) if version else {})
    return Verdict(
        library, judged.outcome, _why(library, judged.outcome, judged.deciding), None, latest.get(key)
    )


def facts_of(version: ModelVersion) -> Facts:
    """Return what is known of a version; an empty list of markets or modalities means that nobody said it yet."""
    compute = version.training_compute_flop
    return {
        Fact.MARKETS: version.markets or None,
        Fact.CHANNEL: version.channel or None,
        Fact.MODALITY: version.modalities or None,
        Fact.COMPUTE: None if compute is None else Decimal(compute),
    }


def _why(library: Library, outcome: Outcome, deciding: Sequence[Finding]) -> list[str]:
    if outcome is Outcome.YES:
        reason = (library.applies or {})["reason"]
        return [in_language(reason["en"], reason["zh"]), *(_found(finding) for finding in deciding)]
    depends = (library.applies or {}).get("depends")
    if outcome is Outcome.UNKNOWN and depends and not deciding:
        whether = in_language(depends["en"], depends["zh"])
        return [_("It depends on whether {whether}. Somebody has to decide.").format(whether=whether)]
    if outcome is Outcome.UNKNOWN:
        return [
            _("Nobody has said the {fact} yet; whether it applies depends on {wanted}.").format(
                fact=FACTS[finding.condition.fact], wanted=_wanted(finding.condition)
            )
            for finding in deciding
        ]
    return [
        _("The {fact}: {found}. It would apply with {wanted}.").format(
            fact=FACTS[finding.condition.fact], found=_known(finding), wanted=_wanted(finding.condition)
        )
        for finding in deciding
    ]


def _found(finding: Finding) -> str:
    return _("The {fact}: {found}.").format(fact=FACTS[finding.condition.fact], found=_known(finding))


def _known(finding: Finding) -> str:
    if isinstance(finding.found, Decimal):
        return f"{scientific(finding.found)} FLOP"
    return _labels(finding.condition.fact, finding.found or ())


def _wanted(condition: Condition) -> str:
    if condition.test is Test.AT_LEAST and condition.least is not None:
        return _("at least {number} FLOP").format(number=scientific(condition.least))
    labels = _labels(condition.fact, condition.codes)
    return _("none of: {codes}").format(codes=labels) if condition.test is Test.HAS_NONE else labels


def _labels(fact: str, codes: Sequence[str]) -> str:
    choices = dict(_CODES[Fact(fact)].choices) if fact in _CODES else {}
    comma = pgettext("between members of a list", ", ")
    return comma.join(str(choices.get(code, code)) for code in codes) or "–"
