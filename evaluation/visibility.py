"""Who sees what: the only place that decides it.

The life of a room has five periods. *Before check-in* nobody learns the project, the bids or the members: a member sees
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
*Published* begins with the notice of the result: the guest operator sees nothing any more, and the procuring entity is
told that names of members may be given out where the rule pack allows it (where it does not wait for publication: with
the report).

A held room shows each viewer what the stage it was held from shows, and the hold besides: the committee and the
supervisor with its reason, the host operator with the seal needed to resume, everybody else only that it is held.

A room to practise in shows, besides, a section that says so to everyone who sees anything.

Bidders and the public are not viewers of the room: what they may read comes from the report after publication. A role
that is not in the table, a seat that is not in the room and an operator of another venue see nothing at all.
"""

from collections.abc import Callable, Container, Mapping
from enum import StrEnum
from typing import Any

from evaluation import sections as s
from evaluation import sections_blind as b
from evaluation import sections_correction as k
from evaluation import sections_review as r
from evaluation import sections_states as c
from evaluation import sections_talk as t
from evaluation.protocol import Viewer
from evaluation.room import Room
from evaluation.sections import Section
from evaluation.setup import TRAINING_MARK
from evaluation.stages import Stage

__all__ = ["TABLE", "Period", "Viewer", "view"]

Builders = Mapping[str, Callable[[Room, Viewer], Section]]


class Period(StrEnum):
    """Column of the table. Source: engineering choice."""

    BEFORE = "before"
    SCORING = "scoring"
    TOGETHER = "together"
    AFTER = "after"
    PUBLISHED = "published"


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
    Stage.REBUILD: Period.AFTER,
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
    "low_prices": r.low_prices,
}
_OWN: Builders = {
    "stage": s.stage,
    "me": s.me,
    "seats": s.seats,
    "my_votes": s.my_votes,
    "my_sheet": b.sheet,
    **_LOT,
}
_OUTCOME: Builders = {
    "entries": s.entries,
    "votes": s.votes,
    "results": s.results,
    "candidates": s.candidates,
    "signing": s.signing,
    "corrections": k.corrections,
    "reevaluations": k.reevaluations,
    "report": s.report,
}
# Votes, hands and messages of the committee; what was said with all sheets in stays out of sight while they are open.
_COURSE: Builders = {"hold": c.hold, "defect": c.defect, "time": c.time}
_MEMBER: dict[Period, Builders] = {
    Period.BEFORE: {"stage": s.stage, "me": s.me, "hold": c.hold_sign},
    Period.SCORING: {**_OWN, "places": b.places, "ballot": s.ballot, **_COURSE, "chat": t.chat_scoring},
    Period.TOGETHER: {**_OWN, **_OUTCOME, "alerts": s.my_alerts, **_COURSE, "chat": t.chat, "to_sign": k.to_sign},
    Period.AFTER: {"stage": s.stage, "me": s.me, "lot": s.lot, "report": s.report, "ending": c.ending},
    Period.PUBLISHED: {
        "stage": s.stage, "me": s.me, "lot": s.lot, "report": s.report, "ending": c.ending, "published": c.published,
    },
}  # fmt: skip
_WATCH: Builders = {
    "stage": s.stage,
    "stages": s.stages,
    "hold": c.hold,
    "backtrack": c.backtrack,
    "defect": c.defect,
    "time": c.time,
    "turns": c.turns,
    "presence": c.presence,
}
_EVERYTHING: Builders = {
    **_WATCH,
    "seats": s.seats,
    **_LOT,
    **_OUTCOME,
    "ballot": s.ballot,
    "alerts": s.all_alerts,
    "chat": t.chat,
    "archived": c.archived,
}
_FILE: Builders = {**_EVERYTHING, "ending": c.ending, "published": c.published, "ledger": s.ledger}
_LEADER: Builders = {"progress": s.progress, "backtrack": c.backtrack}
_ENTITY: Builders = {"stage": s.stage, "hold": c.hold_sign, "time": c.time_due}
_SITE: Builders = {"site": s.site, "hold": c.hold_sign}

