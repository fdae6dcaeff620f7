from pathlib import Path

from expert_hub.draws.calling.channels import CALLBACK_PATH, channels_of, webhook_secret
from expert_hub.draws.calling.invitation_routes import take_callback
from expert_hub.draws.calling.notifier import ConsoleNotifier, FileNotifier
from expert_hub.draws.calling.smtp_channel import SmtpChannel
from expert_hub.draws.calling.webhook_channel import WebhookChannel
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.settings import Settings

ALL = {
    "smtp_host": "mail",
    "smtp_from": "hub@example.org",
    "smtp_to": "{mobile}@sms.example.org",
    "smtp_user": "u",
    "smtp_password": "p",
    "webhook_url": "https://gateway/calls",
    "webhook_secret": "s" * 32,
    "public_url": "https://hub.example.org",
}


async def test_the_settings_choose_channels_and_their_order(tmp_path: Path, clock: FixedClock) -> None:
    settings = Settings(var_dir=tmp_path, notifier="webhook,smtp,file,console", **ALL)  # type: ignore[arg-type]
    channels = channels_of(settings, clock)
    assert [type(channel) for channel in channels] == [WebhookChannel, SmtpChannel, FileNotifier, ConsoleNotifier]
    for channel in channels:
        await channel.close()


def test_the_secret_of_the_gateway_is_absent_or_bytes() -> None:
    assert webhook_secret(Settings()) is None
    assert webhook_secret(Settings(**ALL)) == b"s" * 32  # type: ignore[arg-type]


def test_the_address_for_reports_is_a_route_of_the_hub() -> None:
    assert f"/api/v1{next(iter(take_callback.paths))}" == CALLBACK_PATH
