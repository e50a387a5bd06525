"""Forms of procedures: that a request is exempt, and a doubt that sends it to a stricter one."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reviews.rules.exemption import ExemptionGround
from reviews.selectors.procedure_words import GROUNDS, PROCEDURE_NAMES

LONGEST = 20_000


class ExemptForm(forms.Form):
    """What has to be true of an exempt request, each confirmed by who determines it, and why."""

    grounds = forms.MultipleChoiceField(
        label=_("What you looked at and found to be so"),
        help_text=_(
            "All of it. If one isn't so, or you are not sure, send the request to another procedure."
        ),
        choices=[(ground.value, GROUNDS[ground]) for ground in ExemptionGround],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Why it is exempt"),
        help_text=_("The reason of the decision; it stands in the record. Markdown."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"class": "doc"}),
    )


class DoubtForm(forms.Form):
    """To which stricter procedure the request goes, and what the doubt is."""

    procedure = forms.ChoiceField(label=_("Procedure from now on"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What the doubt is"),
        help_text=_("The boards go on from it, and it is kept with the request."),
        max_length=LONGEST,
        widget=forms.Textarea,
    )

    def __init__(self, data: QueryDict | None = None, *, procedures: Iterable[str]) -> None:
        codes = list(procedures)
        super().__init__(data, initial={"procedure": codes[0]} if len(codes) == 1 else {})
        if not codes:
            del self.fields["procedure"]
            return
        field = self.fields["procedure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, PROCEDURE_NAMES[code]) for code in codes]
