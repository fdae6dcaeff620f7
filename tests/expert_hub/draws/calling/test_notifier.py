"""One suite for every channel, each against what it really speaks to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from expert_hub.draws.calling.notifier import ConsoleNotifier, FileNotifier, Message, Notifier, Result
from expert_hub.draws.calling.smtp_channel import MailRoute, SmtpChannel
from expert_hub.draws.calling.webhook_channel import WebhookChannel
from expert_hub.foundation.clock import FixedClock

MESSAGE = Message("m1", 1, "14100000000", "时间：2026-03-02 09:30；答复码：abcd", "ivr")
CHANNELS = ("console", "file", "smtp", "webhook")
REMOTE = ("smtp", "webhook")


class Line:
    """A channel, what arrived at its other end, and how that end is broken."""

    def __init__(self, channel: Notifier, arrived: Callable[[], list[tuple[str, str]]], far_end: Any) -> None:
        self.channel, self.arrived, self.far_end = channel, arrived, far_end


@pytest.fixture
def line(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock, gateway: Any, mail_server: Any) -> Line:
    if request.param == "console":
        return Line(ConsoleNotifier(), list, None)
    if request.param == "file":
        notifier = FileNotifier(tmp_path / "outbox")
        return Line(notifier, lambda: [_read(path) for path in (tmp_path / "outbox").iterdir()], None)
    if request.param == "smtp":
        route = MailRoute("127.0.0.1", mail_server.port, "none", "hub@example.org", "{mobile}@sms.example.org")
        return Line(
            SmtpChannel(route, 1),
            lambda: [(mail["To"].split("@")[0], mail.get_content().rstrip("\n")) for mail in mail_server.mails],
            mail_server,
        )
    channel = WebhookChannel(gateway.url, b"s" * 32, "https://hub/callback", clock, 1)
    return Line(channel, lambda: [(each.json["mobile"], each.json["text"]) for each in gateway.posted], gateway)


def _read(path: Path) -> tuple[str, str]:
    found = json.loads(path.read_text("utf-8"))
    return found["mobile"], found["text"]


@pytest.mark.parametrize("line", CHANNELS, indirect=True)
async def test_a_channel_hands_number_and_text_over_unchanged(line: Line) -> None:
    assert isinstance(line.channel, Notifier)
    with capture_logs() as logs:
        receipt = await line.channel.send(MESSAGE)
    assert (receipt.result, receipt.reason, receipt.retry_after_s) == (Result.ACCEPTED, "", 0)
    if line.channel.name == "console":
        assert [(entry["mobile"], entry["text"]) for entry in logs] == [(MESSAGE.mobile, MESSAGE.text)]
    else:
        assert line.arrived() == [(MESSAGE.mobile, MESSAGE.text)]
        # Only the console writes messages to the log: that is what it is for.
        assert not [entry for entry in logs if MESSAGE.mobile in str(entry) or "abcd" in str(entry)]
    await line.channel.close()


@pytest.mark.parametrize("line", CHANNELS, indirect=True)
async def test_a_channel_is_called_as_the_settings_call_it(line: Line, request: pytest.FixtureRequest) -> None:
    assert line.channel.name == request.node.callspec.params["line"]
    assert line.channel.reports is (line.channel.name == "webhook")
    await line.channel.close()


@pytest.mark.parametrize("line", REMOTE, indirect=True)
@pytest.mark.parametrize("mode", ["hang", "drop", "gone"])
async def test_a_far_end_that_is_slow_or_dead_means_later(line: Line, mode: str) -> None:
    if mode == "gone":
        line.channel = _to_nowhere(line.channel)
    line.far_end.mode = mode
    receipt = await line.channel.send(MESSAGE)
    assert receipt.result is Result.LATER
    assert receipt.reason == {"hang": "timeout", "drop": "connection", "gone": "connection"}[mode]
    await line.channel.close()


def _to_nowhere(channel: Notifier) -> Notifier:
    # Port 9 is the discard service, which runs nowhere any more.
    if isinstance(channel, SmtpChannel):
        return SmtpChannel(MailRoute("127.0.0.1", 9, "none", "hub@example.org", "{mobile}@sms.example.org"), 1)
    return WebhookChannel(
        "http://127.0.0.1:9/x", b"s" * 32, "https://hub/callback", FixedClock(datetime(2026, 3, 2, tzinfo=UTC)), 1
    )


@pytest.mark.parametrize("line", REMOTE, indirect=True)
async def test_an_unknown_number_is_refused_for_good_and_a_sick_gateway_is_not(line: Line) -> None:
    def answer(smtp: str, http: int) -> None:
        if line.channel.name == "smtp":
            line.far_end.replies = {"RCPT": smtp}
        else:
            line.far_end.status = http

    answer("550 5.1.1 no such user", 422)
    assert (await line.channel.send(MESSAGE)).result is Result.REFUSED
    answer("451 4.3.0 try again", 503)
    assert (await line.channel.send(MESSAGE)).result is Result.LATER
    answer("250 fine", 202)
    assert (await line.channel.send(MESSAGE)).result is Result.ACCEPTED
    await line.channel.close()


async def test_a_message_is_one_private_file_whatever_how_often_it_is_sent(tmp_path: Path) -> None:
    notifier = FileNotifier(tmp_path)
    await notifier.send(MESSAGE)
    await notifier.send(MESSAGE)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text("utf-8")) == {
        "message_id": "m1",
        "attempt": 1,
        "mobile": "14100000000",
        "text": MESSAGE.text,
        "mode": "ivr",
    }
    assert path.stat().st_mode & 0o777 == 0o600
