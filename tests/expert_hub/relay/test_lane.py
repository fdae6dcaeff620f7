import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from evaluation.protocol import AckFrame, ChangesFrame, CommandFrame, RefusalFrame, ViewFrame
from evaluation.relay_protocol import ChannelFrame
from expert_hub.foundation.chance import SystemChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.relay.errors import KeptIdReused, OutboxFull, SeatOutboxFull
from expert_hub.relay.keeper import Keeper
from expert_hub.relay.lane import Lane, Load, Means
from expert_hub.relay.outbox import Store
from expert_hub.relay.settings import RelaySettings

KEY = ("room", "anna")


class Listening:
    """One connection of the seat, as the lane sees it."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.ended: list[tuple[int, str]] = []
        self.news = asyncio.Event()

    def answer(self, frame: bytes) -> None:
        self.frames.append(msgspec.json.decode(frame))
        self.news.set()

    def ring(self) -> None:
        pass

    def end(self, code: int, reason: str) -> None:
        self.ended.append((code, reason))


class Bench:
    """A lane with its store, and what it sends to the hub."""

    def __init__(self, path: Path, clock: FixedClock, settings: RelaySettings) -> None:
        self.store = Store(path, "secret", SystemChance())
        self.keeper = Keeper(self.store)
        self.lane = Lane(KEY, Means(self.keeper, settings, clock, Load()), "token")
        self.sent: list[dict[str, Any]] = []

    def put(self, frame: Any) -> None:
        assert isinstance(frame, ChannelFrame)
        self.sent.append(msgspec.json.decode(frame.frame))

    @property
    def commands(self) -> list[str]:
        return [frame["command_id"] for frame in self.sent if frame["kind"] == "command"]

    async def keep(self, *names: str) -> None:
        for name in names:
            await self.lane.keep(_command(name))
            self.lane.proceed()


def _command(name: str, body: str = '{"type": "enter_score",  "value":"1"}') -> CommandFrame:
    return CommandFrame(name, msgspec.Raw(body.encode()))


def _refusal(name: str, status: int) -> RefusalFrame:
    return RefusalFrame(name, {"code": "room/wrong-stage", "status": status})


@pytest.fixture
async def bench(tmp_path: Path, clock: FixedClock) -> AsyncIterator[Bench]:
    made = Bench(tmp_path / "relay.db", clock, RelaySettings(seat_commands_max=3, bytes_max=200, retry_s=0.01))
    async with made.keeper.running():
        yield made
    made.store.close()


async def test_one_command_at_a_time_leaves_in_order_and_unaltered(bench: Bench) -> None:
    await bench.keep("a", "b", "c")
    assert bench.lane.sections()["uplink"]["kept_ids"] == ["a", "b", "c"]
    bench.lane.online("c1", bench.put)
    assert bench.sent[0] == {"kind": "resume", "after": None, "v": 1}
    assert bench.commands == ["a"]
    bench.lane.take(AckFrame("a", 7))
    bench.lane.take(AckFrame("a", 7))
    assert bench.commands == ["a", "b"]
    bench.lane.offline()
    bench.lane.online("c2", bench.put)
    assert bench.commands == ["a", "b", "b"]
    for name in ("b", "c"):
        bench.lane.take(AckFrame(name, 8))
    assert bench.commands == ["a", "b", "b", "c"]
    await bench.keeper.put(lambda _store: None)
    assert (bench.lane.waiting, bench.store.kept()) == (0, [])


async def test_a_busy_hub_is_asked_again_before_the_next_command_leaves(bench: Bench) -> None:
    bench.lane.online("c1", bench.put)
    await bench.keep("a", "b")
    bench.lane.take(_refusal("a", 503))
    async with asyncio.timeout(60):
        while len(bench.commands) < 2:
            await asyncio.sleep(0.005)
    assert (bench.commands, bench.lane.waiting) == (["a", "a"], 2)


async def test_a_refusal_reaches_the_seat_or_waits_for_it(bench: Bench) -> None:
    bench.lane.online("c1", bench.put)
    seat, late = Listening(), Listening()
    bench.lane.join(seat)
    await bench.keep("a", "b")
    bench.lane.take(_refusal("a", 409))
    async with asyncio.timeout(60):
        await seat.news.wait()
    assert seat.frames == [{"kind": "refusal", "command_id": "a", "problem": _refusal("a", 409).problem}]
    bench.lane.seats.clear()
    bench.lane.take(_refusal("b", 409))
    await bench.keeper.put(lambda _store: None)
    assert [(kept.command_id, kept.command) for kept in bench.store.kept()] == [("b", b"{}")]
    bench.lane.join(late)
    assert [frame["command_id"] for frame in late.frames] == ["b"]
    await bench.keeper.put(lambda _store: None)
    assert bench.store.kept() == []


async def test_bounds_and_reused_ids_are_refused_and_nothing_is_kept(bench: Bench) -> None:
    await bench.keep("a")
    assert msgspec.json.decode(await bench.lane.keep(_command("a"))) == {"kind": "kept", "command_id": "a"}
    with pytest.raises(KeptIdReused):
        await bench.lane.keep(_command("a", "{}"))
    with pytest.raises(OutboxFull):
        await bench.lane.keep(_command("b", '"' + "x" * 190 + '"'))
    await bench.keep("b", "c")
    with pytest.raises(SeatOutboxFull):
        await bench.lane.keep(_command("d"))
    assert [kept.command_id for kept in bench.store.kept()] == ["a", "b", "c"]


async def test_what_was_seen_stays_as_stale_and_goes_with_the_sign_in(bench: Bench) -> None:
    seat = Listening()
    bench.lane.join(seat)
    bench.lane.online("c1", bench.put)
    bench.lane.take(ViewFrame(5, {"stage": "detailed"}))
    bench.lane.take(ChangesFrame(6, 5, {"lot": 1}, []))
    bench.lane.take(ChangesFrame(9, 8, {"lot": 2}, []))
    assert bench.sent[-1] == {"kind": "resume", "after": None, "v": 1}
    assert (bench.lane.sections()["lot"], bench.lane.sections()["uplink"]["stale"]) == (1, False)
    bench.lane.offline()
    uplink = bench.lane.sections()["uplink"]
    assert (bench.lane.sections()["lot"], uplink["online"], uplink["stale"]) == (1, False, True)
    bench.lane.forget(4404, "hub/not-found")
    assert (seat.ended, bench.lane.sections().keys(), bench.lane.token) == ([(4404, "hub/not-found")], {"uplink"}, None)
