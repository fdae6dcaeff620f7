"""The policy of this hub: the keys and limits that a stranger pins to verify its draws (XD-1 section 2)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from expert_hub.draws.beacons.beacon_chains import BeaconChain
from scheduling.transcript import SUITE, policy_hash

CENTRE, SUPERVISOR = "centre", "supervisor"
PUBLIC, FEDERATED, PARTIES = "public", "federated", "parties"
LEAST_PARTIES_ALONE = 3


class Limits(msgspec.Struct, frozen=True):
    """Numbers of the policy that a centre sets; times in seconds."""

    max_lead_s: int = 3_600
    max_clock_s: int = 60
    max_skips: int = 20
    attempts: int = 1
    answer_s: int = 600


class ListedBeacon(msgspec.Struct, frozen=True):
    """A chain that draws may use, and how far it is from this hub."""

    level: str
    chain: BeaconChain

    def document(self) -> dict[str, Any]:
        """As the policy lists it."""
        return {
            "level": self.level,
            "chain": self.chain.chain_hash,
            "scheme": self.chain.scheme,
            "public_key": self.chain.public_key,
            "period_s": self.chain.period_s,
            "genesis": self.chain.genesis,
        }


class Witness(msgspec.Struct, frozen=True):
    """Who cosigns checkpoints: name of the key, its operator, the key (32 bytes)."""

    name: str
    operator: str
    key: bytes


class LogKey(msgspec.Struct, frozen=True):
    """Name and key of the ledger."""

    origin: str
    key: bytes


class Trust(msgspec.Struct, frozen=True):
    """Everything the policy says: parties by name with their keys, ledger, witnesses, chains, known packs, limits."""

    parties: Mapping[str, bytes]
    log: LogKey
    witnesses: Sequence[Witness]
    beacons: Sequence[ListedBeacon]
    packs: Sequence[str]
    limits: Limits

    def document(self) -> dict[str, Any]:
        """The policy, canonical-ready."""
        return {
            "policy": "XD-1/policy",
            "suite": SUITE,
            "parties": {name: key.hex() for name, key in sorted(self.parties.items())},
            "min_parties": 2,
            "min_parties_alone": LEAST_PARTIES_ALONE,
            "log": {"origin": self.log.origin, "key": self.log.key.hex()},
            "witnesses": [
                {"name": item.name, "operator": item.operator, "key": item.key.hex()} for item in self.witnesses
            ],
            "quorum": 1,
            "beacons": [item.document() for item in self.beacons],
            "gateways": {},
            **msgspec.structs.asdict(self.limits),
            "packs": sorted(self.packs),
        }

    def hash(self) -> str:
        """Its hash, hexadecimal."""
        return policy_hash(self.document())
