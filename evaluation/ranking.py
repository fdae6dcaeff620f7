"""Ranking, ties, the same-brand rule and the choice of candidates."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec import Struct

from evaluation.findings import BidResult, Candidate, OpenTie
from evaluation.setup import BidSetup, RoomRules

SortKey = tuple[Decimal, ...]


class Resolution(Struct, frozen=True):
    """An order the committee recorded for tied bids, best first. Source: 财政部令第87号 第68条."""

    kind: Literal["place", "brand"]
    bid_ids: tuple[str, ...]


def rank(keys: Mapping[str, SortKey]) -> dict[str, int]:
    """Give every bid its place; equal keys share a place and the places behind them stay empty.

    Args:
        keys: sort key by bid id, smaller is better.

    Returns:
        Place by bid id, from 1, in the order of the places (then of bid id): 1, 1, 3.

    Source: 财政部令第87号 第57条
    """
    ordered = sorted(keys, key=lambda bid_id: (keys[bid_id], bid_id))
    places: dict[str, int] = {}
    for position, bid_id in enumerate(ordered, start=1):
        before = ordered[position - 2] if position > 1 else None
        places[bid_id] = places[before] if before and keys[before] == keys[bid_id] else position
    return places


def sort_key(result: BidResult, rules: RoomRules) -> SortKey:
    """Build the key a result is ranked by.

    Args:
        result: printed result of a bid.
        rules: `tie_order` lists the keys; "parallel" ends the list, what is equal before it stays equal.

    Returns:
        Values to compare from left to right, smaller is better.

    Source: 财政部令第87号 第57条
    """
    price = result.reviewed_price if rules.tie_price_basis == "reviewed" else result.quote
    values = {
        "total_desc": -Decimal(result.total),
        "price_asc": Decimal(price),
        "technical_desc": -Decimal(result.technical),
    }
    key: list[Decimal] = []
    for name in rules.tie_order:
        if name == "parallel":
            break
        key.append(values[name])
    return tuple(key)


def count_bidders(bids: Iterable[BidSetup], brand_counts_once: bool) -> int:
    """Count the bidders behind bids.

    Args:
        bids: valid bids.
        brand_counts_once: whether bids of one brand count as one bidder.

    Returns:
        The number of bidders.

    Source: 财政部令第87号 第31条
    """
    return len(brand_groups(bids, brand_counts_once))


def brand_groups(bids: Iterable[BidSetup], brand_counts_once: bool) -> list[list[str]]:
    """Group bids that count as one bidder.

    Args:
        bids: valid bids.
        brand_counts_once: whether bids of one brand count as one bidder.

    Returns:
        Bid ids by group, in the order of the first bid of each group; every bid is in one group.

    Source: 财政部令第87号 第31条
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for bid in bids:
        key = ("brand", bid.brand) if brand_counts_once and bid.brand else ("bid", bid.bid_id)
        groups.setdefault(key, []).append(bid.bid_id)
    return list(groups.values())


def merit(result: BidResult) -> Decimal:
    """Value by which bids of one brand are compared, larger is better.

    Args:
        result: printed result of a bid.

    Returns:
        The total, or for a method without scores the reviewed price with a minus sign.

    Source: 财政部令第87号 第31条
    """
    return Decimal(result.total) if result.items else -Decimal(result.reviewed_price)


def settle_brands(
    results: Sequence[BidResult], bids: Iterable[BidSetup], rules: RoomRules, resolutions: Sequence[Resolution]
) -> tuple[frozenset[str], tuple[OpenTie, ...]]:
    """Find the bid of each brand that keeps candidacy: the one with the best total.

    Args:
        results: results of the valid bids.
        bids: the valid bids, with their brands.
        rules: whether brands count once.
        resolutions: orders recorded so far.

    Returns:
        Bids that keep candidacy, and brands whose best totals are equal and not settled.

    Source: 财政部令第87号 第31条
    """
    totals = {result.bid_id: merit(result) for result in results}
    groups = brand_groups(bids, rules.brand_counts_once)
    settled = {item.bid_ids[0]: frozenset(item.bid_ids) for item in resolutions if item.kind == "brand"}
    keepers: set[str] = set()
    open_ties: list[OpenTie] = []
    for group in groups:
        best = max(totals[bid_id] for bid_id in group)
        leading = [bid_id for bid_id in group if totals[bid_id] == best]
        chosen = [bid_id for bid_id in leading if settled.get(bid_id) == frozenset(leading)]
        keepers.update(chosen or leading)
        ahead = sum(max(totals[bid_id] for bid_id in other) > best for other in groups)
        # A tie inside a brand that cannot reach a candidate's place need not be settled.
        if len(leading) > 1 and not chosen and ahead < rules.candidates_max:
            open_ties.append(OpenTie("brand", tuple(sorted(leading))))
    return frozenset(keepers), tuple(open_ties)


