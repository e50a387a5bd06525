"""Where the keys of seal and system come from: half a configuration is named before anything starts."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, keys

SEAL = "IMPRIMATUR_SEAL"


@pytest.fixture(autouse=True)
def _no_faults_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "_faults", {})


@pytest.fixture
def on_token(tmp_path: Path) -> dict[str, str]:
    for name in ("module.so", "chain.pem"):
        (tmp_path / name).write_text("invented")
    given = {"": "module.so", "_TOKEN": "office", "_PIN": "4711", "_KEY": "seal", "_CHAIN": "chain.pem"}
    return {
        f"{SEAL}_PKCS11{part}": str(tmp_path / value) if part in {"", "_CHAIN"} else value
        for part, value in given.items()
    }


def faults(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> str:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    keys.file(SEAL, keys.token(SEAL), is_needed=True)
    try:
        env.refuse_if_incomplete()
    except ImproperlyConfigured as fault:
        return str(fault)
    return ""


def test_a_whole_token_is_enough_and_its_certificate_has_the_label_of_the_key(
    monkeypatch: pytest.MonkeyPatch, on_token: dict[str, str]
) -> None:
    assert faults(monkeypatch, on_token) == ""
    assert keys.token(SEAL)["certificate"] == "seal"


@pytest.mark.parametrize("part", ["", "_TOKEN", "_PIN", "_KEY", "_CHAIN"])
def test_each_missing_part_is_named(
    monkeypatch: pytest.MonkeyPatch, on_token: dict[str, str], part: str
) -> None:
    del on_token[f"{SEAL}_PKCS11{part}"]
    told = faults(monkeypatch, on_token)
    assert f"{SEAL}_PKCS11{part} is not set" in told
    assert "4711" not in told


def test_two_places_for_one_key_are_refused(
    monkeypatch: pytest.MonkeyPatch, on_token: dict[str, str]
) -> None:
    both = on_token | {f"{SEAL}_PKCS12": "/seal.p12", f"{SEAL}_PASSWORD": "secret"}
    assert f"{SEAL}_PKCS12 is set, and {SEAL}_PKCS11 too" in faults(monkeypatch, both)


def test_a_module_or_a_chain_that_is_no_file_is_named(
    monkeypatch: pytest.MonkeyPatch, on_token: dict[str, str]
) -> None:
    told = faults(monkeypatch, on_token | {f"{SEAL}_PKCS11_CHAIN": "/nowhere.pem"})
    assert f"{SEAL}_PKCS11_CHAIN names /nowhere.pem, which is no file" in told


def test_a_password_without_its_file_and_a_file_without_its_password_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert f"{SEAL}_PKCS12 is not set" in faults(monkeypatch, {f"{SEAL}_PASSWORD": "secret"})
    monkeypatch.delenv(f"{SEAL}_PASSWORD")
    assert f"{SEAL}_PASSWORD is not set" in faults(monkeypatch, {f"{SEAL}_PKCS12": "/seal.p12"})
