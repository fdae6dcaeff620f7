"""Reading and writing of the wire, and completeness of the page that documents it."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import protocol
from evaluation.commands import Command, VoteLeader
from evaluation.decisions.situation import PERMISSIONS
from evaluation.errors import EvaluationError, MalformedMessage, UnsupportedVersion
from evaluation.events import Event, SheetSubmitted
from evaluation.findings import Alert, BidResult, Candidate, OpenTie, Rejection
from evaluation.protocol import (
    AckFrame,
    Actor,
    ChangesFrame,
    ClientFrame,
    CommandFrame,
    PingFrame,
    PongFrame,
    RecordedEvent,
    RefusalFrame,
    ResumeFrame,
    ServerFrame,
    ViewFrame,
    decode_command,
    decode_event,
    decode_frame,
    encode_event,
    encode_frame,
    encode_record,
)
from evaluation.setup import BidSetup, CheckSetup, CriterionSetup, RoomRules, RoomSetup, SeatSetup, VenueSetup
from evaluation.visibility import TABLE, Period

PAGE = (Path(__file__).parents[2] / "docs" / "protocol" / "room.md").read_text(encoding="utf-8")


def rows_under(heading: str) -> dict[str, str]:
    """Rows of the tables under a heading, by their first cell."""
    chapter = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return {line.split("|")[1].strip(): line for line in chapter.splitlines() if line.startswith("| ")}


FRAMES, COMMANDS, VIEWS = rows_under("Frames"), rows_under("Commands"), rows_under("Views")
RECORDS, CODES = rows_under("Records"), rows_under("Refusal codes")


def test_a_command_is_read_from_bytes_and_builtins():
    assert decode_command(b'{"type":"vote_leader","candidate_seat_id":"S1"}') == VoteLeader("S1")
    assert decode_command({"type": "vote_leader", "candidate_seat_id": "S1"}) == VoteLeader("S1")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"type":"fly"}',
        b'{"type":"archive","extra":1}',
        b'{"type":"vote_leader"}',
        b'{"type":"vote_leader","candidate_seat_id":""}',
        b'{"type":"vote_leader","candidate_seat_id":"a\\nb"}',
        b'{"type":"enter_score","bid_id":"A","criterion_id":"T","value":12.5}',
        b'{"type":"sign_promise","conflict_declared":"no"}',
        b'{"type":"sign_promise","conflict_declared":false,"reason":"\\u0000"}',
        {"type": "sign_promise", "conflict_declared": False, "reason": "\ud800"},
        {"type": "sign_report", "agree": False, "dissent": "x" * 4001},
        {"type": "vote_leader", "candidate_seat_id": "x" * 65},
        {},
    ],
)
def test_what_is_no_command_is_refused_with_a_code(raw):
    with pytest.raises(MalformedMessage) as refusal:
        decode_command(raw)
    assert refusal.value.code == "protocol/malformed"


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_noise_never_ends_in_anything_but_a_refusal(noise):
    for read in (decode_frame, decode_command, decode_event):
        with pytest.raises(MalformedMessage):
            read(noise)


def test_frames_of_the_client():
    frame = decode_frame('{"v":1,"kind":"command","command_id":"x","command":{"type":"archive"}}')
    assert isinstance(frame, CommandFrame)
    assert decode_command(bytes(frame.command)).__struct_config__.tag == "archive"
    assert decode_frame('{"kind":"resume","after":null}') == ResumeFrame(None)
    assert decode_frame(b'{"kind":"resume","after":7}') == ResumeFrame(7)
    assert decode_frame('{"kind":"ping"}') == PingFrame()


def test_a_frame_keeps_its_id_when_the_command_inside_is_malformed():
    frame = decode_frame('{"kind":"command","command_id":"x","command":{"type":"fly"}}')
    assert isinstance(frame, CommandFrame)
    assert frame.command_id == "x"


def test_another_version_is_refused():
    with pytest.raises(UnsupportedVersion) as refusal:
        decode_frame('{"v":2,"kind":"ping"}')
    assert refusal.value.facts == {"version": 2, "supported": 1}


@pytest.mark.parametrize(
    "raw",
    [
        '{"kind":"ping","x":1}',
        '{"kind":"resume","after":-1}',
        '{"kind":"command","command_id":"","command":{}}',
        '{"v":1}',
    ],
)
def test_malformed_frames_are_refused(raw):
    with pytest.raises(MalformedMessage):
        decode_frame(raw)


def test_frames_of_the_server():
    assert encode_frame(AckFrame("x", 3)) == b'{"kind":"ack","command_id":"x","version":3}'
    assert (
        encode_frame(RefusalFrame(None, {"code": "c"}))
        == b'{"kind":"refusal","command_id":null,"problem":{"code":"c"}}'
    )
    assert encode_frame(ViewFrame(1, {})) == b'{"kind":"view","version":1,"view":{}}'
    assert encode_frame(ChangesFrame(2, 1, {}, [])) == b'{"kind":"changes","version":2,"from":1,"set":{},"unset":[]}'
    assert encode_frame(PongFrame()) == b'{"kind":"pong"}'


def test_events_and_records_have_one_form():
    event = SheetSubmitted("S1")
    assert decode_event(encode_event(event)) == decode_event({"type": "sheet_submitted", "seat_id": "S1"}) == event
    record = RecordedEvent(1, datetime(2026, 3, 2, 1, tzinfo=UTC), Actor("member", "S1"), "c", event)
    assert encode_record(record) == (
        b'{"seq":1,"at":"2026-03-02T01:00:00Z","actor":{"role":"member","seat_id":"S1"},"command_id":"c",'
        b'"event":{"type":"sheet_submitted","seat_id":"S1","sums":{}}}'
    )
    with pytest.raises(MalformedMessage):
        decode_event(b'{"type":"fly"}')


def encoded_names(struct):
    return [field.encode_name for field in msgspec.structs.fields(struct)]


@pytest.mark.parametrize(
    ("table", "structs"),
    [(FRAMES, ClientFrame), (FRAMES, ServerFrame), (COMMANDS, Command), (RECORDS, Event)],
    ids=["client", "server", "commands", "events"],
)
def test_the_page_documents_every_frame_command_and_event_with_every_field(table, structs):
    for struct in structs.__args__:
        row = table[f"`{struct.__struct_config__.tag}`"]
        assert not [name for name in encoded_names(struct) if f"`{name}`" not in row]


VALUES = [
    Actor, Alert, BidResult, BidSetup, Candidate, CheckSetup, CriterionSetup, OpenTie, Rejection, RoomRules, RoomSetup,
    SeatSetup, VenueSetup,
]  # fmt: skip


@pytest.mark.parametrize("struct", VALUES)
def test_the_page_documents_every_value(struct):
    assert not [name for name in encoded_names(struct) if f"`{name}`" not in RECORDS[struct.__name__]]


def test_the_page_says_who_gives_each_command_and_when():
    for command, permission in PERMISSIONS.items():
        cells = [cell.strip() for cell in COMMANDS[f"`{command.__struct_config__.tag}`"].split("|")]
        roles = ["leader" if permission.leader and role == "member" else role for role in permission.roles]
        assert cells[2] == ", ".join(roles)
        assert cells[3] == ", ".join(permission.stages)


def test_the_page_documents_every_refusal_with_its_texts():
    for code, error in EvaluationError.catalogue.items():
        assert CODES[f"`{code}`"] == f"| `{code}` | {error.zh} | {error.en} |"


def test_the_page_documents_every_view_and_every_section():
    for viewer, cells in TABLE.items():
        row = " | ".join(" ".join(f"`{name}`" for name in cells[period]) for period in Period)
        assert VIEWS[viewer] == f"| {viewer} | {row} |"
        assert not [name for cell in cells.values() for name in cell if f"`{name}`" not in VIEWS]


def test_the_page_names_the_version():
    assert PAGE.startswith(f"# Wire protocol of the evaluation room, version {protocol.PROTOCOL_VERSION}\n")
