"""Sections of a view as JSON builtins. Who gets which section is decided in `evaluation.visibility` alone."""

from typing import Any

import msgspec

from evaluation.decisions.leadership import eligible_leaders
from evaluation.findings import Alert
from evaluation.protocol import Viewer
from evaluation.report import compile_report, standing_results
from evaluation.room import Room
from evaluation.sheets import missing_items
from evaluation.stages import Stage
from evaluation.state import RoomState, votes_missing_by_seat

Section = dict[str, Any] | list[Any] | None


def stage(room: Room, _: Viewer) -> Section:
    """Stage, announced start, and when check-in opened. Source: engineering choice."""
    opened = next((at.isoformat() for name, at in room.state.stages if name is Stage.CHECK_IN), None)
    return {"stage": room.stage.value, "starts_at": room.state.setup.starts_at.isoformat(), "opened_at": opened}


def stages(room: Room, _: Viewer) -> Section:
    """Every stage entered, with its instant. Source: engineering choice."""
    return [{"stage": name.value, "at": at.isoformat()} for name, at in room.state.stages]


def me(room: Room, viewer: Viewer) -> Section:
    """The member's own seat and steps. Source: engineering choice."""
    seat, state = room.state.seat(viewer.seat_id), room.state
    venue = next(venue.name for venue in state.setup.venues if venue.venue_id == seat.venue_id)
    standing: dict[str, Any] = msgspec.to_builtins(state.seats[seat.seat_id])
    del standing["tenure_id"]
    own = {"seat_id": seat.seat_id, "alias": seat.alias, "kind": seat.kind, "workstation": seat.workstation}
    return own | {"venue": venue, "leader": state.leader == seat.seat_id} | standing


def lot(room: Room, _: Viewer) -> Section:
    """Lot, project and procuring entity. Source: engineering choice."""
    names = ("lot_code", "lot_name", "project_name", "procuring_entity", "category", "method")
    return {name: getattr(room.state.setup, name) for name in names}


def seats(room: Room, _: Viewer) -> Section:
    """Members by alias, and who leads; neither kind nor venue. Source: engineering choice."""
    state = room.state
    return [
        {"seat_id": seat.seat_id, "alias": seat.alias, "leader": state.leader == seat.seat_id}
        for seat in state.setup.seats
    ]


def bids(room: Room, _: Viewer) -> Section:
    """Bids as opened. Source: 财政部令第87号 第41条."""
    return _rows(room.state.setup.bids)


def checks(room: Room, _: Viewer) -> Section:
    """Preliminary checks and the grounds a vote may name. Source: 财政部令第87号 第50条."""
    return {"checks": _rows(room.state.setup.checks), "grounds": list(room.state.setup.rules.prelim_grounds)}


def criteria(room: Room, _: Viewer) -> Section:
    """Criteria of the document, with the step of the rules. Source: 政府采购法实施条例 第34条."""
    return {"criteria": _rows(room.state.setup.criteria), "step": room.state.setup.rules.score_step}


def ballot(room: Room, viewer: Viewer) -> Section:
    """Present round and own vote, finished rounds by number of votes, never who voted for whom.

    Source: 评标委员会和评标方法暂行规定 第9条
    """
    state = room.state
    finished: dict[str, Any] = {"rounds": _rows(state.rounds), "leader": state.leader, "by": state.leader_by}
    if state.work_stage is not Stage.LEADER_ELECTION:
        return finished
    running = {"round": state.round, "eligible": list(eligible_leaders(state))}
    return finished | running | {"my_vote": state.ballots.get(viewer.seat_id or "")}


def my_votes(room: Room, viewer: Viewer) -> Section:
    """The member's own check votes. Source: engineering choice."""
    return _votes_of(room.state, viewer.seat_id or "")


def my_sheet(room: Room, viewer: Viewer) -> Section:
    """The member's own scores, how many items are empty, and whether the sheet is final. Source: engineering choice."""
    state, seat_id = room.state, viewer.seat_id or ""
    sheet = state.sheets.get(seat_id, {})
    missing = missing_items([bid.bid_id for bid in state.valid_bids()], state.setup.criteria, sheet)
    return {
        "scores": _scores_of(state, seat_id),
        "missing": missing,
        "submitted": state.seats[seat_id].submitted,
    }


