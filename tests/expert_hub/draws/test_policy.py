"""The policy of a hub: what a stranger pins."""

from dataclasses import replace as changed

import msgspec

from expert_hub.draws.beacons.beacon_chains import QUICKNET
from expert_hub.draws.policy import PUBLIC, Limits, ListedBeacon, LogKey, Trust, Witness

TRUST = Trust(
    parties={"supervisor": bytes([2]) * 32, "centre": bytes([1]) * 32},
    log=LogKey("hub.example", bytes([3]) * 32),
    witnesses=[Witness("supervisor", "supervisor", bytes([2]) * 32)],
    beacons=[ListedBeacon(PUBLIC, QUICKNET)],
    packs=["f" * 64, "e" * 64],
    limits=Limits(max_skips=7),
)


def test_it_lists_keys_chains_packs_and_limits() -> None:
    document = TRUST.document()
    assert document["parties"] == {"centre": "01" * 32, "supervisor": "02" * 32}
    assert (document["min_parties"], document["min_parties_alone"], document["quorum"]) == (2, 3, 1)
    assert document["packs"] == ["e" * 64, "f" * 64]
    assert {name: document[name] for name in msgspec.structs.asdict(Limits())} == msgspec.structs.asdict(TRUST.limits)
    (beacon,) = document["beacons"]
    assert (beacon["level"], beacon["chain"], beacon["period_s"]) == (
        "public",
        "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
        3,
    )


def test_every_part_changes_the_hash() -> None:
    variants = [
        TRUST,
        msgspec.structs.replace(TRUST, parties={**TRUST.parties, "hub-2": bytes(32)}),
        msgspec.structs.replace(TRUST, log=LogKey("hub.example", bytes(32))),
        msgspec.structs.replace(TRUST, witnesses=[]),
        msgspec.structs.replace(TRUST, beacons=[ListedBeacon(PUBLIC, changed(QUICKNET, period_s=4))]),
        msgspec.structs.replace(TRUST, packs=["e" * 64]),
        msgspec.structs.replace(TRUST, limits=Limits()),
    ]
    assert len({trust.hash() for trust in variants}) == len(variants)
    assert msgspec.structs.replace(TRUST, packs=list(reversed(TRUST.packs))).hash() == TRUST.hash()
