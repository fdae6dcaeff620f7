import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_hub.draws.contributors.chains import link_of
from expert_hub.draws.contributors.party_keys import (
    PartyKeys,
    create_keys,
    load_keys,
    own_link,
    save_keys,
    sign,
    verify_signature,
)
from expert_hub.draws.errors import (
    LinkOutOfRange,
    PartyKeyFileExists,
    PartyKeyFileOpen,
    PartyKeyFileUnreadable,
    PartyNameInvalid,
)
from expert_hub.foundation.chance import SeededChance

KEYS = create_keys("supervisor", 8, SeededChance("keys"))
DIGEST = bytes(range(32))


def test_secrets_differ_and_are_new_each_time() -> None:
    chance = SeededChance("one")
    first, second = create_keys("a", 1, chance), create_keys("a", 1, chance)
    assert len({first.signing, first.root, second.signing, second.root}) == 4


def test_the_sealing_key_follows_from_the_root_so_that_escrow_opens_what_was_sealed() -> None:
    opened = PartyKeys.of_root(KEYS.party, KEYS.root, KEYS.length)
    assert opened.x25519 == KEYS.x25519
    assert own_link(opened, 3) == own_link(KEYS, 3)
    assert opened.signing == b""


def test_a_key_file_is_for_its_owner_alone_and_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "supervisor.key"
    save_keys(path, KEYS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keys(path) == KEYS


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "supervisor.key"
    save_keys(path, KEYS)
    with pytest.raises(PartyKeyFileExists):
        save_keys(path, create_keys("supervisor", 8, SeededChance("other")))
    assert load_keys(path) == KEYS


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
def test_a_key_file_that_others_may_touch_is_not_used(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "supervisor.key"
    save_keys(path, KEYS)
    path.chmod(mode)
    with pytest.raises(PartyKeyFileOpen):
        load_keys(path)


@pytest.mark.parametrize(
    "change",
    [{"party": "A b"}, {"signing": "00"}, {"root": "zz" * 32}, {"length": 0}, {"length": 4097}, {"more": 1}],
    ids=str,
)
def test_another_file_is_not_taken_for_keys(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "supervisor.key"
    save_keys(path, KEYS)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), encoding="utf-8")
    with pytest.raises(PartyKeyFileUnreadable):
        load_keys(path)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 50_000, b"null"])
def test_garbage_is_no_key_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "supervisor.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(PartyKeyFileUnreadable):
        load_keys(path)


@pytest.mark.parametrize("name", ["", "Centre", "a b", "-a", "中心", "a" * 65, "a\n", "a/b"])
def test_names_are_identifiers(name: str) -> None:
    with pytest.raises(PartyNameInvalid):
        create_keys(name, 8, SeededChance("name"))


@pytest.mark.parametrize("length", [0, -1, 4097])
def test_a_chain_has_a_length(length: int) -> None:
    with pytest.raises(LinkOutOfRange):
        create_keys("a", length, SeededChance("length"))


def test_the_tip_and_what_lies_beyond_the_end_are_no_contribution() -> None:
    assert own_link(KEYS, 8) == link_of(KEYS.root, 8, 8)
    for index in (0, 9, -1):
        with pytest.raises(LinkOutOfRange):
            own_link(KEYS, index)


@settings(deadline=None)
@given(st.text(max_size=20), st.binary(max_size=64))
def test_a_signature_holds_for_its_purpose_digest_and_key_only(context: str, digest: bytes) -> None:
    signature = sign(KEYS, context, digest)
    assert verify_signature(KEYS.ed25519, context, digest, signature)
    assert not verify_signature(KEYS.ed25519, context + "x", digest, signature)
    assert not verify_signature(KEYS.ed25519, context, digest + b"x", signature)
    assert not verify_signature(replace(KEYS, signing=KEYS.root).ed25519, context, digest, signature)


def test_signatures_and_keys_of_other_lengths_are_just_false() -> None:
    signature = sign(KEYS, "commit", DIGEST)
    for key, given_signature in (
        (KEYS.ed25519, b""),
        (KEYS.ed25519, signature + b"\x00"),
        (KEYS.ed25519, signature[:-1] + bytes([signature[-1] ^ 1])),
        (b"", signature),
        (KEYS.ed25519[:-1], signature),
        (b"\xff" * 32, signature),
    ):
        assert not verify_signature(key, "commit", DIGEST, given_signature)


def test_two_purposes_cannot_be_shifted_into_each_other() -> None:
    assert not verify_signature(KEYS.ed25519, "a", b"b" + DIGEST, sign(KEYS, "ab", DIGEST))
