"""Parts of the report about what happened after the totals: corrections and abnormal scores, members by alias."""

from msgspec import Struct

from evaluation.state import RoomState


class CorrectionRow(Struct, frozen=True):
    """A correction after the totals and whether the committee confirmed it. Source: 财政部令第87号 第64条."""

    kind: str
    alias: str
    bid_id: str
    criterion_id: str
    previous: str
    value: str
    reason: str
    confirmed: bool | None


class AbnormalRow(Struct, frozen=True):
    """A score called abnormal, the reason demanded, and what became of it. Source: 重庆市招标投标条例 第32条."""

    by_alias: str
    alias: str
    bid_id: str
    criterion_id: str
    reason: str
    status: str
    explanation: str
    previous: str
    value: str


def correction_rows(state: RoomState) -> tuple[CorrectionRow, ...]:
    """List the corrections after the totals.

    Args:
        state: state of a room.

    Returns:
        Rows in the order in which they were proposed.

    Source: 财政部令第87号 第58条, 第64条
    """
    aliases = {seat.seat_id: seat.alias for seat in state.setup.seats}
    return tuple(
        CorrectionRow(
            kind=item.kind,
            alias=aliases[item.seat_id],
            bid_id=item.bid_id,
            criterion_id=item.criterion_id,
            previous=item.previous,
            value=item.value,
            reason=item.reason,
            confirmed=item.confirmed,
        )
        for item in state.corrections.corrections.values()
    )


def abnormal_rows(state: RoomState) -> tuple[AbnormalRow, ...]:
    """List the scores called abnormal.

    Args:
        state: state of a room.

    Returns:
        Rows in the order of the calls.

    Source: 重庆市招标投标条例 第32条
    """
    aliases = {seat.seat_id: seat.alias for seat in state.setup.seats}
    return tuple(
        AbnormalRow(
            by_alias=aliases[call.by_seat_id],
            alias=aliases[call.seat_id],
            bid_id=call.bid_id,
            criterion_id=call.criterion_id,
            reason=call.reason,
            status=call.status,
            explanation=call.explanation,
            previous=call.previous,
            value=call.value,
        )
        for call in state.corrections.calls.values()
    )
