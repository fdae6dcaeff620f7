"""Let an auditor read why people were left out of a draw; every reading is an entry of the ledger."""

import asyncio
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.conflicts import conflict_store
from expert_hub.draws.conflicts.conflict_decisions import ReasonText
from expert_hub.draws.conflicts.conflict_tables import ExclusionRecord
from expert_hub.draws.conflicts.exclusion_records import ExclusionView, exclusions_in, opened_record
from expert_hub.draws.errors import DecisionIncomplete, ExclusionsSealed
from expert_hub.draws.means import Means
from expert_hub.draws.rules import OVER
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append

Offset = Annotated[int, Meta(ge=0, le=2**53 - 1)]
PageSize = Annotated[int, Meta(ge=1, le=200)]


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is read and why: of one expert, of one ground, or all, from a place on."""

    reason: ReasonText
    expert_id: str | None = None
    ground: str | None = None
    after: Offset = 0
    limit: PageSize = 50


class ExclusionPage(msgspec.Struct, frozen=True):
    """Exclusions in the order of the record; `next` is where the next page begins."""

    items: list[ExclusionView]
    next: int | None


async def read_exclusions(
    session: AsyncSession, means: Means, actor: Actor, draw_id: str, reading: Reading
) -> ExclusionPage:
    """Open the records of a draw.

    Raises:
        NotFound: there is no such draw.
        DecisionIncomplete: no reason is given.
        ExclusionsSealed: who is not left out could still be drawn or guessed.
    """
    actor.require(Role.AUDITOR)
    draw = await store.draw_by_id(session, draw_id)
    pool = await store.pool_of(session, draw_id)
    if draw is None or pool is None:
        raise NotFound
    if not reading.reason.strip():
        raise DecisionIncomplete(missing="reason")
    if draw.checked_in_at is None and draw.state not in OVER:
        raise ExclusionsSealed
    rows = await conflict_store.exclusions_of(session, draw_id)
    page = await asyncio.to_thread(_page, means, rows, pool.candidates_sealed, reading)
    body = {"by": actor.account_id, "reason": reading.reason.strip(), "shown": len(page.items)}
    await append(session, means.clock, NewEntry("draws/exclusions-read", draw.id, body))
    return page


def _page(means: Means, rows: Sequence[ExclusionRecord], candidates: bytes, reading: Reading) -> ExclusionPage:
    people = zlib.decompress(bytes.fromhex(means.vault.open(candidates))).decode().split("\n")
    found = _found(means, rows, people, reading)
    items = list(islice(found, reading.after, reading.after + reading.limit + 1))
    more = len(items) > reading.limit
    return ExclusionPage(items[: reading.limit], reading.after + reading.limit if more else None)


def _found(
    means: Means, rows: Sequence[ExclusionRecord], people: Sequence[str], reading: Reading
) -> Iterator[ExclusionView]:
    for row in rows:
        for item in exclusions_in(opened_record(means, row), row.number, people):
            if reading.expert_id in (None, item.expert_id) and reading.ground in (None, item.ground):
                yield item
