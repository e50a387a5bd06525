"""Asking for the addresses of a host, once, and no longer than there is time."""

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from webhooks.outgoing.deadline import Deadline
from webhooks.rules.destination import Address, BadDestination, Fault

Resolver = Callable[[str, int], Sequence[Address]]


def ask_system(host: str, port: int) -> list[Address]:
    """Return the addresses that the resolver of this machine knows; raises OSError when it knows none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(ip_address(str(place[0])) for *_kind, place in found))


def addresses_of(host: str, port: int, deadline: Deadline, ask: Resolver = ask_system) -> list[Address]:
    """Return the addresses of the host; raises BadDestination when there are none, TimeoutError.

    The resolver of the system knows no deadline, so it is asked in a thread, which is left alone when time is up.
    """
    found: list[Address] = []
    faults: list[OSError | UnicodeError | ValueError] = []

    def asking() -> None:
        try:
            found.extend(ask(host, port))
        except (OSError, UnicodeError, ValueError) as fault:
            faults.append(fault)

    thread = threading.Thread(target=asking, name=f"resolve {host}", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if thread.is_alive():
        raise TimeoutError
    if faults or not found:
        raise BadDestination(Fault.UNKNOWN, host)
    return found
