"""Any two revisions of a request beside each other: answers, files, facts of the version, its manifest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imprimatur import manifest as manifests
from registry.models import Manifest
from registry.vocabulary import Channel, Market, Modality, Relation
from reviews.models import ReviewRequest, Revision
from reviews.rules.difference import Difference, compare
from reviews.rules.triage import scientific
from reviews.rules.value_difference import compare_items
from reviews.selectors.answer_words import between_members
from reviews.selectors.revisions import content_of
from reviews.selectors.shown_answer import ShownAnswer
from reviews.selectors.shown_dossier import Fold, ShownDossier, shown_dossier

INLINE, SIDE = "inline", "side"
MOST_PATHS = 100
"""Files of a manifest that are named; more are counted."""
LARGEST_MANIFEST = 20_000_000
"""Bytes of two manifests that are compared while a page waits; larger ones are only told to differ."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the version, or the purpose, that changed."""

    label: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Paths:
    """Files of a manifest with one fate: how many, and the first of them."""

    count: int
    first: tuple[str, ...]

    @property
    def more(self) -> int:
        """Return how many are not named."""
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class ManifestChange:
    """The manifests differ: which files came, went and changed; `is_told` is False where they are too large."""

    before: str
    after: str
    added: Paths
    removed: Paths
    changed: Paths
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two revisions, the older one first; `numbers` are those of all revisions."""

    request: ReviewRequest
    before: Revision
    after: Revision
    numbers: tuple[int, ...]
    view: str
    dossier: ShownDossier
    facts: tuple[Fact, ...]
    manifest: ManifestChange | None
    added: int
    removed: int
    files: int

    @property
    def both(self) -> tuple[Revision, Revision]:
        """Return the two revisions, the older one first."""
        return self.before, self.after

    @property
    def side(self) -> bool:
        """Say whether they stand side by side."""
        return self.view == SIDE

    @property
    def is_same(self) -> bool:
        """Say whether nothing that anybody would judge changed."""
        return not self.dossier.changed and not self.facts and not self.manifest


def comparison(
    request: ReviewRequest, *, older: int | None, newer: int | None, since: int | None, view: str
) -> Comparison | None:
    """Compare two revisions by their numbers, in whichever order; None where there is only one revision.

    Left out, the newer is the last one, and the older the one before it, or `since` if that is older: the one which
    the reader looked at last. Raises Http404 for a number that no revision has.
    """
    numbers = tuple(
        Revision.objects.filter(request=request).order_by("number").values_list("number", flat=True)
    )
    if len(numbers) < 2:
        return None
    pair = sorted(_pair(numbers, older, newer, since))
    found = {
        revision.number: revision
        for revision in Revision.objects.filter(request=request, number__in=pair).select_related("frozen_by")
    }
    if len(found) < len(set(pair)):
        raise Http404
    before, after = found[pair[0]], found[pair[1]]
    before.request = after.request = request
    return compared(request, before, after, numbers, view)


def compared(
    request: ReviewRequest, before: Revision, after: Revision, numbers: tuple[int, ...], view: str
) -> Comparison:
    """Compare two revisions; `before` may be of another request, of which this one amends the approval."""
    dossier = shown_dossier(after, before, (), language=get_language() or "en", show="diff", gone=True)
    answers = list(changed_answers(dossier))
    return Comparison(
        request=request,
        before=before,
        after=after,
        numbers=numbers,
        view=view,
        dossier=dossier,
        facts=tuple(_facts(content_of(before), content_of(after))),
        manifest=_manifest(request, before, after),
        added=sum(answer.difference.added for answer in answers if answer.difference),
        removed=sum(answer.difference.removed for answer in answers if answer.difference),
        files=sum(1 for answer in answers for file in answer.files if file.change),
    )


def _pair(numbers: Sequence[int], older: int | None, newer: int | None, since: int | None) -> tuple[int, int]:
    """Return the two numbers that are asked for."""
    last = newer if newer is not None else numbers[-1]
    if older is not None:
        return older, last
    earlier = [number for number in numbers if number < last]
    if since in earlier and since is not None:
        return since, last
    return (earlier[-1] if earlier else last), last


def changed_answers(dossier: ShownDossier) -> Iterator[ShownAnswer]:
    """Yield the answers that changed, in the order of their questions."""
    for topic in dossier.topics:
        yield from (entry for entry in topic.entries if not isinstance(entry, Fold) and entry.changed)


def _facts(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Fact]:
    """Yield the purpose and the facts of the version that differ."""
    if before["purpose"] != after["purpose"]:
        yield Fact(_("What is asked"), compare(before["purpose"], after["purpose"]))
    for (label, old), (_label, new) in zip(_told(before), _told(after), strict=True):
        if old != new:
            yield Fact(label, compare_items(old, new, between_members()))


def _told(content: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield each fact with its words; those without choices have one item at most."""
    version = content["version"]
    flop, parameters = version["training_compute_flop"], version["parameters"]
    yield _("Number of the version"), [version["number"]]
    yield _("What it is for, in a few words"), _one(version["summary"])
    yield _("Modalities"), _labels(Modality.choices, version["modalities"])
    yield _("Base model"), _one(version["base_model"])
    yield _("How it was made"), _labels(Relation.choices, [version["relation"]])
    yield _("Parameters"), _one(f"{int(parameters):,}" if parameters else "")
    yield _("Training compute in FLOP"), _one(scientific(Decimal(flop)) if flop else "")
    yield _("Licence"), _one(version["licence"])
    yield _("How it reaches people"), _labels(Channel.choices, [version["channel"]])
    yield _("Where it is offered"), _labels(Market.choices, version["markets"])


def _one(text: str) -> list[str]:
    return [text] if text else []


def _labels(choices: Iterable[tuple[Any, Any]], codes: Iterable[str]) -> list[str]:
    known = dict(choices)
    return [str(known.get(code, code)) for code in codes]


def _manifest(request: ReviewRequest, before: Revision, after: Revision) -> ManifestChange | None:
    """Return what changed in the files of the model, None if nothing did."""
    pair = (before.manifest_sha256, after.manifest_sha256)
    if pair[0] == pair[1]:
        return None
    rows = Manifest.objects.filter(version=request.version_id, sha256__in=pair).order_by("id")
    texts = {row.sha256: bytes(row.text) for row in rows}
    if len(texts) < 2 or sum(map(len, texts.values())) > LARGEST_MANIFEST:
        return ManifestChange(*pair, Paths(0, ()), Paths(0, ()), Paths(0, ()), is_told=False)
    found = manifests.compare(manifests.parse(texts[pair[0]]), manifests.parse(texts[pair[1]]))
    return ManifestChange(*pair, _paths(found.added), _paths(found.removed), _paths(found.changed))


def _paths(found: Sequence[str]) -> Paths:
    return Paths(len(found), tuple(found[:MOST_PATHS]))
