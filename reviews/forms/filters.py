"""The filters of the list of requests; they live in the address."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.selectors import Cursor
from registry.models import Project
from reviews.models import Board
from reviews.permissions.windows import Asked
from reviews.rules.lifecycle import RequestState
from reviews.selectors.requests import GROUPS
from reviews.selectors.words import REQUEST_STATES, TIERS


class RequestFilter(forms.Form):
    """What of the list is asked for; what can't be understood is left out."""

    q = forms.CharField(
        label=_("Find"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("model, number, person"), "data-find": ""}),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), required=False)
    board = forms.ChoiceField(label=_("Board"), required=False)
    tier = forms.ChoiceField(label=_("Risk"), required=False)
    project = forms.ChoiceField(label=_("Project"), required=False)
    mine = forms.BooleanField(label=_("Mine"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any, boards: Iterable[Board], projects: Iterable[Project]) -> None:  # noqa: ANN401
        super().__init__(data)
        self._choose("state", _("Any state"), [
            ("open", pgettext_lazy("requests", "Open")),
            ("waiting", _("Submitted or in triage")),
            ("decided", pgettext_lazy("requests", "Decided")),
            *((state.value, REQUEST_STATES[state].label) for state in RequestState),
        ])  # fmt: skip
        self._choose("board", _("Any board"), [(str(board.pk), board.name) for board in boards])
        self._choose("tier", _("Any risk"), [(str(tier), word) for tier, word in TIERS.items()])
        self._choose("project", _("Any project"), [(str(project.pk), project.name) for project in projects])

    def _choose(self, name: str, anything: object, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", anything), *choices]

    @property
    def said(self) -> dict[str, Any]:
        """Return what was understood, without what is empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}

    def asked(self, person_id: int) -> Asked:
        """Return the filter for the person who looks."""
        said = self.said
        state = said.get("state", "")
        return Asked(
            states=GROUPS.get(state, (state,) if state else ()),
            tier=int(said["tier"]) if "tier" in said else None,
            project=int(said["project"]) if "project" in said else None,
            board=int(said["board"]) if "board" in said else None,
            version=said.get("version"),
            requester=person_id if said.get("mine") else None,
            before=Cursor.parse(self.data.get("before", "")),
            after=Cursor.parse(self.data.get("after", "")),
        )

    def tags(self) -> list[tuple[str, str]]:
        """Return the filters that are set in words, each with the address of the list without it."""
        return [(self._in_words(name, value), self._without(name)) for name, value in self.said.items()]

    def _without(self, name: str) -> str:
        """Return the address without this filter, at the first page."""
        rest = {key: str(value) for key, value in self.said.items() if key != name}
        return "?" + urlencode(rest)

    def _in_words(self, name: str, value: object) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices)[str(value)]  # type: ignore[arg-type]  # pairs, no groups
        label = str(field.label or _("Version")).lower()
        return label if value is True else f"{label}: {value}"
