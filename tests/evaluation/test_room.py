"""The whole way of a room, purity of `handle`, replay, digest."""

from copy import deepcopy
from datetime import timedelta, timezone
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation import commands as cmd
from evaluation.commands import Command
from evaluation.decisions.situation import PERMISSIONS
from evaluation.errors import (
    BadSetup,
    EvaluationError,
    LeaderOnly,
    NotYourVenue,
    RecordOutOfOrder,
    RoleForbidden,
    UnknownSeat,
    WrongStage,
)
from evaluation.protocol import Actor, RecordedEvent, decode_event, encode_event
from evaluation.room import _DECISIONS, Room, open_room
from evaluation.setup import SeatSetup
from evaluation.stages import OPEN, TRANSITIONS, Stage


def member(seat_id: str) -> Actor:
    return Actor("member", seat_id=seat_id)


def test_a_room_walks_from_committee_ready_to_archived(play):
    play.go(Stage.ARCHIVED)
    stages = [stage for stage, _ in play.room.state.stages]
    assert stages == [Stage.CREATED, *OPEN, Stage.CLOSED, Stage.ARCHIVED]
    rows = {(row.source, row.target) for row in TRANSITIONS}
    assert set(pairwise(stages)) <= rows


def test_o87_art_55_worked_example_1_through_the_room(play):
    play.go(Stage.CANDIDATES)
    results = [(item.bid_id, item.reviewed_price, item.total, item.rank) for item in play.room.state.totals.results]
    assert results == [
        ("C", "880000.00", "89.63", 1),
        ("A", "1000000.00", "89.44", 2),
        ("B", "828000.00", "88.60", 3),
    ]


def test_an_engineering_committee_of_seven_drops_one_of_each_extreme_per_item(new_play, setup):
    seats = (
        *setup.seats,
        SeatSetup("S6", "T6", "评委F", "expert", "V2", "W6"),
        SeatSetup("S7", "T7", "评委G", "expert", "V2", "W7"),
    )
    rules = {
        "agg_trim_over": 5,
        "brand_counts_once": False,
        "leader_method": "elect_or_named",
        "prelim_below_min": "argued_vote",
        "tie_order": ("total_desc", "price_asc", "technical_desc"),
        "tie_final": "document_else_committee_vote",
    }
    play = new_play(rules=rules, seats=seats, draw_order=(*setup.draw_order, "S6", "S7"))
    values = ("38", "44", "44.5", "45", "46", "46.5", "47")
    base = {("B", "T"): "40", ("C", "T"): "40", ("A", "B"): "19", ("B", "B"): "17", ("C", "B"): "18"}
    play.marks = {seat.seat_id: {**base, ("A", "T"): value} for seat, value in zip(seats, values, strict=True)}
    play.go(Stage.ARCHIVED)
    assert {item.bid_id: item.items["T"] for item in play.room.state.totals.results}["A"] == "45.20"


def test_opening_an_unsound_room_is_refused(setup):
    with pytest.raises(BadSetup):
        open_room(msgspec.structs.replace(setup, bids=()))


def test_an_empty_room_has_no_state():
    room = Room()
    assert room.version == 0
    with pytest.raises(RecordOutOfOrder):
        _ = room.stage


def test_a_missing_or_doubled_record_is_refused_and_changes_nothing(play):
    play.go(Stage.LEADER_ELECTION)
    before = (play.room.version, play.room.digest)
    for record in (play.records[-1], msgspec.structs.replace(play.records[-1], seq=play.room.version + 2)):
        with pytest.raises(RecordOutOfOrder):
            play.room.apply(record)
    assert (play.room.version, play.room.digest) == before
    with pytest.raises(RecordOutOfOrder):
        Room.replay(play.records[1:])


def test_a_second_opening_is_refused(play):
    again = msgspec.structs.replace(play.records[0], seq=play.room.version + 1)
    with pytest.raises(RecordOutOfOrder):
        play.room.apply(again)


def test_replay_after_json_equals_the_live_room_at_every_record(play):
    play.marks["S5"] = {
        **dict.fromkeys([("A", "T"), ("B", "T"), ("C", "T")], "5"),
        ("A", "B"): "19",
        ("B", "B"): "17",
        ("C", "B"): "18",
    }
    play.go(Stage.CONSISTENCY_CHECK)
    for alert in list(play.room.state.alerts.values()):
        play.do(cmd.AnswerAlert(alert.alert_id, True, "stands"), member(alert.seat_id))
    play.go(Stage.ARCHIVED)
    rows = [msgspec.json.encode(record) for record in play.records]
    read = [msgspec.json.decode(row, type=RecordedEvent) for row in rows]
    assert read == play.records
    again, partly = Room.replay(read), Room()
    for record in read:
        partly.apply(record)
    assert again.state == partly.state == play.room.state
    assert again.digest == partly.digest == play.room.digest
    assert again.version == play.room.version == len(rows)


def test_the_digest_changes_with_every_record_and_with_every_altered_record(play):
    play.go(Stage.BRIEFING)
    seen = {Room().digest}
    room = Room()
    for record in play.records:
        room.apply(record)
        seen.add(room.digest)
    assert len(seen) == len(play.records) + 1
    altered = [*play.records[:-1], msgspec.structs.replace(play.records[-1], command_id="other")]
    assert Room.replay(altered).digest != play.room.digest


def test_records_are_kept_in_utc(play):
    local = play.at.astimezone(timezone(timedelta(hours=8)))
    [record] = play.room.number(
        [decode_event({"type": "sheet_submitted", "seat_id": "S1"})], "x", Actor("system"), local
    )
    assert record.at == play.at
    assert record.at.utcoffset() == timedelta(0)


