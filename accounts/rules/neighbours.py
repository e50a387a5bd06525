"""Who is counted as one where addresses are limited: an IPv6 network of 64 bits belongs to one customer."""

from ipaddress import IPv6Address, ip_address, ip_network


def counted_as(address: str) -> str:
    """Return what an address is counted under: itself, or its /64 (RFC 6177, 2; RFC 4291, 2.5.1); mapped ones are IPv4.

    What is no address is counted under itself.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), 64), strict=False).network_address) + "/64"
