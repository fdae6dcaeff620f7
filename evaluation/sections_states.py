"""Sections about the course of an evaluation. Who gets which is decided in `evaluation.visibility` alone."""

from typing import Any

import msgspec

from evaluation.protocol import Viewer
from evaluation.report import standing_results
from evaluation.room import Room
from evaluation.sections import Section
from evaluation.stages import Stage
from evaluation.state import RoomState


def hold(room: Room, _: Viewer) -> Section:
    """The present hold: kind, stage it was held from, who, why, since when, and its seal. Source: domain ER-19."""
    found = room.state.course.hold
    return _plain(found) if found else None


def hold_bare(room: Room, _: Viewer) -> Section:
    """The present hold without reason and stage, with the seal needed to resume. Source: domain ER-19."""
    found = room.state.course.hold
    return {"kind": found.kind, "at": found.at.isoformat(), "seal": found.seal} if found else None


def hold_sign(room: Room, _: Viewer) -> Section:
    """That the room is held, and nothing else. Source: domain ER-19."""
    return {"held": True} if room.state.course.hold else None


def backtrack(room: Room, _: Viewer) -> Section:
    """The request to go back that waits for the supervisor. Source: domain 4 (backtracked)."""
    found = room.state.course.backtrack
    return _plain(found) if found else None


def defect(room: Room, viewer: Viewer) -> Section:
    """The report to stop that the committee votes on, and the own vote. Source: 财政部令第87号 第65条."""
    course = room.state.course
    if course.defect is None:
        return None
    reported: dict[str, Any] = _plain(course.defect)
    return reported | {"voted": len(course.stop_votes), "my_vote": course.stop_votes.get(viewer.seat_id or "")}


def time(room: Room, viewer: Viewer) -> Section:
    """Whether the time must be extended, the extensions, and a member's own vote. Source: 招标投标法实施条例 第48条."""
    course = room.state.course
    if not (course.time_votes or course.extension_due or course.extensions):
        return None
    shown = _extension(room.state)
    return shown | {"my_vote": course.time_votes.get(viewer.seat_id or "")} if viewer.role == "member" else shown


def time_due(room: Room, _: Viewer) -> Section:
    """Whether the time must be extended, and the extensions. Source: 招标投标法实施条例 第48条."""
    course = room.state.course
    return _extension(room.state) if course.extension_due or course.extensions else None


def _extension(state: RoomState) -> dict[str, Any]:
    course = state.course
    return {"extension_due": course.extension_due, "extensions": [_plain(item) for item in course.extensions]}


def presence(room: Room, _: Viewer) -> Section:
    """For the supervisor: which seats are offline, and every outage with its limit. Source: domain ER-20, ER-21."""
    course = room.state.course
    if not course.incidents:
        return None
    return {"offline": sorted(course.offline()), "incidents": [_plain(item) for item in course.incidents]}


def outages(room: Room, _: Viewer) -> Section:
    """For the procuring entity: outages beyond their limit that wait for its decision, without their seat.

    Source: domain ER-20
    """
    waiting = [
        {"incident_id": item.incident_id, "phase": item.phase, "since": item.since.isoformat()}
        for item in room.state.course.incidents
        if item.is_open and item.expired
    ]
    return waiting or None


def ending(room: Room, _: Viewer) -> Section:
    """Why the evaluation ended without a result by this committee. Source: 财政部令第87号 第49条, 第65条."""
    course = room.state.course
    if course.rebuild:
        return {"kind": "rebuild", "cause": course.rebuild.cause, "reason": course.rebuild.reason}
    if course.stop:
        return {"kind": "stopped", "cause": course.stop.cause, "reason": course.stop.reason}
    return None


def turns(room: Room, _: Viewer) -> Section:
    """Holds, resumptions, backtracks, replacements and extensions so far. Source: 财政部令第87号 第58条."""
    return [_plain(item) for item in room.state.course.turns] or None


def archived(room: Room, _: Viewer) -> Section:
    """Versions put aside by backtracks and replacements, with everything that was on the forms.

    Source: 招标投标法实施条例 第48条; domain 4 (backtracked)
    """
    return [
        {
            "version": item.version,
            "cause": item.cause,
            "stage": item.stage.value,
            "target": item.target.value,
            "reason": item.reason,
            "seat_id": item.seat_id,
            "forms": _forms(item.forms),
        }
        for item in room.state.archives
    ] or None


def _forms(state: RoomState) -> dict[str, Any]:
    """What members and committee had filled in; items by pair become lists."""
    votes = {seat_id: [_plain(vote) for vote in cast.values()] for seat_id, cast in state.votes.items()}
    sheets = {
        seat_id: [
            {"bid_id": bid, "criterion_id": criterion, "value": value} for (bid, criterion), value in sheet.items()
        ]
        for seat_id, sheet in state.sheets.items()
    }
    return {
        "leader": state.leader,
        "votes": votes,
        "preliminary": _plain(state.preliminary),
        "competition": _plain(state.competition),
        "sheets": sheets,
        "submitted": [seat_id for seat_id, seat in state.seats.items() if seat.submitted],
        "alerts": _plain(tuple(state.alerts.values())),
        "answers": _plain(state.answers),
        "results": _plain(standing_results(state)),
        "ties": _plain(state.resolutions),
        "proposal": _plain(state.proposal),
        "clarifications": _plain(tuple(state.review.clarifications.values())),
        "motions": _plain(tuple(state.review.motions.values())),
        "opinions": _plain(state.review.opinions),
        "ends": {seat_id: seat.end for seat_id, seat in state.seats.items() if seat.end},
    }


def published(room: Room, _: Viewer) -> Section:
    """The notice of the result. Source: 财政部令第87号 第69条."""
    found = room.state.course.published
    return {"notice": found.notice, "at": found.at.isoformat()} if found else None


def names(room: Room, _: Viewer) -> Section:
    """That names of members may be given out now; they are under the keys of the draw, the room does not know them.

    Source: 财政部令第87号 第47条, 第69条
    """
    rules = room.state.setup.rules
    over = rules.publish_members_until == "report" or room.state.course.published is not None
    closed = Stage.CLOSED in [stage for stage, _ in room.state.stages]
    if rules.publish_members != "names" or not over or not closed:
        return None
    return {"allowed": True}


def _plain(value: Any) -> Any:
    # Through JSON, so that a view equals what a client reads back: lists, no tuples.
    return msgspec.json.decode(msgspec.json.encode(value))
