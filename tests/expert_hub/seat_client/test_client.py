import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import serve

from evaluation.commands import CheckIn, ConfirmBriefing, EnterScore, SubmitSheet
from expert_hub.foundation.chance import SeededChance, new_id
from expert_hub.seat_client.client import LinkNotice, Notice, SeatClient
from expert_hub.seat_client.errors import (
    LoginRequired,
    NoSuchRoom,
    NotYourRoom,
    SeatClosed,
    SeatMisconfigured,
    SeatRefused,
    SeatStopped,
    SeatSuperseded,
    WaitTimedOut,
)
from expert_hub.seat_client.settings import LinkSettings

SCORE = EnterScore(bid_id="B1", criterion_id="T1", value="11.5")


async def test_send_waits_for_the_acknowledgement_and_the_view_follows(room: Any, seat_at: Any) -> None:
    async with seat_at() as seat:
        ack = await seat.send(SCORE)
        await seat.until(lambda view: view["count"] == 1)
        assert (ack.command_id, ack.version, seat.version) == (room.applied[0], 2, 2)
        assert room.commands == [{"type": "enter_score", "bid_id": "B1", "criterion_id": "T1", "value": "11.5"}]
        assert room.headers == ["Bearer token-1"]


async def test_first_frame_resumes_from_nothing_and_later_ones_from_the_version_seen(room: Any, seat_at: Any) -> None:
    async with seat_at() as seat:
        await seat.send(SCORE)
        await seat.until(lambda view: view["count"] == 1)
        seat.drop_link()
        await seat.send(SubmitSheet())
        assert room.resumes == [None, 2]


async def test_refusal_is_raised_with_its_problem_and_leaves_the_outbox(room: Any, seat_at: Any) -> None:
    room.refuse["submit_sheet"] = {"code": "room/wrong-stage", "title": "Conflict", "detail": "阶段不符", "status": 409}
    async with seat_at() as seat:
        with pytest.raises(SeatRefused) as refused:
            await seat.send(SubmitSheet())
        assert refused.value.problem == room.refuse["submit_sheet"]
        assert "room/wrong-stage" in str(refused.value)
        assert seat.unanswered == ()


async def test_lost_acknowledgement_is_sent_again_under_the_same_id(room: Any, seat_at: Any) -> None:
    async def lose(socket: Any, frame: Any) -> str:
        socket.transport.abort()
        return "stop"

    room.on_command = [lose, lose, lose]
    async with seat_at() as seat:
        ack = await seat.send(SCORE)
        assert room.received == [ack.command_id] * 4
        assert room.applied == [ack.command_id]


async def test_unanswered_commands_are_sent_again_in_order(room: Any, seat_at: Any) -> None:
    async def lose(socket: Any, frame: Any) -> str:
        await asyncio.sleep(0.02)
        socket.transport.abort()
        return "stop"

    room.on_command = [lose]
    async with seat_at() as seat:
        answers = [seat.submit(EnterScore(bid_id=f"B{n}", criterion_id="T1", value="1")) for n in range(1, 6)]
        await asyncio.gather(*answers)
        assert [command["bid_id"] for command in room.commands] == ["B1", "B2", "B3", "B4", "B5"]
        assert len(room.sockets) == 2


async def test_thirty_cuts_in_a_stream_of_commands_lose_and_double_nothing(room: Any, seat_at: Any) -> None:
    async with seat_at(settings=LinkSettings(backoff_first_s=0.001, backoff_max_s=0.002)) as seat:
        answers = []
        cuts: list[Notice] = []
        seat.observe(lambda notice: cuts.append(notice) if getattr(notice, "linked", True) is False else None)
        for cut in range(30):
            answers += [seat.submit(EnterScore(bid_id=f"B{cut}", criterion_id=f"T{n}", value="1")) for n in range(4)]
            while not seat.is_linked:
                await asyncio.sleep(0.001)
            await asyncio.sleep(cut * 0.0002)
            seat.drop_link()
            while len(cuts) <= cut:
                await asyncio.sleep(0)
        acks = await asyncio.gather(*answers)
        assert [ack.command_id for ack in acks] == room.applied
        assert [(c["bid_id"], c["criterion_id"]) for c in room.commands] == [
            (f"B{cut}", f"T{n}") for cut in range(30) for n in range(4)
        ]
        assert len(cuts) >= 30


