"""A whole evaluation as commands: from check-in to the archive, without an alert or a rejection."""

from collections.abc import Iterator
from datetime import UTC, datetime

from evaluation import commands as cmd
from evaluation.commands import Command
from evaluation.protocol import Actor, RecordedEvent
from evaluation.room import Room, open_room
from evaluation.setup import BidSetup, CheckSetup, CriterionSetup, RoomRules, RoomSetup, SeatSetup, VenueSetup

AT = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
HOST = Actor("host_operator", venue_id="v1")
RULES = RoomRules(
    committee_min_members=5,
    leader_method="elect",
    leader_rep_allowed=False,
    leader_max_rounds=3,
    prelim_grounds=("P1", "P2"),
    prelim_min_valid=3,
    prelim_below_min="stop",
    score_step="0.5",
    score_deviation="0.30",
    candidates_max=3,
    price_weight="0.30",
    tie_order=("total_desc", "price_asc", "technical_desc"),
    tie_price_basis="reviewed",
    tie_final="document_else_committee_vote",
    brand_counts_once=True,
    agg_trim_over=None,
    sign_deemed_agreed=True,
)


def make_setup(seats: int, bids: int, criteria: int) -> RoomSetup:
    """A room; `criteria` counts the subjective ones, which share 70 marks, beside the price with 30."""
    members = tuple(SeatSetup(f"s{n}", f"t{n}", f"评委{n}", "expert", "v1", f"W{n}") for n in range(1, seats + 1))
    marks = [70 // criteria + (1 if n < 70 % criteria else 0) for n in range(criteria)]
    scored = [CriterionSetup(f"T{n}", "technical", f"评审因素{n}", "subjective", str(m)) for n, m in enumerate(marks)]
    return RoomSetup(
        room_id="r1",
        lot_code="L1",
        lot_name="标段一",
        project_name="项目",
        procuring_entity="采购人",
        category="government_procurement",
        method="comprehensive_scoring",
        starts_at=AT,
        rules=RULES,
        venues=(VenueSetup("v1", "host", "主场"),),
        seats=members,
        draw_order=tuple(seat.seat_id for seat in members),
        bids=tuple(BidSetup(f"b{n}", f"投标人{n}", "", str(1_000_000 + 10_000 * n)) for n in range(1, bids + 1)),
        checks=tuple(CheckSetup(f"k{n}", f"检查{n}", "compliance", "P2") for n in range(1, 7)),
        criteria=(*scored, CriterionSetup("P", "price", "价格", "formula", "30")),
    )


def steps(setup: RoomSetup) -> Iterator[tuple[Actor, Command]]:
    """The commands of everybody, in an order that the room accepts."""
    members = [Actor("member", seat_id=seat.seat_id) for seat in setup.seats]
    yield HOST, cmd.OpenCheckIn()
    for seat, member in zip(setup.seats, members, strict=True):
        yield HOST, cmd.ConfirmIdentity(seat.seat_id)
        yield member, cmd.CheckIn(phone_locked=True)
        yield member, cmd.SignPromise(conflict_declared=False)
    leader = members[0]
    for command in (cmd.VoteLeader(setup.seats[0].seat_id), cmd.ConfirmBriefing()):
        for member in members:
            yield member, command
    yield leader, cmd.StartPreliminary()
    for member in members:
        for bid in setup.bids:
            for check in setup.checks:
                yield member, cmd.VoteCheck(bid.bid_id, check.check_id, passed=True)
    yield leader, cmd.ClosePreliminary()
    for member in members:
        yield from score_sheet(setup, member)
    for member in members:
        yield member, cmd.ConfirmConsistency()
    yield leader, cmd.ProposeCandidates(reason="按总分排序")
    for member in members:
        yield member, cmd.SignReport(agree=True)
    yield HOST, cmd.Archive()


def score_sheet(setup: RoomSetup, member: Actor) -> Iterator[tuple[Actor, Command]]:
    """One member's values: everybody agrees, so that no score is outlying; later bids get a little less."""
    for number, bid in enumerate(setup.bids):
        for criterion in setup.criteria:
            if criterion.kind == "subjective":
                value = int(criterion.full) - 0.5 * min(number, 2 * int(criterion.full))
                yield member, cmd.EnterScore(bid.bid_id, criterion.criterion_id, f"{value:g}")
    yield member, cmd.SubmitSheet()


def play(setup: RoomSetup) -> tuple[Room, list[RecordedEvent]]:
    """Decide and apply every command of the story."""
    room = Room()
    records: list[RecordedEvent] = []
    keep(room, records, room.number(open_room(setup), "c0", Actor("system"), AT))
    for number, (actor, command) in enumerate(steps(setup), start=1):
        keep(room, records, room.number(room.handle(command, actor, AT), f"c{number}", actor, AT))
    return room, records


def keep(room: Room, records: list[RecordedEvent], new: list[RecordedEvent]) -> None:
    """Apply new records and remember them."""
    for record in new:
        room.apply(record)
    records += new
