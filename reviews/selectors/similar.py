"""Requests like one: those that ask for the same again, and precedents with what was decided on them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from imprimatur.dossier.questionnaire import codes
from registry.vocabulary import Channel, Modality
from reviews.models import Decision, ReviewRequest, Revision
from reviews.permissions.sight import decisions_kept_from, visible_to
from reviews.rules.likeness import Comparison, Likeness, Profile, compare
from reviews.rules.search_words import words_of
from reviews.selectors.revisions import content_of
from reviews.selectors.search_match import alike
from reviews.selectors.words import OUTCOMES, REQUEST_STATES, TIERS, Badge

PERSONAL_DATA = "personal_data"
"""The question whose answer says how much is at risk in the data."""
CANDIDATES = 150
READ = 20
"""So many candidates are looked at by their words, and so many of these by what they say about data."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A request like another one. `reasons` are sentences; `decision` is "" where the reader may not read it."""

    request: ReviewRequest
    is_duplicate: bool
    reasons: tuple[str, ...]
    badge: Badge
    decision: Badge | None
    decided_at: datetime | None


def similar_requests(
    request: ReviewRequest, *, reader: User, most: int = 5, now: datetime | None = None
) -> list[Similar]:
    """Return the requests most like this one that the reader may see: first what asks the same, then precedents.

    A precedent was decided, and its decision is open to the reader. At most ten queries.
    """
    now = now or timezone.now()
    others = _candidates(request, reader, now)
    manifests = {other.pk: _manifest(other) for other in [request, *others]}
    own = _profile(request, manifests[request.pk])
    first = {other: compare(own, _profile(other, manifests[other.pk])) for other in others}
    near = sorted(first, key=lambda other: first[other].score, reverse=True)[:READ]
    data = _data_of([request, *near])
    compared = {
        other: compare(
            _profile(request, manifests[request.pk], data.get(request.pk, frozenset())),
            _profile(other, manifests[other.pk], data.get(other.pk, frozenset())),
        )
        for other in near
    }
    found = [
        (other, said) for other, said in compared.items() if said.is_duplicate or _is_precedent(other, said)
    ]
    found.sort(key=lambda pair: (pair[1].is_duplicate, pair[1].score, pair[0].created_at), reverse=True)
    return [_similar(request, other, said) for other, said in found[:most]]


def _candidates(request: ReviewRequest, reader: User, now: datetime) -> list[ReviewRequest]:
    """Return the requests of the same model or files, and those with the same words, that the reader may see."""
    purpose = words_of(request.purpose)
    same = Q(version__model=request.version.model_id)
    if request.version.manifest is not None:
        same |= Q(version__manifest__sha256=request.version.manifest.sha256)
    rows = visible_to(reader, now).exclude(pk=request.pk)
    keys = set(rows.filter(same).order_by("-created_at").values_list("pk", flat=True)[:CANDIDATES])
    keys |= set(alike(purpose, CANDIDATES))
    decisions = Decision.objects.order_by("-number")
    kept = decisions_kept_from(reader)
    if kept is not None:
        decisions = decisions.exclude(request__in=kept)
    return list(
        rows.filter(pk__in=keys)
        .select_related("version__model", "version__manifest")
        .defer("version__manifest__text")
        .prefetch_related(Prefetch("decisions", decisions, to_attr="readable"))
    )


def _manifest(request: ReviewRequest) -> str:
    manifest = request.version.manifest
    return manifest.sha256 if manifest is not None else ""


def _profile(request: ReviewRequest, manifest: str, data: frozenset[str] = frozenset()) -> Profile:
    version = request.version
    return Profile(
        version=version.pk, model=version.model_id, manifest=manifest, channel=version.channel,
        modalities=frozenset(version.modalities), tier=request.tier, words=frozenset(words_of(request.purpose)),
        data=data,
    )  # fmt: skip


def _data_of(requests: Sequence[ReviewRequest]) -> dict[int, frozenset[str]]:
    """Return the codes of what was answered on personal data in the last revision of each; one query."""
    newer = Revision.objects.filter(request=OuterRef("request"), number__gt=OuterRef("number"))
    last = Revision.objects.filter(~Exists(newer), request__in=[request.pk for request in requests])
    return {revision.request_id: frozenset(_chosen(revision)) for revision in last}


def _chosen(revision: Revision) -> Iterator[str]:
    for answer in content_of(revision).get("answers", ()):
        if answer["question"] == PERSONAL_DATA and answer["value"]:
            yield from codes(answer["value"])


def _is_precedent(other: ReviewRequest, said: Comparison) -> bool:
    return said.is_precedent and bool(_readable(other))


def _readable(request: ReviewRequest) -> list[Decision]:
    decisions: list[Decision] = getattr(request, "readable", [])
    return decisions


def _similar(request: ReviewRequest, other: ReviewRequest, said: Comparison) -> Similar:
    decision = next(iter(_readable(other)), None)
    return Similar(
        request=other,
        is_duplicate=said.is_duplicate,
        reasons=tuple(_in_words(request, other, one) for one in said.alike),
        badge=REQUEST_STATES[other.state],
        decision=OUTCOMES[decision.outcome] if decision else None,
        decided_at=decision.decided_at if decision else None,
    )


def _in_words(request: ReviewRequest, other: ReviewRequest, one: Likeness) -> str:
    version = other.version
    match one:
        case Likeness.FILES:
            return _("The manifests have the same digest: it is about the same files.")
        case Likeness.VERSION:
            return _("It is about the same version.")
        case Likeness.PURPOSE:
            return _("It asks for nearly the same in the same words.")
        case Likeness.MODEL:
            return _("The same model, version {number}.").format(number=version.number)
        case Likeness.WORDS:
            return _("Words in common: {words}.").format(words=_listed(_common(request, other)))
        case Likeness.CHANNEL:
            return _("The same channel: {channel}.").format(channel=Channel(version.channel).label)
        case Likeness.KIND:
            kinds = [
                kind.label
                for kind in Modality
                if kind in version.modalities and kind in request.version.modalities
            ]
            return _("The same kind of model: {kinds}.").format(kinds=_listed(kinds))
        case Likeness.RISK:
            return _("The same risk: {risk}.").format(risk=TIERS[other.tier or 1])
        case Likeness.DATA:
            return _("The same answer on personal data.")


def _common(request: ReviewRequest, other: ReviewRequest) -> list[str]:
    """Return the longest words that both purposes have, as they stand in this one; pairs of characters as they are."""
    theirs = set(words_of(other.purpose))
    words = [word for word in words_of(request.purpose) if word in theirs and len(word) > 1]
    return sorted(words, key=len, reverse=True)[:4]


def _listed(words: Collection[object]) -> str:
    return pgettext("between members of a list", ", ").join(str(word) for word in words)
