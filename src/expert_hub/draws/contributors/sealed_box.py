"""Bytes sealed to the holder of an X25519 key: only that key opens them, and nobody learns who sealed.

sealed = ephemeral public key (32) + AES-256-GCM ciphertext and tag (16). The key of the cipher is HKDF-SHA256 of the
shared secret with `h("seal", context, ephemeral public, recipient public)` as `info`, used once, so the nonce is zero.
Source: RFC 7748, RFC 5869, NIST SP 800-38D.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from expert_hub.draws.errors import SealedBoxUnreadable, SealingKeyInvalid
from expert_hub.foundation.chance import Chance
from scheduling.seed import h

KEY_BYTES = 32
_NONCE = bytes(12)
_TAG_BYTES = 16


def seal(recipient: bytes, plain: bytes, context: str, chance: Chance) -> bytes:
    """Seal `plain` to a public key.

    Args:
        recipient: X25519 public key, 32 bytes.
        plain: any bytes.
        context: what this is; opening needs the same.
        chance: gives the ephemeral key.

    Raises:
        SealingKeyInvalid: no key, or one that gives everybody the same secret.
    """
    ephemeral = X25519PrivateKey.from_private_bytes(chance.octets(KEY_BYTES))
    public = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    except ValueError:
        raise SealingKeyInvalid from None
    return public + _cipher(shared, context, public, recipient).encrypt(_NONCE, plain, None)


def open_sealed(key: X25519PrivateKey, sealed: bytes, context: str) -> bytes:
    """Open what `seal` returned for this key and context.

    Raises:
        SealedBoxUnreadable: sealed to another key, for another purpose, or changed.
    """
    public, body = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    if len(body) < _TAG_BYTES:
        raise SealedBoxUnreadable
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
        return _cipher(shared, context, public, key.public_key().public_bytes_raw()).decrypt(_NONCE, body, None)
    except (ValueError, InvalidTag):
        raise SealedBoxUnreadable from None


def _cipher(shared: bytes, context: str, ephemeral: bytes, recipient: bytes) -> AESGCM:
    purpose = h("seal", context.encode(), ephemeral, recipient)
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(shared))
