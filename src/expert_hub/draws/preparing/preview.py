"""A look at a draw without making one: counts, prediction risk, figures of the lottery, or ways out.

Ties to bidders and to avoided organisations are left out, and so is what follows from other panels: two looks that
differ in one bidder are the same to the byte, so that nobody learns from them who is tied to whom.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws.means import Means
from expert_hub.draws.preparing import requesting
from expert_hub.draws.preparing.assessing import (
    Case,
    Unfillable,
    assessed,
    explained,
    lottery_for,
    risk_document,
    without_secrets,
)
from expert_hub.draws.preparing.pool_loading import load_plain_library
from expert_hub.draws.preparing.relaxing import ChangeForm
from expert_hub.foundation.texts import Identifier
from expert_hub.identity.rules import Actor
from expert_hub.listings import service as listings
from scheduling.lottery import PanelLottery

LEFT_OUT: Final = {
    "zh": "预览不计投标人、回避单位名单及其他评审占用；正式申请时将全部核对。",
    "en": "The preview leaves out ties to bidders and avoided organisations and seats on other panels; a draw request"
    " checks them all.",
}


class PreviewOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lot, and changes of its request to try."""

    lot_id: Identifier
    changes: Annotated[list[ChangeForm], Meta(max_length=60)] = []


class Preview(msgspec.Struct, frozen=True):
    """What a draw would be like; numbers of people below `conflict.k_anonymity` are null.

    `lottery` is null unless every quota has that many people, because chances are counts in another form; `problem`
    says why nobody can fill the request, with `relaxations` to send back as `changes`.
    """

    is_feasible: bool
    counts: dict[str, Any]
    risk: dict[str, Any]
    lottery: dict[str, str] | None
    problem: dict[str, Any] | None
    left_out: dict[str, str]


async def load_case(session: AsyncSession, means: Means, actor: Actor, order: PreviewOrder) -> Case:
    """Everything that a look is made of.

    Raises:
        NotFound: there is no such lot.
        ChangeInvalid, UnknownSpeciality and the hard errors of the kernel: the request is not lawful.
    """
    _, project = await listings.lot_and_project(session, order.lot_id)
    request = await requesting.request_for(session, means, actor, order.lot_id, order.changes)
    # A look may be taken before the window of the draw opens.
    pack = listings.governing_pack(means.packs, project)
    await requesting.ensure_lawful(session, means, pack, replace(request, draw_opens_at=None))
    plain = without_secrets(request)
    return Case(plain, await load_plain_library(session, means, plain))


def look(case: Case) -> Preview:
    """Take the look; long work, for a thread."""
    eligibility = assessed(case)
    k_anonymity = case.request.k_anonymity
    lottery, problem = None, None
    try:
        built = lottery_for(eligibility, ())
        lottery = figures_shown(built, list(eligibility.eligible_counts().values()), k_anonymity)
    except Unfillable as found:
        refusal = explained(found)
        problem = {"code": refusal.code, "zh": refusal.text("zh"), "en": refusal.text("en"), "facts": refusal.facts}
    return Preview(
        is_feasible=problem is None,
        counts=eligibility.dry_run_counts(k_anonymity),
        risk=risk_document(eligibility, case.library.drawn),
        lottery=lottery,
        problem=problem,
        left_out=LEFT_OUT,
    )


def figures_shown(lottery: PanelLottery, counts: Sequence[int], k_anonymity: int) -> dict[str, str] | None:
    """Bound, least chance and entropy of a lottery; none where they would tell how many people a small quota has."""
    if min(counts) < k_anonymity:
        return None
    figures = lottery.figures
    return {
        "upper_bound": figures.upper_bound,
        "min_probability": figures.min_probability,
        "entropy_bits": figures.entropy_bits,
    }
