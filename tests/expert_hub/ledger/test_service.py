import pytest
from sqlalchemy import text

from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.ledger.merkle import root_of_leaves
from expert_hub.ledger.service import NewEntry, append, verify


async def _fill(database: Database, clock: FixedClock, count: int) -> list[str]:
    leaves = []
    for number in range(count):
        clock.move(seconds=1)
        async with database.write() as session:
            row = await append(session, clock, NewEntry("tests/happened", f"thing-{number}", {"number": number}))
            leaves.append(row.leaf)
    return leaves


async def test_root_is_the_tree_over_all_leaves(database: Database, clock: FixedClock) -> None:
    leaves = await _fill(database, clock, 13)
    async with database.read() as session:
        audit = await verify(session)
    assert audit.ok
    assert audit.size == 13
    assert audit.root == root_of_leaves(bytes.fromhex(leaf) for leaf in leaves).hex()


async def test_an_entry_lives_and_dies_with_its_transaction(database: Database, clock: FixedClock) -> None:
    await _fill(database, clock, 2)
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await append(session, clock, NewEntry("tests/undone", "thing"))
            raise RuntimeError
    await _fill(database, clock, 1)
    async with database.read() as session:
        audit = await verify(session)
    assert (audit.ok, audit.size) == (True, 3)


@pytest.mark.parametrize(
    "damage",
    [
        'UPDATE ledger_entry SET text = replace(text, \'"number":3\', \'"number":4\') WHERE "index" = 3',
        "UPDATE ledger_entry SET subject = 'other' WHERE \"index\" = 3",
        'UPDATE ledger_entry SET root = leaf WHERE "index" = 3',
        'DELETE FROM ledger_entry WHERE "index" = 3',
    ],
)
async def test_an_altered_entry_is_named(database: Database, clock: FixedClock, damage: str) -> None:
    await _fill(database, clock, 6)
    async with database.write() as session:
        await (await session.connection()).exec_driver_sql(damage)
    async with database.read() as session:
        audit = await verify(session)
    assert audit.first_fault == 3


async def test_a_cut_tail_is_found(database: Database, clock: FixedClock) -> None:
    await _fill(database, clock, 6)
    async with database.write() as session:
        await session.execute(text('DELETE FROM ledger_entry WHERE "index" >= 4'))
    async with database.read() as session:
        assert not (await verify(session)).ok
