"""One local connection of a seat: its frames go to the lane of its account, answers and the newest view go back.

Only answers queue up; of the view a slow seat gets the newest when it is ready. One that does not read is closed and
holds up nobody else.
"""

import asyncio
import contextlib
import json
from collections import deque
from typing import Any

import structlog
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from evaluation.protocol import (
    ChangesFrame,
    CommandFrame,
    PongFrame,
    RefusalFrame,
    ResumeFrame,
    ViewFrame,
    decode_frame,
    encode_frame,
)
from expert_hub.foundation.errors import Language, is_refusal
from expert_hub.foundation.problems import problem_document, status_of
from expert_hub.relay.lane import Lane
from expert_hub.relay.settings import RelaySettings

log = structlog.get_logger("expert_hub.relay")
SLOW, SILENT, FAILED = 4429, 4408, 1011
_PONG = encode_frame(PongFrame())


class Seat:
    """State of one local connection."""

    def __init__(self, socket: ServerConnection, lane: Lane, settings: RelaySettings, language: Language) -> None:
        self._socket, self._lane, self._settings, self._language = socket, lane, settings, language
        self._answers: deque[bytes] = deque()
        self._bell = asyncio.Event()
        self._ended: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._resumed = False
        self._version: int | None = None
        self._sections: dict[str, Any] | None = None

    def answer(self, frame: bytes) -> None:
        """Send an answer after those before it; a seat that lets too many pile up is closed."""
        if len(self._answers) >= self._settings.answers_max:
            self.end(SLOW, "slow")
            return
        self._answers.append(frame)
        self._bell.set()

    def ring(self) -> None:
        """There may be something newer to see."""
        self._bell.set()

    def end(self, code: int, reason: str) -> None:
        """Close the connection."""
        if not self._ended.done():
            self._ended.set_result((code, reason))

    async def serve(self) -> None:
        """Carry frames both ways until either side ends it."""
        self._lane.join(self)
        work = [asyncio.create_task(each) for each in (self._read(), self._write(), self._over())]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._lane.seats.discard(self)
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        code, reason = self._ended.result() if self._ended.done() else (1000, "")
        with contextlib.suppress(ConnectionClosed):
            await self._socket.close(code, reason[:100])

    async def _over(self) -> None:
        await self._ended

    async def _read(self) -> None:
        try:
            while True:
                async with asyncio.timeout(self._settings.silent_s):
                    message = await self._socket.recv()
                await self._take(message)
        except TimeoutError:
            self.end(SILENT, "silent")
        except ConnectionClosed:
            self.end(1000, "")
        except Exception as error:
            log.error("seat failed", exc_info=error)
            self.end(FAILED, "hub/unexpected")

    async def _take(self, message: str | bytes) -> None:
        command_id = None
        try:
            frame = decode_frame(message)
            if isinstance(frame, CommandFrame):
                command_id = frame.command_id
                self.answer(await self._lane.keep(frame))
                self._lane.proceed()
            elif isinstance(frame, ResumeFrame):
                self._resumed, self._version, self._sections = True, frame.after, None
                self.ring()
            else:
                self.answer(_PONG)
        except Exception as error:
            if not is_refusal(error):
                raise
            document = problem_document(error, status_of(error), self._language)  # type: ignore[arg-type]
            self.answer(encode_frame(RefusalFrame(command_id, json.loads(json.dumps(document, default=str)))))

    async def _write(self) -> None:
        try:
            while True:
                await self._bell.wait()
                self._bell.clear()
                while self._answers:
                    await self._send(self._answers.popleft())
                frame = self._news()
                if frame is not None:
                    await self._send(encode_frame(frame))
        except TimeoutError:
            self.end(SLOW, "slow")
        except ConnectionClosed:
            self.end(1000, "")

    async def _send(self, frame: bytes) -> None:
        async with asyncio.timeout(self._settings.send_s):
            await self._socket.send(frame, text=True)

    def _news(self) -> ViewFrame | ChangesFrame | None:
        """What brings the seat from what it was sent to what is known now; none if that is the same."""
        if not self._resumed:
            return None
        version, sections = self._lane.seen.version, self._lane.sections()
        before, since = self._sections, self._version
        if version is None:
            # Nothing was heard of the hub yet; the seat keeps the view it has, and learns that it is old.
            if before == sections:
                return None
            self._sections = sections
            return ChangesFrame(since, since, sections, []) if since else ViewFrame(0, sections)
        self._version, self._sections = version, sections
        if before is None or "uplink" not in before or len(before) == 1 or since is None or since > version:
            return ViewFrame(version, sections)
        if (version, sections) == (since, before):
            return None
        changed = {name: value for name, value in sections.items() if before.get(name) != value}
        return ChangesFrame(version, since, changed, sorted(before.keys() - sections.keys()))
