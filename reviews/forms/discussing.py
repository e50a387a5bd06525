"""What one writes beside the dossier: a comment, a finding, a question, a note or a reply."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

LONGEST = 20_000
LONGEST_QUOTE = 2_000

GROUPS: tuple[tuple[StrOrPromise, dict[str, StrOrPromise]], ...] = (
    (
        _("Everyone who reads the request sees it"),
        {
            "everyone": _("A comment"),
            "question": _("A question to the requester: the clock stands until the answer"),
            "must_fix": _("A finding: this must be fixed"),
            "should_fix": _("A finding: this should be fixed"),
            "note": _("A finding to note"),
        },
    ),
    (_("The boards alone see it"), {"board": _("A comment among the boards")}),
    (_("Legal staff alone see it"), {"privileged": _("A note, privileged and confidential")}),
    (_("You alone see it"), {"private": _("A private note, which you can erase")}),
)


class DiscussForm(forms.Form):
    """A comment, a finding or a question beside an answer, a note, or a reply to one of them."""

    kind = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)
    quote = forms.CharField(
        label=_("The passage it is about"),
        help_text=_("Copy some words of the answer here, and they are marked in the text."),
        max_length=LONGEST_QUOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    nth = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=pgettext_lazy("what one writes", "Text"),
        help_text=_("Markdown. @ and a name tells somebody who may read it; nobody else can be named."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    about = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    answers = forms.IntegerField(required=False, widget=forms.HiddenInput)
    question = forms.IntegerField(required=False, widget=forms.HiddenInput)
    remark = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kinds: list[str],
        people: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.places: tuple[str, ...] = ()
        self.fields["text"].widget.attrs |= {
            "data-people": people,
            "data-names": _("People who may read this"),
        }
        groups = [(legend, [(k, v) for k, v in named.items() if k in kinds]) for legend, named in GROUPS]
        self.groups = [(legend, choices) for legend, choices in groups if choices]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *(one for _legend, choices in self.groups for one in choices),
            ("reply", _("A reply")),
        ]

    @property
    def is_reply(self) -> bool:
        """Say whether it replies to a comment, a question or a note."""
        return any(self[name].value() for name in ("answers", "question", "remark"))

    def refuse_passage(self, sentence: str, places: tuple[str, ...]) -> None:
        """Say at the passage what is unclear; `places` are those to choose from, each with what stands around it."""
        self.add_error("quote", sentence)
        self.places = places
