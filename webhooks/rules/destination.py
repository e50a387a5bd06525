"""Where a webhook may go: what an address must look like, and which hosts it may lead to.

The guard against server-side request forgery has two halves, and this one is plain: `destination` reads what somebody
typed, `why_not_connect` judges the addresses that the name has. Whoever connects does so to an address that was judged,
and asks for the name no second time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 1000
PORTS = {"https": 443, "http": 80}

# What no public host has (IANA special-purpose address registries, RFC 6890), and 168.63.129.16, a public address
# under which a cloud answers each of its machines about itself. Metadata services of the others are link-local
# (169.254.169.254), shared (100.100.100.200), reserved (192.0.0.192) or unique local (fd00:ec2::254).
CLOSED4 = [
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    )
]  # fmt: skip
# Public hosts have addresses of 2000::/3 (RFC 4291, 2.4). Within it these lead elsewhere: protocol assignments with
# Teredo, documentation, 6to4 (which carries any IPv4 address), AS112, documentation again. NAT64 (64:ff9b::/96,
# 64:ff9b:1::/48), mapped and compatible addresses, unique local, link-local and multicast lie outside of it.
OPEN6 = ip_network("2000::/3")
CLOSED6 = [
    ip_network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]

_VISIBLE = re.compile(r"[\x21-\x7e]+")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


class Fault(StrEnum):
    """Why nothing is sent to an address."""

    EMPTY = "empty"
    LONG = "long"
    SIGNS = "signs"
    SCHEME = "scheme"
    PLAIN = "plain"
    USER = "user"
    FRAGMENT = "fragment"
    HOST = "host"
    NUMBERS = "numbers"
    PORT = "port"
    UNKNOWN = "unknown"
    PRIVATE = "private"


class BadDestination(ValueError):  # noqa: N818
    """The address can't be a destination; `fault` says why."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault} {detail}".strip())
        self.fault, self.detail = fault, detail


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the organisation allows beyond public hosts at port 443: networks of its own, ports, http into them."""

    networks: tuple[Network, ...] = ()
    ports: tuple[int, ...] = (443,)
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """An address, taken apart: `host` in ASCII and lower case, `target` as it goes into the request line."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The address as it is kept."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """Host and port as the header Host names them (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def networks_of(texts: Sequence[str]) -> tuple[Network, ...]:
    """Return the networks; raises ValueError for what is none, or has bits beside its prefix."""
    return tuple(ip_network(text) for text in texts)


def destination(text: str, allowed: Allowed) -> Destination:
    """Take apart what somebody typed; raises BadDestination."""
    typed = _whole(text.strip())
    try:
        parts = urlsplit(typed)
        port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError:
        raise BadDestination(Fault.HOST) from None
    _refuse_form(parts, typed, allowed)
    host = _host(parts.hostname or "")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _VISIBLE.fullmatch(target):
        raise BadDestination(Fault.SIGNS)
    if port not in allowed.ports:
        raise BadDestination(Fault.PORT, str(port))
    return Destination(parts.scheme, host, port, target)


def _whole(typed: str) -> str:
    """Return the text when it may be an address; no sign of it is left out silently, as parsers do with some."""
    if not typed:
        raise BadDestination(Fault.EMPTY)
    if len(typed) > LONGEST:
        raise BadDestination(Fault.LONG)
    if any(sign.isspace() or not sign.isprintable() or sign in '\\"<>^`{|}' for sign in typed):
        raise BadDestination(Fault.SIGNS)
    return typed


def _refuse_form(parts: SplitResult, typed: str, allowed: Allowed) -> None:
    if parts.scheme not in PORTS:
        raise BadDestination(Fault.SCHEME)
    if parts.scheme == "http" and not allowed.plain:
        raise BadDestination(Fault.PLAIN)
    if "@" in parts.netloc:
        raise BadDestination(Fault.USER)
    if "#" in typed:
        raise BadDestination(Fault.FRAGMENT)


def _host(name: str) -> str:
    """Return the host in ASCII and lower case: a name, or an address in its only spelling."""
    if ":" in name or (name.count(".") == 3 and name.replace(".", "").isdigit()):
        try:
            found = ip_address(name)
        except ValueError:
            raise BadDestination(Fault.HOST) from None
        if getattr(found, "scope_id", None):
            raise BadDestination(Fault.HOST)
        return str(found)
    try:
        ascii_name = name.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadDestination(Fault.HOST) from None
    labels = ascii_name.split(".")
    if len(ascii_name) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise BadDestination(Fault.HOST)
    if _NUMBER.fullmatch(labels[-1]):
        raise BadDestination(Fault.NUMBERS)  # 2130706433, 0x7f000001, 127.1: other spellings of an address
    return ascii_name


def is_public(address: Address) -> bool:
    """Say whether the address is one of a public host; an IPv4 address within an IPv6 one is judged as itself."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in CLOSED4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address in OPEN6 and not any(address in network for network in CLOSED6)


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Say whether the organisation allows the address on purpose."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_allowed(address.ipv4_mapped, networks)
    return any(address in network for network in networks)


def why_not_connect(found: Sequence[Address], scheme: str, allowed: Allowed) -> BadDestination | None:
    """Return why nothing is sent to a host with these addresses, or None.

    One address that isn't allowed is enough: a name that answers with a public and a private one is up to something.
    What isn't encrypted goes only into networks that the organisation named.
    """
    if not found:
        return BadDestination(Fault.UNKNOWN)
    for address in found:
        if is_allowed(address, allowed.networks):
            continue
        if scheme == "http":
            return BadDestination(Fault.PLAIN, str(address))
        if not is_public(address):
            return BadDestination(Fault.PRIVATE, str(address))
    return None
