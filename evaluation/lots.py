"""Order of tied bids from a public seed: anyone who knows the seed computes the same order."""

from collections.abc import Iterable
from hashlib import sha256


def draw_order(seed: str, bid_ids: Iterable[str]) -> tuple[str, ...]:
    """Order bids by lot.

    Args:
        seed: the public seed as text.
        bid_ids: the tied bids, in any order.

    Returns:
        The bids by rising SHA-256 of the UTF-8 text `seed`, a line feed, bid id.

    Source: 财政部令第87号 第68条
    """
    return tuple(sorted(bid_ids, key=lambda bid_id: sha256(f"{seed}\n{bid_id}".encode()).digest()))
