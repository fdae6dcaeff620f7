"""Escrow of a chain's root: when a party withholds its link, k of n holders open the very same value.

Each share is committed and sealed to its holder; commitments are registered with the tip. A holder sees at once whether
its share fits its commitment. Whether the shares give the root is seen only when they are opened: a party that dealt
falsely is then convicted by its own registration.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from expert_hub.draws.contributors import shamir
from expert_hub.draws.contributors.chains import ROOT_BYTES, tip_of
from expert_hub.draws.contributors.sealed_box import open_sealed, seal
from expert_hub.draws.errors import EscrowFalse, EscrowPlanInvalid, EscrowShareWrong, EscrowTooFewShares
from expert_hub.foundation.chance import Chance
from scheduling.seed import h

CONTEXT = "escrow share"
SHARE_BYTES = 1 + ROOT_BYTES
MAX_HOLDERS = 32
_MOST_TRIES = 256


@dataclass(frozen=True, slots=True)
class Holder:
    """Who keeps a share: a name and an X25519 public key."""

    name: str
    key: bytes


@dataclass(frozen=True, slots=True)
class DealtShare:
    """What is registered about one share; its place in the escrow, counted from 1, is its x."""

    holder: Holder
    commitment: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Escrow:
    """Any `threshold` of these shares give the root."""

    threshold: int
    shares: tuple[DealtShare, ...]


def check_plan(threshold: int, holders: Sequence[Holder]) -> None:
    """Refuse an escrow that one person could open, or that nobody could.

    Raises:
        EscrowPlanInvalid: not 2 <= threshold <= holders <= 32, or a name or a key occurs twice.
    """
    alone = len({holder.name for holder in holders}) == len({holder.key for holder in holders}) == len(holders)
    if not alone or not 2 <= threshold <= len(holders) <= MAX_HOLDERS:
        raise EscrowPlanInvalid(threshold=threshold, holders=len(holders))


def deal(root: bytes, tip: bytes, threshold: int, holders: Sequence[Holder], chance: Chance) -> Escrow:
    """Share a root among holders.

    Raises:
        EscrowPlanInvalid: the plan.
        SealingKeyInvalid: a holder's key.
    """
    check_plan(threshold, holders)
    values = shamir.split(root, threshold, len(holders), chance)
    shares = [bytes([x]) + value for x, value in enumerate(values, start=1)]
    return Escrow(
        threshold,
        tuple(
            DealtShare(holder, commitment_of(tip, share), seal(holder.key, share, CONTEXT, chance))
            for holder, share in zip(holders, shares, strict=True)
        ),
    )


def commitment_of(tip: bytes, share: bytes) -> bytes:
    """The digest under which a share (x, then 32 bytes) of the chain with this tip is registered."""
    return h("share", tip, share)


def open_share(key: X25519PrivateKey, sealed: bytes) -> bytes:
    """A holder's share.

    Raises:
        SealedBoxUnreadable: it is not for this key.
    """
    return open_sealed(key, sealed, CONTEXT)


def open_escrow(escrow: Escrow, opened: Mapping[str, bytes], tip: bytes, length: int) -> bytes:
    """The root from the shares that holders gave; the chain must then be retired.

    Args:
        escrow: as registered.
        opened: shares by name of the holder.
        tip: as registered.
        length: of the chain.

    Raises:
        EscrowShareWrong: a share is not the one that was dealt to this holder; the holder is named.
        EscrowTooFewShares: fewer than the threshold.
        EscrowFalse: the shares are those that were dealt, but they do not give a root of this tip.
    """
    for name, share in opened.items():
        check_share(escrow, name, share, tip)
    if len(opened) < escrow.threshold:
        raise EscrowTooFewShares(given=len(opened), needed=escrow.threshold)
    # A party that dealt one false share must not thereby spoil the others.
    for some in islice(combinations(sorted(opened.values()), escrow.threshold), _MOST_TRIES):
        root = shamir.join({share[0]: share[1:] for share in some})
        if tip_of(root, length) == tip:
            return root
    raise EscrowFalse


def check_share(escrow: Escrow, name: str, share: bytes, tip: bytes) -> None:
    """Refuse a share that is not the one registered for this holder.

    Raises:
        EscrowShareWrong: it is not, or there is no such holder; the name is said.
    """
    places = {dealt.holder.name: (x, dealt.commitment) for x, dealt in enumerate(escrow.shares, start=1)}
    x, commitment = places.get(name, (0, b""))
    if len(share) != SHARE_BYTES or share[0] != x or commitment_of(tip, share) != commitment:
        raise EscrowShareWrong(holder=name)
