"""Who sat with whom, kept once the names are revealed: pairs that sit together too often are kept apart."""

from collections.abc import Sequence
from itertools import combinations

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws.conflicts import conflict_store
from expert_hub.draws.conflicts.conflict_tables import CoService
from expert_hub.draws.means import Means
from expert_hub.draws.tables import Draw
from expert_hub.foundation.clock import local_date
from expert_hub.listings import service as listings


async def note_panel(session: AsyncSession, means: Means, draw: Draw, expert_ids: Sequence[str]) -> None:
    """Keep the pairs of a panel with the day of its evaluation, each once however often it is noted."""
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    on = local_date(lot.evaluation_starts_at)
    people = sorted({means.vault.index(expert_id) for expert_id in expert_ids})
    known = await conflict_store.known_services(session, people, on)
    session.add_all(
        CoService(one_index=one, other_index=other, on_date=on)
        for one, other in combinations(people, 2)
        if (one, other) not in known
    )
    await session.flush()
