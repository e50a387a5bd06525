"""What the newest submitted dossier of each version says, for the rules of compliance; each fact names its source."""

import json
from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from compliance.gates import Fact, Facts, Known
from reviews.models import Revision
from reviews.rules.dossier_facts import Said, facts_said

MOST = 5000
PARTS: dict[str, StrOrPromise] = {
    Fact.DATA: gettext_lazy("data about people"),
    Fact.SOURCES: gettext_lazy("data sets"),
    Fact.PEOPLE: gettext_lazy("people affected"),
    Fact.MODALITY: gettext_lazy("facts of the version"),
}
_read: dict[str, Mapping[str, Said]] = {}
"""What was read of a revision, by its digest: the content of one never changes."""


def facts_of_versions(versions: Collection[int]) -> dict[int, Facts]:
    """Return the facts by version, of the revision that was submitted last; two queries at the most."""
    newer = Revision.objects.filter(
        request__version=OuterRef("request__version"), pk__gt=OuterRef("pk")
    )  # revisions are only added, so the last one has the largest id
    rows = list(
        Revision.objects.filter(~Exists(newer), request__version__in=versions).values_list(
            "pk", "sha256", "number", "request__reference", "request__version"
        )
    )
    _read_new([(pk, sha256) for pk, sha256, *_rest in rows])
    return {
        version: _known(_read[sha256], reference, number) for _pk, sha256, number, reference, version in rows
    }


def _read_new(revisions: Collection[tuple[int, str]]) -> None:
    missing = [pk for pk, sha256 in revisions if sha256 not in _read]
    if len(_read) + len(missing) > MOST:
        _read.clear()
        missing = [pk for pk, _sha256 in revisions]
    if not missing:
        return
    for sha256, content in Revision.objects.filter(pk__in=missing).values_list("sha256", "content"):
        _read[sha256] = _said(bytes(content))


def _said(content: bytes) -> dict[str, Said]:
    data = json.loads(content)
    version = data.get("version", {})
    answers = {answer["question"]: answer["value"] for answer in data.get("answers", ())}
    found = facts_said(answers, version.get("channel", ""))
    if modalities := version.get("modalities"):
        found[Fact.MODALITY] = Said(tuple(modalities), ())
    return found


def _known(said: Mapping[str, Said], reference: str, number: int) -> Facts:
    sentence = _("dossier {reference}, revision {number}, {part}")
    return {
        fact: Known(
            list(each.codes),
            sentence.format(reference=reference, number=number, part=PARTS[fact]),
            each.unsaid,
        )
        for fact, each in said.items()
    }
