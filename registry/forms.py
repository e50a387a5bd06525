"""Forms of the registry."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.files import File
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from imprimatur.cards.authors import people_in
from imprimatur.dossier.facts import StatedFact
from imprimatur.manifest import ManifestInvalid, parse
from registry.card_authors import StatedAuthor
from registry.card_words import place_in_words
from registry.services import VersionFacts
from registry.vocabulary import Channel, Market, Modality, Relation
from registry.words import invalid_in_words

LARGEST_MANIFEST = 256 * 1024**2


class ProjectForm(forms.Form):
    """A new project."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
    description = forms.CharField(label=_("What it is about"), widget=forms.Textarea, required=False)


class ShareForm(forms.Form):
    """Letting somebody into a project."""

    email = forms.EmailField(label=_("E-mail address of the person"))
    may_contribute = forms.ChoiceField(
        label=_("What they may do"), widget=forms.RadioSelect, initial="view",
        choices=[("view", _("See the project and its submitted requests")),
                 ("contribute", _("Also register versions and draft requests"))],
    )  # fmt: skip


class ModelForm(forms.Form):
    """A new model."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=120,
        help_text=_("Without the number of a version."),
    )
    description = forms.CharField(label=_("What it does"), widget=forms.Textarea, required=False)


class BigNumber(forms.CharField):
    """A whole number that may be written with blanks, commas or an exponent: 7e9 is 7,000,000,000."""

    def __init__(self, *, largest: Decimal, label: StrOrPromise, help_text: StrOrPromise) -> None:
        super().__init__(max_length=60, required=False, label=label, help_text=help_text)
        self.largest = largest

    def clean(self, value: object) -> Decimal | None:
        """Return the number, None for nothing."""
        text = str(super().clean(value)).replace(" ", "").replace(",", "")
        if not text:
            return None
        try:
            number = Decimal(text) if text.isascii() else Decimal("nan")
        except InvalidOperation:
            number = Decimal("nan")
        if not (number.is_finite() and number >= 0 and number.adjusted() < 60):
            raise forms.ValidationError(_("Write a number, for example 7000000000 or 7e9."))
        if number > self.largest or number != number.to_integral_value():
            raise forms.ValidationError(_("Write a whole number, and one that is not too large."))
        return Decimal(int(number))


class VersionForm(forms.Form):
    """The facts of a new version."""

    number = forms.CharField(label=_("Number of the version"), max_length=40, help_text=_("For example 2.1."))
    summary = forms.CharField(
        label=_("What it is for, in a few words"), max_length=200, required=False,
    )  # fmt: skip
    modalities = forms.MultipleChoiceField(
        label=_("Modalities"), choices=Modality, widget=forms.CheckboxSelectMultiple
    )
    relation = forms.ChoiceField(label=_("How it was made"), choices=Relation)
    base_model = forms.CharField(
        label=_("Base model"), max_length=200, required=False,
        help_text=_("Name and version, when it was not trained from the start."),
    )  # fmt: skip
    parameters = BigNumber(
        label=_("Parameters"), largest=Decimal("1e17"), help_text=_("A count; 7e9 is understood.")
    )
    training_compute_flop = BigNumber(
        label=_("Training compute in FLOP"), largest=Decimal("1e39"),
        help_text=_("Total floating-point operations, base model included; 4.2e24 is understood."),
    )  # fmt: skip
    licence = forms.CharField(label=_("Licence"), max_length=120, required=False)
    channel = forms.ChoiceField(label=_("How it reaches people"), choices=Channel, widget=forms.RadioSelect)
    markets = forms.MultipleChoiceField(
        label=_("Where it is offered"), choices=Market, widget=forms.CheckboxSelectMultiple, required=False
    )
    card_authors = forms.CharField(
        label=_("Authors of the model's card"), max_length=20_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, with the e-mail address if it is known. Who wrote the card doesn't judge it."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for the base model where there is one."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("relation") not in {None, Relation.NONE} and not given.get("base_model"):
            self.add_error("base_model", _("Name the base model, or say that it was trained from the start."))
        return given

    def tell_where(self, facts: Sequence[StatedFact]) -> None:
        """Say under each field that was filled in where it is stated."""
        for fact in facts:
            self.fields[fact.field].help_text = _("Stated in {file}, {place}. Check it.").format(
                file=fact.file, place=place_in_words(fact.stated.place)
            )
        filled = {fact.field for fact in facts}
        if "base_model" in filled and "relation" not in filled:
            self.fields["relation"].help_text = _(
                "A base model is stated, but not how this version was made from it."
            )

    def facts(self) -> VersionFacts:
        """Return the facts of a valid form."""
        given = dict(self.cleaned_data)
        parameters = given.pop("parameters")
        given["card_authors"] = [
            StatedAuthor(name, email, gettext("named when the version was registered"))
            for name, email in people_in(given["card_authors"])
        ]
        return VersionFacts(parameters=None if parameters is None else int(parameters), **given)


class StatedFactsForm(forms.Form):
    """Files that may state facts of the version."""

    card = forms.FileField(label=_("Model card (.md)"), required=False, allow_empty_file=True)
    weights = forms.FileField(
        label=_("Safetensors file or index"), required=False, allow_empty_file=True,
        help_text=_("Only its header is sent, so that the weights stay where they are."),
    )  # fmt: skip


class ManifestForm(forms.Form):
    """A manifest pasted or uploaded; wrong lines are errors of the field that they came from."""

    text = forms.CharField(
        label=_("Text of sha256sum"), widget=forms.Textarea(attrs={"class": "code", "spellcheck": "false"}),
        required=False, strip=False,
        help_text=_("One line for each file. Paste it here, or upload it as a file; long ones as a file only."),
    )  # fmt: skip
    file = forms.FileField(label=_("The same as a file"), required=False, allow_empty_file=True)
    total_size = forms.IntegerField(
        label=_("Size of all files in bytes"), required=False,
        validators=[MinValueValidator(0), MaxValueValidator(2**53 - 1)],
        help_text=_("sha256sum doesn't say it; du -sb does."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read what was given line by line."""
        given: dict[str, Any] = super().clean() or {}
        upload, pasted = given.get("file"), given.get("text") or ""
        if bool(upload) == bool(pasted.strip()):
            raise forms.ValidationError(_("Paste the text or choose a file, one of both."))
        field = "file" if upload else "text"
        content = _content(upload) if upload else pasted.replace("\r\n", "\n").strip("\n").encode()
        if content is None:
            self.add_error("file", _("Manifests are smaller than 256 MB. This file can't be one."))
            return given
        try:
            parse(content)
        except ManifestInvalid as fault:
            self.add_error(field, invalid_in_words(fault))
        given["content"] = content
        return given


def _content(upload: "File[bytes]") -> bytes | None:
    return None if (upload.size or 0) > LARGEST_MANIFEST else upload.read()
