"""What others wrote and we carry along is byte for byte what was recorded, and says under which licence."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from desk.management.commands import vendored


def test_vendored_files_are_as_recorded() -> None:
    said = StringIO()
    call_command("vendored", stdout=said)
    assert "as recorded" in said.getvalue()


@pytest.mark.parametrize("folder", vendored.FOLDERS)
def test_each_vendored_package_has_its_licence_beside_it(folder: str) -> None:
    place = Path(settings.BASE_DIR) / folder
    for name, package in json.loads((place / "files.json").read_text()).items():
        assert package["licence"], name
        assert any(
            "LICENSE" in target and (place / target).stat().st_size for target in package["files"].values()
        ), name


def test_a_changed_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.js").write_text("1")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  a.js\n")
    monkeypatch.setattr(vendored, "FOLDERS", (str(tmp_path),))
    with pytest.raises(CommandError, match=r"a\.js"):
        call_command("vendored")
