"""Wire protocol of the room, version 1: actors, records, frames and their JSON form.

Commands are in `evaluation.commands`, events in `evaluation.events`; the page for writers of clients is
`docs/protocol/room.md`.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta, Struct

from evaluation.commands import Command, Identifier
from evaluation.errors import MalformedMessage, UnsupportedVersion
from evaluation.events import Event

PROTOCOL_VERSION = 1
Role = Literal[
    "member", "host_operator", "guest_operator", "supervisor", "auditor", "procuring_entity", "system"
]  # fmt: skip


class Actor(Struct, frozen=True, omit_defaults=True):
    """Who gives a command; members carry their seat, operators their venue. Source: engineering choice."""

    role: Role
    seat_id: str | None = None
    venue_id: str | None = None


class Viewer(Struct, frozen=True):
    """Who looks at a room: role as in `Actor.role`, a member's seat, an operator's venue.

    A representative of the procuring entity is a member whose seat has that kind. The role is open text, so that a
    role nobody foresaw sees nothing instead of failing.

    Source: engineering choice
    """

    role: str
    seat_id: str | None = None
    venue_id: str | None = None


class RecordedEvent(Struct, frozen=True):
    """An event in its place: sequence from 1 without gaps, instant in UTC, author, command that caused it.

    Source: engineering choice
    """

    seq: int
    at: datetime
    actor: Actor
    command_id: str
    event: Event


class CommandFrame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="command"):
    """Client: one command under an id the client chose; a re-sent id changes nothing. Source: engineering choice."""

    command_id: Identifier
    command: msgspec.Raw
    v: int = PROTOCOL_VERSION


class ResumeFrame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="resume"):
    """Client: what changed after this version; None asks for the whole view. Source: engineering choice."""

    after: Annotated[int, Meta(ge=0)] | None = None
    v: int = PROTOCOL_VERSION


class PingFrame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ping"):
    """Client: still here. Source: engineering choice."""

    v: int = PROTOCOL_VERSION


class AckFrame(Struct, frozen=True, tag_field="kind", tag="ack"):
    """Server: the command is durable; the room is at least at this version. Source: engineering choice."""

    command_id: str
    version: int


class RefusalFrame(Struct, frozen=True, tag_field="kind", tag="refusal"):
    """Server: the command changed nothing; why, as problem details. Source: engineering choice."""

    command_id: str | None
    problem: dict[str, Any]


class ViewFrame(Struct, frozen=True, tag_field="kind", tag="view"):
    """Server: everything this viewer may see. Source: engineering choice."""

    version: int
    view: dict[str, Any]


class ChangesFrame(Struct, frozen=True, rename={"since": "from"}, tag_field="kind", tag="changes"):
    """Server: sections to put and to drop, from one version to another. Source: engineering choice."""

    version: int
    since: int
    set: dict[str, Any]
    unset: list[str]


class PongFrame(Struct, frozen=True, tag_field="kind", tag="pong"):
    """Server: answer to a ping. Source: engineering choice."""


ClientFrame = CommandFrame | ResumeFrame | PingFrame
ServerFrame = AckFrame | RefusalFrame | ViewFrame | ChangesFrame | PongFrame

_command_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_event_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_frame_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)
_encoder = msgspec.json.Encoder(order="deterministic")


def decode_command(raw: bytes | dict[str, Any]) -> Command:
    """Read one command.

    Args:
        raw: JSON text in UTF-8, or the same as builtins.

    Returns:
        The command.

    Raises:
        MalformedMessage: when it is not a command of this protocol.

    Source: engineering choice
    """
    try:
        if isinstance(raw, dict):
            return cast(Command, msgspec.convert(raw, Command))
        return _command_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedMessage(detail=str(error)) from error


def decode_frame(raw: bytes | str) -> ClientFrame:
    """Read one frame of a client; the command inside stays raw so that a refusal can still name its id.

    Args:
        raw: JSON text of one WebSocket message.

    Returns:
        The frame.

    Raises:
        MalformedMessage: when it is not a frame of this protocol.
        UnsupportedVersion: when the frame is of another version.

    Source: engineering choice
    """
    try:
        frame = _frame_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedMessage(detail=str(error)) from error
    if frame.v != PROTOCOL_VERSION:
        raise UnsupportedVersion(version=frame.v, supported=PROTOCOL_VERSION)
    return frame


def encode_frame(frame: ServerFrame | ClientFrame) -> bytes:
    """Write one frame as JSON in UTF-8.

    Args:
        frame: a frame of either side.

    Returns:
        JSON with keys in the order of the struct, mappings sorted by key.

    Source: engineering choice
    """
    return _encoder.encode(frame)


def encode_event(event: Event) -> bytes:
    """Write one event as JSON in UTF-8; equal events give equal bytes.

    Args:
        event: an event.

    Returns:
        The JSON text.

    Source: engineering choice
    """
    return _encoder.encode(event)


def decode_event(raw: bytes | str | dict[str, Any]) -> Event:
    """Read an event as written by `encode_event`.

    Args:
        raw: JSON text, or the same as builtins.

    Returns:
        The event.

    Raises:
        MalformedMessage: when it is not an event of this protocol.

    Source: engineering choice
    """
    try:
        if isinstance(raw, dict):
            return cast(Event, msgspec.convert(raw, Event))
        return _event_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedMessage(detail=str(error)) from error


def encode_record(record: RecordedEvent) -> bytes:
    """Write one record as the bytes the running digest is taken over.

    Args:
        record: a record whose instant is in UTC.

    Returns:
        JSON text in UTF-8.

    Source: engineering choice
    """
    return _encoder.encode(record)
