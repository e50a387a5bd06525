"""Libraries as YAML: those that ship, and what is refused."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.refusal import Refused
from compliance.models import Control, Library
from compliance.services.libraries import FOLDER, load_libraries, load_library
from tests.compliance.conftest import NOW

SOUND = """
code: ours
name: {en: Ours, zh: 自有}
controls:
  - number: X01
    title: {en: A title, zh: 标题}
    text: {en: A text., zh: 内容}
    source: Ours
    confidence: P
"""


@pytest.mark.both_engines
def test_the_libraries_that_ship_are_there_after_a_migrate(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "COMPLIANCE_LIBRARIES_AT_MIGRATE", True)
    call_command("migrate", verbosity=0)
    found = {library.code: library for library in Library.objects.all()}
    assert set(found) == {path.stem for path in FOLDER.glob("*.yaml")}
    assert found["release-readiness"].controls.count() == 14
    assert found["nist-ai-rmf"].controls.count() == 72


@pytest.mark.both_engines
def test_loading_again_changes_nothing_and_leaves_no_event(db: None) -> None:
    load_libraries(now=NOW)
    before = Event.objects.filter(verb="library.loaded").count()
    assert not any(loaded.is_new for loaded in load_libraries(now=NOW))
    assert Library.objects.count() == before
    assert Event.objects.filter(verb="library.loaded").count() == before


def test_every_control_has_both_languages_a_source_and_a_mark(db: None) -> None:
    for control in Control.objects.all():
        assert all((control.title_en, control.title_zh, control.text_en, control.text_zh, control.source))
        assert bool(control.help_en) == bool(control.help_zh)
        assert control.confidence in {"V", "S", "M", "P"}
        assert bool(control.evidence_en) == bool(control.evidence_zh)


@pytest.mark.both_engines
def test_a_changed_file_is_a_new_version_and_the_old_one_stays(db: None) -> None:
    first = load_library(content=SOUND.encode(), now=NOW)
    second = load_library(content=SOUND.replace("A text.", "Another text.").encode(), now=NOW)
    assert (first.library.version, second.library.version) == (1, 2)
    assert first.library.controls.get().text_en == "A text."
    assert second.library.controls.get().text_en == "Another text."
    assert Event.objects.filter(verb="library.loaded", object_id=str(second.library.pk)).count() == 1


def test_going_back_to_an_older_text_is_a_new_version_too(db: None) -> None:
    for content in (SOUND, SOUND.replace("A text.", "Another."), SOUND):
        loaded = load_library(content=content.encode(), now=NOW)
    assert loaded.library.version == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("code: ours", "kode: ours"), "unknown key kode; code is missing"),
        (("zh: 自有", "zh: ''"), "library: name is empty in zh"),
        (("title: {en: A title, zh: 标题}", "title: A title"), "X01: title needs en and zh"),
        (("confidence: P", "confidence: X"), "X01: confidence is not one of V, S, M, P"),
        (("source: Ours", "source: ''"), "X01: source is missing"),
        (("source: Ours", "source: Ours\n    article: 46.107"), "X01: article is no text"),
        (("source: Ours", "source: Ours\n    evidence_required: true"), "X01: evidence needs en and zh"),
        (("number: X01", "number: 1"), "number is missing"),
        (("code: ours", "code: ours\ndays: 4000"), "days is not a number up to 366"),
        (("code: ours", "code: ours\ntrigger: moon"), "unknown trigger moon"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_loaded(db: None, change: tuple[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said.replace("(", "\\(")):
        load_library(content=SOUND.replace(*change).encode(), now=NOW)
    assert not Library.objects.filter(code="ours").exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"a: [", b"code: x\nname: {en: a, zh: b}\ncontrols: []"])
def test_what_is_no_library_is_refused(db: None, content: bytes) -> None:
    with pytest.raises(Refused):
        load_library(content=content, now=NOW)


def test_a_number_stands_once_in_a_library(db: None) -> None:
    twice = SOUND + SOUND[SOUND.index("  - number") :]
    with pytest.raises(Refused, match="X01 stands there twice"):
        load_library(content=twice.encode(), now=NOW)


def test_a_library_is_never_edited(db: None) -> None:
    with pytest.raises(IntegrityError, match="new version"), transaction.atomic():
        Library.objects.update(name_en="Something else")


def test_the_folder_holds_only_what_loads(db: None, tmp_path: Path) -> None:
    assert {path.suffix for path in FOLDER.iterdir()} == {".yaml"}
    assert load_libraries(now=NOW, folder=tmp_path) == []
