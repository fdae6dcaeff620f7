"""What a hub checks before it serves: unsafe settings are refused with a sentence, not discovered in an incident."""

import sqlite3
import stat
from urllib.parse import urlsplit

from expert_hub.foundation.errors import HubError
from expert_hub.foundation.settings import Settings

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class UnsafeSettings(HubError):
    """Settings under which data or secrets would be at risk."""

    code = "hub/unsafe-settings"
    status = 500
    zh = "配置不安全，拒绝启动：{summary}"
    en = "Unsafe settings, not starting: {summary}"


def unsafe_settings(settings: Settings) -> list[str]:
    """Every reason not to start; empty if there is none."""
    return [*_worker_faults(settings), *_network_faults(settings), *_channel_faults(settings), *_key_faults(settings)]


def ensure_safe(settings: Settings) -> None:
    """Refuse unsafe settings.

    Raises:
        UnsafeSettings: with every reason.
    """
    reasons = unsafe_settings(settings)
    if reasons:
        raise UnsafeSettings(reasons=reasons, summary="; ".join(reasons))


def _worker_faults(settings: Settings) -> list[str]:
    on_sqlite = settings.effective_database_url.startswith("sqlite")
    if on_sqlite and settings.workers > 1:
        version = ".".join(map(str, sqlite3.sqlite_version_info))
        return [
            f"{settings.workers} workers on SQLite {version}: several processes may only write to PostgreSQL "
            "(SQLite before 3.51.3 can corrupt a WAL database); set DATABASE_URL or EXPERT_HUB_WORKERS=1"
        ]
    return []


def _network_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.host not in _LOOPBACK and not settings.behind_tls:
        faults.append(
            f"listening on {settings.host} without TLS: tokens would travel in clear; put a TLS proxy in front and "
            "set EXPERT_HUB_BEHIND_TLS=true, or listen on 127.0.0.1"
        )
    bucket = urlsplit(settings.documents_endpoint or "")
    if settings.documents_bucket and bucket.scheme == "http" and bucket.hostname not in _LOOPBACK:
        faults.append(
            f"bid documents would travel in clear to {bucket.hostname}: EXPERT_HUB_DOCUMENTS_ENDPOINT must be https://"
        )
    if "console" in settings.channels and (settings.host not in _LOOPBACK or settings.behind_tls):
        faults.append(
            "the console notifier writes the mobile numbers of drawn experts and their codes to the log; set "
            "EXPERT_HUB_NOTIFIER to another channel"
        )
    if "*" in settings.allowed_origins:
        faults.append("EXPERT_HUB_ALLOWED_ORIGINS holds *: name each origin")
    return faults


def _channel_faults(settings: Settings) -> list[str]:
    faults = []
    if "smtp" in settings.channels and settings.smtp_tls == "none" and settings.smtp_host not in _LOOPBACK:
        faults.append(
            f"mail to {settings.smtp_host} without TLS: numbers and codes of drawn experts would travel in clear; "
            "set EXPERT_HUB_SMTP_TLS=starttls or implicit"
        )
    url = urlsplit(settings.webhook_url or "")
    if "webhook" in settings.channels and url.scheme != "https" and url.hostname not in _LOOPBACK:
        faults.append(
            f"messages to the gateway at {url.hostname} without TLS: numbers and codes of drawn experts would travel "
            "in clear; set EXPERT_HUB_WEBHOOK_URL=https://..."
        )
    return faults


def _key_faults(settings: Settings) -> list[str]:
    keys = settings.effective_keys_dir
    if not keys.is_dir():
        return []
    loose = [path.name for path in sorted(keys.glob("*.key")) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    return [f"key files readable by others in {keys}: {', '.join(loose)}; chmod 600"] if loose else []
