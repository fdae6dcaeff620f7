"""The relay itself: lets seats in, gives each account a lane, keeps the lanes on the one link to the hub."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
import structlog
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from evaluation.protocol import ServerFrame
from evaluation.relay_protocol import CloseChannel, Hello
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.problems import language_of
from expert_hub.relay.keeper import Keeper
from expert_hub.relay.lane import Lane, Load, Means
from expert_hub.relay.outbox import Entry, LaneKey, Store
from expert_hub.relay.seat import Seat
from expert_hub.relay.settings import RelaySettings
from expert_hub.relay.upstream import STOPPING, ChannelRefused, HubUnreachable, Upstream

log = structlog.get_logger("expert_hub.relay")
_PATH = re.compile(r"/api/v1/rooms/([^/?]{1,64})/socket")
_NOT_NOW = 1013
_decoder: msgspec.json.Decoder[ServerFrame] = msgspec.json.Decoder(ServerFrame)


@dataclass(frozen=True)
class Place:
    """Where local seats connect: address, port, certificate, and the origins whose pages may."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    origins: Sequence[str] = ()


@dataclass(frozen=True)
class Told:
    """What changed, for whoever watches over the relay: is the link up, why not, and how many commands wait."""

    online: bool
    why: str
    kept: int


class Relay:
    """One relay of one venue."""

    def __init__(self, upstream: Upstream, store: Store, settings: RelaySettings, tools: tuple[Clock, Chance]) -> None:
        self._upstream, self._store, self._settings = upstream, store, settings
        self._load = Load()
        self._keeper = Keeper(store)
        self._means = Means(self._keeper, settings, tools[0], self._load)
        self._lanes: dict[LaneKey, Lane] = {}
        self._channels: dict[str, Lane] = {}
        self._places = 0
        self._opening: set[asyncio.Task[None]] = set()
        self._observers: list[Callable[[Told], None]] = []

    @property
    def kept(self) -> int:
        """Commands that the hub has not answered."""
        return self._load.commands

    def observe(self, observer: Callable[[Told], None]) -> None:
        """Have every change of the link told."""
        self._observers.append(observer)

    async def run(self) -> None:
        """Serve the link, after `listening` has begun, until cancelled.

        Raises:
            RelayStopped: the hub does not take this relay.
        """
        beating = asyncio.create_task(self._beat())
        try:
            await self._upstream.run(self)
        finally:
            for task in (beating, *self._opening):
                task.cancel()
            await asyncio.gather(beating, *self._opening, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def listening(self, place: Place) -> AsyncIterator[int]:
        """Take in seats while the block runs; gives the port."""
        self._restore()
        async with (
            self._keeper.running(),
            serve(
                self._welcome,
                place.host,
                place.port,
                ssl=place.tls,
                origins=[None, *place.origins],  # type: ignore[list-item]
                process_request=self._look_at,
                max_size=self._settings.frame_bytes_max,
                ping_interval=None,
                compression=None,
                close_timeout=1,
            ) as server,
        ):
            yield next(iter(server.sockets)).getsockname()[1]

    def _restore(self) -> None:
        for entry in self._store.entries():
            self._lane((entry.room_id, entry.account_id)).token = entry.token
        for kept in self._store.kept():
            self._lane((kept.room_id, kept.account_id)).restore(kept)

    def _lane(self, key: LaneKey) -> Lane:
        return self._lanes.setdefault(key, Lane(key, self._means))

    def _look_at(self, _socket: ServerConnection, request: Request) -> Response | None:
        if _PATH.fullmatch(request.path) is None:
            return _answer(HTTPStatus.NOT_FOUND)
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE) if self._places >= self._settings.seats_max else None

    async def _welcome(self, socket: ServerConnection) -> None:
        request = socket.request
        found = _PATH.fullmatch(request.path) if request is not None else None
        if request is None or found is None:
            return
        spoken = request.headers.get("Accept-Language", "")[:200]
        self._places += 1
        try:
            lane = await self._admit(found[1], _bearer(request), spoken)
            try:
                if lane.channel is None and self._upstream.is_linked:
                    self._open_later(lane)
                await Seat(socket, lane, self._settings, language_of(spoken)).serve()
            finally:
                lane.coming -= 1
                self._leave(lane)
        except ChannelRefused as refused:
            with contextlib.suppress(ConnectionClosed):
                await socket.close(refused.code, refused.reason[:100])
        finally:
            self._places -= 1

    async def _admit(self, room_id: str, token: str, language: str) -> Lane:
        """The lane of whoever brings this token, held until it is given back.

        Raises:
            ChannelRefused: with the code to close with.
        """
        lane, is_new = await self._lane_of(room_id, token, language)
        lane.coming += 1
        if is_new:
            entry = Entry(*lane.key, token)
            self._keeper.put(lambda store: store.enter(entry))
        return lane

    async def _lane_of(self, room_id: str, token: str, language: str) -> tuple[Lane, bool]:
        """The lane as the hub says or, without a link, as it said before; and whether the token is new to it."""
        if not token:
            raise ChannelRefused(4401, "identity/unauthenticated")
        known = next((lane for lane in self._lanes.values() if (lane.key[0], lane.token) == (room_id, token)), None)
        if known is not None and (known.channel is not None or not self._upstream.is_linked):
            return known, False
        try:
            channel, account_id = await self._upstream.open(room_id, token, language)
        except HubUnreachable:
            if known is None:
                raise ChannelRefused(_NOT_NOW, "relay/offline") from None
            return known, False
        lane = self._lane((room_id, account_id))
        self._attach(lane, channel)
        is_new, lane.token = lane.token != token, token
        return lane, is_new

    def _attach(self, lane: Lane, channel: str) -> None:
        if lane.channel is not None:
            self._drop(lane)
        self._channels[channel] = lane
        lane.online(channel, self._upstream.put)

    def _drop(self, lane: Lane) -> None:
        if lane.channel is not None:
            self._channels.pop(lane.channel, None)
            self._upstream.put(CloseChannel(lane.channel))
            lane.offline()

    def _leave(self, lane: Lane) -> None:
        if lane.is_idle:
            self._drop(lane)
        idle = [each for each in self._lanes.values() if each.is_idle and each.channel is None and not each.unheard]
        for each in idle[: max(0, len(self._lanes) - 4 * self._settings.seats_max)]:
            del self._lanes[each.key]

    def linked(self, hello: Hello) -> None:
        """The hub has taken the relay: open a channel for everyone who is here or has something waiting."""
        for lane in self._lanes.values():
            if lane.token is not None and not lane.is_idle:
                self._open_later(lane)
        self._tell(True, hello.relay_id)

    def unlinked(self, why: str) -> None:
        """The link is gone."""
        was_online = bool(self._channels)
        self._channels.clear()
        for lane in self._lanes.values():
            lane.offline()
        log.info("no link", why=why, had_channels=was_online)
        self._tell(False, why)

    def carried(self, channel: str, frame: bytes) -> None:
        """A frame came for a lane."""
        lane = self._channels.get(channel)
        if lane is None:
            return
        try:
            read = _decoder.decode(frame)
        except msgspec.DecodeError as error:
            # A later hub may say more than this relay knows.
            log.warning("frame not understood", why=str(error))
            return
        lane.take(read)
        if lane.is_idle:
            self._leave(lane)

    def closed(self, channel: str, code: int, reason: str) -> None:
        """The hub closed a channel: for good, or to be opened anew."""
        lane = self._channels.pop(channel, None)
        if lane is not None:
            self._end(lane, code, reason)

    def _end(self, lane: Lane, code: int, reason: str) -> None:
        if code in STOPPING:
            log.warning("sign-in no longer taken", code=code, reason=reason, kept=lane.waiting)
            lane.forget(code, reason)
            return
        lane.offline()
        self._open_later(lane, self._settings.retry_s)

    def _open_later(self, lane: Lane, pause_s: float = 0.0) -> None:
        task = asyncio.create_task(self._open(lane, pause_s))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(self, lane: Lane, pause_s: float) -> None:
        await asyncio.sleep(pause_s)
        if lane.token is None or lane.channel is not None or lane.is_idle:
            return
        try:
            channel, _ = await self._upstream.open(lane.key[0], lane.token, "")
        except ChannelRefused as refused:
            self._end(lane, refused.code, refused.reason)
        except HubUnreachable:
            return
        else:
            self._attach(lane, channel)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(15.0)
            for lane in list(self._lanes.values()):
                lane.beat()

    def _tell(self, online: bool, why: str) -> None:
        for observer in self._observers:
            observer(Told(online, why, self.kept))


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip()[:4000] if scheme.lower() == "bearer" else ""


def _answer(status: HTTPStatus) -> Response:
    return Response(status.value, status.phrase, Headers({"Connection": "close", "Content-Length": "0"}))
