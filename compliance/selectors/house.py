"""All that is asked to tell what applies, read at once: projects, models, versions, decisions, runs and facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from compliance.models import ApplicabilityOverride, Assessment, Library
from compliance.models.boards import version_given_up
from compliance.models.dossiers import facts_of_dossiers
from compliance.permissions import reads_all, visible_assessments
from compliance.rules.applicability import Fact, Facts, Level
from compliance.selectors.subjects import Key, Subject
from registry.models import AIModel, ModelVersion, Project
from registry.permissions import visible_projects

DOSSIER = {Fact.DATA, Fact.SOURCES, Fact.PEOPLE, Fact.MODALITY}


@dataclass(frozen=True, slots=True)
class Runs:
    """Checklists of a library about a subject that the person sees: ids; `accepted_at` of the last whole one."""

    latest: int
    accepted: int | None = None
    accepted_at: datetime | None = None


@dataclass(slots=True)
class House:
    """Subjects by what they lie in, and what is known of them. `given_up`: versions that no longer count.

    `reads_reasons`: the person may read why somebody decided about the organisation.
    """

    reads_reasons: bool
    projects: list[Subject] = field(default_factory=list)
    models: dict[int, list[Subject]] = field(default_factory=dict)
    versions: dict[int, list[Subject]] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)
    decisions: Mapping[tuple[str, Key], ApplicabilityOverride] = field(default_factory=dict)
    runs: Mapping[tuple[str, Key], Runs] = field(default_factory=dict)
    facts: dict[int, Facts] = field(default_factory=dict)

    def current(self, model: int) -> list[Subject]:
        """Return the versions of a model whose release nobody gave up."""
        return [subject for subject in self.versions.get(model, []) if subject.id not in self.given_up]


def house_of(
    user: User,
    now: datetime,
    libraries: Iterable[Library],
    within: Subject | None = None,
    sight: Q | None = None,
) -> House:
    """Read what the person sees, all of it or only `within` a subject; at most eight queries, besides roles.

    `sight`: what `sight_of` said of the person, where the page has asked it already.
    """
    house = House(reads_reasons=reads_all(user))
    if within is None or within.level is not Level.ORGANISATION:
        _fill(house, user, now, within or Subject())
    house.decisions = _decisions(house, now, [library.code for library in libraries])
    seen = visible_assessments(user, now, sight)
    house.runs = _runs(seen, [library.code for library in libraries])
    versions = {s.id: s.version for found in house.versions.values() for s in found if s.version is not None}
    told = facts_of_dossiers(versions) if _asked(libraries) & DOSSIER else {}
    house.facts = {key: facts_of(version, told.get(key, {})) for key, version in versions.items()}
    return house


def _fill(house: House, user: User, now: datetime, within: Subject) -> None:
    """Put in the subjects: a version alone, a model with its versions, a project or all projects with all of it."""
    projects = [within.project] if within.project else visible_projects(user, now).order_by("name", "id")
    by_key: dict[int, Project] = {project.pk: project for project in projects}
    house.projects = [Subject(project) for project in by_key.values()]
    rows = AIModel.objects.filter(project__in=by_key)
    models = {model.pk: model for model in ([within.model] if within.model else rows.order_by("name", "id"))}
    for model in models.values():
        model.project = by_key[model.project_id]
        house.models.setdefault(model.project_id, []).append(Subject(model.project, model))
    if within.version is not None:
        house.versions[within.version.model_id] = [within]
        return
    versions = ModelVersion.objects.filter(model__project__in=by_key)
    if within.model is not None:
        versions = versions.filter(model=within.model)
    gone = version_given_up("pk")
    if gone is not None:
        house.given_up = set(versions.filter(gone).values_list("pk", flat=True))
    for version in versions.order_by("-created_at", "-id"):
        version.model = models[version.model_id]
        house.versions.setdefault(version.model_id, []).append(
            Subject(version.model.project, version.model, version)
        )


def _decisions(
    house: House, now: datetime, codes: Iterable[str]
) -> dict[tuple[str, Key], ApplicabilityOverride]:
    """Return the newest decision in force about each subject and library."""
    today = timezone.localdate(now)
    projects = [subject.id for subject in house.projects]
    rows = ApplicabilityOverride.objects.filter(
        Q(project__in=projects) | Q(level=Level.ORGANISATION),
        Q(until__isnull=True) | Q(until__gte=today),
        library_code__in=list(codes), ended_at__isnull=True, made_at__lte=now,
    ).select_related("made_by")  # fmt: skip
    return {
        (row.library_code, (Level(row.level), row.subject_id)): row for row in rows.order_by("made_at", "id")
    }


def _runs(visible: "QuerySet[Assessment]", codes: Iterable[str]) -> dict[tuple[str, Key], Runs]:
    """Return the newest run of each library about each subject and the last accepted one; whole checklists only."""
    levels = [Level.ORGANISATION, Level.PROJECT, Level.VERSION]
    seen = visible.filter(library__code__in=list(codes), scope__in=levels)
    whole = seen.filter(control_numbers=[]).order_by()
    rows = whole.values_list("library__code", "scope", "project", "version").annotate(
        latest=Max("pk"), accepted=Max("pk", filter=Q(state="accepted")), last=Max("accepted_at")
    )
    found: dict[tuple[str, Key], Runs] = {}
    for code, scope, project, version, latest, accepted, accepted_at in rows:
        key = (version if scope == Level.VERSION else project) or 0
        found[code, (Level(scope), key)] = Runs(latest, accepted, accepted_at)
    return found


def _asked(libraries: Iterable[Library]) -> set[str]:
    rules = [library.applies for library in libraries if library.applies]
    return {condition["fact"] for rule in rules for condition in rule.get("when", [])}


def facts_of(version: ModelVersion, told: Facts) -> Facts:
    """Return what its record and its dossier say; an empty list in the record means that nobody said it yet."""
    compute = version.training_compute_flop
    return {
        Fact.MARKETS: version.markets or None,
        Fact.CHANNEL: version.channel or None,
        Fact.MODALITY: version.modalities or None,
        Fact.COMPUTE: None if compute is None else Decimal(compute),
        **told,
    }
