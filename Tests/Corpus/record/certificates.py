"""Certificates of the cases, by openssl, and what firmware trusts of them."""

import struct
import subprocess
import uuid

from process import WORK, run

CERTIFICATE_X509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072")
OWNER = uuid.UUID("00000000-0000-0000-0000-000000000001")


def openssl(*arguments):
    run("openssl", *arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def authority(name):
    """A certificate authority: its certificate and key."""
    certificate, key = WORK / f"{name}.crt", WORK / f"{name}.key"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", f"/CN={name}",
            "-keyout", key, "-out", certificate)
    return certificate, key


def certificate(signer, *names, days=365):
    """A server's certificate for addresses (`IP:...`) and names (`DNS:...`)."""
    name = names[0].split(":", 1)[1]
    certificate, key = WORK / "server.crt", WORK / "server.key"
    config = WORK / "server.cnf"
    config.write_text("[req]\nprompt = no\ndistinguished_name = subject\nx509_extensions = more\n"
                      f"[subject]\nCN = {name}\n[more]\nbasicConstraints = CA:FALSE\n"
                      f"subjectAltName = {', '.join(names)}\n")
    openssl("req", "-x509", "-config", config, "-newkey", "rsa:2048", "-nodes", "-days", str(days),
            "-CA", signer[0], "-CAkey", signer[1], "-keyout", key, "-out", certificate)
    return certificate, key


def trusting(*signers):
    """QEMU's arguments with which OVMF trusts them: it makes TlsCaCertificate of what fw_cfg has."""
    if not signers:
        return []
    lists = b""
    for signer, _ in signers:
        der = subprocess.run(["openssl", "x509", "-in", signer, "-outform", "DER"], check=True,
                             capture_output=True).stdout
        size = 16 + len(der)
        lists += CERTIFICATE_X509.bytes_le + struct.pack("<III", 28 + size, 0, size)
        lists += OWNER.bytes_le + der
    (WORK / "cacerts").write_bytes(lists)
    return ["-fw_cfg", f"name=etc/edk2/https/cacerts,file={WORK}/cacerts"]
