"""The folders at the top of the project are those that the contract of layers knows, and no others."""

import tomllib
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
OTHERS = {"templates", "static", "locale", "tests", "docs", "bench", "deploy"}
UNSEEN = {"build", "var", "__pycache__"}


def test_every_folder_at_the_top_is_a_layer_or_one_of_the_others() -> None:
    configured = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = {part.strip() for layer in configured["contracts"][0]["layers"] for part in layer.split("|")}
    assert set(configured["root_packages"]) == layers
    found = {
        path.name for path in HOUSE.iterdir()
        if path.is_dir() and not path.name.startswith(".") and not path.name.endswith(".egg-info")
    }  # fmt: skip
    assert found - OTHERS - UNSEEN == layers


def test_no_module_is_called_after_a_habit() -> None:
    habits = {"utils", "helpers", "common", "managers", "misc"}
    found = [
        path for path in HOUSE.rglob("*.py")
        if not {".venv", "node_modules"} & set(path.parts) and (path.stem in habits or path.parent.name in habits)
    ]  # fmt: skip
    assert not found


ALONE = {Path("imprimatur/bundle/verify.py")}  # auditors carry it away: one file on purpose, docs/bundle.md


def test_no_file_is_too_long_to_read() -> None:
    apps = {path.parent for path in HOUSE.glob("*/__init__.py")}
    long = {
        str(path.relative_to(HOUSE)): lines
        for app in apps
        for path in app.rglob("*.py")
        if app.name != "tests"
        and "migrations" not in path.parts
        and path.relative_to(HOUSE) not in ALONE
        and (lines := len(path.read_text().splitlines())) > 350
    }
    assert not long
