"""A room to play with: five members at two venues, three bids, the worked example of comprehensive scoring."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.commands import Command
from evaluation.events import Event
from evaluation.protocol import Actor, RecordedEvent
from evaluation.room import Room, open_room
from evaluation.setup import BidSetup, CheckSetup, CriterionSetup, RoomRules, RoomSetup, SeatSetup, VenueSetup
from evaluation.stages import Stage

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOST = Actor("host_operator", venue_id="V1")
GUEST = Actor("guest_operator", venue_id="V2")
SUPERVISOR = Actor("supervisor")
ENTITY = Actor("procuring_entity")

RULES = RoomRules(
    committee_min_members=5,
    leader_method="elect",
    leader_rep_allowed=False,
    leader_max_rounds=3,
    prelim_grounds=("P1", "P2", "P3", "P4", "P5", "P6", "P7"),
    prelim_min_valid=3,
    prelim_below_min="stop",
    score_step="0.01",
    score_deviation="0.30",
    candidates_max=3,
    price_weight="0.30",
    tie_order=("total_desc", "price_asc", "parallel"),
    tie_price_basis="reviewed",
    tie_final="document_else_draw",
    brand_counts_once=True,
    agg_trim_over=None,
    sign_deemed_agreed=True,
)
SETUP = RoomSetup(
    room_id="R1",
    lot_code="LOT-1",
    lot_name="Canary lot",
    project_name="Canary project",
    procuring_entity="Canary entity",
    category="government_procurement",
    method="comprehensive_scoring",
    starts_at=START,
    rules=RULES,
    venues=(VenueSetup("V1", "host", "Host hall"), VenueSetup("V2", "guest", "Guest hall")),
    seats=(
        SeatSetup("S1", "T1", "评委A", "expert", "V1", "W1"),
        SeatSetup("S2", "T2", "评委B", "expert", "V1", "W2"),
        SeatSetup("S3", "T3", "评委C", "expert", "V2", "W1"),
        SeatSetup("S4", "T4", "评委D", "expert", "V2", "W2"),
        SeatSetup("S5", "T5", "评委E", "representative", "V1", "W3"),
    ),
    draw_order=("S3", "S1", "S4", "S2", "S5"),
    bids=(
        BidSetup("A", "Canary bidder A", "91000000MA00000157", "1000000.00"),
        BidSetup("B", "Canary bidder B", "12000000000000027G", "920000.00", "0.10"),
        BidSetup("C", "Canary bidder C", "N2000000MF000003XD", "880000.00"),
    ),
    checks=(
        CheckSetup("K1", "Signed and sealed", "compliance", "P2"),
        CheckSetup("K2", "Below budget", "compliance", "P4"),
    ),
    criteria=(
        CriterionSetup("P", "price", "Price", "formula", "30"),
        CriterionSetup("T", "technical", "Solution", "subjective", "50"),
        CriterionSetup("B", "business", "Track record", "objective", "20"),
    ),
)
MARKS = {
    ("A", "T"): "45.60",
    ("A", "B"): "19",
    ("B", "T"): "41.6",
    ("B", "B"): "17",
    ("C", "T"): "43.40",
    ("C", "B"): "18.00",
}


def member(seat_id: str) -> Actor:
    return Actor("member", seat_id=seat_id)


class Play:
    """A room and its records; every accepted command is numbered, applied and kept."""

    def __init__(self, setup: RoomSetup) -> None:
        self.setup = setup
        self.room = Room()
        self.records: list[RecordedEvent] = []
        self.at = START
        self.seed = "00ff"
        self.marks: dict[str, Mapping[tuple[str, str], str]] = {}
        self._record(open_room(setup), "open", Actor("system"))

    def _record(self, events: list[Event], command_id: str, actor: Actor) -> None:
        for record in self.room.number(events, command_id, actor, self.at):
            self.room.apply(record)
            self.records.append(record)

    def do(self, command: Command, actor: Actor) -> list[Event]:
        self.at += timedelta(seconds=1)
        events = self.room.handle(command, actor, self.at, self.seed)
        self._record(events, f"c{len(self.records)}", actor)
        return events

    def each(self, make: Callable[[str], Command]) -> None:
        for seat in self.setup.seats:
            self.do(make(seat.seat_id), member(seat.seat_id))

    @property
    def leader(self) -> Actor:
        return member(self.room.state.leader or "")

    def check_in(self, seat_id: str) -> None:
        venue = self.room.state.seat(seat_id).venue_id
        self.do(cmd.ConfirmIdentity(seat_id), HOST if venue == "V1" else GUEST)
        self.do(cmd.CheckIn(True), member(seat_id))

    def to_check_in(self) -> None:
        self.do(cmd.OpenCheckIn(), HOST)

    def to_leader_election(self) -> None:
        for seat in self.setup.seats:
            self.check_in(seat.seat_id)
            self.do(cmd.SignPromise(False), member(seat.seat_id))

    def to_briefing(self) -> None:
        self.each(lambda _: cmd.VoteLeader("S1"))

    def to_preliminary(self) -> None:
        self.each(lambda _: cmd.ConfirmBriefing())
        self.do(cmd.StartPreliminary(), self.leader)

    def vote_all(self, against: Mapping[tuple[str, str], tuple[str, ...]] | None = None) -> None:
        """Cast every check vote; `against` names the seats that reject by (bid, check)."""
        for seat in self.setup.seats:
            for bid in self.setup.bids:
                for check in self.setup.checks:
                    rejects = seat.seat_id in (against or {}).get((bid.bid_id, check.check_id), ())
                    vote = (
                        cmd.VoteCheck(bid.bid_id, check.check_id, False, check.ground, "12")
                        if rejects
                        else cmd.VoteCheck(bid.bid_id, check.check_id, True)
                    )
                    self.do(vote, member(seat.seat_id))

    def to_detailed(self) -> None:
        self.vote_all()
        self.do(cmd.ClosePreliminary(), self.leader)

    def fill(self, seat_id: str) -> None:
        marks = self.marks.get(seat_id, MARKS)
        for bid in self.room.state.valid_bids():
            for criterion in self.setup.criteria:
                if criterion.kind != "formula":
                    value = marks[bid.bid_id, criterion.criterion_id]
                    self.do(cmd.EnterScore(bid.bid_id, criterion.criterion_id, value), member(seat_id))

    def to_consistency_check(self) -> None:
        for seat in self.setup.seats:
            self.fill(seat.seat_id)
            self.do(cmd.SubmitSheet(), member(seat.seat_id))

    def to_candidates(self) -> None:
        self.each(lambda _: cmd.ConfirmConsistency())

    def to_report_signing(self) -> None:
        self.do(cmd.ProposeCandidates(), self.leader)

    def to_closed(self) -> None:
        self.each(lambda _: cmd.SignReport(True))

    def ask(self, bid_id: str = "A", purpose: str = "unclear_text", question: str = "Which warranty is meant?") -> str:
        """Draft by a member, sending by the leader, relay by the entity. Returns the id of the clarification."""
        drafted: Any = self.do(rv.DraftClarification(bid_id, purpose, question, "p. 7"), member("S3"))[0]
        until = self.at + timedelta(minutes=30)
        self.do(rv.SendClarification(drafted.clarification_id, True, until), self.leader)
        self.do(rv.RelayClarification(drafted.clarification_id), ENTITY)
        return str(drafted.clarification_id)

    def decide(self, motion_id: str, favour: int) -> list[Event]:
        """All members vote on a motion, the first `favour` of them for it. Returns the events of the last vote."""
        for number, seat in enumerate(self.setup.seats):
            vote = rv.VoteMotion(motion_id, number < favour, f"because {seat.seat_id}")
            events = self.do(vote, member(seat.seat_id))
        return events

    def to_archived(self) -> None:
        self.do(cmd.Archive(), HOST)

    def go(self, target: Stage) -> "Play":
        """Walk the usual way until the room is in `target`."""
        while self.room.stage is not target:
            getattr(self, f"to_{NEXT[self.room.stage]}")()
        return self


NEXT = {
    Stage.COMMITTEE_READY: "check_in",
    Stage.CHECK_IN: "leader_election",
    Stage.LEADER_ELECTION: "briefing",
    Stage.BRIEFING: "preliminary",
    Stage.PRELIMINARY: "detailed",
    Stage.DETAILED: "consistency_check",
    Stage.CONSISTENCY_CHECK: "candidates",
    Stage.CANDIDATES: "report_signing",
    Stage.REPORT_SIGNING: "closed",
    Stage.CLOSED: "archived",
}


@pytest.fixture
def setup() -> RoomSetup:
    return SETUP


@pytest.fixture
def marks() -> dict[tuple[str, str], str]:
    return dict(MARKS)


@pytest.fixture
def rules() -> RoomRules:
    return RULES


@pytest.fixture
def new_play() -> Callable[..., Play]:
    """Build a play; keywords `rules` changes rules, others change the description."""

    def build(rules: Mapping[str, Any] | None = None, **changes: Any) -> Play:
        return Play(replace(SETUP, rules=replace(RULES, **(rules or {})), **changes))

    return build


@pytest.fixture
def play(new_play: Callable[..., Play]) -> Play:
    return new_play()
