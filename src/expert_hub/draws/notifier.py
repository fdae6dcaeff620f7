"""How a message reaches an expert: the seam for gateways, and the two implementations that need none."""

import asyncio
import json
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import msgspec
import structlog

from expert_hub.foundation.vault import write_secret

log = structlog.get_logger("expert_hub.notifier")


class Message(msgspec.Struct, frozen=True):
    """One message: `message_id` is the same when it is sent again, so that a gateway can drop the repetition."""

    message_id: str
    mobile: str
    text: str


@runtime_checkable
class Notifier(Protocol):
    """Sends messages; raising means that the message is tried again later."""

    async def send(self, message: Message) -> None:
        """Hand one message to the channel."""


class ConsoleNotifier:
    """Writes messages to the log: for trying things out on one machine."""

    async def send(self, message: Message) -> None:
        """Log the message."""
        log.info("message", mobile=message.mobile, text=message.text)


class FileNotifier:
    """Writes each message to a file of its own, readable by the owner only, for a gateway that picks files up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: Message) -> None:
        """Write the message; the same message id overwrites its file."""
        content = json.dumps(msgspec.to_builtins(message), ensure_ascii=False).encode()
        await asyncio.to_thread(write_secret, self._folder / f"{message.message_id}.json", content)


def notifier_named(name: Literal["console", "file"], folder: Path) -> Notifier:
    """The notifier that the settings name."""
    return FileNotifier(folder) if name == "file" else ConsoleNotifier()
