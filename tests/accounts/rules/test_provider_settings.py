"""The organisation's provider is set up whole or not at all."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, organisation


@pytest.fixture(autouse=True)
def _nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "_faults", {})


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"IMPRIMATUR_OIDC_{name}", value)


def test_without_an_issuer_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, ISSUER="")
    found = organisation.provider()
    assert found["issuer"] == ""
    assert organisation.social_providers(found)["openid_connect"]["APPS"] == []
    assert organisation.form_targets(found) == []
    env.refuse_if_incomplete()


def test_a_provider_without_its_client_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, ISSUER="https://id.example.org")
    organisation.provider()
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.refuse_if_incomplete()
    for name in ("IMPRIMATUR_OIDC_CLIENT_ID", "IMPRIMATUR_OIDC_CLIENT_SECRET"):
        assert f"{name} is not set" in str(refusal.value)


@pytest.mark.parametrize("issuer", ["http://id.example.org", "id.example.org", "ftp://id.example.org"])
def test_an_issuer_without_tls_is_refused(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    given(monkeypatch, ISSUER=issuer, CLIENT_ID="x", CLIENT_SECRET="y")
    organisation.provider()
    with pytest.raises(ImproperlyConfigured, match="must begin with https"):
        env.refuse_if_incomplete()


def test_forms_may_lead_to_its_pages_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch, ISSUER="https://id.example.org/realms/one", CLIENT_ID="x", CLIENT_SECRET="y",
        PAGES="https://login.example.org", NAME="Lanternfield",
    )  # fmt: skip
    found = organisation.provider()
    env.refuse_if_incomplete()
    assert organisation.form_targets(found) == ["https://id.example.org", "https://login.example.org"]
    (app,) = organisation.social_providers(found)["openid_connect"]["APPS"]
    assert app["settings"]["oauth_pkce_enabled"] is True
    assert (app["client_id"], app["name"]) == ("x", "Lanternfield")
