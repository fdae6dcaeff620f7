"""Checkpoints of the ledger as signed notes, and the cosignatures of witnesses.

Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature (cosignature/v1).
"""

import base64
import binascii
import hashlib

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 1, 4
_DASH = "— "


class Checkpoint(msgspec.Struct, frozen=True):
    """Size and root of the ledger under its name (`origin`)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines, the last one ended as well."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Signer(msgspec.Struct, frozen=True):
    """A name and its private key."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.key.public_key().public_bytes_raw()


class NoteBroken(ValueError):
    """The text is no checkpoint."""


def key_id(name: str, public: bytes, kind: int) -> bytes:
    """Four bytes that tell keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def signed(checkpoint: Checkpoint, log: Signer) -> str:
    """The note with the signature of the log."""
    signature = log.key.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n{_line(log.name, key_id(log.name, log.public, LOG) + signature)}"


def cosignature(checkpoint: Checkpoint, witness: Signer, at: int) -> str:
    """The line of a witness: it saw this checkpoint at this time (seconds since 1970) and the ledger only grew."""
    signature = witness.key.sign(_cosigned(checkpoint, at))
    blob = key_id(witness.name, witness.public, WITNESS) + at.to_bytes(8, "big") + signature
    return _line(witness.name, blob)


def read(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    """The checkpoint of a note and its signature lines as (name, octets).

    Raises:
        NoteBroken: it is not of this form.
    """
    text, gap, rest = note.partition("\n\n")
    lines = text.split("\n")
    try:
        if not gap or len(lines) != 3 or not lines[0] or lines[1] != str(int(lines[1])) or int(lines[1]) < 0:
            raise NoteBroken(note[:100])
        root = base64.b64decode(lines[2], validate=True)
        signatures = [read_line(line) for line in rest.splitlines()]
    except (ValueError, binascii.Error) as error:
        raise NoteBroken(note[:100]) from error
    return Checkpoint(lines[0], int(lines[1]), root), signatures


def read_line(line: str) -> tuple[str, bytes]:
    """Name and octets of one signature line.

    Raises:
        NoteBroken: it is not of this form.
    """
    name, _, blob = line.removeprefix(_DASH).rpartition(" ")
    if not line.startswith(_DASH) or not name:
        raise NoteBroken(line[:100])
    try:
        return name, base64.b64decode(blob, validate=True)
    except binascii.Error as error:
        raise NoteBroken(line[:100]) from error


def cosigned_at(checkpoint: Checkpoint, line: str, name: str, public: bytes) -> int | None:
    """When the witness of this name and key signed the checkpoint (seconds since 1970), or none if it did not."""
    signer, blob = read_line(line.removesuffix("\n"))
    if signer != name or len(blob) != 76 or blob[:4] != key_id(name, public, WITNESS):
        return None
    at = int.from_bytes(blob[4:12], "big")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(blob[12:], _cosigned(checkpoint, at))
    except InvalidSignature:
        return None
    return at


def is_signed(note: str, name: str, public: bytes) -> bool:
    """True if the log of this name and key signed the note."""
    checkpoint, lines = read(note)
    for signer, blob in lines:
        if signer == name and len(blob) == 68 and blob[:4] == key_id(name, public, LOG):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], checkpoint.text.encode())
            except InvalidSignature:
                continue
            return True
    return False


def _line(name: str, blob: bytes) -> str:
    return f"{_DASH}{name} {base64.b64encode(blob).decode()}\n"


def _cosigned(checkpoint: Checkpoint, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{checkpoint.text}".encode()
