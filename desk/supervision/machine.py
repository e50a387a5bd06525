"""What the machine must offer before anything starts; what is missing is said in one sentence."""

import errno
import fcntl
import ipaddress
import os
import shutil
import socket
from pathlib import Path
from typing import IO


class NotPossible(Exception):  # noqa: N818
    """The product can't run here now; the message says why and what to do, in one sentence."""


def programme(name: str, package: str) -> str:
    """Return the path of a program; `package` is where Debian has it."""
    path = shutil.which(name)
    if path is None:
        raise NotPossible(f"The program {name} is missing; on Debian it comes with the package {package}.")
    return path


def own_folder(folder: Path) -> IO[str]:
    """Make the data folder, check that it can be written, and hold it; the lock ends with the returned file.

    Two running products in one folder would each have a broker and a beat of their own, so the second is refused.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (folder / "lock").open("w")
    except OSError as fault:
        raise NotPossible(
            f"The data folder {folder} can't be written ({fault.strerror}); name another one with --data."
        ) from fault
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        file.close()
        raise NotPossible(
            f"Imprimatur is running already in {folder}; end it first, or name another folder with --data."
        ) from fault
    return file


def address_of(host: str, port: int) -> str:
    """Return the numeric address to listen on; raises NotPossible when it isn't this machine's, or is in use."""
    if not 0 < port < 65536:
        raise NotPossible(f"The port must be a number from 1 to 65535, but is {port}.")
    # A bare system knows no localhost, and browsers find it at 127.0.0.1 in any case.
    named = "127.0.0.1" if host == "localhost" else host
    try:
        family, _kind, _protocol, _name, target = socket.getaddrinfo(
            named, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as fault:
        raise NotPossible(f"The host {host} is not known here; name an address of this machine.") from fault
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(target)
        except OSError as fault:
            raise NotPossible(_why_not_bound(fault, host, port)) from fault
    return str(target[0])


def _why_not_bound(fault: OSError, host: str, port: int) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program; name another one with --port."
    if fault.errno == errno.EACCES:
        return f"Port {port} is reserved for the administrator; name one above 1023 with --port."
    return f"{host} is not an address of this machine ({os.strerror(fault.errno or 0)}); name another with --host."


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach the numeric address."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
