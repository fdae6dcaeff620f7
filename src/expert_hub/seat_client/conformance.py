"""Does a client program keep the protocol? It is driven through faults in front of a real room, and watched.

The program is told the socket and the token by its environment, gets one JSON command per line, prints the frames it
takes as lines of JSON, and ends by itself; see docs/protocol/conformance.md. The room is one whose check-in may be
opened and the token that of its host operator: the commands are real ones and stay in the room.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from expert_hub.foundation.errors import HubError
from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.errors import WaitTimedOut
from expert_hub.seat_client.meddler import Meddler

SEATS_NEEDED = 4


class RoomUnfit(HubError):
    """The room cannot be used for a conformance run."""

    code = "seat/room-unfit"
    status = 409
    zh = "符合性测试需要一个尚未开放签到、本场地至少有 {needed} 个席位的评标室，并以主场操作员身份登录。"
    en = "Conformance needs a room before check-in with at least {needed} seats at the host venue, and its operator."


class Finding(msgspec.Struct, frozen=True):
    """One step: its name, whether the program did right, and what was seen otherwise."""

    step: str
    is_kept: bool
    why: str = ""


class Broken(Exception):
    """The program did something else than the protocol says."""


class Program:
    """A client program that runs: what it printed, and how it ended."""

    def __init__(self, process: asyncio.subprocess.Process, meddler: Meddler) -> None:
        self.process, self._meddler = process, meddler
        self.printed: list[dict[str, Any]] = []

    def give(self, **command: Any) -> None:
        """Write one command."""
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.write(json.dumps(command).encode() + b"\n")

    def end_input(self) -> None:
        """Say that no command follows."""
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.close()

    async def read(self) -> None:
        """Keep what is printed until the output ends."""
        assert self.process.stdout is not None  # noqa: S101
        async for line in self.process.stdout:
            with contextlib.suppress(ValueError):
                printed = json.loads(line)
                if isinstance(printed, dict):
                    self.printed.append(printed)
            self._meddler.waits.wake()

    def answers(self, command_id: str) -> list[str]:
        """Kinds of the printed answers to a command."""
        kinds = ("ack", "refusal")
        return [
            str(one["kind"]) for one in self.printed if one.get("kind") in kinds and one.get("command_id") == command_id
        ]

    @property
    def shown(self) -> int:
        """The highest version that was printed."""
        return max((one["version"] for one in self.printed if one.get("kind") in ("view", "changes")), default=0)


class Trial:
    """One run of the scenario."""

    def __init__(self, meddler: Meddler, program: Program, seats: Sequence[str], patience_s: float) -> None:
        self._meddler, self._program, self._seats, self._patience_s = meddler, program, seats, patience_s

    def steps(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Name and action of every step of the first run, in order."""
        return [
            ("resume", self.resume),
            ("acknowledged", self.acknowledged),
            ("cut-before", self.cut_before),
            ("cut-after", self.cut_after),
            ("refused", self.refused),
            ("unknown-ignored", self.unknown_ignored),
            ("gap-noticed", self.gap_noticed),
            ("ping", self.ping),
            ("ended", self.ended),
        ]

    async def resume(self) -> None:
        """The first frame asks for the whole view; the token goes into the header."""
        await self._until(lambda: bool(self._program.shown))
        first = self._meddler.frames[0][1]
        _hold(first.get("kind") == "resume" and first.get("after") is None, f"the first frame was {first}")

    async def acknowledged(self) -> None:
        """A command is sent once and its ack is printed."""
        command_id = await self._give(type="open_check_in")
        await self._answered(command_id, "ack")
        _hold(len(self._sent(command_id)) == 1, "the command was sent more than once on one connection")

    async def cut_before(self) -> None:
        """The link is cut before the hub has the command: it is sent again under its id."""
        await self._through_a_cut("before", self._seats[0])

    async def cut_after(self) -> None:
        """The link is cut after the hub has the command: it is sent again, and answered once."""
        await self._through_a_cut("after", self._seats[1])

    async def refused(self) -> None:
        """A refusal is an answer: it is printed, and the connection goes on."""
        connections = len(self._meddler.credentials)
        command_id = await self._give(type="confirm_identity", seat_id="nobody")
        await self._answered(command_id, "refusal")
        _hold(len(self._meddler.credentials) == connections, "a refusal ended the connection")

    async def unknown_ignored(self) -> None:
        """Fields, sections and kinds of frames of a later version do no harm."""
        connections = len(self._meddler.credentials)
        self._meddler.is_odd, self._meddler.drops = True, 1
        command_id = await self._give(type="confirm_identity", seat_id=self._seats[2])
        await self._answered(command_id, "ack")
        await self._until(lambda: not self._meddler.drops)
        _hold(len(self._meddler.credentials) == connections, "something unknown ended the connection")

    async def gap_noticed(self) -> None:
        """Changes that do not follow what was seen make the client ask again."""
        resumes = len(self._meddler.of_kind("resume"))
        command_id = await self._give(type="confirm_identity", seat_id=self._seats[3])
        await self._answered(command_id, "ack")
        await self._until(lambda: len(self._meddler.of_kind("resume")) > resumes)
        version = max(one["version"] for one in self._program.printed if one.get("command_id") == command_id)
        await self._until(lambda: self._program.shown >= version)

    async def ping(self) -> None:
        """After a cut without open commands nothing is sent again, and silence is filled with pings."""
        connections = len(self._meddler.credentials)
        self._meddler.cut()
        await self._until(lambda: any(number > connections for number, _ in self._meddler.of_kind("ping")))
        again = [frame for number, frame in self._meddler.of_kind("command") if number > connections]
        _hold(not again, f"an answered command was sent again: {again}")

    async def ended(self) -> None:
        """The input ends: so does the program, with 1 because one command was refused."""
        self._program.end_input()
        await self._exit(1)
        ids = {frame["command_id"] for _, frame in self._meddler.of_kind("command")}
        twice = [command_id for command_id in ids if len(self._program.answers(command_id)) != 1]
        _hold(not twice, f"not exactly one answer was printed for {twice}")

    async def locked_out(self) -> None:
        """A close code that says to log in again ends the program with 2; it does not knock again."""
        await self._exit(2)
        _hold(len(self._meddler.credentials) == 1, "the program connected again")

    async def _through_a_cut(self, cut: Any, seat_id: str) -> None:
        connections, seen = len(self._meddler.credentials), self._program.shown
        self._meddler.cuts.append(cut)
        command_id = await self._give(type="confirm_identity", seat_id=seat_id)
        await self._answered(command_id, "ack")
        sent = self._sent(command_id)
        _hold(len({number for number, _ in sent}) > 1, "the command was not sent again on a new connection")
        _hold(all(frame == sent[0][1] for _, frame in sent), "the command changed when it was sent again")
        resumed = [frame.get("after") for number, frame in self._meddler.of_kind("resume") if number > connections]
        _hold(bool(resumed) and (resumed[0] or 0) >= seen, f"resumed after {resumed} instead of the version last seen")

    async def _give(self, **command: Any) -> str:
        """Give a command and wait until it goes over the wire. Returns the id that the program chose."""
        known = {frame.get("command_id") for _, frame in self._meddler.of_kind("command")}
        self._program.give(**command)

        def fresh() -> list[str]:
            frames = self._meddler.of_kind("command")
            return [frame["command_id"] for _, frame in frames if frame.get("command_id") not in known]

        await self._until(lambda: bool(fresh()))
        return fresh()[0]

    def _sent(self, command_id: str) -> list[tuple[int, dict[str, Any]]]:
        return [one for one in self._meddler.of_kind("command") if one[1].get("command_id") == command_id]

    async def _answered(self, command_id: str, kind: str) -> None:
        await self._until(lambda: bool(self._program.answers(command_id)))
        answers = self._program.answers(command_id)
        _hold(answers == [kind], f"{answers} was printed instead of one {kind}")

    async def _exit(self, code: int) -> None:
        async with asyncio.timeout(self._patience_s):
            ended = await self._program.process.wait()
        _hold(ended == code, f"the program ended with {ended} instead of {code}")

    async def _until(self, is_met: Callable[[], bool]) -> None:
        ended = self._program.process
        await self._meddler.waits.until(lambda: is_met() or ended.returncode is not None, self._patience_s)
        _hold(is_met(), f"the program ended with {ended.returncode}")


