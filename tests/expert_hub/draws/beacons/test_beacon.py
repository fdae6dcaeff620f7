"""Rounds as networks published them (facts, quoted in many test suites) are accepted, and nothing near them."""

import json
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from expert_hub.draws.beacons.beacon import BeaconRound, read_round, round_by_hand, verify_round
from expert_hub.draws.beacons.beacon_chains import DEFAULT, QUICKNET, BeaconChain
from expert_hub.draws.errors import (
    BeaconChainInvalid,
    BeaconRoundMalformed,
    BeaconRoundOutOfRange,
    BeaconSignatureInvalid,
)

FASTNET = BeaconChain(
    "fastnet",
    "bls-unchained-on-g1",
    "dbd506d6ef76e5f386f41c651dcb808c5bcbd75471cc4eafa3f4df7ad4e4c493",
    "a0b862a7527fee3a731bcb59280ab6abd62d5c0b6ea03dc4ddf6612fdfc9d01f01c31542541771903475eb1ec6615f8d"
    "0df0b8b6dce385811d6dcf8cbefb8759e5e616a3dfd054c928940766d9a5b9db91e3b697e5d70a975181e007f87fca5e",
    3,
    1677685200,
)
TESTNET = BeaconChain(
    "testnet-unchained-3s",
    "pedersen-bls-unchained",
    "7672797f548f3f4748ac4bf3352fc6c6b6468c9ad40ad456a397545c6e2df5bf",
    "8200fc249deb0148eb918d6e213980c5d01acd7fc251900d9260136da3b54836ce125172399ddc69c4e3e11429b62c11",
    3,
    1651677099,
)


def published(number: int, signature: str, previous: str = "") -> BeaconRound:
    return BeaconRound(number, bytes.fromhex(signature), bytes.fromhex(previous))


