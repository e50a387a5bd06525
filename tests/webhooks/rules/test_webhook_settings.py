"""Settings of webhooks that can't be right are named before anything starts."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, webhooks


def test_without_settings_only_public_hosts_at_port_443_are_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NETWORKS", "PORTS", "CA", "HTTP"):
        monkeypatch.delenv(f"IMPRIMATUR_WEBHOOK_{name}", raising=False)
    assert (webhooks.networks(), webhooks.ports(), webhooks.authorities()) == ([], [443], "")
    env.refuse_if_incomplete()


@pytest.mark.parametrize(
    ("name", "value", "read", "said"),
    [
        ("NETWORKS", "10.0.0.1/8", webhooks.networks, "must name networks"),
        ("NETWORKS", "everything", webhooks.networks, "must name networks"),
        ("PORTS", "443,https", webhooks.ports, "must be ports"),
        ("PORTS", "70000", webhooks.ports, "must be ports"),
        ("PORTS", "0", webhooks.ports, "must be ports"),
        ("CA", "/nowhere/ca.pem", webhooks.authorities, "isn't there"),
        ("CA", __file__, webhooks.authorities, "can't be read as certificates"),
    ],
)
def test_a_setting_that_cannot_be_right_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: Callable[[], object], said: str
) -> None:
    monkeypatch.setenv(f"IMPRIMATUR_WEBHOOK_{name}", value)
    read()
    with pytest.raises(ImproperlyConfigured, match=f"IMPRIMATUR_WEBHOOK_{name} .*{said}"):
        env.refuse_if_incomplete()