def _hold(is_kept: bool, why: str) -> None:
    if not is_kept:
        raise Broken(why)


async def conform(program: Sequence[str], url: str, token: str, patience_s: float = 60.0) -> list[Finding]:
    """Drive a client program through the scenario.

    Args:
        program: the program and its arguments.
        url: the socket of a room before check-in.
        token: access token of its host operator.
        patience_s: seconds to wait for each thing that must happen.

    Returns:
        A finding for every step; the first that is not kept is the last.

    Raises:
        RoomUnfit: the room cannot be used.
    """
    async with SeatClient(url, token) as observer:
        with contextlib.suppress(WaitTimedOut):
            await observer.until(lambda view: bool(view), patience_s)
        site = observer.view.get("site", {})
    seats = [seat["seat_id"] for seat in site.get("seats", ())]
    if site.get("entry") != "waiting" or len(seats) < SEATS_NEEDED:
        raise RoomUnfit(needed=SEATS_NEEDED)
    findings: list[Finding] = []
    async with _started(program, Meddler(url, token)) as (meddler, running):
        trial = Trial(meddler, running, seats, patience_s)
        for name, step in trial.steps():
            findings.append(await _judged(name, step))
            if not findings[-1].is_kept:
                return findings
        _credentials(findings, meddler, token)
    shut = Meddler(url, token)
    shut.locks_out = True
    async with _started(program, shut) as (meddler, running):
        findings.append(await _judged("locked-out", Trial(meddler, running, seats, patience_s).locked_out))
    return findings


def _credentials(findings: list[Finding], meddler: Meddler, token: str) -> None:
    given = {header for header in meddler.credentials if header != f"Bearer {token}"}
    findings.append(Finding("credential", not given, f"Authorization was {given}" if given else ""))


async def _judged(name: str, step: Callable[[], Awaitable[None]]) -> Finding:
    try:
        await step()
    except (Broken, WaitTimedOut, TimeoutError) as error:
        return Finding(name, is_kept=False, why=str(error) or "nothing happened in time")
    return Finding(name, is_kept=True)


@asynccontextmanager
async def _started(program: Sequence[str], meddler: Meddler) -> AsyncIterator[tuple[Meddler, Program]]:
    async with meddler.listening() as address:
        environment = {
            **os.environ,
            "EXPERT_HUB_SOCKET": address,
            "EXPERT_HUB_TOKEN": meddler.token,
            "EXPERT_HUB_HEARTBEAT_S": "1",
        }
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *program, stdin=pipe, stdout=pipe, env=environment, limit=16 * 1024 * 1024
        )
        running = Program(process, meddler)
        reading = asyncio.create_task(running.read())
        ending = asyncio.create_task(process.wait())
        ending.add_done_callback(lambda _: meddler.waits.wake())
        try:
            yield meddler, running
        finally:
            if process.returncode is None:
                process.kill()
            await asyncio.gather(reading, ending)
