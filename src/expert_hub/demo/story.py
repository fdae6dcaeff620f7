"""The demonstration from an empty folder to a signed report."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from expert_hub.demo import committee as play
from expert_hub.demo import officers
from expert_hub.demo.preparation import Stage, fresh_folder, prepare, settings_in
from expert_hub.demo.server import free_port, start_server, stop_server
from expert_hub.demo.telling import Stopwatch, Tell
from expert_hub.foundation.clock import SystemClock
from expert_hub.party_agent.agent import PartyAgent
from expert_hub.seat_client.client import SeatClient


class Plan(msgspec.Struct, frozen=True):
    """How to play: folder, number of experts, wished port, and whether to end after the story."""

    folder: Path
    experts: int
    port: int
    ends: bool


class Sitting(msgspec.Struct, frozen=True):
    """An open room with everybody connected: the desk of the officers, the room's id and its clients."""

    desk: officers.Desk
    agent: PartyAgent
    draw_id: str
    room_id: str
    committee: play.Committee


async def play_story(plan: Plan, tell: Tell) -> None:
    """Play the whole story; leave the hub running until Ctrl-C unless the plan ends."""
    watch = Stopwatch()
    fresh_folder(plan.folder)
    port = free_port(plan.port)
    settings = settings_in(plan.folder, port)
    stage = await prepare(plan.folder, settings, plan.experts, SystemClock().now(), tell)
    process = await start_server(port, plan.folder / "server.log")
    try:
        await _evaluate(stage, f"127.0.0.1:{port}", tell)
        tell(f"用时 {watch.seconds():.1f} 秒", f"Took {watch.seconds():.1f} s")
        if not plan.ends:
            _introduce(stage, port, tell)
            await _until_interrupted(process)
    finally:
        await stop_server(process)


async def _evaluate(stage: Stage, address: str, tell: Tell) -> None:
    async with sitting(stage, address, tell) as room:
        leader = await begin(room.committee, tell)
        await play.score(room.committee, tell)
        await conclude(room.committee, leader, tell)
        await officers.publish_draw(room.desk, room.agent, stage, room.draw_id, tell)
        await _show_result(room.desk, stage, room.room_id, tell)


@asynccontextmanager
async def sitting(stage: Stage, address: str, tell: Tell) -> AsyncIterator[Sitting]:
    """Play the officers up to the open room and connect everybody to it."""
    desk = officers.Desk(f"http://{address}")
    try:
        for officer in stage.officers.values():
            await desk.log_in(officer.username, officer.password)
        lot_id = await officers.register_tender(desk, stage, tell)
        async with officers.supervision(stage, f"http://{address}") as agent:
            draw_id = await officers.draw_panel(desk, lot_id, tell)
            experts = await officers.gather_answers(desk, stage, draw_id, tell)
            room_id = await officers.open_room(desk, lot_id, tell)
            tokens = [*(desk.tokens[f"expert-{number}"] for number in range(experts)), desk.tokens["representative"]]
            others = (desk.tokens["host"], desk.tokens["guest"], desk.tokens["entity"])
            url = f"ws://{address}/api/v1/rooms/{room_id}/socket"
            async with play.seated(url, tokens, others, stage.folder, stage.scores) as committee:
                yield Sitting(desk, agent, draw_id, room_id, committee)
    finally:
        await desk.close()


async def begin(committee: play.Committee, tell: Tell) -> SeatClient:
    """From check-in to the start of scoring. Returns the leader's client."""
    await play.check_in(committee, tell)
    leader = await play.elect_leader(committee, tell)
    await play.review(committee, leader, tell)
    return leader


async def conclude(committee: play.Committee, leader: SeatClient, tell: Tell) -> None:
    """From the submitted sheets to the closed room."""
    await play.settle(committee, leader, tell)
    await play.sign(committee, tell)


async def _show_result(desk: officers.Desk, stage: Stage, room_id: str, tell: Tell) -> None:
    report, pdf = await officers.fetch_report(desk, stage, room_id)
    tell("排序：", "Ranking:")
    for rank, bidder, total in play.ranking(report):
        tell(f"  {rank}. {bidder}  {total}", f"  {rank}. {bidder}  {total}")
    tell(f"评标报告 report: {pdf}", f"report: {pdf}")


def _introduce(stage: Stage, port: int, tell: Tell) -> None:
    tell(f"服务运行于 http://127.0.0.1:{port}，按 Ctrl-C 结束", f"Serving on http://127.0.0.1:{port} until Ctrl-C")
    for officer in stage.officers.values():
        tell(
            f"  账号 {officer.username} / {officer.password}（{officer.role}）",
            f"  account {officer.username} / {officer.password} ({officer.role})",
        )


async def _until_interrupted(process: asyncio.subprocess.Process) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    waits = {asyncio.create_task(stop.wait()), asyncio.create_task(process.wait())}
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
