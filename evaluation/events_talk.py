"""Events of talk inside the room."""

from datetime import datetime

from msgspec import Struct

from evaluation.command_types import snake_case


class MessageSaid(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member spoke; `after_submission` says whether all sheets were in, so that it may hold scores.

    Source: 财政部令第87号 第62条; domain ER-12
    """

    seat_id: str
    text: str
    after_submission: bool
    at: datetime


class HandRaised(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member asks for the floor. Source: engineering choice."""

    seat_id: str


class HandLowered(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A raised hand went down; `by_seat_id` is the member or the leader. Source: engineering choice."""

    seat_id: str
    by_seat_id: str


class WarningGiven(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The supervisor warned one member, or all. Source: 招标投标法实施条例 第61条."""

    text: str
    seat_id: str | None
    at: datetime


TalkEvent = MessageSaid | HandRaised | HandLowered | WarningGiven