async def test_duplicate_and_foreign_acknowledgements_change_nothing(room: Any, seat_at: Any) -> None:
    async def twice(socket: Any, frame: Any) -> None:
        await room.acknowledge(socket, frame["command_id"])
        await room.acknowledge(socket, "another-seat")

    room.on_command = [twice]
    notices: list[Notice] = []
    async with seat_at() as seat:
        seat.observe(notices.append)
        first = await seat.send(SCORE)
        second = await seat.send(SubmitSheet())
        assert [n.command_id for n in notices if hasattr(n, "command_id")] == [first.command_id, second.command_id]


@pytest.mark.parametrize("garbage", ["no json", "[1]", '{"kind":"ack"}', '{"kind":7}', b"\xff\xfe", '{"a":' * 2000])
async def test_garbage_makes_it_connect_again(room: Any, seat_at: Any, garbage: str | bytes) -> None:
    async def babble(socket: Any, frame: Any) -> str:
        await socket.send(garbage)
        return "stop"

    room.on_command = [babble]
    async with seat_at() as seat:
        ack = await seat.send(SCORE)
        assert room.received == [ack.command_id] * 2
        assert len(room.sockets) == 2


async def test_frames_of_a_kind_it_does_not_know_are_passed_over(room: Any, seat_at: Any) -> None:
    async def novelty(socket: Any, frame: Any) -> None:
        await socket.send('{"kind":"weather","sun":true}')

    room.on_command = [novelty]
    async with seat_at() as seat:
        await seat.send(SCORE)
        assert len(room.sockets) == 1


def closing(code: int) -> Any:
    async def close(socket: Any, *_: Any) -> str:
        await socket.close(code)
        return "stop"

    return close


@pytest.mark.parametrize(
    ("code", "error"), [(4401, LoginRequired), (4403, NotYourRoom), (4404, NoSuchRoom), (4409, SeatSuperseded)]
)
async def test_closing_for_good_ends_every_wait(room: Any, seat_at: Any, code: int, error: type[SeatStopped]) -> None:
    room.on_command = [closing(code)]
    async with seat_at() as seat:
        waiting = asyncio.create_task(seat.until(lambda view: view["count"] == 9))
        await seat.until(lambda view: True)
        for ended in (seat.send(SCORE), waiting, seat.send(SubmitSheet()), seat.until(lambda view: False)):
            with pytest.raises(error):
                await ended
        assert len(room.sockets) == 1
        assert len(seat.unanswered) == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 4429])
async def test_any_other_code_means_connect_again(room: Any, seat_at: Any, code: int) -> None:
    room.on_command = [closing(code)]
    async with seat_at() as seat:
        await seat.send(SCORE)
        assert len(room.sockets) == 2


@pytest.mark.parametrize(("status", "error"), [(401, LoginRequired), (403, NotYourRoom), (404, NoSuchRoom)])
async def test_handshake_refused_for_good(status: int, error: type[SeatStopped]) -> None:
    async with await answering(status) as server, asyncio.timeout(10), SeatClient(local(server), "t") as seat:
        with pytest.raises(error):
            await seat.send(SCORE)


@pytest.mark.parametrize("status", [302, 429, 503])
async def test_handshake_refused_for_now(status: int) -> None:
    notices: list[Notice] = []
    async with await answering(status) as server, asyncio.timeout(10), SeatClient(local(server), "t") as seat:
        seat.observe(notices.append)
        with pytest.raises(WaitTimedOut):
            await seat.until(lambda view: True, timeout_s=0.1)
    assert notices == [LinkNotice(linked=False, why=f"HTTP {status}")]


async def answering(status: int) -> asyncio.Server:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()
        await writer.wait_closed()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


def local(server: asyncio.Server) -> str:
    return f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/v1/rooms/r/socket"


async def test_commands_given_while_nobody_listens_are_sent_when_somebody_does(room: Any, seat_at: Any) -> None:
    room.server.close()
    await room.server.wait_closed()
    async with seat_at() as seat:
        answer = seat.submit(SCORE)
        await asyncio.sleep(0.05)
        assert not answer.done()
        async with serve(room.welcome, "127.0.0.1", room.port):
            assert (await answer).command_id == room.applied[0]


async def test_a_link_without_any_frame_counts_as_cut(room: Any, seat_at: Any) -> None:
    async def hang(socket: Any) -> str:
        async for _ in socket:
            room.pings += 1
        return "stop"

    room.on_connect = [hang]
    async with seat_at(settings=LinkSettings(heartbeat_s=0.02, dead_after_s=0.06, backoff_first_s=0.01)) as seat:
        await seat.until(lambda view: True)
        assert len(room.sockets) == 2
        assert room.pings > 1


