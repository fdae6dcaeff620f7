"""The picture of a stored draw, as much of it as its reader may know."""

import asyncio

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import record, store
from expert_hub.draws.explaining.explanation import Explanation, explain_committed, explain_transcript
from expert_hub.draws.explaining.picture import draw_picture
from expert_hub.draws.explaining.transcript_form import FixedForm, LotteryForm, read_transcript_form
from expert_hub.draws.tables import Draw
from expert_hub.foundation.errors import Language, NotFound
from expert_hub.identity.rules import Actor, Role

_OFFICERS = (Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR)


async def picture_for(session: AsyncSession, draw_id: str, actor: Actor | None, language: Language) -> str:
    """The picture of a draw.

    Whoever may read the transcript sees all that it tells; officers see the funnel and the chances from the
    commitment on, never who was drawn.

    Returns:
        SVG.

    Raises:
        NotFound: nothing of it is for this reader, now or ever.
    """
    draw = await store.draw_by_id(session, draw_id)
    if draw is None:
        raise NotFound
    try:
        transcript = await record.transcript_for(session, draw_id, actor)
    except NotFound:
        if draw.commitment is None or actor is None or not actor.has(*_OFFICERS):
            raise
        return await asyncio.to_thread(_painted_commitment, draw, language)
    return await asyncio.to_thread(_painted_transcript, transcript, language)


def _painted_transcript(transcript: str, language: Language) -> str:
    name = "transcript.json"
    return draw_picture(explain_transcript(read_transcript_form(transcript.encode(), name), name), language)


def _painted_commitment(draw: Draw, language: Language) -> str:
    return draw_picture(_committed(draw), language)


def _committed(draw: Draw) -> Explanation:
    try:
        fixed = msgspec.json.decode(draw.fixed, type=FixedForm)
        lottery = msgspec.json.decode(draw.lottery, type=LotteryForm)
    except msgspec.ValidationError:
        # A draw of the first form: there is nothing of this kind to be shown.
        raise NotFound from None
    return explain_committed(draw.id, fixed, lottery)
