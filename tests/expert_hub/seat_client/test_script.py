import io
import json
import os
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from expert_hub.seat_client.script import ALL_ACKNOWLEDGED, SOME_REFUSED, STOPPED, read_lines, run_script

SCORE = '{"type":"enter_score","bid_id":"B1","criterion_id":"T1","value":"11.5"}'


async def script(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


class Paper:
    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def __call__(self, line: str) -> None:
        assert "\n" not in line
        self.lines.append(json.loads(line))

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["kind"] in kinds]


async def test_commands_are_given_in_order_and_answers_printed(room: Any, seat_at: Any) -> None:
    paper = Paper()
    async with seat_at() as seat:
        lines = script(SCORE + "\n", "\n", '{"type":"submit_sheet"}')
        assert await run_script(seat, lines, paper) == ALL_ACKNOWLEDGED
    assert [command["type"] for command in room.commands] == ["enter_score", "submit_sheet"]
    assert [line["command_id"] for line in paper.of("ack")] == room.applied
    assert paper.of("view")[0] == {"kind": "view", "version": 1, "view": {"count": 0}}
    assert paper.of("changes")[0] == {"kind": "changes", "version": 2, "from": 1, "set": {"count": 1}, "unset": []}
    assert paper.of("link") == [{"kind": "link", "linked": True, "why": ""}]


async def test_bad_lines_are_named_and_the_others_still_go(room: Any, seat_at: Any) -> None:
    paper = Paper()
    async with seat_at() as seat:
        lines = script("{", '{"type":"open_door"}', "\udcff", SCORE)
        assert await run_script(seat, lines, paper) == SOME_REFUSED
    assert [line["line"] for line in paper.of("bad_line")] == [1, 2, 3]
    assert {line["problem"]["code"] for line in paper.of("bad_line")} == {"protocol/malformed"}
    assert len(room.commands) == 1


async def test_refusals_are_printed_whole(room: Any, seat_at: Any) -> None:
    room.refuse["enter_score"] = {"code": "score/not-a-step", "detail": "分值不符合步长"}
    paper = Paper()
    async with seat_at() as seat:
        assert await run_script(seat, script(SCORE), paper) == SOME_REFUSED
    assert [line["problem"] for line in paper.of("refusal")] == [room.refuse["enter_score"]]


async def test_it_stops_when_the_seat_must_stop(room: Any, seat_at: Any) -> None:
    async def close(socket: Any, frame: Any) -> str:
        await socket.close(4409)
        return "stop"

    async def endless() -> AsyncIterator[str]:
        yield SCORE
        await seat.until(lambda view: False, None)

    room.on_command = [close]
    paper = Paper()
    async with seat_at() as seat:
        assert await run_script(seat, endless(), paper) == STOPPED
    assert [line["problem"]["code"] for line in paper.of("stopped")] == ["seat/superseded"]


async def test_commands_without_an_answer_in_time_are_named(room: Any, seat_at: Any) -> None:
    async def silence(socket: Any, frame: Any) -> str:
        return "stop"

    room.on_command = [silence]
    paper = Paper()
    async with seat_at() as seat:
        assert await run_script(seat, script(SCORE), paper, settle_s=0.05) == SOME_REFUSED
        assert paper.of("unanswered") == [{"kind": "unanswered", "command_ids": list(seat.unanswered)}]


async def test_lines_of_a_stream() -> None:
    assert [line async for line in read_lines(io.StringIO("a\n\nb"))] == ["a\n", "\n", "b"]


async def test_a_stream_that_cannot_be_read_says_so() -> None:
    with pytest.raises(UnicodeDecodeError):
        assert [line async for line in read_lines(io.TextIOWrapper(io.BytesIO(b"\xff\n"), "utf-8"))]


async def test_a_silent_stream_does_not_hold_up_the_end() -> None:
    source, sink = os.pipe()
    with os.fdopen(source) as reading:
        with os.fdopen(sink, "w") as writing:
            writing.write("a\n")
            writing.flush()
            lines = read_lines(reading)
            assert await anext(lines) == "a\n"
            await lines.aclose()  # type: ignore[attr-defined]
        for thread in threading.enumerate():
            if thread.name == "seat-lines":
                thread.join(5)
