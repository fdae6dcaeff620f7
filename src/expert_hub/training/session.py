"""One training from an empty folder to the closed room: a hub of its own, an invented draw, simulated colleagues."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from evaluation.setup import TRAINING_MARK
from expert_hub.app import open_hub
from expert_hub.demo import officers
from expert_hub.demo.committee import ranking
from expert_hub.demo.preparation import Stage, fresh_folder, prepare, settings_in
from expert_hub.demo.server import free_port, start_server, stop_server
from expert_hub.demo.telling import Tell, silent
from expert_hub.foundation.clock import SystemClock, instant_text
from expert_hub.foundation.migrations import upgrade
from expert_hub.foundation.settings import Settings
from expert_hub.ledger.purpose import mark_training
from expert_hub.seat_client.client import SeatClient
from expert_hub.training.colleagues import Decide, Member, operate
from expert_hub.training.plan import TrainingPlan, check_plan, invented_tender
from expert_hub.training.simulation import act_all

_MARK = ".expert-hub-training"
_STEP_S = 60.0


class Training(msgspec.Struct, frozen=True):
    """An open room of a training: its id and socket, and the tokens of its members by seat and of its operators."""

    room_id: str
    url: str
    members: dict[str, str]
    host: str
    guest: str
    trainee: str | None


async def train(plan: TrainingPlan, tell: Tell) -> None:
    """Make a training and run it until the room is closed.

    Raises:
        TrainingRefused: the plan cannot be made.
        FolderNotOurs, DatabaseInUse: the folder is used for something else.
    """
    check_plan(plan)
    fresh_folder(plan.folder, _MARK)
    port = free_port(plan.port)
    settings = _own_settings(plan, port)
    await _mark(settings)
    stage = await prepare(plan.folder, settings, plan.experts, SystemClock().now(), silent)
    stage = msgspec.structs.replace(stage, tender=invented_tender(stage.tender, plan))
    desk = officers.Desk(f"http://127.0.0.1:{port}")
    try:
        async with _served(plan, port):
            tell("正在虚构抽取并开设评标室……", "Inventing a draw and opening the room …")
            training = await _opened(plan, desk, stage, port)
        _run_faster(plan)
        async with _served(plan, port):
            _introduce(plan, training, stage, tell)
            await act_all(training.url, _simulated(plan, training), plan.pace_s)
            await _show_result(desk, stage, training, tell)
    finally:
        await desk.close()


def _own_settings(plan: TrainingPlan, port: int) -> Settings:
    settings_in(plan.folder, port)
    for name in ("REDIS_URL", "EXPERT_HUB_KEYS_DIR"):
        os.environ.pop(name, None)
    # Tokens age by the fast clock, so they get the longest life there is.
    own = {"TRAINING": "1", "ORIGIN": "expert-hub-training", "TOKEN_MINUTES": "1440"}
    os.environ.update({f"EXPERT_HUB_{name}": value for name, value in own.items()})
    return Settings()


async def _mark(settings: Settings) -> None:
    hub = open_hub(settings)
    try:
        await upgrade(hub.database)
        async with hub.database.write() as session:
            await mark_training(session, hub.clock)
    finally:
        await hub.database.close()


@asynccontextmanager
async def _served(plan: TrainingPlan, port: int) -> AsyncIterator[None]:
    process = await start_server(port, plan.folder / "server.log")
    try:
        yield
    finally:
        await stop_server(process)


def _run_faster(plan: TrainingPlan) -> None:
    """From the next start of the hub on its clock runs faster; the draw before ran in the time of its beacon."""
    if plan.speed > 1:
        since = instant_text(SystemClock().now())
        os.environ.update(EXPERT_HUB_TRAINING_SPEED=str(plan.speed), EXPERT_HUB_TRAINING_SINCE=since)


async def _opened(plan: TrainingPlan, desk: officers.Desk, stage: Stage, port: int) -> Training:
    """Draw an invented panel that accepts, open the room, and find out who sits where."""
    address = f"127.0.0.1:{port}"
    for officer in stage.officers.values():
        await desk.log_in(officer.username, officer.password)
    lot_id = await officers.register_tender(desk, stage, silent)
    async with officers.supervision(stage, f"http://{address}"):
        draw_id = await officers.draw_panel(desk, lot_id, silent)
        count = await officers.gather_answers(desk, stage, draw_id, silent, declining=0)
    room_id = await officers.open_room(desk, lot_id, silent)
    url = f"ws://{address}/api/v1/rooms/{room_id}/socket"
    names = [*(f"expert-{number}" for number in range(count)), "representative"]
    seats = {await _seat_of(url, desk.tokens[name]): desk.tokens[name] for name in names}
    first = next(iter(seats)) if plan.part in ("member", "leader") else None
    members = dict(sorted(seats.items()))
    return Training(room_id, url, members, desk.tokens["host"], desk.tokens["guest"], first)


async def _seat_of(url: str, token: str) -> str:
    async with SeatClient(url, token) as seat:
        await seat.until(lambda view: "me" in view, _STEP_S)
        return str(seat.view["me"]["seat_id"])


def _simulated(plan: TrainingPlan, training: Training) -> list[tuple[str, Decide]]:
    """Token and decision of everybody but the person who practises."""
    member = Member(training.trainee, training.trainee if plan.part == "leader" else None)
    seats = [(token, member.decide) for seat, token in training.members.items() if seat != training.trainee]
    operators = [training.guest] if plan.part == "host" else [training.host, training.guest]
    return [*seats, *((token, operate) for token in operators)]


def _introduce(plan: TrainingPlan, training: Training, stage: Stage, tell: Tell) -> None:
    tell(f"【{TRAINING_MARK}】评标室 {training.room_id}", f"[{TRAINING_MARK}] room {training.room_id}")
    own = training.host if plan.part == "host" else training.members.get(training.trainee or "")
    if own is not None:
        path = stage.folder / "own.token"
        path.touch(mode=0o600)
        path.write_text(own, encoding="utf-8")
        name = training.trainee or "host"
        tell(f"您的席位 {name}：", f"Your seat is {name}:")
        # Members have a screen; what an operator does goes in as lines.
        program = "seat" if plan.part == "host" else "desk"
        tell(*(2 * [f"  expert-hub {program} --url {training.url} --token-file {path}"]))
    tell("其余席位由程序模拟。可登录查看的账号：", "All other seats are simulated. Accounts to look with:")
    for officer in stage.officers.values():
        tell(*(2 * [f"  {officer.username} / {officer.password} ({officer.role})"]))


async def _show_result(desk: officers.Desk, stage: Stage, training: Training, tell: Tell) -> None:
    report, pdf = await officers.fetch_report(desk, stage, training.room_id)
    tell(f"【{TRAINING_MARK}】评标结束，排序：", f"[{TRAINING_MARK}] The evaluation has ended. Ranking:")
    for rank, bidder, total in ranking(report):
        tell(*(2 * [f"  {rank}. {bidder}  {total}"]))
    tell(f"评标报告：{pdf}", f"report: {pdf}")