async def test_pongs_keep_an_idle_link(room: Any, seat_at: Any) -> None:
    async with seat_at(settings=LinkSettings(heartbeat_s=0.01, dead_after_s=0.5)) as seat:
        while room.pings < 8:
            await asyncio.sleep(0.01)
        assert (len(room.sockets), seat.is_linked) == (1, True)


async def test_missing_versions_are_asked_for(room: Any, seat_at: Any) -> None:
    async def skip(socket: Any, frame: Any) -> None:
        await socket.send('{"kind":"changes","version":9,"from":8,"set":{"count":9},"unset":[]}')

    room.on_command = [skip]
    async with seat_at() as seat:
        await seat.until(lambda view: True)
        await seat.send(SCORE)
        await seat.until(lambda view: view["count"] == 1)
        while len(room.resumes) < 2:
            await asyncio.sleep(0)
        assert room.resumes == [None, 1]
        assert len(room.sockets) == 1


async def test_room_that_keeps_skipping_versions_is_left_and_joined_anew(room: Any, seat_at: Any) -> None:
    async def skip(socket: Any, frame: Any) -> None:
        for version in (9, 10):
            await socket.send(json.dumps({"kind": "changes", "version": version, "from": 8, "set": {}, "unset": []}))

    room.on_command = [skip]
    async with seat_at() as seat:
        await seat.until(lambda view: True)
        await seat.send(SCORE)
        assert len(room.sockets) == 2


async def test_a_predicate_that_fails_hurts_only_its_caller(room: Any, seat_at: Any) -> None:
    async with seat_at() as seat:
        with pytest.raises(KeyError):
            await seat.until(lambda view: bool(view["no such section"]))
        await seat.send(SCORE)


async def test_until_ends_in_time(room: Any, seat_at: Any) -> None:
    async with seat_at() as seat:
        await seat.until(lambda view: True)
        with pytest.raises(WaitTimedOut) as late:
            await seat.until(lambda view: False, timeout_s=0.02)
        assert late.value.facts == {"timeout_s": 0.02}


async def test_leaving_with_an_unanswered_command_says_so(room: Any, seat_at: Any) -> None:
    async def silence(socket: Any, frame: Any) -> str:
        return "stop"

    room.on_command = [silence]
    async with seat_at() as seat:
        answer = seat.submit(SCORE)
    with pytest.raises(SeatClosed):
        await answer
    with pytest.raises(SeatClosed):
        seat.submit(SCORE)


async def test_a_command_the_caller_stopped_waiting_for_is_delivered_all_the_same(room: Any, seat_at: Any) -> None:
    async with seat_at() as seat:
        seat.submit(CheckIn(phone_locked=True)).cancel()
        await seat.send(ConfirmBriefing())
        assert [command["type"] for command in room.commands] == ["check_in", "confirm_briefing"]


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("http://h/x", "t"),
        ("ws:///x", "t"),
        ("ws://u:p@h/x", "t"),
        ("ws://h/x?token=1", "t"),
        ("ws://h/x", ""),
        ("ws://h/x", "a\r\nX: 1"),
        ("ws://h/x", "席"),
    ],
)
async def test_addresses_and_tokens_that_cannot_be_used(url: str, token: str) -> None:
    with pytest.raises(SeatMisconfigured):
        SeatClient(url, token)


KILLED = """
import asyncio, sys
from pathlib import Path
from evaluation.commands import EnterScore
from expert_hub.foundation.chance import SeededChance
from expert_hub.seat_client.client import SeatClient

async def main():
    async with SeatClient(sys.argv[1], "token-1", Path(sys.argv[2]), chance=SeededChance("killed")) as seat:
        for n in range(3):
            seat.submit(EnterScore(bid_id=f"B{n}", criterion_id="T1", value="1"))
        print("kept", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_outbox_survives_a_killed_process_and_another_sends_the_same_ids(
    room: Any, seat_at: Any, tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox.db"

    async def silence(socket: Any, frame: Any) -> str:
        return "stop"

    room.on_command = [silence] * 3
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, room.url, str(outbox)),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"kept\n"
    while len(room.received) < 3:
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL

    chance = SeededChance("killed")
    ids = [new_id(chance) for _ in range(3)]
    async with seat_at(outbox) as seat:
        answered: list[Notice] = []
        seat.observe(answered.append)
        assert list(seat.unanswered) == ids
        await seat.settle()
        assert [notice.command_id for notice in answered if hasattr(notice, "command_id")] == ids
    assert (room.applied, room.received) == (ids, ids * 2)
    async with seat_at(outbox) as seat:
        assert seat.unanswered == ()
