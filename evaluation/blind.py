"""Blind evaluation: every seat sees the bids of a blind criterion in an order of its own, as places."""

from collections.abc import Sequence
from hashlib import sha256

from evaluation.state import RoomState


def blind_order(seed: str, tenure_id: str, bid_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the order in which one tenure sees the bids, its own and always the same.

    Args:
        seed: secret of the room; whoever has it and the records can check every order.
        tenure_id: whose order it is.
        bid_ids: all bids of the room, in any order.

    Returns:
        The bids by SHA-256 of seed, tenure and bid: place 1 first.

    Source: domain ER-23
    """
    return tuple(sorted(bid_ids, key=lambda bid_id: sha256(f"{seed}\n{tenure_id}\n{bid_id}".encode()).digest()))


def blind_criteria(state: RoomState) -> frozenset[str]:
    """Return the criteria whose bids are hidden now: the blind ones, until all have submitted.

    Args:
        state: state of a room.

    Returns:
        Ids of criteria.

    Source: domain ER-23
    """
    if state.all_submitted():
        return frozenset()
    return frozenset(item.criterion_id for item in state.setup.criteria if item.blind)


def places_of(state: RoomState, seat_id: str) -> dict[int, str]:
    """Return the valid bids by their place in the order of a seat.

    Args:
        state: state of a room.
        seat_id: whose order.

    Returns:
        Bid ids by place, from 1; the place of a rejected bid is left out and no other moves up.

    Source: domain ER-23
    """
    setup, valid = state.setup, {bid.bid_id for bid in state.valid_bids()}
    order = blind_order(setup.blind_seed, state.seats[seat_id].tenure_id, [bid.bid_id for bid in setup.bids])
    return {place: bid_id for place, bid_id in enumerate(order, start=1) if bid_id in valid}