PUBLISHED = {
    "quicknet 1000": (
        QUICKNET,
        published(
            1000, "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
        ),
        "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
    ),
    "quicknet 657413": (
        QUICKNET,
        published(
            657413, "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
        ),
        "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    ),
    "fastnet 3": (
        FASTNET,
        published(
            3, "8176555f90d71aa49ceb37739683749491c2bab15a46094b255289ed25cf8f01cdfb1fe8bd9cd5a19eb09448a3e53186"
        ),
        "a4eb0ed6c4132da066843c3bfdce732ce5013eda86e74c136ab8ccc387b798dd",
    ),
    "testnet 1000": (
        TESTNET,
        published(
            1000,
            "a4721e6c3eafcd823f138cd29c6c82e8c5149101d0bb4bafddbac1c2d1fe3738895e4e21dd4b8b41bf00704644022091"
            "0bb1cdb91f50a84a0d7f33ff2e8577aa62ac64b35a291a728a9db5ac91e06d1312b48a376138d77b4d6ad27c24221afe",
        ),
        "3467f5d3118af125fbe8ffa0272e9fd1df026702afd4da50d0a0c8b3ff2dbf21",
    ),
    "default 1": (
        DEFAULT,
        published(
            1,
            "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b101"
            "04990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655",
            "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
        ),
        "101297f1ca7dc44ef6088d94ad5fb7ba03455dc33d53ddb412bbc4564ed986ec",
    ),
    "default 3311596": (
        DEFAULT,
        published(
            3311596,
            "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f9"
            "00e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754",
            "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b43"
            "0e65680b9e0098552758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8",
        ),
        "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920",
    ),
}
cases = pytest.mark.parametrize(("chain", "found", "randomness"), PUBLISHED.values(), ids=PUBLISHED)


@cases
def test_a_published_round_is_accepted(chain: BeaconChain, found: BeaconRound, randomness: str) -> None:
    assert verify_round(chain, found).hex() == randomness == sha256(found.signature).hexdigest()


@cases
def test_the_same_signature_for_another_round_is_refused(
    chain: BeaconChain, found: BeaconRound, randomness: str
) -> None:
    with pytest.raises(BeaconSignatureInvalid):
        verify_round(
            chain, replace(found, number=found.number + 1, previous=(found.previous * 3)[: chain_previous(chain)])
        )


def chain_previous(chain: BeaconChain) -> int:
    return chain.rules.group.point_bytes if chain.rules.is_chained else 0


@cases
def test_any_changed_byte_of_a_round_is_refused(chain: BeaconChain, found: BeaconRound, randomness: str) -> None:
    for place in (0, len(found.signature) - 1):
        changed = bytearray(found.signature)
        changed[place] ^= 0x20
        with pytest.raises(BeaconSignatureInvalid):
            verify_round(chain, replace(found, signature=bytes(changed)))
    if found.previous:
        with pytest.raises(BeaconSignatureInvalid):
            verify_round(chain, replace(found, previous=found.previous[:-1] + b"\x00"))


def test_a_round_of_another_chain_with_the_same_lengths_is_refused() -> None:
    found = PUBLISHED["fastnet 3"][1]
    with pytest.raises(BeaconSignatureInvalid):
        verify_round(QUICKNET, found)
    with pytest.raises(BeaconSignatureInvalid):
        verify_round(replace(FASTNET, scheme=QUICKNET.scheme), found)


def test_wrong_lengths_are_refused_before_any_arithmetic() -> None:
    found = PUBLISHED["quicknet 1000"][1]
    for signature, previous in ((b"", b""), (found.signature + b"\x00", b""), (found.signature, b"\x00")):
        with pytest.raises(BeaconRoundMalformed):
            verify_round(QUICKNET, BeaconRound(1000, signature, previous))
    _, chained, _ = PUBLISHED["default 3311596"]
    for previous in (b"", chained.previous[:32]):
        with pytest.raises(BeaconRoundMalformed):
            verify_round(DEFAULT, replace(chained, previous=previous))


@pytest.mark.parametrize(
    "signature", [b"\xc0" + bytes(47), bytes(48), b"\xff" * 48], ids=["infinity", "zeroes", "ones"]
)
def test_infinity_and_nonsense_are_no_signature(signature: bytes) -> None:
    with pytest.raises(BeaconSignatureInvalid):
        verify_round(QUICKNET, BeaconRound(1000, signature))


@pytest.mark.parametrize("key", [b"\xc0" + bytes(95), bytes(96), b"\x8f" * 96], ids=["infinity", "zeroes", "noise"])
def test_a_chain_whose_key_is_no_point_is_refused(key: bytes) -> None:
    with pytest.raises(BeaconChainInvalid):
        verify_round(replace(QUICKNET, public_key=key.hex()), PUBLISHED["quicknet 1000"][1])


@pytest.mark.parametrize("number", [0, -1, 2**64])
def test_what_is_no_number_of_a_round_is_refused(number: int) -> None:
    with pytest.raises(BeaconRoundOutOfRange):
        verify_round(QUICKNET, replace(PUBLISHED["quicknet 1000"][1], number=number))


@cases
def test_a_round_may_be_typed_in_or_pasted(chain: BeaconChain, found: BeaconRound, randomness: str) -> None:
    typed = (found.previous + found.signature).hex()
    half = len(typed) // 2
    for text in (typed, f" {typed[:half].upper()}\n{typed[half:]} \t", relay_text(found, randomness)):
        carried = round_by_hand(chain, found.number, text)
        assert (carried.round, carried.randomness.hex(), carried.source) == (found, randomness, "hand")


def relay_text(found: BeaconRound, randomness: str) -> str:
    document = {"round": found.number, "randomness": randomness, "signature": found.signature.hex()}
    if found.previous:
        document["previous_signature"] = found.previous.hex()
    return json.dumps(document, indent=2)


@pytest.mark.parametrize(
    "text", ["", "b4", "hello", "{", "{}", "[]", "0" * 95, "0x" + "0" * 94, "{" * 9_999, "\x00", "ｂ" * 96]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(BeaconRoundMalformed):
        round_by_hand(QUICKNET, 1000, text)


def test_a_typed_round_of_another_number_is_refused() -> None:
    with pytest.raises(BeaconSignatureInvalid):
        round_by_hand(QUICKNET, 1001, PUBLISHED["quicknet 1000"][1].signature.hex())
    with pytest.raises(BeaconRoundOutOfRange):
        round_by_hand(QUICKNET, 0, PUBLISHED["quicknet 1000"][1].signature.hex())


@pytest.mark.parametrize(
    "change",
    [
        {"round": 1001},
        {"round": "1000"},
        {"round": 1000.5},
        {"round": True},
        {"round": None},
        {"signature": None},
        {"signature": 7},
        {"signature": "zz" * 48},
        {"signature": "00" * 47},
        {"signature": "b4" * 49},
    ],
    ids=str,
)
def test_a_document_about_something_else_is_refused(change: dict[str, object]) -> None:
    document = json.loads(relay_text(PUBLISHED["quicknet 1000"][1], "")) | change
    with pytest.raises(BeaconRoundMalformed):
        read_round(QUICKNET, 1000, json.dumps(document).encode())


@pytest.mark.parametrize("raw", [b"", b"\xff", b"null", b"[" * 15_000, b'{"round":' + b"9" * 5_000, b'{"a":' * 3_000])
def test_garbage_is_refused_without_a_traceback(raw: bytes) -> None:
    with pytest.raises(BeaconRoundMalformed):
        read_round(QUICKNET, 1000, raw)


def test_a_chained_document_needs_the_signature_before() -> None:
    chain, found, randomness = PUBLISHED["default 3311596"]
    document = json.loads(relay_text(found, randomness))
    assert read_round(chain, found.number, json.dumps(document).encode()) == found
    for previous in (None, "", "00" * 32, 5):
        with pytest.raises(BeaconRoundMalformed):
            read_round(chain, found.number, json.dumps(document | {"previous_signature": previous}).encode())


def test_the_rounds_of_the_shared_folder_are_accepted() -> None:
    folder = os.environ.get("EXPERT_HUB_SHARED")
    if not folder:
        pytest.skip("EXPERT_HUB_SHARED is not set")
    document = json.loads((Path(folder) / "data" / "drand_rounds.json").read_text(encoding="utf-8"))
    chains = {chain.rules.name: chain for chain in (QUICKNET, DEFAULT)}
    assert document["quicknet_chain"]["public_key"] == QUICKNET.public_key
    assert document["quicknet_chain"]["hash"] == QUICKNET.chain_hash
    assert len(document["vectors"]) >= 2
    for vector in document["vectors"]:
        found = published(vector["round"], vector["signature"], vector.get("previous_signature", ""))
        assert verify_round(chains[vector["scheme"]], found).hex() == vector["randomness"]