def preliminary(room: Room, _: Viewer) -> Section:
    """Result of the preliminary review, without the members' votes. Source: 招标投标法实施条例 第51条."""
    state = room.state
    if state.preliminary is None:
        return None
    decided = {"competition": _plain(state.competition), "failure": _plain(state.failure)}
    return {"result": _plain(state.preliminary), **decided}


def progress(room: Room, _: Viewer) -> Section:
    """For the leader: who has finished which step; never what was entered. Source: engineering choice."""
    state = room.state
    missing = votes_missing_by_seat(state)
    standing = state.seats.items()
    return {
        "briefed": [seat_id for seat_id, seat in standing if seat.briefed],
        "voted": [seat_id for seat_id in state.seats if not missing[seat_id]],
        "submitted": [seat_id for seat_id, seat in standing if seat.submitted],
        "confirmed": [seat_id for seat_id, seat in standing if seat.confirmed],
        "ended": [seat_id for seat_id, seat in standing if seat.end],
    }


def entries(room: Room, _: Viewer) -> Section:
    """Scores of all members by seat; nothing before the last has submitted. Source: 财政部令第87号 第62条."""
    state = room.state
    if not state.all_submitted():
        return None
    return {seat_id: _scores_of(state, seat_id) for seat_id in state.seats}


def votes(room: Room, _: Viewer) -> Section:
    """Check votes of all members by seat, once the review is closed. Source: 财政部令第87号 第50条."""
    if room.state.preliminary is None:
        return None
    return {seat_id: _votes_of(room.state, seat_id) for seat_id in room.state.seats}


def my_alerts(room: Room, viewer: Viewer) -> Section:
    """Alerts about the member, and mismatches that concern every member. Source: 财政部令第87号 第64条."""
    state = room.state
    own = [alert for alert in state.alerts.values() if alert.seat_id in (None, viewer.seat_id)]
    return [_alert(state, alert, viewer.seat_id) for alert in own]


def all_alerts(room: Room, _: Viewer) -> Section:
    """Every alert with every answer. Source: 财政部令第87号 第64条."""
    return [_alert(room.state, alert, None) for alert in room.state.alerts.values()]


def alert_list(room: Room, _: Viewer) -> Section:
    """For the leader: blocking alerts, and how many warnings are open, without saying whose.

    Source: 财政部令第87号 第64条; engineering choice
    """
    state = room.state
    blocking = [
        _plain(alert) | {"closed": alert.alert_id in state.closed_alerts}
        for alert in state.alerts.values()
        if alert.blocking
    ]
    return {"blocking": blocking, "warnings_open": sum(not alert.blocking for alert in state.open_alerts())}


def results(room: Room, _: Viewer) -> Section:
    """Totals and ranks, open and settled ties. Source: 财政部令第87号 第55条, 第57条."""
    state = room.state
    if state.totals is None:
        return None
    return {
        "results": _rows(standing_results(state)),
        "open_ties": _rows(state.open_ties),
        "settled_ties": _rows(state.resolutions),
    }


def candidates(room: Room, _: Viewer) -> Section:
    """The proposal. Source: 招标投标法实施条例 第53条."""
    proposal: Section = _plain(room.state.proposal)
    return proposal


def signing(room: Room, _: Viewer) -> Section:
    """End of every member, once the report is being signed. Source: 招标投标法实施条例 第53条."""
    if room.state.proposal is None:
        return None
    standing = room.state.seats.items()
    return [{"seat_id": seat_id, "end": seat.end, "statement": seat.statement} for seat_id, seat in standing]


def report(room: Room, _: Viewer) -> Section:
    """The report, once candidates are proposed or the tender has failed; a committee to be rebuilt leaves none.

    Source: 财政部令第87号 第58条
    """
    state = room.state
    ended = state.proposal or state.failure or state.course.stop
    if ended is None or state.course.rebuild:
        return None
    compiled: Section = _plain(compile_report(room))
    return compiled


