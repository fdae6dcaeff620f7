"""Register a tender and move its lot along."""

from collections.abc import Mapping

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import store
from expert_hub.listings.errors import (
    InstalledPackDiffers,
    ProjectCodeTaken,
    TenderFormInvalid,
    UnknownPack,
    WrongLotState,
)
from expert_hub.listings.rules import STEPS, LotState, TenderForm, form_faults
from expert_hub.listings.tables import Lot, Project


def pack_named(packs: Mapping[str, RulePack], pack_id: str) -> RulePack:
    """The installed pack with this id.

    Raises:
        UnknownPack: it is not installed.
    """
    if pack_id not in packs:
        raise UnknownPack(pack=pack_id, installed=", ".join(sorted(packs)))
    return packs[pack_id]


def governing_pack(packs: Mapping[str, RulePack], project: Project) -> RulePack:
    """The pack that was frozen for a project.

    Raises:
        InstalledPackDiffers: the installed pack of that id is another text.
    """
    pack = pack_named(packs, project.pack_id)
    if pack.sha256 != project.pack_sha256:
        raise InstalledPackDiffers(pack=pack.pack_id, wanted=project.pack_sha256[:12], installed=pack.sha256[:12])
    return pack


async def register(
    session: AsyncSession, clock: Clock, chance: Chance, packs: Mapping[str, RulePack], form: TenderForm
) -> tuple[Project, Lot]:
    """Register a project with one lot under its rule pack.

    Raises:
        UnknownPack: the form names a pack that is not installed.
        TenderFormInvalid: with every fault.
        ProjectCodeTaken: the code is registered.
    """
    pack = pack_named(packs, form.project.pack)
    faults = form_faults(form, pack)
    if faults:
        raise TenderFormInvalid(faults)
    if await store.project_by_code(session, form.project.code):
        raise ProjectCodeTaken(project_code=form.project.code)
    project = _project_row(form, pack, new_id(chance), clock)
    lot = _lot_row(form, project.id, new_id(chance))
    session.add(project)
    await session.flush()
    session.add(lot)
    body = {"project": project.code, "lot": lot.code, "pack": pack.pack_id, "pack_sha256": pack.sha256}
    await append(session, clock, NewEntry("listings/registered", lot.id, body))
    return project, lot


def _project_row(form: TenderForm, pack: RulePack, project_id: str, clock: Clock) -> Project:
    return Project(
        id=project_id,
        code=form.project.code,
        name=form.project.name,
        category=form.project.category,
        pack_id=pack.pack_id,
        pack_version=pack.version,
        pack_sha256=pack.sha256,
        region_code=form.project.region_code,
        procuring_entity=form.project.procuring_entity.name,
        procuring_entity_code=form.project.procuring_entity.uscc,
        budget_yuan=form.project.budget_yuan,
        registered_at=clock.now(),
    )


def _lot_row(form: TenderForm, project_id: str, lot_id: str) -> Lot:
    return Lot(
        id=lot_id,
        project_id=project_id,
        code=form.lot.code,
        name=form.lot.name,
        state=LotState.REGISTERED,
        bid_deadline=form.lot.bid_deadline,
        evaluation_starts_at=form.lot.evaluation_starts_at,
        evaluation_ends_at=form.lot.evaluation_ends_at,
        form=msgspec.to_builtins(form),
    )


def form_of(lot: Lot) -> TenderForm:
    """The tender form as registered."""
    return msgspec.convert(lot.form, TenderForm)


async def lot_and_project(session: AsyncSession, lot_id: str) -> tuple[Lot, Project]:
    """A lot with its project.

    Raises:
        NotFound: there is none.
    """
    lot = await store.lot_by_id(session, lot_id)
    project = await store.project_by_id(session, lot.project_id) if lot else None
    if lot is None or project is None:
        raise NotFound
    return lot, project


async def locked_lot(session: AsyncSession, lot_id: str) -> tuple[Lot, Project]:
    """A lot with its project; others who want to change the lot wait until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    if await store.lock_lot(session, lot_id) is None:
        raise NotFound
    return await lot_and_project(session, lot_id)


async def advance(session: AsyncSession, clock: Clock, lot_id: str, wanted: LotState) -> None:
    """Move a lot to its next step.

    Raises:
        NotFound: there is no such lot.
        WrongLotState: the step does not follow from the present one.
    """
    lot = await store.lock_lot(session, lot_id)
    if lot is None:
        raise NotFound
    if wanted not in STEPS[LotState(lot.state)]:
        raise WrongLotState(lot_code=lot.code, state=lot.state, wanted=wanted)
    lot.state = wanted
    await append(session, clock, NewEntry(f"listings/{wanted}", lot.id, {"lot": lot.code}))


async def list_projects(session: AsyncSession, after_code: str | None, limit: int) -> list[Project]:
    """Projects by code, `limit + 1` at most, so that the caller knows whether there are more."""
    return await store.projects_after(session, after_code, limit + 1)


async def project_with_lots(session: AsyncSession, project_id: str) -> tuple[Project, list[Lot]]:
    """A project with its lots.

    Raises:
        NotFound: there is none.
    """
    project = await store.project_by_id(session, project_id)
    if project is None:
        raise NotFound
    return project, await store.lots_of(session, project_id)
