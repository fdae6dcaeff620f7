"""What one account sends to one room through the relay: kept, then one after the other to the hub, then answered.

The next command leaves only after the answer to the one before, so no pause, refusal or cut can change their order.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import structlog

from evaluation.protocol import (
    AckFrame,
    ChangesFrame,
    ClientFrame,
    CommandFrame,
    PingFrame,
    RefusalFrame,
    ResumeFrame,
    ServerFrame,
    ViewFrame,
    encode_frame,
)
from evaluation.relay_protocol import ChannelFrame, KeptFrame, RelayFrame
from expert_hub.foundation.clock import Clock, instant_text
from expert_hub.relay.errors import KeptIdReused, OutboxFull, SeatOutboxFull
from expert_hub.relay.keeper import Keeper
from expert_hub.relay.outbox import KeptCommand, LaneKey
from expert_hub.relay.settings import RelaySettings
from expert_hub.seat_client.seen import Seen

log = structlog.get_logger("expert_hub.relay")
_BUSY = (429, 503)
_NAMED = 1_000
"""So many waiting commands are named in the view; the rest is only counted."""


class Listener(Protocol):
    """One local connection of the seat."""

    def answer(self, frame: bytes) -> None:
        """Send an answer after those before it."""

    def ring(self) -> None:
        """There may be something newer to see."""

    def end(self, code: int, reason: str) -> None:
        """Close it."""


@dataclass
class Load:
    """How much the outbox holds, of all lanes together."""

    commands: int = 0
    octets: int = 0


@dataclass(frozen=True)
class Means:
    """What the lanes of one relay share."""

    keeper: Keeper
    settings: RelaySettings
    clock: Clock
    load: Load


class Lane:
    """One account in one room.

    Attributes:
        token: with which the account signed in last; none if the hub no longer takes it.
        seats: local connections.
        coming: connections that are let in and not yet over.
        seen: what the hub showed last; in memory only.
    """

    def __init__(self, key: LaneKey, means: Means, token: str | None = None) -> None:
        self.key, self.token = key, token
        self.seats: set[Listener] = set()
        self.coming = 0
        self.seen = Seen()
        self._means = means
        self._waiting: dict[str, bytes] = {}
        self._refused: dict[str, bytes] = {}
        self._put: Callable[[RelayFrame], None] | None = None
        self._channel: str | None = None
        self._in_flight: str | None = None
        self._is_fresh = False
        self._since = instant_text(means.clock.now())

    @property
    def channel(self) -> str | None:
        """The open channel to the hub."""
        return self._channel

    @property
    def waiting(self) -> int:
        """Commands without an answer of the hub."""
        return len(self._waiting)

    @property
    def unheard(self) -> int:
        """Refusals that no connection of the seat has heard yet."""
        return len(self._refused)

    @property
    def is_idle(self) -> bool:
        """Nobody is there and nothing waits."""
        return not (self.coming or self._waiting)

    def restore(self, kept: KeptCommand) -> None:
        """Take over what an earlier run kept."""
        if kept.refusal is None:
            self._waiting[kept.command_id] = kept.command
            self._weigh(kept.command, 1)
        else:
            self._refused[kept.command_id] = kept.refusal

    def sections(self) -> dict[str, Any]:
        """The view as it is known here, with the section `uplink`: is the link up, since when, what waits."""
        uplink = {
            "online": self._channel is not None,
            "since": self._since,
            "stale": not self._is_fresh,
            "kept": len(self._waiting),
            "kept_ids": list(self._waiting)[:_NAMED],
        }
        return {**self.seen.sections, "uplink": uplink}

    async def keep(self, frame: CommandFrame) -> bytes:
        """Make a command durable and send it on as soon as its turn comes.

        Returns:
            The frame for the seat: kept, or the refusal that the hub gave while the seat was away.

        Raises:
            KeptIdReused, OutboxFull, SeatOutboxFull: nothing was kept.
        """
        name, body = frame.command_id, bytes(frame.command)
        if name in self._refused:
            return self._refused_before(name)
        if self._waiting.get(name, body) != body:
            raise KeptIdReused(command_id=name)
        if name not in self._waiting:
            self._ensure_room_for(body)
            self._weigh(body, 1)
            kept = KeptCommand(*self.key, name, body)
            try:
                await self._means.keeper.put(lambda store: store.add(kept))
            except Exception:
                self._weigh(body, -1)
                raise
            if self._waiting.setdefault(name, body) is not body:
                self._weigh(body, -1)
        return encode_kept(name)

    def proceed(self) -> None:
        """Send the next command, if the one before is answered, and let the seats see what waits."""
        if self._channel is not None and self._in_flight is None and self._waiting:
            self._in_flight, body = next(iter(self._waiting.items()))
            self._say(CommandFrame(self._in_flight, msgspec.Raw(body)))
        if self._channel is None:
            self.ring()

    def join(self, seat: Listener) -> None:
        """A local connection begins; it hears what was refused while nobody was there."""
        self.seats.add(seat)
        for name in list(self._refused):
            seat.answer(self._refused_before(name))

    def online(self, channel: str, put: Callable[[RelayFrame], None]) -> None:
        """The hub has opened a channel: go on from what was seen and answered."""
        self._channel, self._put, self._in_flight = channel, put, None
        self._since = instant_text(self._means.clock.now())
        self._say(ResumeFrame(self.seen.version))
        self.proceed()
        self.ring()

    def offline(self) -> None:
        """The channel is gone; what was on its way will be sent again."""
        if self._channel is not None:
            self._since = instant_text(self._means.clock.now())
        self._channel, self._put, self._in_flight, self._is_fresh = None, None, None, False
        self.ring()

    def forget(self, code: int, reason: str) -> None:
        """The hub no longer takes this sign-in: nobody sees or sends anything here until it takes another."""
        self.offline()
        self.token, self.seen = None, Seen()
        self._means.keeper.put(lambda store: store.leave(self.key))
        for seat in list(self.seats):
            seat.end(code, reason)

    def beat(self) -> None:
        """Tell the room that the seat is still here."""
        if self._channel is not None:
            self._say(PingFrame())

    def ring(self) -> None:
        """Have every connection look at the view again."""
        for seat in list(self.seats):
            seat.ring()

    def take(self, frame: ServerFrame) -> None:
        """Take one frame of the hub."""
        match frame:
            case AckFrame():
                self._acknowledged(frame)
            case RefusalFrame():
                self._refuse(frame)
            case ViewFrame() | ChangesFrame():
                self._look(frame)

    def _look(self, frame: ViewFrame | ChangesFrame) -> None:
        if isinstance(frame, ViewFrame):
            self.seen.replace(frame)
        elif not self.seen.merge(frame):
            self._say(ResumeFrame(None))
            return
        self._is_fresh = True
        self.ring()

    def _acknowledged(self, frame: AckFrame) -> None:
        if frame.command_id != self._in_flight:
            return
        self._means.keeper.put(lambda store: store.remove(self.key, frame.command_id))
        self._answered(frame.command_id, encode_frame(frame))

    def _refuse(self, frame: RefusalFrame) -> None:
        name = frame.command_id
        if name is None or name != self._in_flight:
            log.warning("refusal of no command", problem=frame.problem.get("code"))
            return
        if frame.problem.get("status") in _BUSY:
            # Not an answer to the command: the hub will take it later, in its turn.
            asyncio.get_running_loop().call_later(self._means.settings.retry_s, self._again, self._channel)
            return
        raw = encode_frame(frame)
        is_heard = bool(self.seats)
        if not is_heard:
            self._refused[name] = raw
        # Durable before it is told: a command that was refused must not be sent once more by the next run.
        done = self._means.keeper.put(
            lambda store: store.remove(self.key, name) if is_heard else store.refuse(self.key, name, raw)
        )
        done.add_done_callback(lambda ended: None if ended.cancelled() else self._answered(name, raw))

    def _answered(self, name: str, raw: bytes) -> None:
        body = self._waiting.pop(name, None)
        if body is not None:
            self._weigh(body, -1)
        if self._in_flight == name:
            self._in_flight = None
        for seat in list(self.seats):
            seat.answer(raw)
            seat.ring()
        self.proceed()

    def _again(self, channel: str | None) -> None:
        if channel is not None and channel == self._channel:
            self._in_flight = None
            self.proceed()

    def _refused_before(self, name: str) -> bytes:
        self._means.keeper.put(lambda store: store.remove(self.key, name))
        return self._refused.pop(name)

    def _say(self, frame: ClientFrame) -> None:
        if self._put is not None and self._channel is not None:
            self._put(ChannelFrame(self._channel, msgspec.Raw(encode_frame(frame))))

    def _ensure_room_for(self, body: bytes) -> None:
        bounds, load = self._means.settings, self._means.load
        if len(self._waiting) >= bounds.seat_commands_max:
            raise SeatOutboxFull(count=len(self._waiting))
        if load.commands >= bounds.commands_max or load.octets + len(body) > bounds.bytes_max:
            raise OutboxFull

    def _weigh(self, body: bytes, sign: int) -> None:
        self._means.load.commands += sign
        self._means.load.octets += sign * len(body)


def encode_kept(command_id: str) -> bytes:
    """The frame that tells a seat: durable here, not yet at the hub."""
    return msgspec.json.encode(KeptFrame(command_id))
