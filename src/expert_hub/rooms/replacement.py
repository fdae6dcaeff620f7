"""A drawn member leaves before the report is signed by all, and a newly drawn one takes the seat (更换).

The operator gives up the seat; the replacement is drawn and accepts by the invitation; only then the operator may
replace the seat in the room. The opinions of the old tenure stay stored and void.
Source: 招标投标法实施条例 第48条, 财政部令第87号 第49条.
"""

from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.events import Event, PromiseSigned, SeatReplaced, StageChanged
from evaluation.stages import OPEN, Stage
from expert_hub.draws import service as draws
from expert_hub.draws.calling import vacancies
from expert_hub.draws.calling.inviting import Tools
from expert_hub.foundation.errors import Forbidden, NotFound
from expert_hub.identity.rules import Actor
from expert_hub.rooms import store
from expert_hub.rooms.errors import NoNewcomer, SeatNotDrawn, TooLateToReplace
from expert_hub.rooms.service import part_in
from expert_hub.rooms.tables import EvaluationRoom, SeatTenure


async def ask_alternate(session: AsyncSession, tools: Tools, actor: Actor, room_id: str, seat: tuple[str, str]) -> None:
    """Give up the seat (id, reason) of a drawn member.

    Raises:
        NotFound: the room or the seat does not exist for this account.
        Forbidden: only the host operator and the supervisor may ask.
        TooLateToReplace: the room is over or held.
        SeatNotDrawn: the seat is that of a representative.
    """
    part = await part_in(session, room_id, actor)
    if part.role not in ("host_operator", "supervisor"):
        raise Forbidden
    row = await store.lock_room(session, room_id)
    tenure = await store.tenure_of_seat(session, room_id, seat[0])
    if row is None or tenure is None:
        raise NotFound
    if row.stage not in OPEN:
        raise TooLateToReplace(stage=row.stage)
    try:
        await vacancies.give_up_seat(session, tools, tenure.account_id, seat[1])
    except NotFound:
        raise SeatNotDrawn(seat_id=seat[0]) from None


async def seat_newcomers(session: AsyncSession, row: EvaluationRoom, events: list[Event]) -> None:
    """Give each seat that these events replace to an alternate who has accepted.

    Raises:
        NoNewcomer: nobody has.
    """
    for event in events:
        if isinstance(event, SeatReplaced):
            await _take_over(session, row, event.seat_id, event.tenure_id)


async def give_up_declared(session: AsyncSession, tools: Tools, row: EvaluationRoom, events: list[Event]) -> None:
    """Empty the drawn seat of a member who declares a conflict: the supervisor signs the outcome and draws anew.

    A representative was not drawn; the procuring entity sends another one.

    Source: 财政部令第87号 第45条, 第49条; domain CF-05, CF-06.
    """
    for event in events:
        if isinstance(event, PromiseSigned) and event.conflict_declared:
            tenure = await store.tenure_of_seat(session, row.id, event.seat_id)
            if tenure is not None:
                with suppress(NotFound):
                    await vacancies.give_up_seat(session, tools, tenure.account_id, "conflict")


async def ensure_panel_sits(session: AsyncSession, row: EvaluationRoom, events: list[Event]) -> None:
    """Refuse to begin with a member who lost the seat, or was not assessed against the opened bidders (CF-03).

    Raises:
        SeatsToReplace: there is such a member.
    """
    if not any(isinstance(event, StageChanged) and event.target == Stage.LEADER_ELECTION for event in events):
        return
    tenures = await store.tenures_of(session, row.id)
    await draws.ensure_sitting(session, row.draw_id, [each.account_id for each in tenures if each.is_current])


async def _take_over(session: AsyncSession, row: EvaluationRoom, seat_id: str, tenure_id: str) -> None:
    known = {tenure.account_id for tenure in await store.tenures_of(session, row.id)}
    newcomers = [account for account in await draws.accepted_accounts(session, row.draw_id) if account not in known]
    if not newcomers:
        raise NoNewcomer(seat_id=seat_id)
    old = await store.tenure_of_seat(session, row.id, seat_id)
    if old is None:
        raise NotFound
    old.is_current = False
    session.add(
        SeatTenure(id=tenure_id, room_id=row.id, seat_id=seat_id, account_id=newcomers[0], venue_id=old.venue_id)
    )
