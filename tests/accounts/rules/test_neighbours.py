"""Who is counted as one where addresses are limited."""

import pytest

from accounts.rules.neighbours import counted_as


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:7:8:9:a:b:c", "2001:db8:7:8::/64"),
        ("2001:0DB8:7:8::1", "2001:db8:7:8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
    ],
)
def test_an_address_is_counted_by_whoever_has_it(address: str, counted: str) -> None:
    assert counted_as(address) == counted
