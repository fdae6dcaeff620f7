"""Random commands of all roles against the room and a simple model side by side.

The generators come from the union of commands, so that a new command is driven without a line here. A step is a command
that helps, one at random, one given before, or one that was held back; after every step no view may hold what another
keeps secret, and at the end a replay must equal the live room: state, digest and every view.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from msgspec import inspect as shape

from evaluation import commands as cmd
from evaluation import commands_states as course
from evaluation.commands import Command
from evaluation.decisions.leadership import eligible_leaders
from evaluation.decisions.situation import PERMISSIONS
from evaluation.errors import EvaluationError
from evaluation.events import StageChanged
from evaluation.protocol import Actor, RecordedEvent, Viewer
from evaluation.room import Room
from evaluation.stages import HELD, OPEN, SIDE_WAYS, TRANSITIONS, Stage
from evaluation.visibility import view

HOST, GUEST = Actor("host_operator", venue_id="V1"), Actor("guest_operator", venue_id="V2")
SUPERVISOR, ENTITY, SYSTEM = Actor("supervisor"), Actor("procuring_entity"), Actor("system")
SEATS = ["S1", "S2", "S3", "S4", "S5"]
WAYS = {(row.source, row.target) for row in TRANSITIONS} | SIDE_WAYS
ENDS = ("RebuildCommittee", "VoteStop", "DecideOutage", "Archive", "RecordPublication")
# What a room may be told while it is held.
UNLOCKED = {"ResumeRoom", "SuspendRoom", "MarkOffline", "MarkOnline", "SealOutage", "ReportDefect", "VoteStop"} | {
    "RebuildCommittee", "ExtendTime",
}  # fmt: skip
VIEWERS = {
    **{seat_id: Viewer("member", seat_id) for seat_id in SEATS},
    "host": Viewer("host_operator", venue_id="V1"),
    "guest": Viewer("guest_operator", venue_id="V2"),
    **{role: Viewer(role) for role in ("procuring_entity", "supervisor", "auditor")},
}
RANDOMS = st.integers(0, 2**32).map(Random)
PROJECT = ("Canary lot", "Canary project", "Canary entity", "Canary bidder", "91000000MA00000157", "920000.00")


def member(seat_id: str | None) -> Actor:
    return Actor("member", seat_id=seat_id)


class Writer:
    """Fills the fields of any command: by the name of the field where it means something here, else by its type."""

    def __init__(self) -> None:
        self.count = 0

    def text(self) -> str:
        self.count += 1
        return f"canary-{self.count}-"

    def score(self) -> str:
        """A value that nobody has given before, out of range once in a while."""
        self.count += 1
        return f"{19 - self.count % 1900 / 100:.2f}" if self.count % 40 else "99"

    def fields(self, kind: Any, random: Random) -> dict[str, Any]:
        info: Any = shape.type_info(kind)
        return {
            field.encode_name: self.value(field.encode_name, field.type, random)
            for field in info.fields
            if field.required or random.random() < 0.7
        }

    def value(self, name: str, kind: Any, random: Random) -> Any:
        named: dict[str, Callable[[], Any]] = {
            "bid_id": lambda: random.choice("ABCZ"),
            "check_id": lambda: random.choice(["K1", "K2", "K9"]),
            "criterion_id": lambda: random.choice("PTB"),
            "value": self.score,
            "ground": lambda: random.choice(["P2", "P4", "X"]),
            "alert_id": lambda: f"A{random.randint(1, 6)}",
            "tenure_id": lambda: f"T{self.count + 100}",
            "bid_ids": lambda: random.sample("ABC", 2),
        }
        if name in named:
            return named[name]()
        if name.endswith("seat_id"):
            return random.choice([*SEATS, "S9"])
        if name.endswith("_id"):
            return random.choice("BDOQMR") + str(random.randint(1, 3))
        return self.by_type(kind, random)

    def by_type(self, kind: Any, random: Random) -> Any:
        if isinstance(kind, shape.Metadata):
            return self.by_type(kind.type, random)
        if isinstance(kind, shape.UnionType):
            return self.by_type(random.choice(kind.types), random)
        if isinstance(kind, shape.LiteralType):
            return random.choice(sorted(kind.values))
        if isinstance(kind, shape.BoolType):
            return random.random() < 0.7
        if isinstance(kind, shape.IntType):
            return random.randint(1, 9)
        if isinstance(kind, shape.DateTimeType):
            return f"2026-03-0{random.randint(1, 9)}T01:00:00Z"
        if isinstance(kind, shape.NoneType):
            return None
        return [] if isinstance(kind, shape.VarTupleType) else self.text()


def likely_actor(kind: Any, room: Room, random: Random) -> Actor:
    """Mostly somebody who may give the command, else anybody."""
    permission = PERMISSIONS[kind]
    role = random.choice(permission.roles)
    if random.random() < 0.2:
        return random.choice([HOST, GUEST, SUPERVISOR, ENTITY, SYSTEM, Actor("auditor"), member("S9"), member("S2")])
    if role == "member":
        is_leading = permission.leader and room.state.leader
        return member(room.state.leader if is_leading else random.choice(SEATS))
    return {"host_operator": HOST, "guest_operator": GUEST}.get(role, Actor(role))


def useful(room: Room, writer: Writer) -> list[tuple[Any, Actor]]:
    """Commands that bring the room nearer to its end, most pressing first."""
    state = room.state
    if room.stage in HELD and state.course.hold.by == "system":
        return [(course.RebuildCommittee("outage_over_limit", "new committee"), ENTITY)]
    if room.stage in HELD:
        return [(course.ResumeRoom(state.course.hold.seal), SUPERVISOR)]
    found = _HELPFUL.get(room.stage, lambda *_: [])(state, writer)
    return [*found, *_LAST.get(room.stage, lambda _: [])(member(state.leader))]


def _entry(state: Any, writer: Writer) -> list[Any]:
    found: list[Any] = []
    for seat_id, seat in state.seats.items():
        if seat.promise == "conflict":
            found.append((cmd.ReplaceSeat(seat_id, f"T{writer.count + 100}", writer.text()), HOST))
        elif not seat.identity_confirmed:
            found.append((cmd.ConfirmIdentity(seat_id), HOST if seat_id in ("S1", "S2", "S5") else GUEST))
        elif not seat.checked_in:
            found.append((cmd.CheckIn(True), member(seat_id)))
        elif seat.promise == "none":
            found.append((cmd.SignPromise(False), member(seat_id)))
    return found


def _votes(state: Any, _: Writer) -> list[Any]:
    return [
        (cmd.VoteCheck(bid.bid_id, check.check_id, True), member(seat_id))
        for seat_id in SEATS
        for bid in state.setup.bids
        for check in state.setup.checks
        if (bid.bid_id, check.check_id) not in state.votes.get(seat_id, {})
    ]


def _scores(state: Any, writer: Writer) -> list[Any]:
    found: list[Any] = []
    for seat_id, seat in state.seats.items():
        for bid in state.valid_bids():
            if (bid.bid_id, "T") not in state.sheets.get(seat_id, {}):
                found.append((cmd.EnterScore(bid.bid_id, "T", writer.score()), member(seat_id)))
            if (bid.bid_id, "B") not in state.sheets.get(seat_id, {}):
                found.append((cmd.EnterScore(bid.bid_id, "B", "17"), member(seat_id)))
        if not seat.submitted:
            found.append((cmd.SubmitSheet(), member(seat_id)))
    return found


def _alerts(state: Any, writer: Writer) -> list[Any]:
    about = [(alert, [alert.seat_id] if alert.seat_id else SEATS) for alert in state.open_alerts()]
    answers = [
        (
            cmd.AnswerAlert(alert.alert_id, not alert.blocking, writer.text(), "17" if alert.blocking else None),
            member(key),
        )
        for alert, seats in about
        for key in seats
    ]
    return [*answers, *((cmd.ConfirmConsistency(), member(seat_id)) for seat_id in SEATS)]


_HELPFUL: dict[Stage, Callable[[Any, Writer], list[Any]]] = {
    Stage.COMMITTEE_READY: lambda *_: [(cmd.OpenCheckIn(), HOST)],
    Stage.CHECK_IN: _entry,
    Stage.LEADER_ELECTION: lambda state, _: [
        (cmd.VoteLeader(eligible_leaders(state)[0]), member(key)) for key in SEATS if key not in state.ballots
    ],
    Stage.BRIEFING: lambda state, _: [
        (cmd.ConfirmBriefing(), member(key)) for key, seat in state.seats.items() if not seat.briefed
    ],
    Stage.PRELIMINARY: _votes,
    Stage.DETAILED: _scores,
    Stage.CONSISTENCY_CHECK: _alerts,
    Stage.CANDIDATES: lambda state, _: [
        (cmd.ResolveTie(tie.bid_ids, "draw", "drawn"), member(state.leader)) for tie in state.open_ties
    ],
    Stage.REPORT_SIGNING: lambda *_: [(cmd.SignReport(True), member(key)) for key in SEATS],
}
_LAST: dict[Stage, Callable[[Actor], list[Any]]] = {
    Stage.BRIEFING: lambda leader: [(cmd.StartPreliminary(), leader)],
    Stage.PRELIMINARY: lambda leader: [(cmd.ClosePreliminary(), leader)],
    Stage.CANDIDATES: lambda leader: [(cmd.ProposeCandidates(), leader)],
}


class Model:
    """What a bystander with pencil and paper knows: who has entered and submitted what, and who sits where."""

    def __init__(self) -> None:
        self.sheets: dict[str, dict[Any, str]] = {}
        self.submitted: set[str] = set()
        self.tenures = {seat_id: f"T{seat_id[1:]}" for seat_id in SEATS}
        self.secrets: dict[str, set[str]] = {}

    def note(self, command: Any, actor: Actor, before: Stage, room: Room) -> None:
        seat_id = actor.seat_id or ""
        if isinstance(command, cmd.EnterScore):
            value = room.state.sheets[seat_id][command.bid_id, command.criterion_id]
            self.sheets.setdefault(seat_id, {})[command.bid_id, command.criterion_id] = value
        elif isinstance(command, cmd.SubmitSheet):
            self.submitted.add(seat_id)
        elif isinstance(command, cmd.ReplaceSeat):
            self.tenures[command.seat_id] = command.tenure_id
            self.sheets.pop(command.seat_id, None)
            self.submitted.discard(command.seat_id)
        elif isinstance(command, course.DecideBacktrack) and room.stage is not before:
            if room.stage is not Stage.CONSISTENCY_CHECK:
                self.sheets, self.submitted = {}, set()
            else:
                self.sheets = {key: dict(sheet) for key, sheet in room.state.sheets.items()}
        elif isinstance(command, cmd.ClosePreliminary):
            self.submitted &= {key for key, seat in room.state.seats.items() if seat.submitted}
        elif not isinstance(command, course.StateCommand | cmd.VoteCheck):
            # Commands after the submission change sheets in ways the model does not follow.
            self.sheets = {key: dict(sheet) for key, sheet in room.state.sheets.items()}


class RoomMachine(RuleBasedStateMachine):
    """The machine; `new_play` is set by the test that runs it."""

    new_play: ClassVar[Callable[[], Any]]
    steps: ClassVar[int] = 0
    accepted: ClassVar[dict[str, int]] = {}
    reached: ClassVar[set[Stage]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.play = type(self).new_play()
        self.writer, self.model = Writer(), Model()
        self.given: list[tuple[Any, Actor]] = []
        self.late: list[tuple[Any, Actor]] = []

    def give(self, command: Any, actor: Actor) -> bool:
        """Give a command; a refusal must change nothing."""
        type(self).steps += 1
        room, before = self.play.room, self.play.room.stage
        version, digest = room.version, room.digest
        try:
            events = self.play.do(command, actor)
        except EvaluationError as refusal:
            code: str | None = refusal.code
        else:
            code = None
        if code is not None:
            assert code in EvaluationError.catalogue
            assert (room.version, room.digest) == (version, digest)
            return False
        name = type(command).__name__
        assert before not in HELD or name in UNLOCKED
        self.accepted[name] = self.accepted.get(name, 0) + 1
        assert all((event.source, event.target) in WAYS for event in events if isinstance(event, StageChanged))
        self.reached.update(stage for stage, _ in room.state.stages)
        self.model.note(command, actor, before, room)
        return True

    @rule(count=st.integers(1, 45), random=RANDOMS)
    def work(self, count: int, random: Random) -> None:
        """Do what the evaluation needs, in an order of the moment."""
        for _ in range(count):
            found = useful(self.play.room, self.writer)
            if not found:
                return
            command, actor = found[0] if random.random() < 0.6 else random.choice(found)
            if self.give(command, actor):
                self.given.append((command, actor))

    @rule(count=st.integers(60, 200))
    def press_on(self, count: int) -> None:
        """Bring the room far, so that the late stages are met in every campaign."""
        for _ in range(count):
            found = useful(self.play.room, self.writer)
            if not (found and any(self.give(*each) for each in found)):
                return

    @rule(count=st.integers(1, 12), random=RANDOMS)
    def wander(self, count: int, random: Random) -> None:
        """Give any commands of the union; some are held back."""
        for _ in range(count):
            kinds = [kind for kind in Command.__args__ if kind.__name__ not in ENDS or random.random() < 0.05]
            open_now = [kind for kind in kinds if self.play.room.stage in PERMISSIONS[kind].stages]
            kind = random.choice(open_now if open_now and random.random() < 0.8 else kinds)
            raw = {"type": kind.__struct_config__.tag, **self.writer.fields(kind, random)}
            actor = likely_actor(kind, self.play.room, random)
            try:
                command = msgspec.convert(raw, Command)
            except msgspec.ValidationError:
                continue
            if random.random() < 0.2:
                self.late.append((command, actor))
            else:
                self.give(command, actor)

    @rule(random=RANDOMS)
    def repeat(self, random: Random) -> None:
        """Give a command once more that was accepted before, or one that was held back."""
        found = [*self.given[-60:], *self.late]
        if found:
            self.give(*random.choice(found))

    @rule(hours=st.sampled_from([0, 0, 1, 3]))
    def wait(self, hours: int) -> None:
        self.play.at += timedelta(hours=hours)

    @rule(stage=st.sampled_from(["briefing", "preliminary", "detailed", "consistency_check"]))
    def go_back(self, stage: str) -> None:
        """Ask to go back and approve it, so that it happens more often than by accident."""
        state = self.play.room.state
        if self.give(course.RequestBacktrack(stage, self.writer.text()), member(state.leader)):
            self.give(course.DecideBacktrack(self.play.room.state.course.backtrack.request_id, True), SUPERVISOR)

    @rule(seat_id=st.sampled_from(SEATS))
    def exchange(self, seat_id: str) -> None:
        """Replace a member, so that it happens at every stage."""
        self.give(cmd.ReplaceSeat(seat_id, f"T{self.writer.count + 100}", self.writer.text()), HOST)

    @invariant()
    def the_model_agrees(self) -> None:
        state = self.play.room.state
        assert {key: sheet for key, sheet in state.sheets.items() if sheet} == {
            key: sheet for key, sheet in self.model.sheets.items() if sheet
        }
        assert {key for key, seat in state.seats.items() if seat.submitted} == self.model.submitted
        assert {key: seat.tenure_id for key, seat in state.seats.items()} == self.model.tenures
        assert set(pairwise(stage for stage, _ in state.stages)) <= WAYS

    @invariant()
    def nobody_sees_what_another_keeps_secret(self) -> None:
        room = self.play.room
        state = room.state
        seen = {name: json.dumps(view(room, viewer), ensure_ascii=False) for name, viewer in VIEWERS.items()}
        assert not [word for word in (*PROJECT, "canary-", "评委") if word in seen["guest"]]
        assert not [word for word in (*PROJECT, "canary-", "评委") if word in seen["host"]]
        assert not [
            name for name, text in seen.items() for tenure in self.model.tenures.values() if f'"{tenure}"' in text
        ]
        for seat_id, seat in state.seats.items():
            assert seat.checked_in or not [word for word in PROJECT if word in seen[seat_id]]
        if state.work_stage in OPEN:
            assert not [word for word in (*PROJECT, "canary-", "评委") if word in seen["auditor"]]
            self.scores_are_blind(seen)

    def scores_are_blind(self, seen: dict[str, str]) -> None:
        """Until the last has submitted, a member's values are in that member's view alone."""
        if len(self.model.submitted) == len(SEATS):
            seen = {name: text for name, text in seen.items() if name in ("host", "guest", "procuring_entity")}
        for owner, sheet in self.model.sheets.items():
            values = {value for (_, criterion), value in sheet.items() if criterion == "T"}
            shown = [name for name, text in seen.items() if any(f'"{value}"' in text for value in values)]
            assert set(shown) <= {owner}

    def teardown(self) -> None:
        """A replay from the JSON of the records equals the live room."""
        room = self.play.room
        rows = [msgspec.json.encode(record) for record in self.play.records]
        again = Room.replay([msgspec.json.decode(row, type=RecordedEvent) for row in rows])
        assert again.state == room.state
        assert (again.version, again.digest, again.stage) == (room.version, room.digest, room.stage)
        assert [view(again, viewer) for viewer in VIEWERS.values()] == [
            view(room, viewer) for viewer in VIEWERS.values()
        ]


@pytest.fixture
def machine(new_play: Any) -> type[RoomMachine]:
    class Machine(RoomMachine):
        steps, accepted, reached = 0, {}, set()

    Machine.new_play = staticmethod(new_play)
    return Machine


def campaign(machine: type[RoomMachine], examples: int, length: int, **more: Any) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(
        max_examples=examples, stateful_step_count=length, deadline=None, suppress_health_check=checks, **more
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_random_commands_of_all_roles_keep_room_and_model_together(machine: Any) -> None:
    for more in range(6):
        campaign(machine, 45, 22 + more, derandomize=True, database=None)
        if machine.reached >= set(OPEN):
            break
    assert machine.reached >= set(OPEN)


@pytest.mark.slow
def test_twenty_thousand_commands(machine: Any) -> None:
    wanted = {*OPEN, *HELD, Stage.BACKTRACKED, Stage.CLOSED, Stage.REBUILD}
    while machine.steps < 20_000 or not (machine.reached >= wanted or machine.steps > 200_000):
        campaign(machine, 60, 60)
    print(f"{machine.steps} steps, accepted {dict(sorted(machine.accepted.items()))}, stages {sorted(machine.reached)}")
    assert machine.reached >= wanted
