"""Where the keys of seal and system come from: a PKCS#12 file, or a token that is reached through PKCS#11."""

from pathlib import Path

from config import env

PARTS = ("TOKEN", "PIN", "KEY", "CHAIN")


def token(prefix: str) -> dict[str, str]:
    """Return how a key is reached on a token; empty where no module is named. Half a configuration is a fault.

    With the keys `module`, `token`, `pin`, `key`, `certificate` (both labels) and `chain` (path of a PEM file with the
    issuers of the certificate).
    """
    name = f"{prefix}_PKCS11"
    module, certificate = env.text(name, ""), env.text(f"{name}_CERTIFICATE", "")
    given = {part: env.text(f"{name}_{part}", "") for part in PARTS}
    if not module:
        if certificate or any(given.values()):
            env.fault(name, "is not set, but what belongs to it is")
        return {}
    for part, value in given.items():
        if not value:
            env.fault(f"{name}_{part}", "is not set")
    for which, path in ((name, module), (f"{name}_CHAIN", given["CHAIN"])):
        if path and not Path(path).is_file():
            env.fault(which, f"names {path}, which is no file")
    return {
        "module": module,
        "token": given["TOKEN"],
        "pin": given["PIN"],
        "key": given["KEY"],
        "certificate": certificate or given["KEY"],
        "chain": given["CHAIN"],
    }


def file(prefix: str, beside: dict[str, str], *, is_needed: bool) -> tuple[str, str]:
    """Return path and password of a PKCS#12 file, both empty where there is none; two places for a key are a fault.

    `beside` is what `token` returned: where that names a key, no file is needed.
    """
    needed = None if is_needed and not beside else ""
    path = env.text(f"{prefix}_PKCS12", needed)
    password = env.text(f"{prefix}_PASSWORD", None if path else needed)
    if path and beside:
        env.fault(f"{prefix}_PKCS12", f"is set, and {prefix}_PKCS11 too: one key only")
    if password and not path:
        env.fault(f"{prefix}_PKCS12", "is not set, but its password is")
    return path, password
