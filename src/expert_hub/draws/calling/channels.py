"""The channels that the settings name, in their order."""

from pydantic import SecretStr

from expert_hub.draws.calling.notifier import ConsoleNotifier, FileNotifier, Notifier
from expert_hub.draws.calling.smtp_channel import MailRoute, SmtpChannel
from expert_hub.draws.calling.webhook_channel import WebhookChannel
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.settings import Settings

CALLBACK_PATH = "/api/v1/invitations/callback"


def channels_of(settings: Settings, clock: Clock) -> tuple[Notifier, ...]:
    """Make the channels; the settings were checked to hold what each needs."""
    return tuple(_channel(name, settings, clock) for name in settings.channels)


def webhook_secret(settings: Settings) -> bytes | None:
    """The secret shared with the gateway, if there is one."""
    return _plain(settings.webhook_secret).encode() if settings.webhook_secret else None


def _channel(name: str, settings: Settings, clock: Clock) -> Notifier:
    if name == "smtp":
        return SmtpChannel(_route(settings), settings.notifier_timeout_s)
    if name == "webhook":
        callback = f"{settings.public_url}{CALLBACK_PATH}"
        secret = webhook_secret(settings) or b""
        return WebhookChannel(settings.webhook_url or "", secret, callback, clock, settings.notifier_timeout_s)
    return FileNotifier(settings.outbox_dir) if name == "file" else ConsoleNotifier()


def _route(settings: Settings) -> MailRoute:
    return MailRoute(
        host=settings.smtp_host or "",
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        sender=settings.smtp_from or "",
        to=settings.smtp_to or "",
        user=settings.smtp_user,
        password=_plain(settings.smtp_password) if settings.smtp_password else None,
        ca_file=str(settings.smtp_ca_file) if settings.smtp_ca_file else None,
    )


def _plain(secret: SecretStr) -> str:
    return secret.get_secret_value()
