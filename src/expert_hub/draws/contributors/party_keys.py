"""The keys of a party to draws: one file with mode 0600 that stays with the party, never with the hub."""

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from expert_hub.draws.contributors.chains import MAX_LENGTH, ROOT_BYTES, link_of
from expert_hub.draws.errors import (
    LinkOutOfRange,
    PartyKeyFileExists,
    PartyKeyFileOpen,
    PartyKeyFileUnreadable,
    PartyNameInvalid,
)
from expert_hub.draws.octets import octets_of
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.vault import keep_secret
from scheduling.seed import h

KEY_BYTES = 32
DIGEST_BYTES = 32
SIGNATURE_BYTES = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartyKeys:
    """What a party keeps secret: its signing key, the root of its chain and the chain's length.

    The sealing key follows from the root, so that escrow holders who open a refused chain can also open what was sealed
    to the party. `signing` is empty where only the root is known.
    """

    party: str
    signing: bytes
    root: bytes
    length: int

    @classmethod
    def of_root(cls, party: str, root: bytes, length: int) -> "PartyKeys":
        """What follows from an opened root; it signs nothing."""
        return cls(party, b"", root, length)

    @property
    def ed25519(self) -> bytes:
        """The public key that checks the party's signatures."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()

    @property
    def x25519(self) -> bytes:
        """The public key to which others seal."""
        return self.sealing_key.public_key().public_bytes_raw()

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs."""
        return Ed25519PrivateKey.from_private_bytes(self.signing)

    @property
    def sealing_key(self) -> X25519PrivateKey:
        """The key that opens what was sealed to the party."""
        return X25519PrivateKey.from_private_bytes(h("sealing", self.root))


class _KeyFile(msgspec.Struct, forbid_unknown_fields=True):
    party: str
    signing: str
    root: str
    length: int


def create_keys(party: str, length: int, chance: Chance) -> PartyKeys:
    """New keys of a party with a chain of `length` links.

    Raises:
        PartyNameInvalid: other than 1 to 64 of a-z, 0-9, point and hyphen, beginning with a letter or digit.
        LinkOutOfRange: the length is not in 1..4096.
    """
    check_name(party)
    if not 1 <= length <= MAX_LENGTH:
        raise LinkOutOfRange(index=length, length=MAX_LENGTH)
    return PartyKeys(party, chance.octets(KEY_BYTES), chance.octets(ROOT_BYTES), length)


def check_name(party: str) -> None:
    """Refuse a name that is no identifier.

    Raises:
        PartyNameInvalid: it is none.
    """
    if not _NAME.fullmatch(party):
        raise PartyNameInvalid


def save_keys(path: Path, keys: PartyKeys) -> None:
    """Write the key file for its owner alone.

    Raises:
        PartyKeyFileExists: a file is there; keys are never overwritten.
    """
    file = _KeyFile(keys.party, keys.signing.hex(), keys.root.hex(), keys.length)
    if not keep_secret(path, msgspec.json.format(msgspec.json.encode(file)) + b"\n"):
        raise PartyKeyFileExists(file=str(path))


def load_keys(path: Path) -> PartyKeys:
    """Read a key file.

    Raises:
        PartyKeyFileOpen: others than its owner may read it.
        PartyKeyFileUnreadable: it is no key file.
        OSError: it cannot be read.
    """
    content = path.read_bytes()
    if path.stat().st_mode & 0o077:
        raise PartyKeyFileOpen(file=str(path))
    try:
        file = msgspec.json.decode(content, type=_KeyFile)
        secrets = [octets_of(text, KEY_BYTES) for text in (file.signing, file.root)]
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise PartyKeyFileUnreadable(file=str(path)) from None
    signing, root = secrets
    if not (signing and root and _NAME.fullmatch(file.party) and 1 <= file.length <= MAX_LENGTH):
        raise PartyKeyFileUnreadable(file=str(path))
    return PartyKeys(file.party, signing, root, file.length)


def own_link(keys: PartyKeys, index: int) -> bytes:
    """Link `index` of the party's chain: revealing it reveals all links below it.

    Raises:
        LinkOutOfRange: not in 1..length.
    """
    if not 1 <= index <= keys.length:
        raise LinkOutOfRange(index=index, length=keys.length)
    return link_of(keys.root, keys.length, index)


def sign(keys: PartyKeys, context: str, digest: bytes) -> bytes:
    """Sign a digest for one purpose: Ed25519 over `h("sign", context, digest)`; 64 bytes.

    Source: RFC 8032
    """
    return Ed25519PrivateKey.from_private_bytes(keys.signing).sign(h("sign", context.encode(), digest))


def verify_signature(ed25519: bytes, context: str, digest: bytes, signature: bytes) -> bool:
    """Whether a signature is that of this key for this purpose and digest; bytes of other lengths are just false."""
    try:
        Ed25519PublicKey.from_public_bytes(ed25519).verify(signature, h("sign", context.encode(), digest))
    except (ValueError, InvalidSignature):
        return False
    return True
