"""A room of the sample tender played from check-in to the last signature; without sockets, but stored all the same."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import msgspec
import pytest

from evaluation import commands as cmd
from evaluation.commands import Command
from expert_hub.demo.committee import Committee, marks_of
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import actor_of
from expert_hub.identity.tokens import account_in
from expert_hub.sample.scores import scores_document

Step = Callable[[str], Awaitable[None]]


class Table:
    """Everybody of one room: actors by seat, operators by venue, and the scores of the sample."""

    def __init__(self, api: Any, room_id: str) -> None:
        self.api, self.room_id = api, room_id
        self.members: dict[str, Actor] = {}
        self.operators: list[Actor] = []
        self.scores = scores_document()
        self._ids = count()

    async def sit(self) -> None:
        for account in (*(f"expert-{number}" for number in range(6)), "representative"):
            actor = await self._actor(account)
            self.members[(await self._view(actor))["me"]["seat_id"]] = actor
        self.operators = [await self._actor("host"), await self._actor("guest")]

    async def _actor(self, account: str) -> Actor:
        account = account_in(self.api.hub.token_key, self.api.tokens[account], self.api.hub.clock.now())
        async with self.api.hub.database.read() as session:
            actor = await actor_of(session, account)
        assert actor is not None
        return actor

    async def _view(self, actor: Actor) -> dict[str, Any]:
        return dict((await self.api.hub.rooms.view_for(self.room_id, actor))[1])

    async def give(self, actor: Actor, command: Command) -> None:
        body = msgspec.json.encode(command)
        await self.api.hub.rooms.command(self.room_id, actor, f"played-{next(self._ids)}", body)

    async def each(self, *commands: Command) -> None:
        for command in commands:
            for actor in self.members.values():
                await self.give(actor, command)

    async def play(self, during: Step | None = None) -> None:
        """From check-in to the last signature; `during` runs when everybody has checked in."""
        await self.give(self.operators[0], cmd.OpenCheckIn())
        for operator in self.operators:
            for seat in (await self._view(operator))["site"]["seats"]:
                await self.give(operator, cmd.ConfirmIdentity(seat["seat_id"]))
        await self.each(cmd.CheckIn(phone_locked=True), cmd.SignPromise(conflict_declared=False))
        if during:
            await during(self.room_id)
        await self.each(cmd.VoteLeader("s1"), cmd.ConfirmBriefing())
        leader = self.members["s1"]
        await self.give(leader, cmd.StartPreliminary())
        for seat_id, actor in self.members.items():
            await self._review(int(seat_id[1:]), actor)
        await self.give(leader, cmd.ClosePreliminary())
        committee = Committee({}, None, None, self.scores)  # type: ignore[arg-type]
        for seat_id, actor in self.members.items():
            for bid, item, value in marks_of(committee, seat_id):
                await self.give(actor, cmd.EnterScore(bid, item, value))
        await self.each(cmd.SubmitSheet())
        for actor in self.members.values():
            for alert in (await self._view(actor))["alerts"]:
                await self.give(actor, cmd.AnswerAlert(alert["alert_id"], keep=True, reason="维持原评分"))
        await self.each(cmd.ConfirmConsistency())
        await self.give(leader, cmd.ProposeCandidates())
        await self.each(cmd.SignReport(agree=True))

    async def _review(self, number: int, actor: Actor) -> None:
        view = await self._view(actor)
        against = {(row["bid"], row["check"]): row for row in self.scores["rejections"] if number in row["seats"]}
        for bid in view["bids"]:
            for check in view["checks"]["checks"]:
                place = bid["bid_id"], check["check_id"]
                row = against.get(place)
                said = {"ground": row["ground"], "page": row["page"], "note": row["note"]} if row else {}
                await self.give(actor, cmd.VoteCheck(*place, passed=row is None, **said))


@pytest.fixture
def closed_room(api: Any) -> Callable[..., Awaitable[str]]:
    """Opens a room, plays it to the end and gives its id; the steps run before check-in and after it."""

    async def make(before: Step | None = None, during: Step | None = None) -> str:
        table = Table(api, await api.room())
        if before:
            await before(table.room_id)
        api.hub.clock.move(hours=1)
        await table.sit()
        await table.play(during)
        return str(table.room_id)

    return make
