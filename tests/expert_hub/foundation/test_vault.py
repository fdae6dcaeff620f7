import hmac
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.vault import Vault, VaultKeyMissing, open_vault

NUMBER = "440106199001011234"


def test_what_is_sealed_comes_back_and_says_nothing(vault: Vault) -> None:
    sealed = vault.seal(NUMBER, bytes(12))
    assert vault.open(sealed) == NUMBER
    assert NUMBER.encode() not in sealed


def test_an_altered_seal_does_not_open(vault: Vault) -> None:
    sealed = bytearray(vault.seal(NUMBER, bytes(12)))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        vault.open(bytes(sealed))


@pytest.mark.parametrize("value", ["", NUMBER, "张三" * 100])
def test_rfc_2104_the_index_is_hmac_sha_256(vault: Vault, value: str) -> None:
    assert vault.index(value) == hmac.digest(bytes(range(32, 64)), value.encode(), "sha256").hex()


def test_the_index_depends_on_the_key(vault: Vault) -> None:
    assert vault.index(NUMBER) == vault.index(NUMBER)
    assert vault.index(NUMBER) != Vault(bytes(64)).index(NUMBER)


def test_the_key_file_is_private_and_made_once(tmp_path: Path) -> None:
    with pytest.raises(VaultKeyMissing):
        open_vault(tmp_path, SeededChance("k"), create=False)
    first = open_vault(tmp_path, SeededChance("k"), create=True)
    again = open_vault(tmp_path, SeededChance("other"), create=True)
    assert first.index("x") == again.index("x")
    assert (tmp_path / "personal-data.key").stat().st_mode & 0o777 == 0o600
