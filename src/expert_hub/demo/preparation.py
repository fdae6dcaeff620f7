"""A fresh folder with a migrated database, an imported library, venues and the accounts of the officers."""

import os
import shutil
import tomllib
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import msgspec

from expert_hub.app import Hub, open_hub
from expert_hub.demo.telling import Tell
from expert_hub.experts.importing import ImportContext, ImportReport, import_catalogue, import_library
from expert_hub.foundation.chance import new_code
from expert_hub.foundation.db import WriterLock
from expert_hub.foundation.errors import HubError
from expert_hub.foundation.migrations import upgrade
from expert_hub.foundation.settings import Settings
from expert_hub.identity.rules import Role
from expert_hub.identity.service import NewAccount, create_account
from expert_hub.sample.writer import SamplePaths, write_sample
from expert_hub.venues.service import read_venue_file, register_venues

_MARK = ".expert-hub-demo"
_OURS = (
    _MARK,
    "sample",
    "keys",
    "outbox",
    "draw",
    "report",
    "hub.db*",
    "server.log",
    "seat-*.outbox*",
    "supervisor*",
    "*.token",
)


class FolderNotOurs(HubError):
    """The folder of the demonstration holds something else."""

    code = "demo/folder-not-ours"
    status = 409
    zh = "{folder} 中有并非由演示产生的文件，请先移走。"
    en = "{folder} holds files that no demonstration made; move them away first."


class Officer(msgspec.Struct, frozen=True):
    """An account of the demonstration with the password that was made for it."""

    username: str
    password: str
    role: Role


class Stage(msgspec.Struct, frozen=True):
    """What the story plays on."""

    folder: Path
    sample: SamplePaths
    officers: dict[str, Officer]
    tender: dict[str, Any]
    scores: dict[str, Any]


def fresh_folder(folder: Path, mark: str = _MARK) -> None:
    """Make the folder empty; only what an earlier demonstration left there is removed.

    Args:
        folder: the folder.
        mark: name of the file by which our own folders are known.

    Raises:
        FolderNotOurs: it holds something else.
        DatabaseInUse: an earlier demonstration still runs.
    """
    if folder.exists():
        found = list(folder.iterdir())
        foreign = [path for path in found if not any(fnmatch(path.name, pattern) for pattern in (mark, *_OURS))]
        if foreign or (found and not (folder / mark).exists()):
            raise FolderNotOurs(folder=str(folder))
        lock = WriterLock(folder / "hub.db")
        lock.acquire()
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        lock.release()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / mark).touch()


def settings_in(folder: Path, port: int) -> Settings:
    """Settings of a hub that keeps everything in the folder; the environment of this process is set alike."""
    for name in ("DATABASE_URL", "EXPERT_HUB_PUBLIC_URL"):
        os.environ.pop(name, None)
    os.environ.update(
        EXPERT_HUB_VAR_DIR=str(folder.resolve()),
        EXPERT_HUB_NOTIFIER="file",
        EXPERT_HUB_PORT=str(port),
        # The story must run without a line to the outside: the hub's own beacon stands in for the public one.
        EXPERT_HUB_BEACONS='["own"]',
        EXPERT_HUB_OWN_BEACON_PERIOD_S="1",
        EXPERT_HUB_BEACON_LEAD_S="6",
    )
    return Settings()


async def prepare(folder: Path, settings: Settings, experts: int, starts_at: datetime, tell: Tell) -> Stage:
    """Write the sample, import it, and make the accounts."""
    sample = write_sample(folder / "sample", experts, 2026, starts_at)
    hub = open_hub(settings)
    try:
        await upgrade(hub.database)
        report = await _import(hub, sample)
        tell(
            f"导入专家 {report.imported} 人（合并重复 {report.merged}，拒绝 {report.rejected}）",
            f"Imported {report.imported} experts ({report.merged} duplicates merged, {report.rejected} rejected)",
        )
        tender = tomllib.loads(sample.tender.read_text(encoding="utf-8"))
        officers = await _accounts(hub, tender)
    finally:
        await hub.database.close()
    scores = tomllib.loads(sample.scores.read_text(encoding="utf-8"))
    return Stage(folder, sample, officers, tender, scores)


async def _import(hub: Hub, sample: SamplePaths) -> ImportReport:
    async with hub.database.write() as session:
        await import_catalogue(session, hub.clock)
        await register_venues(session, hub.clock, read_venue_file(sample.venues))
    async with hub.database.write() as session:
        return await import_library(session, sample.experts, ImportContext(hub.clock, hub.chance, hub.vault))


async def _accounts(hub: Hub, tender: dict[str, Any]) -> dict[str, Officer]:
    entity = tender["project"]["procuring_entity"]["uscc"]
    wanted = [
        ("admin", Role.ADMINISTRATOR, None, None),
        ("centre", Role.CENTRE_OPERATOR, None, None),
        ("supervisor", Role.SUPERVISOR, None, None),
        ("auditor", Role.AUDITOR, None, None),
        ("host", Role.HOST_OPERATOR, "guangzhou", None),
        ("guest", Role.GUEST_OPERATOR, "zhanjiang", None),
        ("entity", Role.PROCURING_ENTITY, None, entity),
        ("representative", Role.ENTITY_REPRESENTATIVE, None, entity),
    ]
    officers = {}
    for username, role, venue, organisation in wanted:
        officers[username] = Officer(username, new_code(hub.chance, 20), role)
        new = NewAccount(
            username=username,
            display_name=username,
            roles=frozenset({role}),
            password=officers[username].password,
            venue_id=venue,
            organisation_code=organisation,
        )
        async with hub.database.write() as session:
            await create_account(session, hub.clock, hub.chance, new)
    return officers
