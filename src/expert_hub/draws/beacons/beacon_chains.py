"""Randomness beacons by their public constants: the drand networks, and private ones of the same construction."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from expert_hub.draws.beacons.bls import Group
from expert_hub.draws.errors import BeaconChainInvalid, BeaconRoundOutOfRange
from expert_hub.draws.octets import octets_of

_G1_TAG = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
_G2_TAG = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_ROUND = 2**53 - 1
"""The largest integer that canonical JSON holds."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a network signs: group of the signatures, tag of the hash, whether a round signs the one before."""

    name: str
    group: Group
    tag: bytes
    is_chained: bool


SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme("bls-unchained-g1-rfc9380", Group.G1, _G1_TAG, is_chained=False),
        # Its tag names the wrong group: an error of the first release that its rounds keep for ever.
        Scheme("bls-unchained-on-g1", Group.G1, _G2_TAG, is_chained=False),
        Scheme("pedersen-bls-unchained", Group.G2, _G2_TAG, is_chained=False),
        Scheme("pedersen-bls-chained", Group.G2, _G2_TAG, is_chained=True),
    )
}


@dataclass(frozen=True, slots=True)
class BeaconChain:
    """One beacon.

    Args:
        name: what people call it.
        scheme: a key of `SCHEMES`.
        chain_hash: 64 lower-case hexadecimal characters; the name of the chain in every protocol.
        public_key: compressed point in lower-case hexadecimal.
        period_s: seconds between rounds.
        genesis: instant of round 1, seconds since 1970-01-01T00:00Z.

    Raises:
        BeaconChainInvalid: a value does not have this form. Whether the key is a point is seen when it is used.
    """

    name: str
    scheme: str
    chain_hash: str
    public_key: str
    period_s: int
    genesis: int

    def __post_init__(self) -> None:
        if self.scheme not in SCHEMES:
            raise BeaconChainInvalid(chain=self.name, field="scheme")
        for field, text, length in (
            ("chain_hash", self.chain_hash, 32),
            ("public_key", self.public_key, self.rules.group.other.point_bytes),
        ):
            if octets_of(text, length) is None or text != text.lower():
                raise BeaconChainInvalid(chain=self.name, field=field)
        for field, value, least in (("period_s", self.period_s, 1), ("genesis", self.genesis, 0)):
            if not least <= value < 2**32:
                raise BeaconChainInvalid(chain=self.name, field=field)

    @property
    def rules(self) -> Scheme:
        """How this chain signs."""
        return SCHEMES[self.scheme]


QUICKNET = BeaconChain(
    name="quicknet",
    scheme="bls-unchained-g1-rfc9380",
    chain_hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key="83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    period_s=3,
    genesis=1692803367,
)
DEFAULT = BeaconChain(
    name="default",
    scheme="pedersen-bls-chained",
    chain_hash="8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    public_key="868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
    period_s=30,
    genesis=1595431050,
)
PUBLIC_CHAINS = {chain.chain_hash: chain for chain in (QUICKNET, DEFAULT)}
"""The networks of the League of Entropy, pinned: a key that comes over the net proves nothing."""


def chain_hash_of(chain: BeaconChain, group_hash: bytes) -> str:
    """The chain hash that follows from a chain's constants and the hash of its founding group.

    Source: drand, `Info.Hash`
    """
    digest = hashlib.sha256(chain.period_s.to_bytes(4, "big") + chain.genesis.to_bytes(8, "big"))
    digest.update(bytes.fromhex(chain.public_key) + group_hash)
    if chain.name != "default":
        digest.update(chain.name.encode())
    return digest.hexdigest()


def round_at(chain: BeaconChain, at: datetime) -> int:
    """The latest round that is out at an instant (UTC aware); 0 before the first."""
    seconds = (at - _EPOCH) // timedelta(seconds=1) - chain.genesis
    return seconds // chain.period_s + 1 if seconds >= 0 else 0


def time_of_round(chain: BeaconChain, number: int) -> datetime:
    """The instant at which a round is due.

    Raises:
        BeaconRoundOutOfRange: below 1, or after the end of the calendar.
    """
    check_number(chain, number)
    try:
        return _EPOCH + timedelta(seconds=chain.genesis + (number - 1) * chain.period_s)
    except OverflowError:
        raise BeaconRoundOutOfRange(chain=chain.name, round=number) from None


def check_number(chain: BeaconChain, number: int) -> None:
    """Refuse what is no number of a round.

    Raises:
        BeaconRoundOutOfRange: outside 1..2**53 - 1.
    """
    if not 1 <= number <= LAST_ROUND:
        raise BeaconRoundOutOfRange(chain=chain.name, round=number)
