"""Sections of blind evaluation. Who gets which is decided in `evaluation.visibility` alone."""

from typing import Any

from evaluation.blind import blind_criteria, places_of
from evaluation.protocol import Viewer
from evaluation.room import Room
from evaluation.sections import Section, my_sheet


def sheet(room: Room, viewer: Viewer) -> Section:
    """The member's own scores, of blind criteria by place, how many items are empty, whether the sheet is final.

    Source: domain ER-23
    """
    shown, hidden = my_sheet(room, viewer), blind_criteria(room.state)
    if not hidden or not isinstance(shown, dict):
        return shown
    place_of = {bid_id: place for place, bid_id in places_of(room.state, viewer.seat_id or "").items()}
    return shown | {"scores": [_by_place(row, hidden, place_of) for row in shown["scores"]]}


def _by_place(row: dict[str, Any], hidden: frozenset[str], place_of: dict[str, int]) -> dict[str, Any]:
    if row["criterion_id"] not in hidden:
        return row
    return {"place": place_of.get(row["bid_id"]), "criterion_id": row["criterion_id"], "value": row["value"]}


def places(room: Room, viewer: Viewer) -> Section:
    """Blind criteria and the places to score them at, in the seat's own order. Source: domain ER-23."""
    hidden = blind_criteria(room.state)
    if not hidden or room.state.preliminary is None:
        return None
    return {"criteria": sorted(hidden), "places": sorted(places_of(room.state, viewer.seat_id or ""))}
