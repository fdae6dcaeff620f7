"""The terminal screen, driven by its keyboard: at a real hub, and through a whole evaluation of the kernel's room."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, OptionList, Static
from websockets.asyncio.server import Server, ServerConnection, serve

from evaluation.commands import Command, EnterScore
from evaluation.errors import EvaluationError
from evaluation.protocol import Actor, Viewer, decode_command
from evaluation.room import Room, open_room
from evaluation.visibility import view
from expert_hub.foundation.rule_packs import shipped_pack
from expert_hub.listings.rules import TenderForm
from expert_hub.rooms.rules import RoomPlan, SeatPlan, setup_of
from expert_hub.sample.tender import tender_document
from expert_hub.seat_client.client import LinkNotice, SeatClient
from expert_hub.seat_client.screen import SeatScreen
from expert_hub.seat_client.settings import LinkSettings
from expert_hub.training.colleagues import Member, operate
from expert_hub.training.simulation import act_all

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
FORM = msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)
PACK = shipped_pack("government_procurement", date(2026, 3, 2))
OWN = Actor("member", "s1", "V2")
QUICK = LinkSettings(heartbeat_s=15, dead_after_s=45, backoff_first_s=0.01, backoff_max_s=0.05)
WAIT_S = 120.0


class Hall:
    """The kernel's room on a socket for the member at s1, who leads; everybody else is simulated."""

    def __init__(self) -> None:
        seats = [SeatPlan(f"t{n}", f"a{n}", n < 6, "V1" if n % 2 else "V2", f"W{n}") for n in range(7)]
        setup = setup_of(FORM, PACK, RoomPlan("room", [("V1", "Host"), ("V2", "Guest")], seats, is_training=True))
        self.room, self.answers, self.port = Room(), dict[str, str](), 0
        colleague = Member(trainee="s1", leader="s1").decide
        self.others: list[tuple[Actor, Callable[[Mapping[str, Any]], Command | None]]] = [
            *((Actor("member", f"s{n}", "V2"), colleague) for n in range(2, 8)),
            (Actor("host_operator", None, "V1"), operate),
            (Actor("guest_operator", None, "V2"), operate),
        ]
        self._keep(open_room(setup), Actor("system"))
        self._let_others_act()
        self.server: Server
        self.closed_for_good = False

    def _keep(self, events: Any, actor: Actor) -> None:
        for record in self.room.number(events, f"c{self.room.version}", actor, STARTS_AT):
            self.room.apply(record)

    def _let_others_act(self) -> None:
        while True:
            for actor, decide in self.others:
                command = decide(view(self.room, Viewer(actor.role, actor.seat_id, actor.venue_id)))
                if command is not None:
                    self._keep(self.room.handle(command, actor, STARTS_AT), actor)
                    break
            else:
                return

    async def welcome(self, socket: ServerConnection) -> None:
        if self.closed_for_good:
            await socket.close(4401)
            return
        async for raw in socket:
            frame = json.loads(raw)
            if frame["kind"] == "command" and not await self._obey(socket, frame):
                continue
            await self._tell(
                socket, kind="view", version=self.room.version, view=view(self.room, Viewer("member", "s1"))
            )

    async def _obey(self, socket: ServerConnection, frame: dict[str, Any]) -> bool:
        command_id = frame["command_id"]
        if command_id not in self.answers:
            try:
                self._keep(self.room.handle(decode_command(frame["command"]), OWN, STARTS_AT), OWN)
            except EvaluationError as error:
                problem = {"code": error.code, "detail": error.en}
                await self._tell(socket, kind="refusal", command_id=command_id, problem=problem)
                return False
            self.answers[command_id] = frame["command"]["type"]
        await self._tell(socket, kind="ack", command_id=command_id, version=self.room.version)
        self._let_others_act()
        return True

    @staticmethod
    async def _tell(socket: ServerConnection, **frame: Any) -> None:
        await socket.send(json.dumps(frame))


