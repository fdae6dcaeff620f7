"""How a message reaches an expert: the seam for gateways, and the two channels that need none."""

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import msgspec
import structlog

from expert_hub.foundation.vault import write_secret

log = structlog.get_logger("expert_hub.notifier")


class Message(msgspec.Struct, frozen=True):
    """One message.

    `message_id` and `attempt` are the same when the same attempt is handed over again after a crash, so that a gateway
    can drop the repetition. `mode` is how the rule pack wants the expert reached (`notify.channel`).
    """

    message_id: str
    attempt: int
    mobile: str
    text: str
    mode: str = ""


class Result(StrEnum):
    """What a channel says to a message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"


class Receipt(msgspec.Struct, frozen=True):
    """The answer of a channel.

    `refused` is for good and about this number; whatever concerns the gateway or the hub's own settings is `later`.
    `reason` is a short code for the record: never a number or a text that came from outside.
    """

    result: Result
    reason: str = ""
    retry_after_s: float = 0


ACCEPTED: Final = Receipt(Result.ACCEPTED)


@runtime_checkable
class Notifier(Protocol):
    """A channel. An `OSError` that it raises means: later."""

    @property
    def name(self) -> str:
        """As the settings call it."""

    @property
    def reports(self) -> bool:
        """Whether the gateway reports what became of a message."""

    async def send(self, message: Message) -> Receipt:
        """Hand one message over. The caller limits the time."""

    async def close(self) -> None:
        """Let go of connections."""


class ConsoleNotifier:
    """Writes messages to the log: for trying things out on one machine."""

    name = "console"
    reports = False

    async def send(self, message: Message) -> Receipt:
        """Log the message."""
        log.info("message", mobile=message.mobile, text=message.text)
        return ACCEPTED

    async def close(self) -> None:
        """Nothing is held."""


class FileNotifier:
    """Writes each message to a file of its own, readable by the owner only, for a gateway that picks files up."""

    name = "file"
    reports = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: Message) -> Receipt:
        """Write the message; the same message id overwrites its file."""
        content = json.dumps(msgspec.to_builtins(message), ensure_ascii=False).encode()
        await asyncio.to_thread(write_secret, self._folder / f"{message.message_id}.json", content)
        return ACCEPTED

    async def close(self) -> None:
        """Nothing is held."""
