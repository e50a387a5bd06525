"""The Chinese catalogue is whole and well set, and so are the texts that come in two languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from desk.management.commands import messages

HOUSE = Path(settings.BASE_DIR)
CATALOGUE = HOUSE / "locale/zh_Hans/LC_MESSAGES/django.po"
BILINGUAL = ["compliance/libraries", "imprimatur/dossier/questions", "desk/sample/content"]
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%%|\{\w*\}|</?\w+[^>]*>|<[\w.]+")
HAN = r"[\u3400-\u9fff]"
LATIN_MARKS = re.compile(
    rf"{HAN}[,;:!?()]|[,;:!?()]{HAN}"  # half-width beside a character
    rf"|{HAN}\.(?!\w)|(?<!\d)\.\s*{HAN}"  # a full stop, but not the dot of .csv, nor of a numbered step
    rf"|{HAN} {HAN}|\.\.\.|[\"']"
)


def _entries() -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_message_of_the_sources_has_its_chinese_and_no_chinese_is_left_over() -> None:
    call_command("messages", "--check")


def test_the_check_says_what_is_missing_and_what_is_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    without, left_over = polib.POEntry(msgid="No Chinese yet"), polib.pofile(str(CATALOGUE))[0].msgid
    found = polib.POFile()
    found.append(without)
    monkeypatch.setattr(messages, "_collected", lambda root: found)
    before = CATALOGUE.read_bytes()
    with pytest.raises(CommandError) as refused:
        call_command("messages", "--check")
    assert "1 messages have no Chinese" in str(refused.value)
    assert repr(left_over[:100]) in str(refused.value)
    assert CATALOGUE.read_bytes() == before


def test_a_translation_has_the_placeholders_and_the_markup_of_its_message() -> None:
    wrong = {
        entry.msgid: text
        for entry in _entries()
        for text in _texts(entry)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    }
    assert not wrong


def test_no_translation_is_empty() -> None:
    assert not [entry.msgid for entry in _entries() if not _texts(entry) or not all(_texts(entry))]


def test_chinese_is_set_with_its_own_marks_and_without_spaces() -> None:
    markup = re.compile(r"</?\w+[^>]*>")
    wrong = {
        entry.msgid: text
        for entry in _entries()
        for text in _texts(entry)
        if LATIN_MARKS.search(markup.sub("", text))
    }
    assert not wrong


@pytest.mark.parametrize("text", ["已提交,等待", "（是)", "结束.", "委员 会", "等等...", "“引'用", "说明:"])
def test_a_mark_of_another_script_is_found(text: str) -> None:
    assert LATIN_MARKS.search(text)


@pytest.mark.parametrize("text", ["扩展名为.csv、.txt", "1. 扫描", "投票%(number)s，截止于", "SHA-256 %(a)s"])
def test_a_name_of_a_file_and_a_numbered_step_are_left_alone(text: str) -> None:
    assert not LATIN_MARKS.search(text)


def test_messages_are_marked_by_names_that_the_catalogue_collects() -> None:
    alias = re.compile(r"\b(?:gettext|gettext_lazy) as (?!_\b)\w+|\b(?:n|p|np)gettext(?:_lazy)? as \w+")
    found = [
        f"{path.relative_to(HOUSE)}: {match.group()}"
        for path in HOUSE.rglob("*.py")
        if not {".venv", "build", "var"} & set(path.relative_to(HOUSE).parts) and path != Path(__file__)
        for match in alias.finditer(path.read_text())
    ]
    assert not found


def _halves(value: object, place: str) -> Iterator[str]:
    """Yield the places that have a text in one language only."""
    match value:
        case dict():
            if value.keys() & {"en", "zh"} and not (value.get("en") and value.get("zh")):
                yield place
            for key, item in value.items():
                yield from _halves(item, f"{place}.{key}")
        case list():
            for number, item in enumerate(value):
                yield from _halves(item, f"{place}[{number}]")


@pytest.mark.parametrize("folder", BILINGUAL)
def test_texts_that_come_in_two_languages_have_both(folder: str) -> None:
    files = sorted((HOUSE / folder).rglob("*.yaml"))
    assert files
    assert not [half for path in files for half in _halves(yaml.safe_load(path.read_text()), path.name)]
