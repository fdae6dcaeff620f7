"""Command of blind evaluation: a score by place, because the member does not know whose bid stands there."""

from typing import Annotated

from msgspec import Meta, Struct

from evaluation.command_types import Identifier, ShortText, snake_case


class EnterBlindScore(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: a value for one blind criterion of the bid at one place of the own order. Source: domain ER-23."""

    place: Annotated[int, Meta(ge=1, le=1000)]
    criterion_id: Identifier
    value: ShortText
