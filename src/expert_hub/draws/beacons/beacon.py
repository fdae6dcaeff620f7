"""One round of a beacon: what it signs, whether its signature holds, and where rounds come from (the seam)."""

import hashlib
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import msgspec

from expert_hub.draws.beacons import bls
from expert_hub.draws.beacons.beacon_chains import BeaconChain, check_number
from expert_hub.draws.errors import BeaconChainInvalid, BeaconRoundMalformed, BeaconSignatureInvalid
from expert_hub.draws.octets import octets_of

_GENESIS_BYTES = 32


@dataclass(frozen=True, slots=True)
class BeaconRound:
    """A round as published: its number, its signature, and the signature before it where the scheme chains them."""

    number: int
    signature: bytes
    previous: bytes = b""


@dataclass(frozen=True, slots=True)
class RoundFound:
    """A round whose signature was verified, its randomness (32 bytes), and where it came from."""

    round: BeaconRound
    randomness: bytes
    source: str


@dataclass(frozen=True, slots=True)
class RoundNotYet:
    """The round is not out yet, as far as this source knows: ask again."""


@dataclass(frozen=True, slots=True)
class RoundUnreachable:
    """No source gave a valid answer; `faults` says why, source by source."""

    faults: tuple[tuple[str, str], ...] = ()


RoundAnswer = RoundFound | RoundNotYet | RoundUnreachable


@runtime_checkable
class Beacon(Protocol):
    """Where rounds come from. Whatever it answers as found was verified against the chain's own key."""

    async def ask(self, chain: BeaconChain, number: int) -> RoundAnswer:
        """The round of that number, or why it is not to be had now."""


class _Published(msgspec.Struct):
    round: int
    signature: str
    previous_signature: str | None = None


def previous_bytes(chain: BeaconChain, number: int) -> int:
    """Length of what a round of the chain carries from the one before; round 1 carries the seed of the genesis."""
    if not chain.rules.is_chained:
        return 0
    return _GENESIS_BYTES if number == 1 else chain.rules.group.point_bytes


def message_of(chain: BeaconChain, found: BeaconRound) -> bytes:
    """What is signed: SHA-256 of the signature before (chained schemes only) and the number as 8 bytes, big end first.

    Raises:
        BeaconRoundOutOfRange: the number.
        BeaconRoundMalformed: a length.
    """
    check_number(chain, found.number)
    lengths = (previous_bytes(chain, found.number), chain.rules.group.point_bytes)
    if (len(found.previous), len(found.signature)) != lengths:
        raise BeaconRoundMalformed(chain=chain.name, round=found.number)
    return hashlib.sha256(found.previous + found.number.to_bytes(8, "big")).digest()


def verify_round(chain: BeaconChain, found: BeaconRound) -> bytes:
    """Check a round against the key of its chain. Takes a third of a second: run it in a thread.

    Returns:
        the randomness: SHA-256 of the signature, 32 bytes.

    Raises:
        BeaconChainInvalid: the chain's key is no point of its group.
        BeaconRoundOutOfRange: the number.
        BeaconRoundMalformed: a length.
        BeaconSignatureInvalid: no canonical point of the subgroup, infinity, or not the signature of this round.
    """
    message, rules, key = message_of(chain, found), chain.rules, bytes.fromhex(chain.public_key)
    if not bls.is_point(rules.group.other, key):
        raise BeaconChainInvalid(chain=chain.name, field="public_key")
    try:
        holds = bls.verify(rules.group, rules.tag, key, message, found.signature)
    except bls.NotAPoint:
        holds = False
    if not holds:
        raise BeaconSignatureInvalid(chain=chain.name, round=found.number)
    return hashlib.sha256(found.signature).digest()


def read_round(chain: BeaconChain, number: int, document: bytes) -> BeaconRound:
    """Read a relay's JSON about one round. Its field `randomness` is not looked at: it follows from the signature.

    Raises:
        BeaconRoundMalformed: no such document, another round, or no hexadecimal of the scheme's length.
    """
    try:
        published = msgspec.json.decode(document, type=_Published)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise BeaconRoundMalformed(chain=chain.name, round=number) from None
    length = previous_bytes(chain, number)
    signature = octets_of(published.signature, chain.rules.group.point_bytes)
    previous = octets_of(published.previous_signature or "", length) if length else b""
    if published.round != number or signature is None or previous is None:
        raise BeaconRoundMalformed(chain=chain.name, round=number)
    return BeaconRound(number, signature, previous)


def round_by_hand(chain: BeaconChain, number: int, text: str) -> RoundFound:
    """A round that somebody carried in: the signature in hexadecimal, or the JSON of a relay. Blanks do not count.

    A chained scheme needs the signature before it too: first that one, then the round's own, in one text.

    Raises:
        HubError: as `verify_round`; the text is neither.
    """
    check_number(chain, number)
    packed = "".join(text.split())
    if packed.startswith("{"):
        found = read_round(chain, number, packed.encode())
    else:
        carried = previous_bytes(chain, number)
        octets = octets_of(packed, carried + chain.rules.group.point_bytes)
        if octets is None:
            raise BeaconRoundMalformed(chain=chain.name, round=number)
        found = BeaconRound(number, octets[carried:], octets[:carried])
    return RoundFound(found, verify_round(chain, found), "hand")