def order_candidates(
    results: Sequence[BidResult], keepers: frozenset[str], rules: RoomRules, resolutions: Sequence[Resolution]
) -> tuple[tuple[BidResult, ...], tuple[OpenTie, ...]]:
    """Order the bids that keep candidacy and find the ties that matter.

    Args:
        results: results of the valid bids with the ranks of their method.
        keepers: bids that keep candidacy.
        rules: number of candidates.
        resolutions: orders recorded so far.

    Returns:
        The results in order, and the unsettled ties that touch a place of a candidate.

    Source: 财政部令第87号 第57条, 第68条
    """
    standing = [result for result in results if result.bid_id in keepers]
    places = rank({result.bid_id: (Decimal(result.rank),) for result in standing})
    orders = [item.bid_ids for item in resolutions if item.kind == "place"]
    by_place: dict[int, list[BidResult]] = {}
    for result in standing:
        by_place.setdefault(places[result.bid_id], []).append(result)
    ordered: list[BidResult] = []
    open_ties: list[OpenTie] = []
    for place in sorted(by_place):
        tied = by_place[place]
        ids = sorted(result.bid_id for result in tied)
        order = next((found for found in orders if sorted(found) == ids), None)
        if len(tied) > 1 and order is None and place <= rules.candidates_max:
            open_ties.append(OpenTie("place", tuple(ids)))
        position = {bid_id: index for index, bid_id in enumerate(order or ids)}
        ordered.extend(sorted(tied, key=lambda result, at=position: at[result.bid_id]))  # type: ignore[misc]
    return tuple(ordered), tuple(open_ties)


class Selection(Struct, frozen=True):
    """Results with candidacy, candidates as far as settled, and what is still open. Source: engineering choice."""

    results: tuple[BidResult, ...]
    candidates: tuple[Candidate, ...]
    open_ties: tuple[OpenTie, ...]


def select_candidates(
    results: Sequence[BidResult], bids: Sequence[BidSetup], rules: RoomRules, resolutions: Sequence[Resolution] = ()
) -> Selection:
    """Choose the candidates.

    Brands are settled before places, because a brand's choice changes who is tied with whom.

    Args:
        results: results of the valid bids with the ranks of their method, in any order.
        bids: the valid bids.
        rules: the rules of the room.
        resolutions: orders recorded so far.

    Returns:
        At most `candidates_max` candidates; final only when `open_ties` is empty.

    Source: 财政部令第87号 第31条, 第57条, 第68条; 招标投标法实施条例 第53条
    """
    barred = {item.bid_id for item in results if item.candidacy == "below_reserve"}
    eligible = [item for item in results if item.bid_id not in barred]
    keepers, brand_ties = settle_brands(eligible, [bid for bid in bids if bid.bid_id not in barred], rules, resolutions)
    ordered, place_ties = order_candidates(eligible, keepers, rules, resolutions)
    marked = tuple(
        item
        if item.bid_id in barred
        else msgspec.structs.replace(item, candidacy="open" if item.bid_id in keepers else "same_brand")
        for item in sorted(results, key=lambda item: (item.rank, item.bid_id))
    )
    chosen = tuple(
        Candidate(place, item.bid_id, item.total, item.reviewed_price, item.quote)
        for place, item in enumerate(ordered[: rules.candidates_max], start=1)
    )
    return Selection(marked, chosen, brand_ties or place_ties)
