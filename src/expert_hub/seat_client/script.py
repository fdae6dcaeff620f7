"""A seat driven by lines of JSON: one command in per line, answers and changes of the view out, one object per line."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Any, TextIO

import msgspec

from evaluation.errors import MalformedMessage
from evaluation.protocol import RefusalFrame, decode_command
from expert_hub.foundation.errors import Refusal, is_refusal, text_of
from expert_hub.seat_client.client import Notice, SeatClient
from expert_hub.seat_client.errors import SeatStopped, WaitTimedOut

ALL_ACKNOWLEDGED, SOME_REFUSED, STOPPED = 0, 1, 2
_encoder = msgspec.json.Encoder()


async def run_script(
    seat: SeatClient, lines: AsyncIterable[str], write: Callable[[str], None], settle_s: float | None = None
) -> int:
    """Give the commands of a script and report what happens.

    Commands are kept and sent as they are read, without waiting for the answer to the one before.

    Args:
        seat: an entered seat client.
        lines: JSON objects of commands; empty lines are skipped.
        write: called with one line of JSON, without its end, for each `ack`, `refusal`, `view`, `changes` and `link`,
            for `bad_line` (with `line`, from 1), `unanswered` and `stopped`.
        settle_s: seconds to wait for answers after the last line, None for as long as it takes.

    Returns:
        0 when every command was acknowledged, 1 when a line or command was refused or has no answer, 2 when the client
        had to stop.
    """
    report = _Report(write)
    seat.observe(report.notice)
    reading = asyncio.create_task(_give(seat, lines, report))
    ending = asyncio.create_task(seat.stopped())
    try:
        await asyncio.wait({reading, ending}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            await reading
            await seat.settle(settle_s)
        else:
            await ending
    except SeatStopped as stopped:
        report.write({"kind": "stopped", "problem": _problem(stopped)})
        return STOPPED
    except WaitTimedOut:
        report.write({"kind": "unanswered", "command_ids": seat.unanswered})
        return SOME_REFUSED
    finally:
        for task in (reading, ending):
            task.cancel()
        await asyncio.gather(reading, ending, return_exceptions=True)
    return report.result


async def read_lines(stream: TextIO) -> AsyncIterator[str]:
    """The lines of a blocking stream, read by a daemon thread so that a silent terminal cannot hold up the end.

    Raises:
        OSError, ValueError: what reading the stream raised.
    """
    loop = asyncio.get_running_loop()
    arriving: asyncio.Queue[str | OSError | ValueError] = asyncio.Queue()

    def hand_over(item: str | OSError | ValueError) -> None:
        # Once the loop has ended nobody reads on.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(arriving.put_nowait, item)

    def read() -> None:
        try:
            for line in stream:
                hand_over(line)
            hand_over("")
        except (OSError, ValueError) as error:
            hand_over(error)

    threading.Thread(target=read, name="seat-lines", daemon=True).start()
    while line := await arriving.get():
        if isinstance(line, Exception):
            raise line
        yield line


class _Report:
    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.result = ALL_ACKNOWLEDGED

    def write(self, document: Any) -> None:
        self._write(_encoder.encode(document).decode())

    def notice(self, notice: Notice) -> None:
        if isinstance(notice, RefusalFrame):
            self.result = SOME_REFUSED
        self.write(notice)

    def bad_line(self, number: int, error: MalformedMessage) -> None:
        self.result = SOME_REFUSED
        self.write({"kind": "bad_line", "line": number, "problem": _problem(error)})


async def _give(seat: SeatClient, lines: AsyncIterable[str], report: _Report) -> None:
    number = 0
    async for line in lines:
        number += 1
        if not line.strip():
            continue
        try:
            seat.submit(decode_command(line.encode(errors="surrogatepass")))
        except MalformedMessage as error:
            report.bad_line(number, error)


def _problem(error: Exception) -> dict[str, Any]:
    if not is_refusal(error):
        return {"detail": str(error)}
    refusal: Refusal = error  # type: ignore[assignment]
    return {"code": refusal.code, "detail": text_of(refusal, "zh"), "detail_en": text_of(refusal, "en")}
