"""What every step of a draw works with."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from expert_hub.draws.beacons.beacon_desk import BeaconDesk
from expert_hub.draws.contributors.chains import MAX_LENGTH
from expert_hub.draws.contributors.party_keys import PartyKeys, create_keys, load_keys, save_keys
from expert_hub.draws.errors import PartyKeyFileExists
from expert_hub.draws.policy import CENTRE, Limits
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.foundation.vault import Vault, keep_secret
from expert_hub.ledger.notes import Signer


class Means(msgspec.Struct, frozen=True):
    """Clock, chance, vault, packs, beacons, the keys of the centre and of the ledger, and the policy's numbers."""

    clock: Clock
    chance: Chance
    vault: Vault
    packs: Mapping[str, RulePack]
    desk: BeaconDesk
    centre: PartyKeys
    log: Signer
    limits: Limits = Limits()


def centre_keys(keys_dir: Path, chance: Chance) -> PartyKeys:
    """The keys of the centre as a party; made on first use."""
    path = keys_dir / "centre.party.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Another process may have made them in the meantime.
        with suppress(PartyKeyFileExists):
            save_keys(path, create_keys(CENTRE, MAX_LENGTH, chance))
    return load_keys(path)


def log_signer(keys_dir: Path, origin: str, chance: Chance) -> Signer:
    """The key that signs checkpoints of the ledger; made on first use."""
    path = keys_dir / "ledger-signing.key"
    if not path.exists():
        keep_secret(path, chance.octets(32))
    return Signer(origin, Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