def ready(room: Room, _: Viewer) -> Section:
    """Whether the whole committee has checked in, and nothing else. Source: engineering choice."""
    return {"ready": all(seat.checked_in for seat in room.state.seats.values())}


def committee(room: Room, _: Viewer) -> Section:
    """For the supervisor: seats, how many are checked in, which must be replaced. Source: engineering choice."""
    standing = room.state.seats
    checked_in = sum(seat.checked_in for seat in standing.values())
    return {"seats": len(standing), "checked_in": checked_in, "replace": _to_replace(room.state)}


def site(room: Room, viewer: Viewer) -> Section:
    """For an operator: seats of the own venue and their steps of check-in; nothing of project or bids.

    Source: engineering choice
    """
    state = room.state
    own = [seat for seat in state.setup.seats if seat.venue_id == viewer.venue_id]
    standing = [(seat, state.seats[seat.seat_id]) for seat in own]
    waiting = state.work_stage in (Stage.CREATED, Stage.COMMITTEE_READY)
    offline = state.course.offline()
    return {
        "starts_at": state.setup.starts_at.isoformat(),
        "entry": "waiting" if waiting else "open" if state.work_stage is Stage.CHECK_IN else "complete",
        "seats_needed": len(own),
        "checked_in": sum(step.checked_in for _, step in standing),
        "seats": [
            {
                "seat_id": seat.seat_id,
                "workstation": seat.workstation,
                "identity_confirmed": step.identity_confirmed,
                "checked_in": step.checked_in,
                "online": seat.seat_id not in offline,
            }
            for seat, step in standing
        ],
    }


def replacements(room: Room, _: Viewer) -> Section:
    """For the host operator: seats whose member declared a conflict. Source: 招标投标法实施条例 第48条."""
    return list(_to_replace(room.state))


def archive(room: Room, _: Viewer) -> Section:
    """For the host operator: what the file of the room consists of. Source: 政府采购法 第42条."""
    papers = [
        "records",
        "promises",
        "check_votes",
        *(["score_sheets", "totals"] if room.state.totals else []),
        "report",
    ]
    return {"papers": papers, "records": room.version, "digest": room.digest, "archived": room.stage is Stage.ARCHIVED}


def hand_over(room: Room, viewer: Viewer) -> Section:
    """For a guest operator: recordings to hand over, one per seat of the own venue. Source: engineering choice."""
    own = [seat for seat in room.state.setup.seats if seat.venue_id == viewer.venue_id]
    return [{"seat_id": seat.seat_id, "workstation": seat.workstation, "paper": "recording"} for seat in own]


def ledger(room: Room, _: Viewer) -> Section:
    """Number of records and the digest over them. Source: engineering choice."""
    return {"records": room.version, "digest": room.digest}


def _plain(value: Any) -> Any:
    # Through JSON, so that a view equals what a client reads back: lists, no tuples.
    return msgspec.json.decode(msgspec.json.encode(value))


def _rows(values: Any) -> list[Any]:
    return [_plain(value) for value in values]


def _votes_of(state: RoomState, seat_id: str) -> list[Any]:
    names = ("bid_id", "check_id", "passed", "ground", "page", "note")
    cast = state.votes.get(seat_id, {}).values()
    return [{name: getattr(vote, name) for name in names} for vote in cast]


def _scores_of(state: RoomState, seat_id: str) -> list[Any]:
    sheet = state.sheets.get(seat_id, {})
    return [{"bid_id": bid, "criterion_id": criterion, "value": value} for (bid, criterion), value in sheet.items()]


def _alert(state: RoomState, alert: Alert, seat_id: str | None) -> dict[str, Any]:
    answers = [item for item in state.answers if item.alert_id == alert.alert_id and seat_id in (None, item.seat_id)]
    shown: dict[str, Any] = _plain(alert) | {"closed": alert.alert_id in state.closed_alerts}
    names = ("seat_id", "keep", "previous", "value", "reason")
    return shown | {"answers": [{name: getattr(item, name) for name in names} for item in answers]}


def _to_replace(state: RoomState) -> list[str]:
    return [seat_id for seat_id, seat in state.seats.items() if seat.promise == "conflict"]
