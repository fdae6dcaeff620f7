import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from evaluation.commands import Archive, VoteCheck
from evaluation.protocol import AckFrame, ChangesFrame, PongFrame, RefusalFrame, ViewFrame, encode_frame
from tools.asyncapi import TARGET, document, text

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = json.loads((ROOT / TARGET).read_text(encoding="utf-8"))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def found(reference: str) -> Any:
    place: Any = WRITTEN
    for part in reference.removeprefix("#/").split("/"):
        place = place[part]
    return place


def fits(schema: str, value: Any) -> bool:
    components = {"components": WRITTEN["components"], "$ref": f"#/components/schemas/{schema}"}
    return bool(jsonschema_rs.Draft7Validator(components).is_valid(value))


def test_the_file_says_what_the_code_says():
    assert (ROOT / TARGET).read_text(encoding="utf-8") == text(), "run: make format"


def test_it_has_the_form_of_asyncapi_3():
    assert WRITTEN["asyncapi"] == "3.0.0"
    assert WRITTEN.keys() == {
        "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components",
    }  # fmt: skip
    room = WRITTEN["channels"]["room"]
    assert set(room["parameters"]) == {part[1:-1] for part in room["address"].split("/") if part.startswith("{")}
    for operation in WRITTEN["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["channel"] == {"$ref": "#/channels/room"}
        assert {one["$ref"].rpartition("/")[0] for one in operation["messages"]} == {"#/channels/room/messages"}
    said = {one["$ref"] for operation in WRITTEN["operations"].values() for one in operation["messages"]}
    assert said == {f"#/channels/room/messages/{name}" for name in room["messages"]}


def test_every_reference_leads_somewhere_and_every_schema_is_one_of_draft_7():
    for reference in references(WRITTEN):
        assert isinstance(found(reference), dict), reference
    for name, schema in WRITTEN["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid({"$schema": "http://json-schema.org/draft-07/schema#", **schema}), name


@pytest.mark.parametrize(
    ("schema", "frame"),
    [
        ("AckFrame", AckFrame("x", 3)),
        ("RefusalFrame", RefusalFrame(None, {"code": "room/wrong-stage", "status": 409})),
        ("ViewFrame", ViewFrame(1, {"stage": {"stage": "created"}})),
        ("ChangesFrame", ChangesFrame(2, 1, {}, ["ballot"])),
        ("PongFrame", PongFrame()),
    ],
)
def test_frames_of_the_hub_fit_their_schema(schema: str, frame: Any):
    told = json.loads(encode_frame(frame))
    assert fits(schema, told)
    assert not fits(schema, told | {"kind": "other"})


@pytest.mark.parametrize(
    ("command", "is_one"),
    [
        ({"type": "archive"}, True),
        ({"type": "vote_check", "bid_id": "B1", "check_id": "K1", "passed": True}, True),
        ({"type": "vote_check", "bid_id": "B1", "check_id": "K1"}, False),
        ({"type": "archive", "extra": 1}, False),
        ({"type": "vote_leader", "candidate_seat_id": "a\nb"}, False),
        ({"type": "dance"}, False),
    ],
)
def test_a_command_fits_exactly_when_the_room_reads_it(command: dict[str, Any], is_one: bool):
    assert fits("CommandFrame", {"kind": "command", "command_id": "c", "command": command}) is is_one
    assert {Archive.__name__, VoteCheck.__name__} < document()["components"]["schemas"].keys()
