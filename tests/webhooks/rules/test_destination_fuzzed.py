"""Whatever somebody types, what is accepted means one thing to every parser."""

import http.client
from ipaddress import ip_address
from urllib.parse import urlsplit

from hypothesis import example, given, settings
from hypothesis import strategies as st

from webhooks.rules.destination import Allowed, BadDestination, destination

ALLOWED = Allowed(ports=(443, 80, 8443), plain=True)
PIECES = (
    "https", "http", "HTTPS", ":", "//", "/", "\\", "@", "#", "?", ".", "..", "%", "%2e", "%00", "%0d%0a", "[", "]",
    "::1", "::ffff:127.0.0.1", "127.0.0.1", "0x7f", "0177", "2130706433", "localhost", "example.org", "EXAMPLE", "ｅ",
    "１", "。", "．", "‥", "℀", "ß", "\u200b", "\u202e", "\t", "\n", "\r", "\0", " ", "443", ":443", ":8443", ":0", "-",
    "_", "*", "xn--", "xn--fsqu00a", "a" * 64, "user:pass", "&", "=", "+", ";", ",", "~", "'", "(", "|", "^",
)  # fmt: skip


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=12)
    .map("".join)
    .flatmap(
        lambda rest: st.sampled_from(
            [rest, f"https://{rest}", f"https://example.org{rest}", f"http://{rest}/"]
        )
    )
)
@example("https://example.org\\@127.0.0.1/")
@example("https://example.org:443:80/")
@example("https://[::ffff:127.0.0.1]:443/")
@example("https://℀.example/")
def test_what_is_accepted_reads_the_same_everywhere(typed: str) -> None:
    try:
        found = destination(typed, ALLOWED)
    except BadDestination:
        return
    assert destination(found.url, ALLOWED) == found
    parts = urlsplit(found.url)
    assert (parts.hostname, parts.port or {"https": 443, "http": 80}[parts.scheme]) == (
        found.host,
        found.port,
    )
    assert parts.username is None
    assert "@" not in found.authority
    assert found.url.isascii()
    assert found.url.isprintable()
    assert " " not in found.url
    assert found.target.startswith("/")
    http.client.HTTPConnection(found.authority)  # its own reading of host and port raises for anything odd
    if found.host.replace(".", "").isdigit() or ":" in found.host:
        assert str(ip_address(found.host)) == found.host
