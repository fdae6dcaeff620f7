"""Snapshots: the folded state of a room at one version, so that a process need not fold its whole history.

A snapshot is a convenience. The records stay the truth: a snapshot of another format than this program's is passed
over, and a test folds the records anew and compares.
"""

import hashlib
from functools import cache
from pathlib import Path

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

import evaluation
from evaluation.room import Room
from evaluation.state import RoomState
from expert_hub.rooms import store
from expert_hub.rooms.tables import RoomSnapshot

log = structlog.get_logger("expert_hub.rooms")
EVERY = 500
"""Records between two snapshots of a room."""
_FORMAT = 1
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(RoomState)


@cache
def format_name() -> str:
    """The format of this program's snapshots: it changes with every line of the kernel that folds them."""
    digest = hashlib.sha256()
    for source in sorted(Path(evaluation.__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return f"{_FORMAT}/{digest.hexdigest()[:32]}"


def taken(room: Room) -> RoomSnapshot:
    """A snapshot of a room that holds nothing but what is committed."""
    return RoomSnapshot(
        room_id=room.state.setup.room_id,
        version=room.version,
        format=format_name(),
        digest=room.digest,
        state=_encoder.encode(room.state),
    )


async def restored(session: AsyncSession, room_id: str) -> Room:
    """The room at its last snapshot, or an empty one to fold from the beginning."""
    row = await store.snapshot_of(session, room_id)
    if row is None or row.format != format_name():
        return Room()
    try:
        return Room.restore(_decoder.decode(row.state), row.version, row.digest)
    except msgspec.DecodeError as error:
        log.warning("snapshot passed over", room_id=room_id, version=row.version, why=str(error))
        return Room()


def is_true(row: RoomSnapshot, room: Room) -> bool:
    """Whether a snapshot is that of a room folded from its records up to the snapshot's version.

    The state is compared where this program would use it; of another format only the digest can be.
    """
    if row.digest != room.digest:
        return False
    if row.format != format_name():
        return True
    try:
        return bool(_decoder.decode(row.state) == _decoder.decode(taken(room).state))
    except msgspec.MsgspecError:
        return False
