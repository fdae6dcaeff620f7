"""Time as an argument: the only place of the service that reads the clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

HUB_ZONE = ZoneInfo("Asia/Shanghai")
"""Zone in which dates of law are counted (Source: spec, head of page)."""


@runtime_checkable
class Clock(Protocol):
    """Gives the present instant."""

    def now(self) -> datetime:
        """The present instant, UTC aware."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, UTC aware."""
        return datetime.now(UTC)


class PacedClock:
    """A clock that runs faster than another from one instant on; for training only. The instant being fixed, a program
    that starts again goes on where it was."""

    def __init__(self, base: Clock, since: datetime, speed: float) -> None:
        """Run after a base clock.

        Args:
            base: the clock to follow.
            since: instant of the base clock from which on this one runs faster.
            speed: seconds of this clock in one second of the base, at least 1.
        """
        self._base, self._since, self._speed = base, since.astimezone(UTC), speed

    def now(self) -> datetime:
        """The present instant, UTC aware."""
        at = self._base.now()
        return at if at <= self._since else self._since + (at - self._since) * self._speed


class FixedClock:
    """A clock for tests: stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def move(self, **span: float) -> None:
        """Move forward by a `timedelta(**span)`."""
        self.at += timedelta(**span)


def instant_text(at: datetime) -> str:
    """An instant as RFC 3339 text in UTC: `Z`, a fraction of six digits only where there is one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def local_date(at: datetime) -> date:
    """The calendar day of an instant in the zone of the hub."""
    return at.astimezone(HUB_ZONE).date()