def test_every_command_has_one_decision_and_one_permission():
    commands = set(Command.__args__)
    assert set(PERMISSIONS) == set(_DECISIONS) == commands


@pytest.mark.parametrize(
    ("command", "actor", "refusal"),
    [
        (cmd.OpenCheckIn(), Actor("guest_operator", venue_id="V2"), RoleForbidden),
        (cmd.OpenCheckIn(), Actor("auditor"), RoleForbidden),
        (cmd.OpenCheckIn(), Actor("host_operator", venue_id="V2"), NotYourVenue),
        (cmd.OpenCheckIn(), Actor("host_operator"), NotYourVenue),
        (cmd.Archive(), Actor("host_operator", venue_id="V1"), WrongStage),
        (cmd.CheckIn(True), Actor("member", seat_id="S9"), UnknownSeat),
        (cmd.CheckIn(True), Actor("member"), UnknownSeat),
        (cmd.CheckIn(True), Actor("member", seat_id="S1"), WrongStage),
        (cmd.SignReport(True), Actor("system"), RoleForbidden),
        (cmd.SignReport(True), Actor("procuring_entity"), RoleForbidden),
    ],
)
def test_role_seat_venue_and_stage_are_checked_before_anything_else(play, command, actor, refusal):
    with pytest.raises(refusal):
        play.do(command, actor)


def test_leader_commands_are_the_leaders(play):
    play.go(Stage.BRIEFING)
    with pytest.raises(LeaderOnly):
        play.do(cmd.StartPreliminary(), member("S2"))


SEATS = st.sampled_from(["S1", "S2", "S3", "S4", "S5", "S9"])
BIDS = st.sampled_from(["A", "B", "C", "Z"])
TEXTS = st.sampled_from(["", " ", "because"])
VALUES = st.sampled_from(["0", "18", "18.00", "19.5", "50", "50.01", "-1", "1e3", "x", "0.005"])
COMMANDS = st.one_of(
    st.builds(cmd.OpenCheckIn),
    st.builds(cmd.ConfirmIdentity, SEATS),
    st.builds(cmd.CheckIn, st.booleans()),
    st.builds(cmd.SignPromise, st.sampled_from([False, False, False, True]), TEXTS),
    st.builds(cmd.ReplaceSeat, SEATS, st.sampled_from(["T1", "T8", "T9"]), TEXTS),
    st.builds(cmd.VoteLeader, SEATS),
    st.builds(cmd.ConfirmBriefing),
    st.builds(cmd.StartPreliminary),
    st.builds(
        cmd.VoteCheck,
        BIDS,
        st.sampled_from(["K1", "K2", "K9"]),
        st.booleans(),
        st.sampled_from([None, "P2", "X"]),
        st.sampled_from([None, "3"]),
    ),
    st.builds(cmd.ClosePreliminary),
    st.builds(cmd.DecideCompetition, st.booleans(), TEXTS),
    st.builds(cmd.EnterScore, BIDS, st.sampled_from(["P", "T", "B"]), VALUES),
    st.builds(cmd.SubmitSheet),
    st.builds(cmd.AnswerAlert, st.sampled_from(["A1", "A2", "A99"]), st.booleans(), TEXTS, st.none() | VALUES),
    st.builds(cmd.ConfirmConsistency),
    st.builds(
        cmd.ResolveTie,
        st.permutations(["A", "B", "C"]).map(lambda ids: tuple(ids[:2])),
        st.sampled_from(["document", "draw", "committee_vote"]),
        TEXTS,
    ),
    st.builds(cmd.ProposeCandidates),
    st.builds(cmd.SignReport, st.booleans(), TEXTS),
    st.builds(cmd.NoteDeemedAgreed, SEATS, TEXTS),
    st.builds(cmd.Archive),
)
ACTORS = st.one_of(
    st.builds(Actor, st.just("member"), SEATS),
    st.just(Actor("host_operator", venue_id="V1")),
    st.just(Actor("guest_operator", venue_id="V2")),
    st.sampled_from([Actor("supervisor"), Actor("auditor"), Actor("procuring_entity"), Actor("system")]),
)
STARTS = st.sampled_from(
    [stage for stage in (*OPEN, Stage.CLOSED, Stage.ARCHIVED) if stage not in (OPEN[6], Stage.AGGREGATION)]
)


def handled(room: Room, command: Command, actor: Actor, at: Any) -> Any:
    """Return the events, or the code of the refusal."""
    try:
        return room.handle(command, actor, at)
    except EvaluationError as refusal:
        return refusal.code


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(start=STARTS, steps=st.lists(st.tuples(COMMANDS, ACTORS), max_size=25))
def test_handle_is_pure_and_replay_equals_the_incremental_fold(new_play, start: Stage, steps: list[Any]):
    play = new_play().go(start)
    for command, actor in steps:
        before, version, digest = deepcopy(play.room.state), play.room.version, play.room.digest
        first = handled(play.room, command, actor, play.at)
        assert first == handled(play.room, command, actor, play.at)
        assert (play.room.state, play.room.version, play.room.digest) == (before, version, digest)
        if isinstance(first, str):
            assert first in EvaluationError.catalogue
            continue
        assert first
        assert [decode_event(encode_event(event)) for event in first] == first
        play.at -= timedelta(seconds=1)
        assert play.do(command, actor) == first
    again = Room.replay(play.records)
    assert again.state == play.room.state
    assert (again.version, again.digest) == (play.room.version, play.room.digest)
