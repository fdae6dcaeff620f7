"""One seat's or viewer's talk with its room, over whatever carries it: a socket of its own, or a relay's shared one.

Frames come in as text through `take`, frames go out as bytes through the outlet. There is no queue that can grow: a
conversation remembers what it was shown last, and while a frame is still going out, news add up to the newest version.
Whoever carries it is told by `hang_up` that it is over: slow, silent, or no longer allowed.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from datetime import datetime
from types import coroutine
from typing import Any, Protocol

from evaluation.protocol import (
    AckFrame,
    CommandFrame,
    PongFrame,
    RefusalFrame,
    ResumeFrame,
    decode_frame,
    encode_frame,
)
from evaluation.visibility import Viewer
from expert_hub.foundation.errors import Language, NotFound, Unauthenticated, is_refusal
from expert_hub.foundation.problems import problem_document, status_of
from expert_hub.identity.rules import Actor
from expert_hub.rooms.pace import Pace
from expert_hub.rooms.views import Shown

Outlet = Callable[[bytes], Awaitable[None]]
_PONG = encode_frame(PongFrame())


class Gone(Exception):
    """The other side is no longer there; raised by outlets."""


@dataclass(frozen=True)
class Standing:
    """Who speaks in which room, as it was found on entry, and when the proof of it ends."""

    room_id: str
    actor: Actor
    viewer: Viewer
    expires_at: datetime


class Desk(Protocol):
    """What a conversation needs of the rooms of this process."""

    async def command(self, room_id: str, actor: Actor, command_id: str, body: bytes) -> int:
        """Carry out a command; returns the version once it is durable."""

    async def shown(self, room_id: str, viewer: Viewer, after: int | None = None) -> tuple[Shown, Shown | None]:
        """What a viewer sees now, and what it saw at an earlier version if that is still known."""


class Conversation:
    """The state of one conversation.

    Attributes:
        heard_at: when the last frame came, on the loop's clock.
        stuck_since: since when a frame has been on its way out, on the loop's clock; none if none is.
    """

    __slots__ = (
        "_desk", "_hang_up", "_language", "_newest", "_now", "_outlet", "_pace", "_task", "_write",
        "heard_at", "seen", "standing", "stuck_since",
    )  # fmt: skip

    def __init__(self, desk: Desk, standing: Standing, language: Language, carrier: "Carrier") -> None:
        self._desk = desk
        self.standing = standing
        self._language = language
        self._outlet, self._write = carrier.outlet, carrier.write
        self._hang_up, self._pace = carrier.hang_up, carrier.pace
        self.seen: Shown | None = None
        self._newest: Shown | None = None
        self._task: asyncio.Task[None] | None = None
        self._now = asyncio.get_running_loop().time
        self.heard_at = self._now()
        self.stuck_since: float | None = None

    @property
    def room_id(self) -> str:
        """The room it is about."""
        return self.standing.room_id

    def end(self, why: Exception) -> None:
        """Tell the carrier that it is over."""
        self._hang_up(why)

    async def take(self, raw: str | bytes) -> None:
        """Answer one frame.

        Raises:
            Unauthenticated, NotFound: the account may no longer be here.
            Gone: the other side is not.
        """
        self.heard_at = self._now()
        pause_s = self._pace.take(self.heard_at)
        if pause_s:
            await asyncio.sleep(pause_s)
        command_id = None
        try:
            frame = decode_frame(raw)
            if isinstance(frame, CommandFrame):
                command_id = frame.command_id
                where = self.standing
                version = await self._desk.command(where.room_id, where.actor, command_id, bytes(frame.command))
                await self._send(encode_frame(AckFrame(command_id, version)))
            elif isinstance(frame, ResumeFrame):
                await self._resume(frame.after)
            else:
                await self._send(_PONG)
        except Exception as error:
            # A database that is away refuses nothing: the carrier ends, and the client sends its command again.
            if isinstance(error, Unauthenticated | NotFound) or not is_refusal(error):
                raise
            document = problem_document(error, status_of(error), self._language)  # type: ignore[arg-type]
            await self._send(encode_frame(RefusalFrame(command_id, json.loads(json.dumps(document, default=str)))))

    def offer(self, shown: Shown) -> None:
        """There is something newer to see: send it, or once the frame that is going out has gone."""
        self._newest = shown
        if self.seen is not None and self.stuck_since is None:
            self._push()

    async def _resume(self, after: int | None) -> None:
        shown, before = await self._desk.shown(self.standing.room_id, self.standing.viewer, after)
        # Set before the frame leaves: whatever is offered meanwhile continues from here.
        self.seen = shown
        await self._send(shown.changes_since(before) if before is not None else shown.whole())
        if self.stuck_since is None:
            self._push()

    async def _send(self, frame: bytes) -> None:
        mine = self.stuck_since is None
        if mine and self._write(frame):
            return
        if mine:
            self.stuck_since = self._now()
        try:
            await self._outlet(frame)
        finally:
            if mine:
                self.stuck_since = None
        if mine:
            self._push()

    def _push(self) -> None:
        shown, seen = self._newest, self.seen
        if shown is None or seen is None or shown.version <= seen.version:
            return
        self.seen = shown
        frame = shown.changes_since(seen)
        try:
            if self._write(frame):
                return
        except Gone:
            return
        sending = self._outlet(frame)
        # Most sends end at once; only one that has to wait is worth a task.
        step = _first_step(sending)  # type: ignore[arg-type]
        if step is not None:
            self.stuck_since = self._now()
            self._task = asyncio.create_task(self._finish(step))

    async def _finish(self, rest: Awaitable[None]) -> None:
        try:
            await rest
        except Gone:
            return
        finally:
            self.stuck_since = None
        self._push()


@dataclass(frozen=True)
class Carrier:
    """What carries a conversation.

    Attributes:
        outlet: where frames go, one after the other.
        hang_up: how to end it.
        pace: how fast frames may come.
        write: sends a frame at once, or says that it cannot now; frames that it took are before those of the outlet.
    """

    outlet: Outlet
    hang_up: Callable[[Exception], None]
    pace: Pace
    write: Callable[[bytes], bool] = lambda _frame: False


def _first_step(sending: Coroutine[Any, Any, None]) -> Awaitable[None] | None:
    """Run a coroutine until it waits; none if it ended, else what is left of it."""
    try:
        waits_for = sending.send(None)
    except (StopIteration, Gone):
        return None
    return _rest_of(sending, waits_for)


@coroutine
def _rest_of(sending: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    while True:
        failure, value = None, None
        try:
            value = yield waits_for
        except BaseException as error:
            failure = error
        try:
            waits_for = sending.send(value) if failure is None else sending.throw(failure)
        except StopIteration:
            return