TABLE: dict[str, dict[Period, Builders]] = {
    "member": _MEMBER,
    "leader": {
        **_MEMBER,
        Period.SCORING: {**_MEMBER[Period.SCORING], **_LEADER, "drafts": r.drafts},
        Period.TOGETHER: {**_MEMBER[Period.TOGETHER], **_LEADER, "alert_list": s.alert_list},
    },
    "procuring_entity": {
        Period.BEFORE: {"ready": s.ready, "hold": c.hold_sign, "outages": c.outages},
        Period.SCORING: {**_ENTITY, "qualification": r.qualification, "relay": r.relay, "outages": c.outages},
        Period.TOGETHER: {**_ENTITY, "outages": c.outages},
        Period.AFTER: {"stage": s.stage, "report": s.report, "ending": c.ending, "names": c.names},
        Period.PUBLISHED: {
            "stage": s.stage, "report": s.report, "ending": c.ending, "names": c.names, "published": c.published,
        },
    },
    "host_operator": {
        Period.BEFORE: {"site": s.site, "replacements": s.replacements, "hold": c.hold_bare},
        Period.SCORING: {"site": s.site, "hold": c.hold_bare},
        Period.TOGETHER: {"stage": s.stage, "hold": c.hold_bare},
        Period.AFTER: {"stage": s.stage, "archive": s.archive},
        Period.PUBLISHED: {"stage": s.stage, "archive": s.archive},
    },
    "guest_operator": {
        Period.BEFORE: _SITE,
        Period.SCORING: _SITE,
        Period.TOGETHER: _SITE,
        Period.AFTER: {"hand_over": s.hand_over},
        Period.PUBLISHED: {},
    },
    "supervisor": {
        Period.BEFORE: {**_WATCH, "committee": s.committee, "chat": t.chat_scoring},
        Period.SCORING: {**_WATCH, "committee": s.committee, "alerts": s.all_alerts, "chat": t.chat_scoring},
        Period.TOGETHER: _EVERYTHING,
        Period.AFTER: _FILE,
        Period.PUBLISHED: _FILE,
    },
    "auditor": {
        Period.BEFORE: {"ledger": s.ledger},
        Period.SCORING: {"ledger": s.ledger},
        Period.TOGETHER: {"ledger": s.ledger},
        Period.AFTER: _FILE,
        Period.PUBLISHED: _FILE,
    },
}  # fmt: skip


def view(room: Room, viewer: Viewer, only: Container[str] | None = None) -> dict[str, Any]:
    """Show a room to one viewer.

    Args:
        room: the room.
        viewer: role, seat and venue as the caller has established them.
        only: names of the sections that are wanted; all of them if left out.

    Returns:
        Sections by name, JSON builtins, each to be replaced as a whole when it differs; a section that has no content
        yet is absent. Empty for whoever may see nothing.

    Source: 财政部令第87号 第45条, 第55条, 第62条; 招标投标法 第22条, 第37条; table: engineering choice
    """
    row = _row_of(room, viewer)
    if row is None:
        return {}
    builders = TABLE[row][_period_of(room, viewer)].items()
    shown = {name: build(room, viewer) for name, build in builders if only is None or name in only}
    filled = {name: section for name, section in shown.items() if section is not None}
    mark = {"training": {"mark": TRAINING_MARK}} if filled and room.state.setup.is_training else {}
    return filled | mark


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
    state = room.state
    if viewer.role == "member" and not state.seats[viewer.seat_id or ""].checked_in:
        # Even when the room ends: who has not checked in has not seen the bidders.
        return Period.BEFORE
    if viewer.role == "member" and state.work_stage is Stage.CHECK_IN:
        return Period.SCORING
    period = _PERIODS[state.work_stage]
    # A re-evaluation opens the room again after the result was published.
    return Period.PUBLISHED if period is Period.AFTER and state.course.published else period
