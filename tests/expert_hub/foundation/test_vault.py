import hmac
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.vault import Vault, VaultKeyMissing, keep_secret, open_vault, write_secret

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


def test_of_many_who_make_a_secret_at_once_one_does_and_all_find_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret.key"
    contents = [bytes((number,)) * 4096 for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda content: (keep_secret(path, content), path.read_bytes()), contents))
    assert [was_made for was_made, _ in made].count(True) == 1
    (kept,) = {content for _, content in made}
    assert kept in contents
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_a_secret_that_changes_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "seen.json"
    write_secret(path, b"one")
    write_secret(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["seen.json"]
