"""A room built again from its stored records alone: state, stage and digest after every command, views, report.

Nothing is decided here and nothing is believed: a record that is not in its place, not in its canonical form or does
not fit the state before it ends the rebuilding and is named.
"""

from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby

import msgspec

from evaluation.protocol import RecordedEvent, encode_record
from evaluation.report import compile_report
from evaluation.room import Room
from evaluation.setup import RoomSetup
from evaluation.visibility import Viewer, view

_record_decoder = msgspec.json.Decoder(RecordedEvent)
_encoder = msgspec.json.Encoder(order="deterministic")


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something stored that does not equal what the records give.

    Attributes:
        where: "record", "ledger", "room", "command", "tenure", "snapshot" or "report".
        why: code of the sentence in `WORDS`.
        seq: the record concerned, or the first of those that may be.
        upto: the last of those that may be.
        stored: what is stored.
        rebuilt: what the records give.
    """

    where: str
    why: str
    seq: int | None = None
    upto: int | None = None
    stored: str = ""
    rebuilt: str = ""


WORDS: dict[str, tuple[str, str]] = {
    "missing": ("记录 {seq} 缺失", "record {seq} is missing"),
    "moved": ("记录 {seq} 处存放的是 {stored}", "at the place of record {seq} stands {stored}"),
    "unreadable": ("记录 {seq} 不是有效记录：{stored}", "record {seq} is no record: {stored}"),
    "form": ("记录 {seq} 的字节与其内容不符", "the bytes of record {seq} are not those of its content"),
    "impossible": ("记录 {seq} 与之前的状态不符：{stored}", "record {seq} does not fit the state before it: {stored}"),
    "first": ("记录 1 不是本评标室的开室记录", "record 1 does not open this room"),
    "digest": (
        "记录 {seq} 至 {upto} 中有改动：摘要存为 {stored}，应为 {rebuilt}",
        "one of the records {seq} to {upto} was altered: the digest is stored as {stored}, the records give {rebuilt}",
    ),
    "stage": (
        "记录 {seq} 之后的阶段存为 {stored}，应为 {rebuilt}",
        "the stage after record {seq} is stored as {stored}, the records give {rebuilt}",
    ),
    "version": (
        "记录数存为 {stored}，应为 {rebuilt}",
        "the number of records is stored as {stored}, there are {rebuilt}",
    ),
    "unentered": ("记录 {seq} 的阶段变化未入账", "the change of stage with record {seq} is not in the ledger"),
    "invented": (
        "账本有一条无对应阶段变化的记载（{stored}）",
        "the ledger has an entry without a change of stage ({stored})",
    ),
    "altered": ("账本条目 {stored} 被改动", "entry {stored} of the ledger was altered"),
    "command": (
        "记录 {seq} 的指令存为 {stored}，应为 {rebuilt}",
        "the command of record {seq} is stored as {stored}, the records give {rebuilt}",
    ),
    "tenure": ("席位 {stored} 的任职与记录不符", "the tenures of seat {stored} are not those of the records"),
    "snapshot": (
        "记录 {seq} 处的快照与记录不符（摘要存为 {stored}，应为 {rebuilt}）",
        "the snapshot at record {seq} is not what the records give (digest stored {stored}, given {rebuilt})",
    ),
    "venues": ("场所存为 {stored}，应为 {rebuilt}", "the venues are stored as {stored}, the records give {rebuilt}"),
    "report": (
        "评标报告摘要为 {stored}，应为 {rebuilt}",
        "the digest of the report is {stored}, the records give {rebuilt}",
    ),
}
"""What a difference means, in Chinese and English."""


class Mark(msgspec.Struct, frozen=True):
    """Where the room stood after the last record of one command.

    Attributes:
        version: the sequence of that record.
        first: the sequence of the command's first record.
        command_id: its id.
        stage: the stage then.
        digest: the digest then.
        entered: whether the command moved the room to another stage.
    """

    version: int
    first: int
    command_id: str
    stage: str
    digest: str
    entered: bool


class Rebuilt(msgspec.Struct, frozen=True):
    """A room as its records give it, up to the first that does not fit.

    Attributes:
        room: the room; empty if already the first record does not fit.
        marks: one for every command, in order.
        broken: what ended the rebuilding, if not the end of the records.
    """

    room: Room
    marks: tuple[Mark, ...]
    broken: Difference | None = None


def rebuild(room_id: str, rows: Iterable[tuple[int, str]]) -> Rebuilt:
    """Fold the stored records of a room.

    Args:
        room_id: the room they are said to belong to.
        rows: sequence and text of every stored record, by sequence.
    """
    room, read, after = Room(), list[RecordedEvent](), dict[int, tuple[str, str]]()
    broken = None
    for seq, text in rows:
        broken = _fault(room, room_id, seq, text)
        if broken is not None:
            break
        read.append(_record_decoder.decode(text))
        after[seq] = (str(room.stage), room.digest)
    return Rebuilt(room, tuple(_marks(read, after)), broken)


def _fault(room: Room, room_id: str, seq: int, text: str) -> Difference | None:
    """Fold one record, or say why it cannot be."""
    wanted = room.version + 1
    if seq != wanted:
        return Difference("record", "missing", wanted)
    try:
        record = _record_decoder.decode(text)
        canonical = encode_record(record).decode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
        return Difference("record", "unreadable", seq, stored=str(error))
    if record.seq != seq:
        return Difference("record", "moved", seq, stored=str(record.seq))
    if canonical != text:
        return Difference("record", "form", seq)
    try:
        room.apply(record)
    except Exception as error:
        # A record that was altered may fail anywhere in the fold; that it does is the finding.
        return Difference("record", "impossible", seq, stored=f"{type(error).__name__}: {error}")
    return Difference("record", "first", 1) if seq == 1 and room.state.setup.room_id != room_id else None


def _marks(records: list[RecordedEvent], after: dict[int, tuple[str, str]]) -> Iterable[Mark]:
    before = ""
    for command_id, group in groupby(records, key=lambda record: record.command_id):
        of_command = list(group)
        version = of_command[-1].seq
        stage, digest = after[version]
        yield Mark(version, of_command[0].seq, command_id, stage, digest, stage != before)
        before = stage


def viewers_of(setup: RoomSetup) -> dict[str, Viewer]:
    """Everyone who may look at a room, by a name of its own: seats, operators of every venue, officers."""
    viewers = {f"member {seat.seat_id}": Viewer("member", seat.seat_id, seat.venue_id) for seat in setup.seats}
    for venue in setup.venues:
        viewers[f"{venue.side}_operator {venue.venue_id}"] = Viewer(f"{venue.side}_operator", None, venue.venue_id)
    return viewers | {role: Viewer(role) for role in ("procuring_entity", "supervisor", "auditor")}


def view_digests(room: Room) -> dict[str, str]:
    """SHA-256 over the view of every viewer, so that two replays can be compared without showing either."""
    return {name: _digest(view(room, viewer)) for name, viewer in viewers_of(room.state.setup).items()}


def report_digest(room: Room) -> str:
    """SHA-256 over the report as the room stands."""
    return _digest(compile_report(room))


def _digest(value: object) -> str:
    # Through builtins, so that a report that was read from a file gives the same.
    return sha256(_encoder.encode(msgspec.to_builtins(value))).hexdigest()


def digest_of_document(raw: bytes) -> str:
    """The same digest of a view or report that was written as JSON.

    Raises:
        MsgspecError: it is not JSON.
    """
    return _digest(msgspec.json.decode(raw))
