"""Simulated colleagues in the kernel's room: they see views and nothing else, and bring any room to its end."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from evaluation import commands as cmd
from evaluation.commands import Command
from evaluation.commands_review import VoteMotion
from evaluation.commands_states import VoteStop
from evaluation.protocol import Actor, Viewer
from evaluation.room import Room, open_room
from evaluation.stages import Stage
from evaluation.visibility import view
from expert_hub.foundation.rule_packs import shipped_pack
from expert_hub.listings.rules import TenderForm
from expert_hub.rooms.rules import RoomPlan, SeatPlan, setup_of
from expert_hub.sample.tender import tender_document
from expert_hub.training.colleagues import Member, invented_value, is_over, operate

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
FORM = msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)
PACK = shipped_pack("government_procurement", date(2026, 3, 2))


class Hall:
    """A room, everybody in it, and commands until nobody has any."""

    def __init__(self) -> None:
        seats = [SeatPlan(f"t{n}", f"a{n}", n < 6, "V1" if n % 2 else "V2", f"W{n}") for n in range(7)]
        setup = setup_of(FORM, PACK, RoomPlan("room", [("V1", "Host"), ("V2", "Guest")], seats, is_training=True))
        self.room = Room()
        self.members = [Actor("member", f"s{n}") for n in range(1, 8)]
        self.operators = [Actor("host_operator", None, "V1"), Actor("guest_operator", None, "V2")]
        self._keep(open_room(setup), Actor("system"))

    def _keep(self, events: Any, actor: Actor) -> None:
        for record in self.room.number(events, f"c{self.room.version}", actor, STARTS_AT):
            self.room.apply(record)

    def give(self, command: Command, actor: Actor) -> None:
        self._keep(self.room.handle(command, actor, STARTS_AT), actor)

    def sees(self, actor: Actor) -> Mapping[str, Any]:
        return view(self.room, Viewer(actor.role, actor.seat_id, actor.venue_id))

    def run(self, deciders: list[tuple[Actor, Any]], until: Stage) -> None:
        """Let everybody do one thing after another until the room is in a stage."""
        for _ in range(5000):
            if self.room.stage is until:
                return
            given = [(actor, command) for actor, decide in deciders if (command := decide(self.sees(actor)))]
            assert given, f"nobody does anything in {self.room.stage}"
            self.give(given[0][1], given[0][0])
        raise AssertionError(f"no end in {self.room.stage}")


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_members_and_operators_bring_a_room_to_its_end(hall: Hall) -> None:
    everybody = [*((one, Member().decide) for one in hall.members), *((one, operate) for one in hall.operators)]
    hall.run(everybody, Stage.CLOSED)
    assert all(is_over(hall.sees(one)) for one in (*hall.members, *hall.operators))
    assert [decide(hall.sees(one)) for one, decide in everybody] == [None] * 9
    assert hall.room.state.leader == "s1"


def test_they_wait_for_the_trainee_who_leads_and_whose_findings_they_take_over(hall: Hall) -> None:
    trainee, others = hall.members[2], [one for one in hall.members if one.seat_id != "s3"]
    colleague = Member(trainee="s3", leader="s3").decide
    everybody: list[Any] = [*((one, colleague) for one in others), *((one, operate) for one in hall.operators)]
    practising = (trainee, Member(trainee="s3", leader="s3").decide)
    hall.run([*everybody, practising], Stage.DETAILED)
    assert hall.room.state.leader == "s3"
    with pytest.raises(AssertionError, match="nobody does anything in detailed"):
        hall.run(everybody, Stage.CONSISTENCY_CHECK)
    hall.give(cmd.EnterScore("B1", "C1", "1"), trainee)
    hall.run([*everybody, practising], Stage.CONSISTENCY_CHECK)
    mismatch = next(alert for alert in hall.sees(trainee)["alerts"] if alert["blocking"])
    assert (mismatch["bid_id"], mismatch["criterion_id"]) == ("B1", "C1")
    hall.run([*everybody, practising], Stage.CLOSED)
    assert {sheet["B1", "C1"] for sheet in hall.room.state.sheets.values()} == {"1"}


def test_they_vote_on_what_the_committee_is_asked() -> None:
    view = {"stage": {"stage": "preliminary"}, "me": {}, "bids": []}
    motion = {"motion_id": "m1", "carried": None, "mine": None}
    assert Member().decide({**view, "motions": [motion]}) == VoteMotion(
        "m1", True, "模拟成员：经复核采纳 (simulated member)"
    )
    assert Member().decide({**view, "defect": {"report_id": "d1", "my_vote": None}}) == VoteStop("d1", agree=False)


def test_a_blind_criterion_is_scored_by_place(hall: Hall) -> None:
    everybody = [*((one, Member().decide) for one in hall.members), *((one, operate) for one in hall.operators)]
    hall.run(everybody, Stage.DETAILED)
    view = {**hall.sees(hall.members[0]), "places": {"criteria": ["T1"], "places": [1, 2]}}
    places, scores = [], list[Any]()
    while not isinstance(
        command := Member().decide({**view, "my_sheet": {"scores": scores, "submitted": False}}), cmd.SubmitSheet
    ):
        row = msgspec.to_builtins(command)
        scores.append(row)
        places += [row["place"]] if "place" in row else []
        assert "place" in row or row["criterion_id"] != "T1"
    assert places == [1, 2]


def test_a_member_who_practises_does_not_have_to_lead(hall: Hall) -> None:
    members = [(one, Member(trainee="s1").decide) for one in hall.members]
    hall.run([*members, *((one, operate) for one in hall.operators)], Stage.BRIEFING)
    assert hall.room.state.leader == "s2"


@pytest.mark.parametrize(
    ("kind", "same_for_all"), [("objective", True), ("pass_fail", True), ("deduction", True), ("subjective", False)]
)
def test_invented_values_are_allowed_and_agree_where_facts_decide(kind: str, same_for_all: bool) -> None:
    criterion = {"criterion_id": "T", "kind": kind, "low": "2", "full": "10", "step": "0.5"}
    values = [invented_value(criterion, "0.01", bid, f"s{n}") for bid in ("B1", "B2", "B3") for n in range(9)]
    if kind != "deduction":
        assert all(2 <= float(value) <= 10 and float(value) % 0.5 == 0 for value in values)
    by_bid = [len(set(values[place : place + 9])) for place in (0, 9, 18)]
    assert (by_bid == [1, 1, 1]) is same_for_all
