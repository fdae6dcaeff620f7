"""Channels are asked in their order until one accepts; whatever one of them does, there is an answer."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from expert_hub.draws.calling.delivery import offer
from expert_hub.draws.calling.notifier import Message, Receipt, Result
from expert_hub.foundation.clock import FixedClock

MESSAGE = Message("m1", 1, "14100000000", "答复码：abcd")
LATER, REFUSED = Receipt(Result.LATER, "http-503", 30), Receipt(Result.REFUSED, "http-422")


def _raising(error: BaseException) -> Any:
    def decide(_: Message) -> Receipt:
        raise error

    return decide


async def test_the_first_that_accepts_ends_the_round(clock: FixedClock, make_recorder: Any) -> None:
    channels = [
        make_recorder("a", decide=lambda _: LATER),
        make_recorder("b", decide=lambda _: REFUSED),
        make_recorder("c"),
        make_recorder("d"),
    ]
    tries = await offer(channels, MESSAGE, {"b"}, clock, 1)
    assert [(each.channel, each.receipt.result) for each in tries] == [("a", Result.LATER), ("c", Result.ACCEPTED)]
    assert (channels[2].sent, channels[3].sent) == ([MESSAGE], [])
    tries = await offer(channels[:2], MESSAGE, (), clock, 1)
    assert [each.receipt for each in tries] == [LATER, REFUSED]
    assert await offer(channels[:1], MESSAGE, {"a"}, clock, 1) == []


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionResetError("14100000000"), "connection"),
        (TimeoutError(), "timeout"),
        (ValueError("14100000000 答复码：abcd"), "defect"),
    ],
)
async def test_what_a_channel_raises_means_later_and_is_not_repeated_in_the_log(
    clock: FixedClock, make_recorder: Any, error: Exception, reason: str
) -> None:
    with capture_logs() as logs:
        tries = await offer([make_recorder("a", decide=_raising(error)), make_recorder("b")], MESSAGE, (), clock, 1)
    assert [(each.channel, each.receipt.result) for each in tries] == [("a", Result.LATER), ("b", Result.ACCEPTED)]
    assert tries[0].receipt.reason == reason
    assert "14100000000" not in str(logs)
    assert "abcd" not in str(logs)


async def test_a_channel_has_its_time_and_no_more(clock: FixedClock, make_recorder: Any) -> None:
    async with asyncio.timeout(2):
        tries = await offer([make_recorder("a", hangs_once=True), make_recorder("b")], MESSAGE, (), clock, 0.1)
    assert [each.receipt.reason for each in tries] == ["timeout", ""]


async def test_being_told_to_stop_is_not_an_answer(clock: FixedClock, make_recorder: Any) -> None:
    with pytest.raises(asyncio.CancelledError):
        await offer([make_recorder("a", decide=_raising(asyncio.CancelledError()))], MESSAGE, (), clock, 1)


async def test_what_is_no_number_reaches_no_channel(clock: FixedClock, make_recorder: Any) -> None:
    channels = [make_recorder("a"), make_recorder("b")]
    for mobile in ("", "141\r\nRCPT TO:<x@example.org>", "a@b"):
        tries = await offer(channels, Message("m1", 1, mobile, "x"), (), clock, 1)
        assert [each.receipt for each in tries] == [Receipt(Result.REFUSED, "no-number")] * 2
    assert channels[0].sent == []
