from datetime import UTC, date, datetime

import msgspec
import pytest

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.rule_packs import RulePack, shipped_pack
from expert_hub.listings import service
from expert_hub.listings.errors import ProjectCodeTaken, TenderFormInvalid, UnknownPack, WrongLotState
from expert_hub.listings.rules import LotState, TenderForm
from expert_hub.sample.tender import tender_document

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def form() -> TenderForm:
    return msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)


@pytest.fixture
def packs() -> dict[str, RulePack]:
    pack = shipped_pack("government_procurement", date(2026, 3, 2))
    return {pack.pack_id: pack}


async def test_a_project_keeps_the_digest_of_its_pack_and_its_form(
    database: Database, clock: FixedClock, chance: SeededChance, packs: dict[str, RulePack], form: TenderForm
) -> None:
    async with database.write() as session:
        project, lot = await service.register(session, clock, chance, packs, form)
    async with database.read() as session:
        lot, project = await service.lot_and_project(session, lot.id)
        assert service.form_of(lot) == form
    assert project.pack_sha256 == packs[project.pack_id].sha256
    assert lot.state == LotState.REGISTERED


async def test_refusals_leave_nothing(
    database: Database, clock: FixedClock, chance: SeededChance, packs: dict[str, RulePack], form: TenderForm
) -> None:
    with pytest.raises(UnknownPack, match="cn.government_procurement.tender"):
        async with database.write() as session:
            unknown = msgspec.structs.replace(form, project=msgspec.structs.replace(form.project, pack="x"))
            await service.register(session, clock, chance, packs, unknown)
    with pytest.raises(TenderFormInvalid):
        async with database.write() as session:
            await service.register(session, clock, chance, packs, msgspec.structs.replace(form, checks=[]))
    async with database.write() as session:
        assert await service.list_projects(session, None, 10) == []
        await service.register(session, clock, chance, packs, form)
    with pytest.raises(ProjectCodeTaken):
        async with database.write() as session:
            await service.register(session, clock, chance, packs, form)


async def test_a_lot_moves_only_along_its_steps(
    database: Database, clock: FixedClock, chance: SeededChance, packs: dict[str, RulePack], form: TenderForm
) -> None:
    async with database.write() as session:
        _, lot = await service.register(session, clock, chance, packs, form)
        with pytest.raises(WrongLotState):
            await service.advance(session, clock, lot.id, LotState.EVALUATED)
        await service.advance(session, clock, lot.id, LotState.EVALUATING)
        await service.advance(session, clock, lot.id, LotState.EVALUATED)
        with pytest.raises(NotFound):
            await service.advance(session, clock, "no such lot", LotState.EVALUATED)
