"""Settings come from the environment; production refuses to start half-configured and names everything at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.production import environment

HOUSE = Path(__file__).resolve().parents[2]
NEEDED = sorted(name for name in environment(Path("/nowhere"), make=False) if name not in {
    "DJANGO_SETTINGS_MODULE", "IMPRIMATUR_DATA", "IMPRIMATUR_DATABASE_PASSWORD", "IMPRIMATUR_BASE_URL",
})  # fmt: skip


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("IMPRIMATUR", "DJANGO"))
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=HOUSE,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def load(**variables: str) -> subprocess.CompletedProcess[str]:
    return run("-c", "import config.settings.production", **variables)


def test_a_complete_environment_starts(tmp_path: Path) -> None:
    done = run("manage.py", "check", **environment(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_an_empty_environment_is_refused_with_every_name_at_once(tmp_path: Path) -> None:
    variables = {"DJANGO_SETTINGS_MODULE": "config.settings.production", "IMPRIMATUR_DATA": str(tmp_path)}
    done = run("manage.py", "check", **variables)
    assert done.returncode == 1
    for name in NEEDED:
        assert f"{name} is not set." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", NEEDED)
def test_each_missing_variable_is_named_and_no_other(tmp_path: Path, name: str) -> None:
    variables = environment(tmp_path)
    del variables[name]
    done = load(**variables)
    assert done.returncode != 0
    assert f"{name} is not set." in done.stderr
    assert not [other for other in NEEDED if other != name and f"{other} " in done.stderr]


def test_an_empty_variable_counts_as_missing(tmp_path: Path) -> None:
    done = load(**environment(tmp_path) | {"IMPRIMATUR_SECRET_KEY": ""})
    assert done.returncode != 0
    assert "IMPRIMATUR_SECRET_KEY is not set." in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("IMPRIMATUR_DATABASE_PORT", "five", "must be a whole number, but is 'five'"),
        ("IMPRIMATUR_SMTP_SECURITY", "maybe", "must be one of starttls, tls, none, but is 'maybe'"),
        ("IMPRIMATUR_BEHIND_PROXY", "perhaps", "must be 1 or 0, but is 'perhaps'"),
        ("IMPRIMATUR_SECRET_KEY", "short", "must have at least 50 characters"),
        ("IMPRIMATUR_FILES_KEYS", "/nowhere/keys", "names /nowhere/keys, which can't be read"),
        ("IMPRIMATUR_FILES_KEYS", "/dev/null", "names /dev/null, which needs lines of 43 random characters"),
        ("IMPRIMATUR_HOSTS", "*", "must name the hosts"),
        ("IMPRIMATUR_BASE_URL", "http://imprimatur.example.org", "must begin with https://"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_right(
    tmp_path: Path, name: str, value: str, reason: str
) -> None:
    done = load(**environment(tmp_path) | {name: value})
    assert done.returncode != 0
    assert f"{name} {reason}" in done.stderr


def test_a_secret_is_never_printed(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    del variables["IMPRIMATUR_HOSTS"]
    done = load(**variables)
    for name in ("IMPRIMATUR_SECRET_KEY", "IMPRIMATUR_FIELD_KEY", "IMPRIMATUR_SEAL_PASSWORD"):
        assert variables[name] not in done.stderr + done.stdout


def test_two_first_starts_at_the_same_moment_agree_on_the_secrets(tmp_path: Path) -> None:
    code = "from config.settings import embedded as s; print(s.SECRET_KEY, s.FIELD_KEY)"
    variables = os.environ | {"IMPRIMATUR_DATA": str(tmp_path)}
    starts = [
        subprocess.Popen([sys.executable, "-c", code], cwd=HOUSE, env=variables, stdout=subprocess.PIPE)
        for _ in range(6)
    ]
    said = {start.communicate(timeout=240)[0] for start in starts}
    assert len(said) == 1
    assert all(len(word) == 64 for word in said.pop().split())
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        "field-key", "files-keys", "secret-key",
    ]  # fmt: skip
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "keys").iterdir())


def test_a_secret_that_others_may_read_is_taken_back(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret-key").write_text("k" * 64)
    (tmp_path / "keys" / "secret-key").chmod(0o644)
    done = run("-c", "import config.settings.embedded", IMPRIMATUR_DATA=str(tmp_path))
    assert done.returncode == 0
    assert (tmp_path / "keys" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_an_empty_secret_is_refused_instead_of_used(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret-key").write_text("")
    done = run("-c", "import config.settings.embedded", IMPRIMATUR_DATA=str(tmp_path))
    assert done.returncode != 0
    assert "secret-key is empty" in done.stderr
