"""Where webhooks may go beyond public hosts, from the environment."""

import ssl
from ipaddress import ip_network
from pathlib import Path

from config import env


def networks() -> list[str]:
    """Return the networks (CIDR) that count as allowed although they aren't public."""
    given = env.words("IMPRIMATUR_WEBHOOK_NETWORKS", "")
    for text in given:
        try:
            ip_network(text)
        except ValueError:
            env.fault(
                "IMPRIMATUR_WEBHOOK_NETWORKS", f"must name networks such as 10.20.0.0/16, but has {text!r}"
            )
            return []
    return given


def ports() -> list[int]:
    """Return the ports to which webhooks may go."""
    given = env.words("IMPRIMATUR_WEBHOOK_PORTS", "443")
    if not all(text.isascii() and text.isdigit() and 0 < int(text) < 65536 for text in given):
        env.fault("IMPRIMATUR_WEBHOOK_PORTS", f"must be ports such as 443,8443, but is {','.join(given)!r}")
        return []
    return [int(text) for text in given]


def authorities() -> str:
    """Return the path of a PEM file with certificates of authorities that count beside the system's; "": none."""
    path = env.text("IMPRIMATUR_WEBHOOK_CA", "")
    if path and not Path(path).is_file():
        env.fault("IMPRIMATUR_WEBHOOK_CA", f"names {path}, which isn't there")
    elif path:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
        except OSError:
            env.fault("IMPRIMATUR_WEBHOOK_CA", f"names {path}, which can't be read as certificates (PEM)")
    return path
