"""What the product imports is locked for those who only run it, not just for those who test it."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
APART = {"tests", "bench"}


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (HOUSE / name).read_text(), re.MULTILINE))


def imported(path: Path) -> set[str]:
    """Return the top-level names that the module imports at run time, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_every_library_that_the_product_imports_is_in_its_own_lock() -> None:
    apps = {path.parent for path in HOUSE.glob("*/__init__.py")} - {HOUSE / name for name in APART}
    names = {name for app in apps for path in app.rglob("*.py") for name in imported(path)}
    names -= {app.name for app in apps} | set(sys.stdlib_module_names)
    distributions = packages_distributions()
    missing = {
        name for name in names
        if not {_normal(part) for part in distributions.get(name, [name])} & locked("requirements.lock")
    }  # fmt: skip
    assert not missing


def test_who_tests_has_the_same_wheels_as_who_runs() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (HOUSE / name).read_text(), re.MULTILINE))

    run, test = versions("requirements.lock"), versions("requirements-dev.lock")
    assert {name: test.get(name) for name in run} == run


def test_the_locks_name_no_host_and_a_hash_for_every_wheel() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (HOUSE / name).read_text()
        assert "://" not in text
        wheels = re.findall(
            r"^[^\s#].*", text, re.MULTILINE
        )  # of some there is one for each range of Pythons
        hashed = re.findall(r"^\S+==.* \\\n +--hash=sha256:[0-9a-f]{64}\b", text, re.MULTILINE)
        assert len(hashed) == len(wheels) >= len(locked(name)) > 0


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
