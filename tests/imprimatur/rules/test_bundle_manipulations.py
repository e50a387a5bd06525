"""A hundred seeded manipulations of a bundle: each is found, by both verifiers, and named where it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from imprimatur import cli
from imprimatur.bundle import verify
from imprimatur.bundle.assembling import assemble
from tests.imprimatur import bundles, forgeries, manipulations
from tests.imprimatur.bundles import Made
from tests.imprimatur.loose import loosen

MANY = 100


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    path, made = tmp_path_factory.mktemp("bundle") / "bundle.zip", bundles.made()
    assemble(path, made.content)
    return path, made


def judged(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any], int, dict[str, Any]]:
    """What verify.py and `imprimatur bundle verify` say."""
    one = verify.main([*arguments, "--json"])
    said = json.loads(capsys.readouterr().out)
    other = cli.main(["bundle", "verify", *arguments, "--json"])
    return one, said, other, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("seed", "manipulate"),
    [(seed, manipulations.ALL[seed % len(manipulations.ALL)]) for seed in range(MANY)],
    ids=lambda value: value if isinstance(value, int) else value.__name__,
)
def test_each_manipulation_is_found_and_named(
    seed: int,
    manipulate: Any,
    untouched: tuple[Path, Made],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    loose = loosen(*untouched, seed)
    before = dict(loose.files)
    expected = manipulate(loose)
    assert loose.files != before or loose.besides
    bundle = tmp_path / "bundle.zip"
    loose.write(bundle)
    arguments = [str(bundle)]
    for option, content in expected.hold.items():
        held = tmp_path / option
        held.write_bytes(content)
        arguments += [f"--{option}", str(held)]
    status, said, other_status, other_said = judged(arguments, capsys)
    assert status == other_status == 1, said
    assert said == other_said
    wrong = said["wrong"]
    assert wrong["event"] in expected.events or any(
        wrong["file"].startswith(file) for file in expected.files
    ), wrong
    if wrong["event"] is not None and wrong["id"] and not manipulate.__name__.startswith("a_bit"):
        assert wrong["id"] in b"".join(loose.leaves()).decode()
    assert wrong["rule"]


UNSEEN = [
    forgeries.the_end_cut_off_with_its_checkpoints,
    forgeries.another_log_of_the_same_length,
    forgeries.another_policy,
]


@pytest.mark.parametrize("manipulate", UNSEEN)
def test_what_only_the_auditor_can_bring_is_what_finds_it(
    manipulate: Any, untouched: tuple[Path, Made], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loose = loosen(*untouched, 0)
    manipulate(loose)
    loose.write(tmp_path / "bundle.zip")
    status, said, other_status, other_said = judged([str(tmp_path / "bundle.zip")], capsys)
    assert (status, other_status) == (0, 0), (said, other_said)
    assert not said["policy_held"]
    assert not said["checkpoint_held"]
