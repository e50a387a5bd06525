"""A token of SoftHSM2 in a folder of its own, with a key and its certificate on it."""

import os
import subprocess
from pathlib import Path

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key

from records.seal.certificate import pem_of
from tests.records.houses import Brought

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN, LABEL = "4711-0815", "imprimatur-test"


class Token:
    """The module can be loaded once in a process, with one configuration: tests share the token."""

    def __init__(self, folder: Path) -> None:
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(
            f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        subprocess.run(
            [
                "softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "99999999",
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        self.folder = folder

    def put(self, brought: Brought, label: str, *, with_key: bool = True) -> dict[str, str]:
        """Put key and certificate on the token, and return the settings that lead there."""
        with pkcs11.lib(MODULE).get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
            if with_key:
                session.create_object(_key(brought.key) | {Attribute.LABEL: label, Attribute.TOKEN: True})
            certificate = brought.chain[0]
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.LABEL: label,
                    Attribute.SUBJECT: certificate.subject.public_bytes(),
                    Attribute.VALUE: certificate.public_bytes(Encoding.DER),
                }
            )
        chain = self.folder / f"{label}.pem"
        chain.write_text(pem_of(brought.chain[1:]))
        return {
            "module": MODULE, "token": LABEL, "pin": PIN, "key": label, "certificate": label, "chain": str(chain),
        }  # fmt: skip


def _key(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> dict[Attribute, object]:
    if isinstance(key, rsa.RSAPrivateKey):
        der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        return dict(decode_rsa_private_key(der)) | {Attribute.SIGN: True}
    der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return dict(decode_ec_private_key(der)) | {Attribute.SIGN: True, Attribute.KEY_TYPE: KeyType.EC}
