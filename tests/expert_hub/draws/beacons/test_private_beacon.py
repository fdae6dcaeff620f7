from datetime import UTC, datetime
from pathlib import Path

import pytest

from expert_hub.draws.beacons import bls
from expert_hub.draws.beacons.beacon import RoundFound, RoundNotYet, verify_round
from expert_hub.draws.beacons.beacon_chains import DEFAULT, QUICKNET, time_of_round
from expert_hub.draws.beacons.bls import Group
from expert_hub.draws.beacons.private_beacon import (
    PrivateBeacon,
    load_beacon_secret,
    own_chain,
    private_chain,
    sign_round,
)
from expert_hub.draws.errors import BeaconRoundMalformed, BeaconSignatureInvalid
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock

SECRET = 0xC0FFEE
GENESIS = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())


def test_what_a_private_beacon_signs_verifies_on_its_chain_only() -> None:
    chain = own_chain("centre", SECRET, 10, GENESIS)
    signed = sign_round(SECRET, chain, 5)
    assert len(verify_round(chain, signed)) == 32
    assert sign_round(SECRET, chain, 5) == signed
    for other in (own_chain("centre", SECRET + 1, 10, GENESIS), QUICKNET):
        with pytest.raises(BeaconSignatureInvalid):
            verify_round(other, signed)


def test_a_chained_scheme_signs_the_signature_before() -> None:
    key = bls.public_key_of(Group.G2, SECRET).hex()
    chain = type(DEFAULT)("old", DEFAULT.scheme, DEFAULT.chain_hash, key, 30, GENESIS)
    first = sign_round(SECRET, chain, 1, bytes(32))
    second = sign_round(SECRET, chain, 2, first.signature)
    assert verify_round(chain, second) != verify_round(chain, first)
    with pytest.raises(BeaconRoundMalformed):
        sign_round(SECRET, chain, 2, b"")


def test_the_chain_hash_binds_every_constant() -> None:
    key = bls.public_key_of(Group.G1, SECRET)
    chains = [
        private_chain("centre", key, 10, GENESIS),
        private_chain("hub", key, 10, GENESIS),
        private_chain("centre", key, 11, GENESIS),
        private_chain("centre", key, 10, GENESIS + 1),
        private_chain("centre", bls.public_key_of(Group.G1, SECRET + 1), 10, GENESIS),
    ]
    assert len({chain.chain_hash for chain in chains}) == len(chains)
    assert own_chain("centre", SECRET, 10, GENESIS) == chains[0]


async def test_no_round_comes_before_its_time() -> None:
    chain = own_chain("centre", SECRET, 10, GENESIS)
    clock = FixedClock(time_of_round(chain, 7))
    beacon = PrivateBeacon(SECRET, chain, clock)
    assert await beacon.ask(chain, 8) == RoundNotYet()
    clock.move(seconds=9, microseconds=999_999)
    assert await beacon.ask(chain, 8) == RoundNotYet()
    clock.move(microseconds=1)
    found = await beacon.ask(chain, 8)
    assert isinstance(found, RoundFound)
    assert found.randomness == verify_round(chain, found.round)


async def test_a_key_that_was_exchanged_does_not_pass() -> None:
    chain = own_chain("centre", SECRET, 10, GENESIS)
    beacon = PrivateBeacon(SECRET + 1, chain, FixedClock(time_of_round(chain, 7)))
    with pytest.raises(BeaconSignatureInvalid):
        await beacon.ask(chain, 7)


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = load_beacon_secret(tmp_path, SeededChance("a"))
    assert load_beacon_secret(tmp_path, SeededChance("b")) == first
    assert (tmp_path / "beacon.key").stat().st_mode & 0o777 == 0o600
