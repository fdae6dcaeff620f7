"""How much a relay keeps and how patient it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """Bounds and time limits of one relay.

    Attributes:
        commands_max: commands in the outbox, of all seats together.
        bytes_max: octets of those commands.
        seat_commands_max: commands of one seat in the outbox.
        seats_max: connections of local seats.
        answers_max: answers that may wait for one slow seat before it is closed with 4429.
        frame_bytes_max: largest frame of a seat.
        hub_frame_bytes_max: largest frame of the hub.
        heartbeat_s: seconds between two beats to the hub.
        dead_after_s: seconds without any frame of the hub after which the link counts as cut.
        connect_timeout_s: seconds for one attempt to connect.
        backoff_first_s: upper bound of the first pause before connecting again.
        backoff_max_s: upper bound of every later pause.
        retry_s: pause after the hub said that it is too busy for a command.
        send_s: seconds that one frame to a seat may take.
        silent_s: seconds without any frame after which a seat is closed with 4408.
    """

    commands_max: int = 100_000
    bytes_max: int = 64 * 1024 * 1024
    seat_commands_max: int = 5_000
    seats_max: int = 200
    answers_max: int = 10_000
    frame_bytes_max: int = 65_536
    hub_frame_bytes_max: int = 16 * 1024 * 1024
    heartbeat_s: float = 5.0
    dead_after_s: float = 15.0
    connect_timeout_s: float = 10.0
    backoff_first_s: float = 0.25
    backoff_max_s: float = 5.0
    retry_s: float = 1.0
    send_s: float = 30.0
    silent_s: float = 60.0
