"""What a ledger is for: real records, or training. The first entry of a training ledger says so for good."""

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import HubError
from expert_hub.ledger import store
from expert_hub.ledger.service import NewEntry, append

_KIND = "hub/training"
_NAMES = {True: "演练/training", False: "正式记录/real records"}


class TrainingApart(HubError):
    """A training hub on real records, or a real hub on those of a training."""

    code = "hub/training-apart"
    status = 409
    zh = "演练与正式记录必须分开：本库用于{found}，当前程序以{wanted}方式启动。"
    en = "Training and real records stay apart: this database is for {found}, the program was started for {wanted}."


async def mark_training(session: AsyncSession, clock: Clock) -> None:
    """Make an empty ledger one of training, for good.

    Raises:
        TrainingApart: it has entries already.
    """
    if await store.count(session):
        raise TrainingApart(found=_NAMES[False], wanted=_NAMES[True])
    await append(session, clock, NewEntry("hub/training", "hub"))


async def is_training(session: AsyncSession) -> bool:
    """Whether this is the ledger of a training."""
    first = await store.entries_at(session, [0])
    return bool(first) and first[0].kind == _KIND


async def ensure_purpose(session: AsyncSession, *, wants_training: bool) -> None:
    """Refuse records of the other kind. An empty ledger is one of real records.

    Raises:
        TrainingApart: the ledger is of the other kind.
    """
    found = await is_training(session)
    if found != wants_training:
        raise TrainingApart(found=_NAMES[found], wanted=_NAMES[wants_training])
