"""What a check is about and how it is called: shared by schedules and by assessments that somebody opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import Refused
from compliance.models import Library
from compliance.models.boards import board_names
from compliance.models.schedule import Scope
from compliance.selectors.libraries import controls_of, newest_libraries
from registry.permissions import project_to_view, version_to_view


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Which controls are checked, about what, under which name. Nothing given: all controls, of the organisation.

    At most one of `project_id`, `version_id` and `board_id`. Titles left empty are those of the control or library.
    """

    library_code: str
    control_numbers: Sequence[str] = ()
    title_en: str = ""
    title_zh: str = ""
    project_id: int | None = None
    version_id: int | None = None
    board_id: int | None = None


def library_for(checked: Checked) -> Library:
    """Return the newest version of the library; raises Refused when there is none or it lacks a control."""
    library = newest_libraries([checked.library_code]).get(checked.library_code)
    if library is None:
        raise Refused(_("There is no checklist with this code. The libraries page lists them."))
    known = set(library.controls.values_list("number", flat=True))
    if unknown := [number for number in checked.control_numbers if number not in known]:
        raise Refused(_("This library has no control {numbers}.").format(numbers=", ".join(unknown)))
    return library


def fields_of(checked: Checked, library: Library, actor: User, now: datetime) -> dict[str, object]:
    """Return the fields of `About`; raises Http404 for a project or version that the person doesn't see."""
    title_en, title_zh = _titles(checked, library)
    numbers = sorted(set(checked.control_numbers))
    return {
        "title_en": title_en,
        "title_zh": title_zh,
        "control_numbers": numbers,
        **_subject(checked, actor, now),
    }


def _titles(checked: Checked, library: Library) -> tuple[str, str]:
    english, chinese = checked.title_en.strip(), checked.title_zh.strip()
    if english or chinese:
        return english or chinese, chinese or english
    if len(set(checked.control_numbers)) == 1:
        control = controls_of(library, checked.control_numbers)[0]
        return control.title_en, control.title_zh
    return library.name_en, library.name_zh


def _subject(checked: Checked, actor: User, now: datetime) -> dict[str, object]:
    named = [x for x in (checked.project_id, checked.version_id, checked.board_id) if x is not None]
    if len(named) > 1:
        raise Refused(_("A check is about one thing: a project, a version or a board."))
    nothing: dict[str, object] = {"board": None, "project_id": None, "version_id": None}
    if checked.version_id is not None:
        version = version_to_view(actor, checked.version_id, now)
        return nothing | {
            "scope": Scope.VERSION,
            "version_id": version.pk,
            "project_id": version.model.project_id,
        }
    if checked.project_id is not None:
        project = project_to_view(actor, checked.project_id, now)
        return nothing | {"scope": Scope.PROJECT, "project_id": project.pk}
    if checked.board_id is not None:
        if checked.board_id not in board_names():
            raise Refused(_("There is no such board."))
        return nothing | {"scope": Scope.BOARD, "board": checked.board_id}
    return nothing | {"scope": Scope.ORGANISATION}
