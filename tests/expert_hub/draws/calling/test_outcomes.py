"""Every invitation ends with one outcome: row, place and ledger agree, and secrets are gone."""

import json
from pathlib import Path
from typing import Any

import pytest

from expert_hub.draws.calling.invitation_rules import OPEN, InvitationState
from expert_hub.draws.calling.outcomes import conclude, evidence_digest, lock_concern
from expert_hub.draws.tables import DrawPosition, InvitationAttempt
from expert_hub.ledger.tables import LedgerEntry
from expert_hub.listings import service as listings
from expert_hub.listings.rules import LotState

UNANSWERED = (*OPEN, InvitationState.HELD, InvitationState.CLOSED)
ENDED = [state for state in InvitationState if state not in UNANSWERED]


async def _conclude(bench: Any, invitation_id: str, outcome: InvitationState) -> None:
    async with bench.hub.database.write() as session:
        concern = await lock_concern(session, invitation_id=invitation_id)
        assert concern
        await conclude(session, bench.means, concern, outcome)


@pytest.mark.parametrize("outcome", ENDED)
async def test_row_place_and_ledger_agree(bench: Any, outcome: InvitationState) -> None:
    await bench.draw(1, 1)
    (row,) = [row for row in await bench.invitations() if row.state != "held"]
    await _conclude(bench, row.id, outcome)
    row = next(each for each in await bench.invitations() if each.id == row.id)
    is_kept = outcome is InvitationState.ACCEPTED
    assert (row.state, row.parcel_sealed, row.due_at, row.leased_by) == (outcome, None, None, None)
    assert (row.closed_at is None) is is_kept
    assert (row.answered_at is None) is (outcome in (InvitationState.NO_ANSWER, InvitationState.UNREACHABLE))
    assert await bench.outcomes() == [outcome, "drawn"]
    (position,) = await bench.rows(DrawPosition, DrawPosition.outcome == outcome)
    (entry,) = await bench.rows(LedgerEntry, LedgerEntry.kind == f"draws/{outcome.replace('_', '-')}")
    assert (position.entry, json.loads(entry.text)["body"]["position"]) == (entry.index, position.position)


def test_every_outcome_is_in_the_page_of_the_ledger() -> None:
    page = (Path(__file__).parents[4] / "docs/protocol/ledger.md").read_text("utf-8")
    assert [kind for kind in (f"draws/{state.replace('_', '-')}" for state in ENDED) if f"`{kind}`" not in page] == []


@pytest.mark.parametrize("state", [LotState.EVALUATED, LotState.FAILED])
async def test_no_seat_of_a_lot_that_is_over_is_filled(bench: Any, state: LotState) -> None:
    draw_id = await bench.draw(1)
    (row,) = await bench.invitations()
    for step in (LotState.EVALUATING, state):
        async with bench.hub.database.write() as session:
            await listings.advance(session, bench.hub.clock, bench.lot_id, step)
    await _conclude(bench, row.id, InvitationState.NO_ANSWER)
    assert await bench.outcomes() == ["no_answer"]
    assert await bench.state(draw_id) == "inviting"


async def test_the_evidence_changes_with_each_attempt_and_is_what_the_ledger_holds(bench: Any, recorder: Any) -> None:
    await bench.draw(1)
    (row,) = await bench.invitations()
    async with bench.hub.database.read() as session:
        before = await evidence_digest(session, row.id)
    await bench.worker(recorder).work_off()
    async with bench.hub.database.read() as session:
        after = await evidence_digest(session, row.id)
    assert before != after
    await _conclude(bench, row.id, InvitationState.DECLINED)
    (entry,) = await bench.rows(LedgerEntry, LedgerEntry.kind == "draws/evidence")
    assert json.loads(entry.text)["body"] == {"number": 0, "position": 0, "seat": 0, "sha256": after}
    assert len(await bench.rows(InvitationAttempt)) == 1


async def test_what_does_not_exist_cannot_be_locked(bench: Any) -> None:
    async with bench.hub.database.write() as session:
        assert await lock_concern(session, invitation_id="none") is None
        assert await lock_concern(session, code_sha256="none") is None
