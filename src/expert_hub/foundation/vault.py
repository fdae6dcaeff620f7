"""Personal data at rest: sealed with AES-256-GCM, found again through a keyed digest.

The keys lie in a file outside the database, so that a copy of the database alone names nobody.
Source: engineering choice after 个人信息保护法 第51条 (encryption, de-identification).
"""

import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.errors import HubError

_NONCE_BYTES = 12


class VaultKeyMissing(HubError):
    """The database holds sealed data but the key file is not there."""

    code = "hub/vault-key-missing"
    status = 500
    zh = "缺少个人信息密钥文件 {path}，无法读取已加密的数据。"
    en = "The key file of personal data {path} is missing; sealed data cannot be read."


class Vault:
    """Seals, opens and indexes values of persons."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 64:
            raise ValueError("a vault key has 64 bytes")
        self._cipher = AESGCM(key[:32])
        # HMAC with its two inner states computed once: the one-call form gives up the interpreter lock for each value,
        # which makes an import wait several times as long as it works.
        padded = key[32:].ljust(hashlib.sha256().block_size, b"\x00")
        self._inner = hashlib.sha256(bytes(octet ^ 0x36 for octet in padded))
        self._outer = hashlib.sha256(bytes(octet ^ 0x5C for octet in padded))

    def seal(self, value: str, nonce: bytes) -> bytes:
        """Encrypt a value; the nonce (12 bytes) must be fresh."""
        return nonce + self._cipher.encrypt(nonce, value.encode(), None)

    def open(self, sealed: bytes) -> str:
        """Decrypt what `seal` returned."""
        return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None).decode()

    def index(self, value: str) -> str:
        """HMAC-SHA-256 (64 hexadecimal characters): equal values, equal digests; useless without the key.

        Source: RFC 2104.
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(value.encode())
        outer.update(inner.digest())
        return outer.hexdigest()


def open_vault(keys_dir: Path, chance: Chance, *, create: bool) -> Vault:
    """Read the vault key, or make it on first use.

    Raises:
        VaultKeyMissing: it is not there and may not be made.
    """
    path = keys_dir / "personal-data.key"
    if not path.exists():
        if not create:
            raise VaultKeyMissing(path=str(path))
        keep_secret(path, chance.octets(64))
    return Vault(path.read_bytes())


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all; it takes the place of an older one."""
    _draft_of(path, content).replace(path)


def keep_secret(path: Path, content: bytes) -> bool:
    """Write a file that only its owner may read, if there is none.

    Of several processes that begin at the same moment one writes it; the others find it whole.

    Returns:
        False if it was there already.
    """
    draft = _draft_of(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _draft_of(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A name of its own: others may be writing the same file.
    file, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)
