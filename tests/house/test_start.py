"""`./start` and `./test`: what they say before anything is installed, and that only what is missing is."""

import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with the few programs that every system has, and neither apt nor Redis nor Python."""
    for name in ("sh", "sed", "dirname", "grep", "cat", "cksum", "id", "head", "ls", "env"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    return tmp_path


def sh(script: str, path: Path, *, cwd: Path = HOUSE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", script], cwd=cwd, env={"PATH": str(path), "HOME": "/nonexistent"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_help_says_every_option_and_changes_nothing(bare: Path) -> None:
    done = sh("./start --help", bare)
    assert done.returncode == 0
    for option in ("--port", "--host", "--data", "--empty"):
        assert option in done.stderr


@pytest.mark.parametrize("options", ["--prot 8000", "--port", "extra"])
def test_an_unknown_or_incomplete_option_is_refused_with_the_usage(bare: Path, options: str) -> None:
    done = sh(f"./start {options}", bare)
    assert done.returncode == 1
    assert "--port N" in done.stderr


def test_an_unknown_step_is_refused_with_the_usage(bare: Path) -> None:
    done = sh("./test --slow", bare)
    assert done.returncode == 1
    assert "--quick|--long" in done.stderr


def test_without_a_python_that_is_new_enough_its_version_is_named(bare: Path) -> None:
    (bare / "python3").write_text("#!/bin/sh\nexit 1\n")
    (bare / "python3").chmod(0o755)
    done = sh("./start", bare)
    assert done.returncode == 1
    assert "Python 3.11 or later" in done.stderr


def test_without_apt_the_packages_that_are_missing_are_named_and_no_others(bare: Path) -> None:
    (bare / "python3").symlink_to("/usr/bin/python3")
    done = sh("./start", bare)
    assert done.returncode == 1
    assert "redis-server" in done.stderr
    assert "libpango-1.0-0" not in done.stderr


def apt(bare: Path, status: int = 0) -> Path:
    """Put an apt-get in place that writes down what it is asked and what new services are told, and does nothing."""
    said, policy = bare / "said", bare / "policy-rc.d"
    told = f'"{policy}"; echo "services: $?"'
    (bare / "apt-get").write_text(
        f'#!/bin/sh\n{{ echo "$@"; {told}; }} >> "{said}" 2>&1\necho noise\nexit {status}\n'
    )
    (bare / "sudo").write_text('#!/bin/sh\nexec "$@"\n')  # who is root has no need of it
    for name in ("apt-get", "sudo"):
        (bare / name).chmod(0o755)
    for name in ("mktemp", "rm", "tee", "chmod"):
        (bare / name).symlink_to(f"/usr/bin/{name}")
    return said


def needing(bare: Path, packages: str) -> str:
    """Return the script that needs the packages; what is said to new services stands in a place of its own."""
    return f'. deploy/install.sh; policy="{bare}/policy-rc.d"; find_python; need_packages {packages}'


def test_new_services_are_told_where_debian_asks(bare: Path) -> None:
    assert sh(". deploy/install.sh; echo $policy", bare).stdout == "/usr/sbin/policy-rc.d\n"


def test_apt_is_asked_for_what_is_missing_only_and_new_services_are_kept_from_starting(bare: Path) -> None:
    said = apt(bare)
    (bare / "python3").symlink_to("/usr/bin/python3")
    (bare / "fc-match").symlink_to("/usr/bin/true")
    done = sh(needing(bare, "fontconfig no-such-package"), bare)
    assert done.returncode == 0
    asked = "-qq -y --no-install-recommends install no-such-package"
    assert said.read_text().splitlines() == [asked, "services: 101"]
    assert "noise" not in done.stderr + done.stdout
    assert not (bare / "policy-rc.d").exists()


def test_a_word_to_services_that_stood_there_before_stays(bare: Path) -> None:
    said, policy = apt(bare), bare / "policy-rc.d"
    (bare / "python3").symlink_to("/usr/bin/python3")
    policy.write_text("#!/bin/sh\nexit 104\n")
    policy.chmod(0o755)
    assert sh(needing(bare, "no-such-package"), bare).returncode == 0
    assert "services: 104" in said.read_text()
    assert policy.read_text() == "#!/bin/sh\nexit 104\n"


def test_when_apt_fails_what_it_said_is_shown_and_nothing_stays_behind(bare: Path) -> None:
    said = apt(bare, status=100)
    (bare / "python3").symlink_to("/usr/bin/python3")
    done = sh(needing(bare, "no-such-package"), bare)
    assert done.returncode == 1
    assert "noise" in done.stderr
    assert "could not install no-such-package" in done.stderr
    assert "update" in said.read_text()
    assert not (bare / "policy-rc.d").exists()


def test_an_environment_made_elsewhere_or_for_another_lock_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    (tmp_path / "a.lock").write_text("one==1\n")
    ask = f". {HOUSE}/deploy/install.sh; PYTHON=python3; made_for a.lock && echo yes || echo no"
    path = Path("/usr/bin")
    assert sh(ask, path, cwd=tmp_path).stdout == "no\n"
    stamp = f". {HOUSE}/deploy/install.sh; PYTHON=python3; stamp_of a.lock > .venv/stamp-a.lock"
    sh(stamp, path, cwd=tmp_path)
    assert sh(ask, path, cwd=tmp_path).stdout == "yes\n"
    (tmp_path / "a.lock").write_text("one==2\n")
    assert sh(ask, path, cwd=tmp_path).stdout == "no\n"


def test_an_environment_behind_a_link_is_left_as_it_is(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    for folder in (there, here):
        folder.mkdir()
    (there / "kept").touch()
    (here / ".venv").symlink_to(there)
    (here / "a.lock").write_text("one==1\n")
    makes = "mkdir -p .venv/bin && printf '#!/bin/sh\\n' > .venv/bin/python && chmod 755 .venv/bin/python"
    (here / "python").write_text(f'#!/bin/sh\n[ "$2" != venv ] || {{ {makes}; }}\n')
    (here / "python").chmod(0o755)
    done = sh(f". {HOUSE}/deploy/install.sh; PYTHON=./python; need_wheels a.lock", Path("/usr/bin"), cwd=here)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in there.iterdir()] == ["kept"]
    assert (here / ".venv" / "stamp-a.lock").exists()


def test_the_build_runs_the_tests_and_forwards_their_status(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_text((HOUSE / ".ci" / "run").read_text())
    for status in (0, 3):
        (tmp_path / "test").write_text(f"#!/bin/sh\nexit {status}\n")
        (tmp_path / "test").chmod(0o755)
        done = subprocess.run(["bash", tmp_path / ".ci" / "run"], check=False)
        assert done.returncode == status