@dataclass
class Desk:
    """A person at the keyboard."""

    app: SeatScreen
    pilot: Pilot[int]

    async def until(self, predicate: Callable[[Mapping[str, Any]], bool]) -> None:
        await self.app.client.until(predicate, WAIT_S)
        await self.pilot.pause()

    async def settled(self) -> None:
        await self.app.client.settle(WAIT_S)
        await self.pilot.pause()

    async def choose(self, words: str, *answers: str) -> None:
        """Choose a line of the list by the keyboard, and answer what is asked."""
        options = self.app.query_one("#steps", OptionList)
        options.focus()
        texts = [str(options.get_option_at_index(number).prompt) for number in range(options.option_count)]
        wanted = next(number for number, text in enumerate(texts) if words in text)
        await self.pilot.press("home", *["down"] * wanted, "enter")
        for answer in answers:
            self.app.query_one("#answer", Input).value = answer
            await self.pilot.press("enter")
        await self.settled()

    def shows(self, part: str) -> str:
        return str(self.app.query_one(f"#{part}", Static).render())

    def cell(self, bid: str, item: str) -> str:
        return str(self.app.query_one("#grid", DataTable).get_cell(bid, item))


@asynccontextmanager
async def seated(url: str, token: str = "token", outbox: Path | None = None) -> AsyncIterator[Desk]:
    async with SeatClient(url, token, outbox, settings=QUICK) as client:
        app = SeatScreen(client, "en")
        async with app.run_test(size=(140, 50)) as pilot:
            yield Desk(app, pilot)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    hall = Hall()
    async with serve(hall.welcome, "127.0.0.1", 0) as hall.server:
        hall.port = next(iter(hall.server.sockets)).getsockname()[1]
        yield hall


def url_of(hall: Hall) -> str:
    return f"ws://127.0.0.1:{hall.port}/api/v1/rooms/room/socket"


async def up_to_scoring(desk: Desk) -> None:
    await desk.until(lambda view: view["me"]["identity_confirmed"])
    assert desk.shows("training") == "演练 TRAINING"
    await desk.choose("Check in")
    await desk.choose("Sign the promise")
    await desk.choose("Vote for leader: 评委A")
    await desk.choose("Confirm: document")
    await desk.choose("start the preliminary review")
    await desk.until(lambda view: view["stage"]["stage"] == "preliminary")
    table = desk.app.query_one("#grid", DataTable)
    assert (table.row_count, len(table.columns)) == (5, 6)
    assert table.has_focus
    # One vote to reject with ground, page and note, then the cursor goes from empty cell to empty cell.
    await desk.pilot.press("n")
    for answer in ("P2", "12", "unsigned"):
        desk.app.query_one("#answer", Input).value = answer
        await desk.pilot.press("enter")
    await desk.pilot.press("right", *["y"] * 24)
    await desk.settled()
    assert desk.cell("B1", "K1") == "× ✓"
    assert desk.cell("B5", "K5") == "○ ✓"
    await desk.choose("close the preliminary review")
    await desk.until(lambda view: view["stage"]["stage"] == "detailed")


async def test_a_whole_evaluation_with_the_keyboard(hall: Hall, tmp_path: Path) -> None:
    async with seated(url_of(hall), outbox=tmp_path / "outbox") as desk:
        await up_to_scoring(desk)
        await desk.pilot.press("4", ".", "5", "enter")
        await desk.settled()
        assert desk.cell("B1", "T1") == "4.5 ✓"
        # Off the step: refused, said, and the cell is marked.
        await desk.pilot.press("4", ".", "7", "enter")
        await desk.settled()
        assert desk.cell("B1", "T2") == "!"
        assert "[score/off-step]" in desk.shows("news")
        fill(desk)
        await desk.settled()
        await desk.choose("Submit the sheet (0 items missing)")
        await desk.until(lambda view: view["stage"]["stage"] == "consistency_check")
        while any(not alert["closed"] for alert in desk.app.client.view["alerts"]):
            await desk.choose("keep the score", "as I found it")
        await desk.choose("Confirm the consistency check")
        await desk.until(lambda view: view["stage"]["stage"] == "candidates")
        assert "1. " in desk.shows("news")
        await desk.choose("propose the candidates", "", "")
        await desk.until(lambda view: view["stage"]["stage"] == "report_signing")
        await desk.choose("Sign with a written dissent", "B1 was not signed")
        await desk.until(lambda view: view["stage"]["stage"] == "closed")
        assert "closed" in desk.shows("status")
        assert desk.app.query_one("#steps", OptionList).option_count == 0
        assert hall.room.state.seats["s1"].statement == "B1 was not signed"
        await desk.pilot.press("ctrl+q")
        await desk.pilot.pause()
        assert desk.app.return_value == 0


