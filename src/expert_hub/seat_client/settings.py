"""How patient a seat client is."""

from dataclasses import dataclass

from expert_hub.foundation.chance import Chance


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Time limits of one seat client; the room's own values are `room.heartbeat_s` and `room.offline_s`.

    Attributes:
        heartbeat_s: seconds between two pings.
        dead_after_s: seconds without any frame after which the link counts as cut; not less than `heartbeat_s`.
        backoff_first_s: upper bound of the first pause before connecting again, in seconds.
        backoff_max_s: upper bound of every later pause.
        connect_timeout_s: seconds for one attempt to connect.
        max_frame_bytes: largest frame accepted from the server.
    """

    heartbeat_s: float = 15.0
    dead_after_s: float = 45.0
    backoff_first_s: float = 0.25
    backoff_max_s: float = 15.0
    connect_timeout_s: float = 10.0
    max_frame_bytes: int = 16 * 1024 * 1024

    def __post_init__(self) -> None:
        if not 0 < self.heartbeat_s <= self.dead_after_s:
            raise ValueError("heartbeat_s must be positive and not above dead_after_s")
        if not 0 < self.backoff_first_s <= self.backoff_max_s:
            raise ValueError("backoff_first_s must be positive and not above backoff_max_s")


class Backoff:
    """Pauses that double up to a bound; the random part keeps a hall of seats from knocking at one moment."""

    def __init__(self, settings: LinkSettings, chance: Chance) -> None:
        self._settings = settings
        self._chance = chance
        self._bound_s = settings.backoff_first_s

    def next_pause_s(self) -> float:
        """The next pause in seconds, between half its bound and its bound."""
        bound_s = self._bound_s
        self._bound_s = min(bound_s * 2, self._settings.backoff_max_s)
        return bound_s * (0.5 + self._chance.octets(1)[0] / 510)

    def reset(self) -> None:
        """The link worked: begin again with the first pause."""
        self._bound_s = self._settings.backoff_first_s
