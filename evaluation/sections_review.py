"""Sections of a view about the review. Who gets which section is decided in `evaluation.visibility` alone."""

from typing import Any

from msgspec import to_builtins

from evaluation.check_lists import entity_checks
from evaluation.protocol import Viewer
from evaluation.review_state import Clarification, LowPriceTask
from evaluation.room import Room

Section = dict[str, Any] | list[Any] | None
_RELAYED = ("clarification_id", "bid_id", "purpose", "question", "page", "answer_by", "digest", "status")
_WITHHELD = ("draft", "dropped")


def clarifications(room: Room, viewer: Viewer) -> Section:
    """Clarifications that were sent, with the answers, and the member's own drafts. Source: 财政部令第87号 第51条."""
    found = room.state.review.clarifications.values()
    return [_shown(item) for item in found if item.status not in _WITHHELD or item.seat_id == viewer.seat_id] or None


def drafts(room: Room, _: Viewer) -> Section:
    """For the leader: drafts that wait to be sent or dropped. Source: 招标投标法实施条例 第52条."""
    return [_shown(item) for item in room.state.review.clarifications.values() if item.status == "draft"] or None


def relay(room: Room, _: Viewer) -> Section:
    """For the procuring entity: clarifications to relay, without the member who asks.

    Source: 财政部令第87号 第51条; 招标投标法 第37条
    """
    bidders = {bid.bid_id: bid.bidder for bid in room.state.setup.bids}
    rows = []
    for item in room.state.review.clarifications.values():
        if item.status not in _WITHHELD:
            shown = _shown(item)
            # What the committee made of an answer stays in the room.
            status = "answered" if item.status == "settled" else item.status
            rows.append({name: shown[name] for name in _RELAYED} | {"bidder": bidders[item.bid_id], "status": status})
    return rows or None


def qualification(room: Room, _: Viewer) -> Section:
    """For the procuring entity: its own checks of every bidder, and what it decided. Source: 财政部令第87号 第44条."""
    setup = room.state.setup
    if not entity_checks(setup):
        return None
    return {
        "bids": [{"bid_id": bid.bid_id, "bidder": bid.bidder} for bid in setup.bids],
        "checks": [to_builtins(check) for check in entity_checks(setup)],
        "decisions": [to_builtins(item) for item in room.state.review.qualifications.values()],
        "closed": room.state.preliminary is not None,
    }


def motions(room: Room, viewer: Viewer) -> Section:
    """Questions to the committee: votes cast and the own one while it is open, every opinion once it is decided.

    Source: 财政部令第87号 第61条
    """
    review, rows = room.state.review, []
    for motion in review.motions.values():
        opinions = {seat_id: to_builtins(item) for seat_id, item in review.opinions[motion.motion_id].items()}
        shown = {"cast": len(opinions), "mine": opinions.get(viewer.seat_id or "")}
        rows.append(to_builtins(motion) | shown | ({} if motion.carried is None else {"opinions": opinions}))
    return rows or None


def repairs(room: Room, _: Viewer) -> Section:
    """Prices repaired by the rules, and whether the bidder confirmed. Source: 财政部令第87号 第59条."""
    return [to_builtins(item) | {"steps": [list(step) for step in item.steps]} for item in _repairs(room)] or None


def _repairs(room: Room) -> list[Any]:
    return list(room.state.review.repairs.values())


def _shown(item: Clarification) -> dict[str, Any]:
    shown: dict[str, Any] = to_builtins(item)
    return shown


def low_prices(room: Room, _: Viewer) -> Section:
    """Prices to examine as abnormally low, their limits, and the judgement. Source: 财政部令第87号 第60条."""
    return [to_builtins(task) | {"findings": _findings(task)} for task in _tasks(room)] or None


def _tasks(room: Room) -> list[LowPriceTask]:
    return list(room.state.review.low_prices.values())


def _findings(task: LowPriceTask) -> list[Any]:
    return [to_builtins(found) for found in task.findings]
