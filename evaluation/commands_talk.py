"""Commands of talk inside the room: messages, raised hands, the supervisor's warning."""

from typing import Annotated

from msgspec import Meta, Struct

from evaluation.command_types import Identifier, snake_case

Message = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\A[^\x00\ud800-\udfff]*\Z")]


class Say(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: a message to the committee; before all have submitted no bid together with a number.

    Source: 财政部令第87号 第62条; domain ER-12
    """

    text: Message


class RaiseHand(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: ask for the floor. Source: engineering choice."""


class LowerHand(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: withdraw the raised hand; the leader may lower another's. Source: engineering choice."""

    seat_id: Identifier | None = None


class Warn(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Supervisor: a warning to one member, or to the whole committee. Source: 招标投标法实施条例 第61条."""

    text: Message
    seat_id: Identifier | None = None


TalkCommand = Say | RaiseHand | LowerHand | Warn
