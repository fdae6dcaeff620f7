"""Messages leave after the transaction that queued them, at least once, and are forgotten when they are sent."""

from typing import Any

from sqlalchemy import select

from expert_hub.draws.delivery import deliver_queued
from expert_hub.draws.notifier import Message
from expert_hub.draws.tables import Invitation


class _Broken:
    """A gateway that is down for the first messages."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.sent: list[Message] = []

    async def send(self, message: Message) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("gateway down")
        self.sent.append(message)


async def _queue_again(api: Any) -> None:
    async with api.hub.database.write() as session:
        for row in (await session.execute(select(Invitation))).scalars():
            row.state = "queued"
            row.message_sealed = api.hub.vault.seal(f"code of {row.id}", bytes(12))


async def test_what_a_broken_gateway_refused_is_sent_the_next_time(api: Any) -> None:
    await api.draw(await api.register())
    await api.codes(6)
    await _queue_again(api)
    hub, gateway = api.hub, _Broken(failures=2)
    assert await deliver_queued(hub.database, hub.vault, hub.clock, gateway) == 4
    assert await deliver_queued(hub.database, hub.vault, hub.clock, gateway) == 2
    assert await deliver_queued(hub.database, hub.vault, hub.clock, gateway) == 0
    assert len({message.message_id for message in gateway.sent}) == 6
    async with hub.database.read() as session:
        rows = list((await session.execute(select(Invitation))).scalars())
    assert {(row.state, row.message_sealed) for row in rows} == {("sent", None)}


async def test_a_message_goes_to_the_mobile_of_the_drawn_expert(api: Any) -> None:
    await api.draw(await api.register())
    await api.codes(6)
    await _queue_again(api)
    gateway = _Broken(failures=0)
    await deliver_queued(api.hub.database, api.hub.vault, api.hub.clock, gateway)
    assert all(len(message.mobile) == 11 and message.mobile.isdigit() for message in gateway.sent)
    assert len({message.mobile for message in gateway.sent}) == 6
