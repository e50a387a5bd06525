"""Libraries with their newest versions."""

from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from compliance.models import Assessment, Control, Library


def newest() -> QuerySet[Library]:
    """Return the newest version of every library, by code."""
    last = Library.objects.filter(code=OuterRef("code")).order_by("-version").values("pk")[:1]
    return Library.objects.filter(pk=Subquery(last)).order_by("code")


def newest_libraries(codes: Iterable[str] | None = None) -> dict[str, Library]:
    """Return the newest versions by code; `codes` None for all."""
    found = newest() if codes is None else newest().filter(code__in=set(codes))
    return {library.code: library for library in found}


def versions_of(code: str) -> list[Library]:
    """Return all versions of a library, the newest first; raises Http404 when there is no such library."""
    versions = list(Library.objects.filter(code=code).order_by("-version"))
    if not versions:
        raise Http404
    return versions


def version_asked(versions: Sequence[Library], asked: str, otherwise: Library) -> Library:
    """Return the version with this number, `otherwise` when none is asked for; raises Http404 for an unknown one."""
    found = next((row for row in versions if str(row.version) == asked), None) if asked else otherwise
    if found is None:
        raise Http404
    return found


def controls_of(library: Library, numbers: Iterable[str]) -> list[Control]:
    """Return the controls with these numbers, all for none given, in order."""
    wanted = set(numbers)
    return [control for control in library.controls.all() if not wanted or control.number in wanted]


def control_of(assessment: Assessment, number: str) -> Control:
    """Return the control of the assessment with this number, or raise Http404."""
    if assessment.control_numbers and number not in assessment.control_numbers:
        raise Http404
    control = Control.objects.filter(library_id=assessment.library_id, number=number).first()
    if control is None:
        raise Http404
    return control
