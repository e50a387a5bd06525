"""Forms of triage: what is missing in a dossier, and the route of a request."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from imprimatur.dossier.questionnaire import Question
from reviews.models import Board
from reviews.rules.panels import BoardPurpose
from reviews.rules.provisional import NoGround, why_not_ground
from reviews.rules.triage import Procedure
from reviews.rules.triage_rules import TIERS
from reviews.selectors import words
from reviews.selectors.panel_words import GROUNDS

_GROUNDS = [(code, capfirst(word)) for code, word in GROUNDS.items()]


class ReturnForm(forms.Form):
    """All gaps in one notice."""

    questions = forms.MultipleChoiceField(
        label=_("Answers that it is about"), widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label=_("What is missing"), widget=forms.Textarea, max_length=10000,
        help_text=_("Name everything at once: the requester gets one notice and the dossier back."),
    )  # fmt: skip

    def __init__(self, questions: Sequence[Question], language: str, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # as Django's form takes them
        field = self.fields["questions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(q.key, f"{q.number} {q.text.in_language(language)}") for q in questions]


class NamedBoards(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Boards by their name in the language of the page."""

    def label_from_instance(self, board: Board) -> str:
        """Return the name."""
        return board.name


class NamedBoard(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A board by its name in the language of the page."""

    def label_from_instance(self, board: Board) -> str:
        """Return the name."""
        return board.name


class RouteForm(forms.Form):
    """Tier, procedure, boards and the leading one; a departure from the proposal needs a reason."""

    tier = forms.TypedChoiceField(label=_("Risk"), coerce=int, widget=forms.RadioSelect)
    procedure = forms.ChoiceField(label=_("Procedure"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=_("Ground of the emergency"),
        widget=forms.RadioSelect,
        required=False,
        choices=[("", pgettext_lazy("ground of an emergency", "none")), *_GROUNDS],
        help_text=_(
            "For the emergency procedure alone: its approval is provisional, and a full review follows."
        ),
    )
    boards = NamedBoards(
        label=_("Boards"), queryset=Board.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    leading = NamedBoard(
        label=_("Leading board"),
        queryset=Board.objects.none(),
        help_text=_("Its chair signs after legal staff."),
    )
    override_reason = forms.CharField(
        label=_("Why another route than the rules propose"), widget=forms.Textarea, required=False, max_length=5000,
        help_text=_("Only where tier, procedure or kinds of boards differ from the proposal."),
    )  # fmt: skip

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # as Django's form takes them
        tier, procedure = self.fields["tier"], self.fields["procedure"]
        assert isinstance(tier, forms.ChoiceField)
        assert isinstance(procedure, forms.ChoiceField)
        tier.choices = [(number, str(words.TIERS[number])) for number in TIERS]
        procedure.choices = [(code.value, capfirst(str(words.PROCEDURES[code]))) for code in Procedure]
        open_boards = Board.objects.filter(closed_at__isnull=True, purpose=BoardPurpose.STANDING)
        for name in ("boards", "leading"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = open_boards

    def clean(self) -> dict[str, Any]:
        """Ask for a leading board that is among the boards."""
        given: dict[str, Any] = super().clean() or {}
        found = why_not_ground(given.get("procedure", ""), given.get("ground", ""))
        if found == NoGround.MISSING:
            self.add_error("ground", gettext("Say whether active harm or a critical fix calls for it."))
        elif found is not None:
            self.add_error("ground", gettext("Only the emergency procedure has such a ground."))
        if "boards" in given and given.get("leading") and given["leading"] not in given["boards"]:
            self.add_error("leading", gettext("The leading board is one of the boards."))
        return given
