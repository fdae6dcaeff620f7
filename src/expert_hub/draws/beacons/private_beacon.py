"""A beacon that a hub or a centre runs itself: the fallback when no public one can be reached.

It proves less than a public one, because one holder of the key can compute rounds ahead; a draw that used it says so.
"""

import asyncio
from pathlib import Path

from expert_hub.draws.beacons import bls
from expert_hub.draws.beacons.beacon import (
    BeaconRound,
    RoundAnswer,
    RoundFound,
    RoundNotYet,
    RoundUnreachable,
    message_of,
    verify_round,
)
from expert_hub.draws.beacons.beacon_chains import SCHEMES, BeaconChain, chain_hash_of, check_number, time_of_round
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.vault import keep_secret
from scheduling.seed import h

PRIVATE_SCHEME = "bls-unchained-g1-rfc9380"
_SECRET_BYTES = 48


def load_beacon_secret(keys_dir: Path, chance: Chance) -> int:
    """Read the secret scalar of this hub's beacon; make it on first use."""
    path = keys_dir / "beacon.key"
    if not path.exists():
        keep_secret(path, chance.octets(_SECRET_BYTES))
    return bls.secret_from(path.read_bytes())


def private_chain(name: str, public_key: bytes, period_s: int, genesis: int) -> BeaconChain:
    """The chain of a private beacon; its hash follows from all its constants.

    Raises:
        BeaconChainInvalid: a value out of range.
    """
    draft = BeaconChain(name, PRIVATE_SCHEME, "0" * 64, public_key.hex(), period_s, genesis)
    founded = h("private-beacon", PRIVATE_SCHEME.encode(), name.encode())
    return BeaconChain(name, PRIVATE_SCHEME, chain_hash_of(draft, founded), public_key.hex(), period_s, genesis)


def own_chain(name: str, secret: int, period_s: int, genesis: int) -> BeaconChain:
    """The chain of the beacon that holds this secret."""
    key = bls.public_key_of(SCHEMES[PRIVATE_SCHEME].group, secret)
    return private_chain(name, key, period_s, genesis)


def sign_round(secret: int, chain: BeaconChain, number: int, previous: bytes = b"") -> BeaconRound:
    """Sign one round; the signature of a round is unique, so the holder cannot choose it.

    Raises:
        HubError: the number, or the length of `previous`, does not fit the chain.
    """
    rules = chain.rules
    draft = BeaconRound(number, bytes(rules.group.point_bytes), previous)
    return BeaconRound(number, bls.sign(rules.group, rules.tag, secret, message_of(chain, draft)), previous)


class PrivateBeacon:
    """Signs the rounds of its own chain, none before its time."""

    def __init__(self, secret: int, chain: BeaconChain, clock: Clock) -> None:
        self._secret = secret
        self._chain = chain
        self._clock = clock

    async def ask(self, chain: BeaconChain, number: int) -> RoundAnswer:
        """The round, if it is due; another chain's rounds are not here."""
        check_number(chain, number)
        if chain != self._chain:
            return RoundUnreachable((("private", "another chain"),))
        if self._clock.now() < time_of_round(chain, number):
            return RoundNotYet()
        signed = await asyncio.to_thread(sign_round, self._secret, chain, number)
        # A key file that was exchanged must not pass as the chain.
        return RoundFound(signed, await asyncio.to_thread(verify_round, chain, signed), "private")
