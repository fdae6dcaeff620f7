"""One attempt: offer a message to the channels in their order until one takes it."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
import structlog

from expert_hub.draws.calling.invitation_rules import is_callable
from expert_hub.draws.calling.notifier import Message, Notifier, Receipt, Result
from expert_hub.foundation.clock import Clock

log = structlog.get_logger("expert_hub.notifier")


class Try(msgspec.Struct, frozen=True):
    """What one channel said, and when it was asked and had answered."""

    channel: str
    receipt: Receipt
    started_at: datetime
    ended_at: datetime


async def offer(
    channels: Sequence[Notifier], message: Message, refused: Collection[str], clock: Clock, timeout_s: float
) -> list[Try]:
    """Ask every channel that has not refused the number for good, until one accepts.

    Returns:
        What was tried, in order; the last is the acceptance if there is one.
    """
    tries: list[Try] = []
    for channel in channels:
        if channel.name in refused:
            continue
        started_at = clock.now()
        receipt = await _ask(channel, message, timeout_s)
        tries.append(Try(channel.name, receipt, started_at, clock.now()))
        if receipt.result is Result.ACCEPTED:
            break
        log.warning("message not handed over", message=message.message_id, channel=channel.name, reason=receipt.reason)
    return tries


async def _ask(channel: Notifier, message: Message, timeout_s: float) -> Receipt:
    if not is_callable(message.mobile):
        return Receipt(Result.REFUSED, "no-number")
    try:
        async with asyncio.timeout(timeout_s):
            return await channel.send(message)
    except TimeoutError:
        return Receipt(Result.LATER, "timeout")
    except OSError:
        return Receipt(Result.LATER, "connection")
    except Exception as error:
        # A defect of a channel must not stop the others; its text may hold the number, its kind does not.
        log.error("channel failed", channel=channel.name, error=type(error).__name__)
        return Receipt(Result.LATER, "defect")
