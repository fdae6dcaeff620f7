"""Who sees what: the only place that decides it.

The life of a room has four periods. *Before check-in* nobody learns the project, the bids or the members: a member sees
the own seat, an operator the own site, the procuring entity whether the committee is ready. A member's period ends with
the member's own check-in, because the bidder list must be seen before the recusal promise and never earlier. *Scoring*
lasts until the last member has submitted: a member sees the bids and the own entries, never an entry of another; the
leader sees besides who has submitted and the drafts of clarifications, and nobody else does; the procuring entity or
its agency sees its own checks of qualification and the clarifications to relay, never a member; the supervisor sees
stages and alerts and no score. *Together* lasts until the report is signed: members see all entries by alias and their
own alerts, the leader the list of blocking alerts besides, the supervisor everything by alias. *After* there is the
report; supervisor and auditor see everything. The host operator sees the own site, then the stage, then the archive
list; a guest operator the own site and at last the hand-over list, never project, procuring entity or bidders; the
auditor the ledger until the report.

Bidders and the public are not viewers of the room: what they may read comes from the report after publication. A role
that is not in the table, a seat that is not in the room and an operator of another venue see nothing at all.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from evaluation import sections as s
from evaluation import sections_review as r
from evaluation.protocol import Viewer
from evaluation.room import Room
from evaluation.sections import Section
from evaluation.stages import Stage

__all__ = ["TABLE", "Period", "Viewer", "view"]

Builders = Mapping[str, Callable[[Room, Viewer], Section]]


class Period(StrEnum):
    """Column of the table. Source: engineering choice."""

    BEFORE = "before"
    SCORING = "scoring"
    TOGETHER = "together"
    AFTER = "after"


_PERIODS: dict[Stage, Period] = {
    Stage.CREATED: Period.BEFORE,
    Stage.COMMITTEE_READY: Period.BEFORE,
    Stage.CHECK_IN: Period.BEFORE,
    Stage.LEADER_ELECTION: Period.SCORING,
    Stage.BRIEFING: Period.SCORING,
    Stage.PRELIMINARY: Period.SCORING,
    Stage.DETAILED: Period.SCORING,
    Stage.PERSONAL_SUBMITTED: Period.TOGETHER,
    Stage.CONSISTENCY_CHECK: Period.TOGETHER,
    Stage.AGGREGATION: Period.TOGETHER,
    Stage.CANDIDATES: Period.TOGETHER,
    Stage.REPORT_SIGNING: Period.TOGETHER,
    Stage.CLOSED: Period.AFTER,
    Stage.ARCHIVED: Period.AFTER,
    Stage.FAILED: Period.AFTER,
}

_LOT: Builders = {
    "lot": s.lot,
    "bids": s.bids,
    "checks": s.checks,
    "criteria": s.criteria,
    "preliminary": s.preliminary,
    "clarifications": r.clarifications,
    "motions": r.motions,
    "repairs": r.repairs,
}
_OWN: Builders = {
    "stage": s.stage,
    "me": s.me,
    "seats": s.seats,
    "my_votes": s.my_votes,
    "my_sheet": s.my_sheet,
    **_LOT,
}
_OUTCOME: Builders = {
    "entries": s.entries,
    "votes": s.votes,
    "results": s.results,
    "candidates": s.candidates,
    "signing": s.signing,
    "report": s.report,
}
_MEMBER: dict[Period, Builders] = {
    Period.BEFORE: {"stage": s.stage, "me": s.me},
    Period.SCORING: {**_OWN, "ballot": s.ballot},
    Period.TOGETHER: {**_OWN, **_OUTCOME, "alerts": s.my_alerts},
    Period.AFTER: {"stage": s.stage, "me": s.me, "lot": s.lot, "report": s.report},
}
_EVERYTHING: Builders = {
    "stage": s.stage,
    "stages": s.stages,
    "seats": s.seats,
    **_LOT,
    **_OUTCOME,
    "ballot": s.ballot,
    "alerts": s.all_alerts,
}

TABLE: dict[str, dict[Period, Builders]] = {
    "member": _MEMBER,
    "leader": {
        **_MEMBER,
        Period.SCORING: {**_MEMBER[Period.SCORING], "progress": s.progress, "drafts": r.drafts},
        Period.TOGETHER: {**_MEMBER[Period.TOGETHER], "progress": s.progress, "alert_list": s.alert_list},
    },
    "procuring_entity": {
        Period.BEFORE: {"ready": s.ready},
        Period.SCORING: {"stage": s.stage, "qualification": r.qualification, "relay": r.relay},
        Period.TOGETHER: {"stage": s.stage},
        Period.AFTER: {"stage": s.stage, "report": s.report},
    },
    "host_operator": {
        Period.BEFORE: {"site": s.site, "replacements": s.replacements},
        Period.SCORING: {"site": s.site},
        Period.TOGETHER: {"stage": s.stage},
        Period.AFTER: {"stage": s.stage, "archive": s.archive},
    },
    "guest_operator": {
        Period.BEFORE: {"site": s.site},
        Period.SCORING: {"site": s.site},
        Period.TOGETHER: {"site": s.site},
        Period.AFTER: {"hand_over": s.hand_over},
    },
    "supervisor": {
        Period.BEFORE: {"stage": s.stage, "stages": s.stages, "committee": s.committee},
        Period.SCORING: {"stage": s.stage, "stages": s.stages, "committee": s.committee, "alerts": s.all_alerts},
        Period.TOGETHER: _EVERYTHING,
        Period.AFTER: {**_EVERYTHING, "ledger": s.ledger},
    },
    "auditor": {
        Period.BEFORE: {"ledger": s.ledger},
        Period.SCORING: {"ledger": s.ledger},
        Period.TOGETHER: {"ledger": s.ledger},
        Period.AFTER: {**_EVERYTHING, "ledger": s.ledger},
    },
}


def view(room: Room, viewer: Viewer) -> dict[str, Any]:
    """Show a room to one viewer.

    Args:
        room: the room.
        viewer: role, seat and venue as the caller has established them.

    Returns:
        Sections by name, JSON builtins, each to be replaced as a whole when it differs; a section that has no content
        yet is absent. Empty for whoever may see nothing.

    Source: 财政部令第87号 第45条, 第55条, 第62条; 招标投标法 第22条, 第37条; table: engineering choice
    """
    row = _row_of(room, viewer)
    if row is None:
        return {}
    shown = {name: build(room, viewer) for name, build in TABLE[row][_period_of(room, viewer)].items()}
    return {name: section for name, section in shown.items() if section is not None}


def _row_of(room: Room, viewer: Viewer) -> str | None:
    if viewer.role == "member":
        if viewer.seat_id not in room.state.seats:
            return None
        return "leader" if room.state.leader == viewer.seat_id else "member"
    if viewer.role in ("host_operator", "guest_operator"):
        side = viewer.role.removesuffix("_operator")
        venues = room.state.setup.venues
        known = any(venue.venue_id == viewer.venue_id and venue.side == side for venue in venues)
        return viewer.role if known else None
    # "leader" is a row and not a role: nobody may claim it.
    return viewer.role if viewer.role in ("procuring_entity", "supervisor", "auditor") else None


def _period_of(room: Room, viewer: Viewer) -> Period:
    period = _PERIODS[room.stage]
    if viewer.role != "member" or room.stage is not Stage.CHECK_IN:
        return period
    return Period.SCORING if room.state.seats[viewer.seat_id or ""].checked_in else Period.BEFORE
