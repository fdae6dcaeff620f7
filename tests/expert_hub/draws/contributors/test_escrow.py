from dataclasses import replace
from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_hub.draws.contributors.chains import accept, assign, link_of, registered, retire, tip_of
from expert_hub.draws.contributors.escrow import Escrow, Holder, commitment_of, deal, open_escrow, open_share
from expert_hub.draws.errors import (
    EscrowFalse,
    EscrowPlanInvalid,
    EscrowShareWrong,
    EscrowTooFewShares,
    SealedBoxUnreadable,
    SealingKeyInvalid,
)
from expert_hub.foundation.chance import SeededChance

ROOT = bytes(range(32, 64))
LENGTH = 16
TIP = tip_of(ROOT, LENGTH)
NAMES = ("notary", "auditor", "university", "court", "archive")
KEYS = {name: X25519PrivateKey.from_private_bytes(bytes([place]) * 32) for place, name in enumerate(NAMES, start=1)}
HOLDERS = [Holder(name, key.public_key().public_bytes_raw()) for name, key in KEYS.items()]


def dealt(threshold: int = 3, root: bytes = ROOT) -> Escrow:
    return deal(root, TIP, threshold, HOLDERS, SeededChance("deal"))


def opened(escrow: Escrow, *names: str) -> dict[str, bytes]:
    by_name = {share.holder.name: share for share in escrow.shares}
    return {name: open_share(KEYS[name], by_name[name].sealed) for name in names}


@pytest.mark.parametrize("count", [3, 4, 5])
def test_any_three_of_five_open_the_same_root(count: int) -> None:
    escrow = dealt()
    for names in combinations(NAMES, count):
        assert open_escrow(escrow, opened(escrow, *names), TIP, LENGTH) == ROOT


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(2, 5), st.randoms(use_true_random=False), st.text(max_size=5))
def test_whatever_the_root_the_threshold_and_who_comes(root: bytes, threshold: int, random, seed: str) -> None:
    tip = tip_of(root, 3)
    escrow = deal(root, tip, threshold, HOLDERS, SeededChance(seed))
    names = random.sample(NAMES, threshold)
    assert open_escrow(escrow, opened(escrow, *names), tip, 3) == root


def test_a_withheld_link_is_the_same_when_holders_open_it() -> None:
    state, index = assign(registered(TIP, LENGTH))
    escrow = dealt()
    root = open_escrow(escrow, opened(escrow, "court", "notary", "archive"), TIP, LENGTH)
    withheld = link_of(root, LENGTH, index)
    assert withheld == link_of(ROOT, LENGTH, index)
    assert accept(retire(state), index, withheld).last == withheld


def test_too_few_open_nothing() -> None:
    escrow = dealt()
    with pytest.raises(EscrowTooFewShares) as refused:
        open_escrow(escrow, opened(escrow, "court", "notary"), TIP, LENGTH)
    assert refused.value.facts == {"given": 2, "needed": 3}


@pytest.mark.parametrize("place", [0, 1, 32])
def test_a_wrong_share_names_its_holder(place: int) -> None:
    escrow = dealt()
    shares = opened(escrow, *NAMES)
    wrong = bytearray(shares["court"])
    wrong[place] ^= 1
    with pytest.raises(EscrowShareWrong) as refused:
        open_escrow(escrow, shares | {"court": bytes(wrong)}, TIP, LENGTH)
    assert refused.value.facts == {"holder": "court"}


def test_a_share_of_another_holder_a_stranger_or_another_length_is_wrong() -> None:
    escrow = dealt()
    shares = opened(escrow, *NAMES)
    for extra in ({"court": shares["notary"]}, {"stranger": shares["notary"]}, {"court": b""}, {"court": bytes(500)}):
        with pytest.raises(EscrowShareWrong) as refused:
            open_escrow(escrow, shares | extra, TIP, LENGTH)
        assert refused.value.facts["holder"] in extra


def test_a_share_is_for_its_holder_alone() -> None:
    escrow = dealt()
    for place, name in enumerate(NAMES):
        for other, share in enumerate(escrow.shares):
            if other != place:
                with pytest.raises(SealedBoxUnreadable):
                    open_share(KEYS[name], share.sealed)


def test_a_party_that_dealt_another_root_is_convicted() -> None:
    escrow = dealt(root=bytes(32))
    with pytest.raises(EscrowFalse):
        open_escrow(escrow, opened(escrow, *NAMES), TIP, LENGTH)


def test_one_false_share_does_not_spoil_the_others() -> None:
    escrow = dealt()
    shares = opened(escrow, *NAMES)
    shares["notary"] = shares["notary"][:1] + bytes(32)
    false = replace(escrow.shares[0], commitment=commitment_of(TIP, shares["notary"]))
    escrow = replace(escrow, shares=(false, *escrow.shares[1:]))
    with pytest.raises(EscrowFalse):
        open_escrow(escrow, {name: shares[name] for name in NAMES[:3]}, TIP, LENGTH)
    assert open_escrow(escrow, shares, TIP, LENGTH) == ROOT


@pytest.mark.parametrize(
    ("threshold", "holders"),
    [
        (1, HOLDERS),
        (6, HOLDERS),
        (2, []),
        (2, [HOLDERS[0], HOLDERS[0]]),
        (2, [HOLDERS[0], replace(HOLDERS[1], name=HOLDERS[0].name)]),
        (2, [HOLDERS[0], replace(HOLDERS[1], key=HOLDERS[0].key)]),
        (2, [Holder(str(place), bytes([place]) * 32) for place in range(33)]),
    ],
)
def test_a_plan_that_one_person_could_open_or_nobody_is_refused(threshold: int, holders: list[Holder]) -> None:
    with pytest.raises(EscrowPlanInvalid):
        deal(ROOT, TIP, threshold, holders, SeededChance("plan"))


def test_a_holder_with_a_weak_key_is_refused() -> None:
    with pytest.raises(SealingKeyInvalid):
        deal(ROOT, TIP, 2, [HOLDERS[0], Holder("weak", bytes(32))], SeededChance("weak"))
