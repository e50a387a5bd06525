"""What may be an address of a receiver, and which hosts it may lead to."""

from ipaddress import ip_address, ip_network

import pytest

from webhooks.rules.destination import (
    Allowed,
    BadDestination,
    Fault,
    destination,
    is_public,
    networks_of,
    why_not_connect,
)

USUAL = Allowed()
INTERNAL = Allowed((ip_network("10.20.0.0/16"),), (443, 8080), plain=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://hooks.example.org/imprimatur", "https://hooks.example.org/imprimatur"),
        ("  https://HOOKS.Example.org  ", "https://hooks.example.org/"),
        ("https://hooks.example.org:443/a?b=c&d=%20", "https://hooks.example.org/a?b=c&d=%20"),
        ("https://hooks.example.org./a", "https://hooks.example.org/a"),
        ("https://hooks.example.org?b", "https://hooks.example.org/?b"),
        ("https://例子.example/a", "https://xn--fsqu00a.example/a"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://93.184.215.14/", "https://93.184.215.14/"),
    ],
)
def test_an_address_is_kept_in_its_plain_form(typed: str, kept: str) -> None:
    found = destination(typed, USUAL)
    assert found.url == kept
    assert destination(found.url, USUAL) == found


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.EMPTY),
        ("https://" + "a" * 1000, Fault.LONG),
        ("http://hooks.example.org/", Fault.PLAIN),
        ("ftp://hooks.example.org/", Fault.SCHEME),
        ("file:///etc/passwd", Fault.SCHEME),
        ("gopher://hooks.example.org/", Fault.SCHEME),
        ("//hooks.example.org/", Fault.SCHEME),
        ("hooks.example.org", Fault.SCHEME),
        ("https:///path", Fault.HOST),
        ("https://user:secret@hooks.example.org/", Fault.USER),
        ("https://hooks.example.org@10.0.0.1/", Fault.USER),
        ("https://@hooks.example.org/", Fault.USER),
        ("https://hooks.example.org/#part", Fault.FRAGMENT),
        ("https://hooks.example.org#@10.0.0.1/", Fault.FRAGMENT),
        ("https://hooks.example.org\\@10.0.0.1/", Fault.SIGNS),
        ("https://hooks.example.org/a b", Fault.SIGNS),
        ("https://hooks.exam\nple.org/", Fault.SIGNS),
        ("https://hooks.example.org/\r\nHost: other", Fault.SIGNS),
        ("https://hooks.example.org/\0", Fault.SIGNS),
        ("https://hooks.example.org/ü", Fault.SIGNS),
        ("https://hooks.example.org:8443/", Fault.PORT),
        ("https://hooks.example.org:22/", Fault.PORT),
        ("https://hooks.example.org:0/", Fault.PORT),
        ("https://hooks.example.org:99999/", Fault.HOST),
        ("https://hooks.example.org:x/", Fault.HOST),
        ("https://2130706433/", Fault.NUMBERS),
        ("https://0x7f000001/", Fault.NUMBERS),
        ("https://0x7f.0.0.1/", Fault.NUMBERS),
        ("https://127.1/", Fault.NUMBERS),
        ("https://017700000001/", Fault.NUMBERS),
        ("https://example.0x1/", Fault.NUMBERS),
        ("https://127.0.0.01/", Fault.HOST),
        ("https://999.0.0.1/", Fault.HOST),
        ("https://１２７.０.０.１/", Fault.HOST),
        ("https://127。0。0。1/", Fault.NUMBERS),
        ("https://[fe80::1%25eth0]/", Fault.HOST),
        ("https://[fe80::1%eth0]/", Fault.HOST),
        ("https://[::1/", Fault.HOST),
        ("https://-hooks.example.org/", Fault.HOST),
        ("https://hooks..example.org/", Fault.HOST),
        ("https://" + "a" * 64 + ".example.org/", Fault.HOST),
        ("https://hooks.example.org%2f.evil/", Fault.HOST),
        ("https://*.example.org/", Fault.HOST),
    ],
)
def test_what_is_no_address_of_a_receiver_is_refused_with_its_reason(typed: str, fault: Fault) -> None:
    with pytest.raises(BadDestination) as refused:
        destination(typed, USUAL)
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::5db8:d70e", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2001:20::1",
        "2002:7f00:1::1", "2002:5db8:d70e::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1",
        "fe80::1%lo", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_reached(address: str) -> None:
    assert not is_public(ip_address(address))
    refused = why_not_connect([ip_address(address)], "https", USUAL)
    assert refused is not None
    assert refused.fault == Fault.PRIVATE
    assert why_not_connect([ip_address("93.184.215.14"), ip_address(address)], "https", USUAL) is not None


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "9.255.255.255", "11.0.0.1", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.15.0.1",
        "172.32.0.1", "192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2001:200::1", "2606:4700::1111",
        "2a00:1450:4001:800::200e", "::ffff:93.184.215.14",
    ],
)  # fmt: skip
def test_a_public_address_is_reached_with_tls_and_never_without(address: str) -> None:
    assert why_not_connect([ip_address(address)], "https", USUAL) is None
    assert why_not_connect([ip_address(address)], "https", INTERNAL) is None
    refused = why_not_connect([ip_address(address)], "http", INTERNAL)
    assert refused is not None
    assert refused.fault == Fault.PLAIN


def test_a_network_that_the_organisation_names_is_reached_and_its_neighbour_is_not() -> None:
    for scheme in ("http", "https"):
        assert why_not_connect([ip_address("10.20.3.4")], scheme, INTERNAL) is None
        assert why_not_connect([ip_address("::ffff:10.20.3.4")], scheme, INTERNAL) is None
        assert why_not_connect([ip_address("10.21.0.1")], scheme, INTERNAL) is not None
        assert (
            why_not_connect([ip_address("10.20.3.4"), ip_address("127.0.0.1")], scheme, INTERNAL) is not None
        )
    assert destination("http://receiver:8080/", INTERNAL).url == "http://receiver:8080/"


def test_a_name_without_addresses_is_unknown() -> None:
    refused = why_not_connect([], "https", USUAL)
    assert refused is not None
    assert refused.fault == Fault.UNKNOWN


def test_a_network_with_bits_beside_its_prefix_is_refused() -> None:
    assert networks_of(["10.0.0.0/8", "fd00::/8"])
    with pytest.raises(ValueError, match="host bits"):
        networks_of(["10.0.0.1/8"])