def fill(desk: Desk) -> None:
    """What is left of the sheet, given as the screen gives it."""
    seen = desk.app.client.view
    member = Member(trainee="s1")
    done = list(seen["my_sheet"]["scores"])
    while isinstance(command := member.decide({**seen, "my_sheet": {"submitted": False, "scores": done}}), EnterScore):
        desk.app.give(command)
        done.append({"bid_id": command.bid_id, "criterion_id": command.criterion_id, "value": command.value})


async def test_a_cut_line_is_seen_and_nothing_is_lost_when_the_program_starts_again(hall: Hall, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    async with seated(url_of(hall), outbox=outbox) as desk:
        await up_to_scoring(desk)
        down = asyncio.Event()
        desk.app.client.observe(lambda notice: down.set() if isinstance(notice, LinkNotice) else None)
        hall.server.close()
        await asyncio.wait_for(down.wait(), WAIT_S)
        await desk.pilot.press("9", "enter")
        await desk.pilot.pause()
        assert desk.cell("B1", "T1") == "9 ⇅"
        assert "offline, kept on this machine" in desk.shows("status")
        assert "unconfirmed 1" in desk.shows("status")
        await desk.pilot.press("f2")
        assert "离线" in desk.shows("status")
    assert ("B1", "T1") not in hall.room.state.sheets.get("s1", {})
    async with serve(hall.welcome, "127.0.0.1", hall.port), seated(url_of(hall), outbox=outbox) as desk:
        await desk.settled()
        await desk.until(lambda view: bool(view["my_sheet"]["scores"]))
        assert desk.cell("B1", "T1") == "9 ✓"
        assert "all saved" in desk.shows("status")
    assert hall.room.state.sheets["s1"]["B1", "T1"] == "9"


async def test_a_code_that_says_to_log_in_again_ends_the_screen_with_2(hall: Hall) -> None:
    hall.closed_for_good = True
    async with SeatClient(url_of(hall), "token", settings=QUICK) as client:
        app = SeatScreen(client, "en")
        async with app.run_test() as pilot:
            while app.return_value is None and app.return_code is None:
                await pilot.pause()
            assert app.return_value == 2


async def test_the_screen_at_a_real_hub(api: Any, tmp_path: Path) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    url = f"ws://{api.address}/api/v1/rooms/{room_id}/socket"
    tokens = [*(api.tokens[f"expert-{number}"] for number in range(1, 6)), api.tokens["representative"]]
    members = [(token, Member().decide) for token in tokens]
    operators = [(api.tokens[name], operate) for name in ("host", "guest")]
    acting = asyncio.create_task(act_all(url, [*members, *operators]))
    try:
        async with seated(url, api.tokens["expert-0"], tmp_path / "outbox") as desk:
            await desk.until(lambda view: view.get("me", {}).get("identity_confirmed", False))
            assert desk.shows("training") == ""
            await desk.choose("Check in")
            await desk.until(lambda view: "bids" in view)
            await desk.choose("Sign the promise")
            await desk.until(lambda view: view["stage"]["stage"] == "leader_election")
            await desk.choose("Vote for leader")
            await desk.until(lambda view: view["stage"]["stage"] == "briefing")
            await desk.choose("Confirm: document")
            await desk.until(lambda view: view["me"]["briefed"])
    finally:
        acting.cancel()
        await asyncio.gather(acting, return_exceptions=True)
