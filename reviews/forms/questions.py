"""Forms of the questions: a topic, a question, a file with all of them, publishing, why a version is used."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imprimatur.cards.stated import CardFault
from imprimatur.dossier.questionnaire_source import plain, read_source, to_yaml
from registry.card_words import doubt_in_words
from reviews.rules.questionnaire_lines import (
    WrongLine,
    condition_lines,
    conditions_of,
    option_lines,
    options_of,
    place_lines,
    places_of,
)
from reviews.selectors.questionnaire_words import TYPES

Said = TypeVar("Said")
TWO = ("text", "help", "example", "unit")
KEY = r"^[a-z][a-z0-9_]{0,39}$"
KEY_HELP = _("Small letters, digits and _. Answers belong to it: another key is another question.")


def _lines(label: Any, help_text: Any = "", rows: int = 3) -> forms.CharField:  # noqa: ANN401  (lazy texts)
    widget = forms.Textarea(attrs={"rows": rows, "class": "code", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, widget=widget, required=False, max_length=40_000)


def _words(label: Any, required: bool = False, rows: int = 2) -> forms.CharField:  # noqa: ANN401  (lazy texts)
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), required=required, max_length=4_000
    )


class TopicForm(forms.Form):
    """A topic without its questions."""

    key = forms.RegexField(label=_("Key"), regex=KEY, help_text=_("Small letters, digits and _."))
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200)

    @staticmethod
    def initial_of(topic: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form begins with."""
        title = _mapping(topic.get("title"))
        return {"key": topic.get("key", ""), "title_en": title.get("en", ""), "title_zh": title.get("zh", "")}

    def content(self) -> dict[str, Any]:
        """Return the topic as data of a file."""
        given = self.cleaned_data
        return {"key": given["key"], "title": {"en": given["title_en"], "zh": given["title_zh"]}}


class QuestionForm(forms.Form):
    """One question with everything that can be said of it."""

    key = forms.RegexField(label=_("Key"), regex=KEY, help_text=KEY_HELP)
    type = forms.ChoiceField(
        label=_("Kind of answer"), choices=[(kind.value, word) for kind, word in TYPES.items()]
    )
    required = forms.BooleanField(label=_("It has to be answered"), required=False)
    takes_files = forms.BooleanField(label=_("Files may be attached"), required=False)
    afresh = forms.BooleanField(
        label=_("It is answered afresh each time, not from the last dossier"), required=False
    )
    text_en = _words(_("Question in English"), required=True)
    text_zh = _words(_("Question in Chinese"), required=True)
    help_en = _words(_("Help in English"))
    help_zh = _words(_("Help in Chinese"))
    example_en = _words(_("Example in English"))
    example_zh = _words(_("Example in Chinese"))
    options = _lines(
        _("Options"),
        _("One on each line: code | English | Chinese. At the end | alone, if it excludes all others."),
        6,
    )
    columns = _lines(_("Columns"), _("Of rows only, as in the file: a list of columns in YAML."), 6)
    unit_en = forms.CharField(label=_("Unit in English"), required=False, max_length=40)
    unit_zh = forms.CharField(label=_("Unit in Chinese"), required=False, max_length=40)
    minimum = forms.CharField(label=_("At least"), required=False, max_length=20)
    maximum = forms.CharField(label=_("At most"), required=False, max_length=20)
    places = forms.IntegerField(label=_("Digits after the point"), required=False, min_value=0, max_value=12)
    when = _lines(
        _("Asked only when"),
        _(
            "All lines must hold, each as “key of an earlier question: code, code” or “fact channel: code, code”."
        ),
    )
    found = _lines(_("Where files state it"), _("For example: model_card: license, license_name"), 2)

    @staticmethod
    def initial_of(question: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form begins with."""
        simple = ("key", "type", "required", "afresh", "minimum", "maximum", "places")
        initial = {name: question[name] for name in simple if name in question}
        for name in TWO:
            for language in ("en", "zh"):
                initial[f"{name}_{language}"] = _mapping(question.get(name)).get(language, "")
        columns = question.get("columns")
        return initial | {
            "takes_files": question.get("files") is True,
            "options": option_lines(question.get("options") or []),
            "when": condition_lines(question.get("when") or []),
            "found": place_lines(question.get("from") or {}),
            "columns": to_yaml({"columns": columns}) if columns else "",
        }

    def clean_options(self) -> list[dict[str, Any]]:
        """Read the lines."""
        return self._read("options", options_of)

    def clean_when(self) -> list[dict[str, Any]]:
        """Read the lines."""
        return self._read("when", conditions_of)

    def clean_found(self) -> dict[str, list[str]]:
        """Read the lines."""
        return self._read("found", places_of)

    def clean_columns(self) -> list[Any]:
        """Read the YAML."""
        text = self.cleaned_data["columns"]
        if not text.strip():
            return []
        if not text.lstrip().startswith("columns:"):
            text = f"columns:\n{text}"
        try:
            columns: list[Any] = plain(read_source(text.encode())).get("columns") or []
        except CardFault as fault:
            raise forms.ValidationError(doubt_in_words(fault.doubt)) from None
        return columns

    def _read(self, name: str, read: Callable[[str], Said]) -> Said:
        try:
            return read(self.cleaned_data[name])
        except WrongLine as wrong:
            message = gettext("Line {line} isn't written as described here.").format(line=wrong.number)
            raise forms.ValidationError(message) from None

    def content(self) -> dict[str, Any]:
        """Return the question as data of a file; what isn't said is left out."""
        given = self.cleaned_data
        content = {
            name: given[name] for name in ("key", "type", "required", "afresh", "options", "columns", "when")
        }
        content |= {"from": given["found"], "files": given["takes_files"]}
        for name in TWO:
            both = {language: given[f"{name}_{language}"].strip() for language in ("en", "zh")}
            if any(both.values()):
                content[name] = {language: text.replace("\r\n", "\n") for language, text in both.items()}
        for name in ("minimum", "maximum", "places"):
            if given[name] not in (None, ""):
                content[name] = str(given[name])
        found: dict[str, Any] = plain(content)
        return found


class SourceForm(forms.Form):
    """All questions as a file."""

    file = forms.FileField(label=_("YAML file with all questions"))


class PublishForm(forms.Form):
    """Publishing a draft."""

    why = forms.CharField(
        label=_("What changed, and why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    take_for_use = forms.BooleanField(
        label=_("New requests are asked these questions from now on"), required=False, initial=True
    )


class MarkForm(forms.Form):
    """Why a version is taken for use, or retired."""

    why = forms.CharField(label=_("Why"), max_length=2000)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
