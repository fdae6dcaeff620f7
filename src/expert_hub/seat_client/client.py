"""The seat client: commands go in once and come out answered, however often the link is cut."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec

from evaluation.commands import Command
from evaluation.protocol import (
    AckFrame,
    ChangesFrame,
    CommandFrame,
    PongFrame,
    RefusalFrame,
    ResumeFrame,
    ServerFrame,
    ViewFrame,
    decode_command,
)
from expert_hub.foundation.chance import Chance, SystemChance, new_id
from expert_hub.seat_client.errors import SeatClosed, SeatMisconfigured, SeatRefused
from expert_hub.seat_client.link import Link, LinkLost, open_link
from expert_hub.seat_client.outbox import Kept, Outbox
from expert_hub.seat_client.seen import Seen
from expert_hub.seat_client.settings import Backoff, LinkSettings
from expert_hub.seat_client.waits import Waits

Ack = AckFrame
Answer = asyncio.Future[Ack]


class LinkNotice(msgspec.Struct, frozen=True, tag_field="kind", tag="link"):
    """The link came up or went down; `why` is for people. Source: engineering choice."""

    linked: bool
    why: str = ""


Notice = AckFrame | RefusalFrame | ViewFrame | ChangesFrame | LinkNotice
Observer = Callable[[Notice], None]


class SeatClient:
    """One seat of one room.

    Commands are kept in the outbox before they leave and until the room answers; after a cut link the client connects
    again, resumes from the version it has seen, and sends what has no answer once more, in order, under the same ids.
    A refusal is an answer. Commands found in the outbox at the start belong to an earlier run: their answers reach the
    observers only.
    """

    def __init__(
        self,
        url: str,
        token: str,
        outbox: Path | None = None,
        *,
        settings: LinkSettings | None = None,
        chance: Chance | None = None,
    ) -> None:
        """Describe the seat; nothing is opened before `async with`.

        Args:
            url: `ws(s)://host:port/api/v1/rooms/{room_id}/socket`.
            token: bearer token of the member.
            outbox: file of the outbox; None keeps commands in memory only.
            settings: time limits.
            chance: source of the command ids.

        Raises:
            SeatMisconfigured: when address or token cannot be used.
        """
        self._room = _checked_room(url)
        self._url, self._token, self._outbox_path = url, _checked_token(token), outbox
        self._settings = settings or LinkSettings()
        self._chance = chance or SystemChance()
        self._backoff = Backoff(self._settings, self._chance)
        self._seen = Seen()
        self._unanswered: dict[str, tuple[CommandFrame, Answer | None]] = {}
        self._waits = Waits()
        self._observers: list[Observer] = []
        self._link: Link | None = None
        self._asked_again = False

    async def __aenter__(self) -> Self:
        self._outbox = Outbox(self._outbox_path, self._room)
        for kept in self._outbox.unanswered():
            self._unanswered[kept.command_id] = (_frame(kept), None)
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        self._end(SeatClosed(unanswered=len(self._unanswered)))
        self._outbox.close()

    @property
    def view(self) -> Mapping[str, Any]:
        """The sections this viewer may see, as of `version`; empty before the first view."""
        return self._seen.sections

    @property
    def version(self) -> int | None:
        """Version of the room the view belongs to; None before the first view."""
        return self._seen.version

    @property
    def is_linked(self) -> bool:
        """Whether a connection is open now."""
        return self._link is not None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Ids of the commands without an answer, oldest first."""
        return tuple(self._unanswered)

    @property
    def waiting_commands(self) -> tuple[Command, ...]:
        """The commands without an answer, oldest first, those of an earlier run included."""
        return tuple(decode_command(bytes(frame.command)) for frame, _ in self._unanswered.values())

    def observe(self, observer: Observer) -> None:
        """Have every answer, every change of the view and every change of the link told to `observer`."""
        self._observers.append(observer)

    def submit(self, command: Command) -> Answer:
        """Keep a command and send it as soon as there is a link.

        Args:
            command: any command of the room.

        Returns:
            A future of the acknowledgement; it fails like `send`. Cancelling it does not call the command back.

        Raises:
            SeatStopped: when the client has ended; the command is not kept then.
        """
        if self._waits.failure is not None:
            raise self._waits.failure
        kept = Kept(new_id(self._chance), msgspec.json.encode(command))
        self._outbox.add(kept)
        answer: Answer = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._unanswered[kept.command_id] = (_frame(kept), answer)
        if self._link is not None:
            self._link.put(_frame(kept))
        return answer

    async def send(self, command: Command) -> Ack:
        """Give a command and wait for the room's answer through any number of cut links.

        Args:
            command: any command of the room.

        Returns:
            The acknowledgement: the command is durable, the room is at least at its version.

        Raises:
            SeatRefused: when the room refused it.
            SeatStopped: when the client ended first; the command stays in the outbox.
        """
        return await self.submit(command)

    async def until(self, predicate: Callable[[Mapping[str, Any]], bool], timeout_s: float | None = 30.0) -> None:
        """Wait until the view satisfies a predicate.

        Args:
            predicate: called with the view once there is one and again after each change.
            timeout_s: seconds to wait, None for as long as it takes.

        Raises:
            WaitTimedOut: when it did not happen in time.
            SeatStopped: when the client ended first.
        """
        await self._waits.until(lambda: self.version is not None and predicate(self.view), timeout_s)

    async def settle(self, timeout_s: float | None = 30.0) -> None:
        """Wait until no command is without an answer, those of an earlier run included; raises like `until`."""
        await self._waits.until(lambda: not self._unanswered, timeout_s)

    async def stopped(self) -> None:
        """Wait until the client ends and raise why: a `SeatStopped`, or the defect that ended it."""
        await self._waits.until(lambda: False, None)

    def drop_link(self) -> None:
        """Cut the TCP connection as a broken cable would; the client connects again by itself."""
        if self._link is not None:
            self._link.cut()

    async def _run(self) -> None:
        try:
            while True:
                try:
                    await self._attach()
                except LinkLost as lost:
                    self._tell(LinkNotice(linked=False, why=str(lost)))
                await asyncio.sleep(self._backoff.next_pause_s())
        except Exception as error:
            self._end(error)

    async def _attach(self) -> None:
        link = await open_link(self._url, self._token, self._settings)
        link.put(ResumeFrame(after=self.version))
        for frame, _ in self._unanswered.values():
            link.put(frame)
        self._link, self._asked_again = link, False
        try:
            self._tell(LinkNotice(linked=True))
            await link.serve(self._take)
        finally:
            self._link = None

    def _take(self, frame: ServerFrame) -> None:
        match frame:
            case AckFrame():
                self._answer(frame.command_id, frame)
            case RefusalFrame():
                self._answer(frame.command_id, frame)
            case ViewFrame() | ChangesFrame():
                self._look(frame)
            case PongFrame():
                pass

    def _answer(self, command_id: str | None, frame: AckFrame | RefusalFrame) -> None:
        # A second answer to a command that was sent twice is no news.
        if command_id is not None and command_id not in self._unanswered:
            return
        if command_id is not None:
            self._outbox.remove(command_id)
            _, answer = self._unanswered.pop(command_id)
            if answer is not None and not answer.done():
                _settle(answer, frame)
        self._tell(frame)
        self._waits.wake()

    def _look(self, frame: ViewFrame | ChangesFrame) -> None:
        if isinstance(frame, ViewFrame):
            self._seen.replace(frame)
        elif not self._seen.merge(frame):
            self._ask_again()
            return
        self._asked_again = False
        self._backoff.reset()
        self._tell(frame)
        self._waits.wake()

    def _ask_again(self) -> None:
        if self._link is None or self._asked_again:
            raise LinkLost("the room skips versions")
        self._asked_again = True
        self._link.put(ResumeFrame(after=self.version))

    def _tell(self, notice: Notice) -> None:
        for observer in self._observers:
            observer(notice)

    def _end(self, error: Exception) -> None:
        self._waits.fail(error)
        for _, answer in self._unanswered.values():
            if answer is not None and not answer.done():
                answer.set_exception(self._waits.failure or error)


def _settle(answer: Answer, frame: AckFrame | RefusalFrame) -> None:
    if isinstance(frame, AckFrame):
        answer.set_result(frame)
    else:
        answer.set_exception(SeatRefused(frame.problem))


def _frame(kept: Kept) -> CommandFrame:
    return CommandFrame(command_id=kept.command_id, command=msgspec.Raw(kept.command))


def _checked_room(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname or parts.username is not None or parts.query:
        raise SeatMisconfigured(why="url: ws(s)://host:port/api/v1/rooms/{room_id}/socket")
    return parts.path


def _checked_token(token: str) -> str:
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SeatMisconfigured(why="token: not a bearer token")
    return token
