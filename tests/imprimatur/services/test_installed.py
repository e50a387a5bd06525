"""`pip install .` gives the command line alone, and it works in an environment without anything else."""

import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from imprimatur.bundle.assembling import assemble
from tests.imprimatur import bundles

HOUSE = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree: building writes beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    unseen = shutil.ignore_patterns(
        ".*", "var", "build", "*.egg-info", "fonts", "static", "tests", "__pycache__"
    )
    shutil.copytree(HOUSE, folder / "house", ignore=unseen)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "-w", folder, folder / "house"],
        check=True,
    )  # fmt: skip
    return next(folder.glob("imprimatur-*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment of its own, with nothing installed beside it but what it says it needs."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps",
         "--no-index", "--disable-pip-version-check", wheel],
        check=True,
    )  # fmt: skip
    (place,) = folder.glob("lib/python*/site-packages")
    for name in needed_by("cryptography", "PyYAML", "shtab"):
        for top in {
            str(file).partition("/")[0] for file in metadata.files(name) or [] if ".." not in file.parts
        }:
            (place / top).symlink_to(Path(str(metadata.distribution(name).locate_file(top))))
    return folder / "bin" / "imprimatur"


def needed_by(*names: str) -> set[str]:
    """These packages and those that they need in turn."""
    found, ahead = set(), list(names)
    while ahead:
        name = ahead.pop()
        found.add(name)
        for line in metadata.requires(name) or []:
            other = re.split(r"[^A-Za-z0-9_.-]", line)[0]
            if "extra ==" not in line and other not in found and is_there(other):
                ahead.append(other)
    return found


def is_there(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False  # for another system or an older Python
    return True


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=cwd, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )


def test_the_wheel_holds_the_command_line_and_nothing_of_the_server(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "imprimatur/cli.py" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"imprimatur"}
    facts = next(zipfile.ZipFile(wheel).read(name).decode() for name in names if name.endswith("/METADATA"))
    needed = [
        line for line in facts.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line
    ]
    assert needed == [
        "Requires-Dist: cryptography>=44",
        "Requires-Dist: PyYAML>=6",
        "Requires-Dist: shtab>=1.7",
    ]


def test_the_installed_command_prints_the_manifest_and_its_digest(command: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_text("1 2 3")
    done = run(command, "manifest", "model", cwd=tmp_path)
    by_hand = run("sha256sum", "weights", cwd=tmp_path / "model")
    assert (done.returncode, done.stdout, done.stderr) == (0, by_hand.stdout, "")
    digest = run(command, "manifest", "--digest", "model", cwd=tmp_path)
    assert len(digest.stdout.strip()) == 64


def test_what_is_refused_gives_one_sentence_and_status_1(command: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "link").symlink_to("/etc/passwd")
    done = run(command, "manifest", "model", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("imprimatur: link is a symbolic link")
    assert len(done.stderr.splitlines()) == 1


def test_output_into_the_folder_itself_is_refused(command: Path, tmp_path: Path) -> None:
    (tmp_path / "weights").write_text("1 2 3")
    done = run("sh", "-c", f"{command} manifest . > manifest.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert "outside of the folder" in done.stderr


def test_wrong_usage_exits_with_status_2(command: Path, tmp_path: Path) -> None:
    assert run(command, cwd=tmp_path).returncode == 2
    assert run(command, "manifest", "missing", cwd=tmp_path).returncode == 2


def test_the_installed_command_drafts_a_dossier_with_the_questions_that_it_carries(
    command: Path, tmp_path: Path
) -> None:
    (tmp_path / "模型").mkdir()
    (tmp_path / "模型" / "README.md").write_text("---\nlicense: mit\n---\n# 模型\n")
    done = run(command, "draft", "模型", "--language", "zh", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    text = (tmp_path / "imprimatur.yaml").read_text()
    assert "  licence: mit\n" in text
    assert "# 1.1 训练、微调与评测使用了哪些数据集？" in text
    asked = run(command, "submit", "imprimatur.yaml", cwd=tmp_path)
    assert asked.returncode == 2
    assert asked.stderr.startswith("imprimatur: Name the server")
    assert run(command, "completion", "bash", cwd=tmp_path).stdout.count("imprimatur") > 10


def test_the_installed_command_checks_bundles_and_has_what_goes_into_them(
    wheel: Path, command: Path, tmp_path: Path
) -> None:
    assemble(tmp_path / "bundle.zip", bundles.made().content)
    done = run(command, "bundle", "verify", "bundle.zip", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Whole: 700 events")
    (tmp_path / "bundle.zip").write_bytes((tmp_path / "bundle.zip").read_bytes()[:9999])
    assert run(command, "bundle", "verify", "bundle.zip", cwd=tmp_path).returncode == 2
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"imprimatur/bundle/{name}" for name in ("README", "index.html", "verify.py")} <= names


def test_the_installed_command_is_a_witness_without_anything_of_the_server(
    command: Path, tmp_path: Path
) -> None:
    made = run(command, "witness", "init", "w", "--name", "witness.example/1", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    shown = run(command, "witness", "show", "w", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (0, made.stdout)
