"""Conflicts over HTTP: a look before the draw, decisions and reviews, the second pass, exclusions for the auditor."""

import asyncio
from typing import Annotated

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import openings
from expert_hub.draws.conflicts import conflict_decisions, conflict_reviews, exclusion_reading
from expert_hub.draws.conflicts.conflict_decisions import DecisionView, NewDecision
from expert_hub.draws.conflicts.conflict_reviews import ReviewState, ReviewView, Verdict
from expert_hub.draws.conflicts.exclusion_reading import ExclusionPage, Reading
from expert_hub.draws.means import Means
from expert_hub.draws.octets import octets_or_refuse
from expert_hub.draws.openings import Assessed, Entered
from expert_hub.draws.preparing import preview
from expert_hub.draws.preparing.preview import Preview, PreviewOrder
from expert_hub.draws.preparing.requests import OpenedBidder
from expert_hub.foundation.db import Database
from expert_hub.foundation.pagination import MAX_LIMIT, Page
from expert_hub.identity.rules import Actor, Role

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT, description="Items on a page")]


@post("/draws/preview", summary="Look at a draw without making one", status_code=200)
async def look(
    data: JSONBody[PreviewOrder],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    means: NamedDependency[Means],
) -> Preview:
    """Counts, prediction risk and figures of the lottery, or ways out; ties to bidders are left out of it."""
    actor.require(Role.CENTRE_OPERATOR)
    async with database.read() as session:
        case = await preview.load_case(session, means, actor, data)
    return await asyncio.to_thread(preview.look, case)


class OpenedBidders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The record of the bid opening."""

    bidders: Annotated[list[OpenedBidder], Meta(min_length=1, max_length=500)]


@post("/draws/{draw_id:str}/opened-bidders", summary="Enter the opened bidders")
async def enter_opened(
    draw_id: FromPath[str],
    data: JSONBody[OpenedBidders],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> Entered:
    """The members are assessed again as soon as the supervisor's program attends; who conflicts is not said."""
    return await openings.enter(session, means, actor, draw_id, data.bidders)


class KeyHalf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The supervisor's opened half of the pool's key, 32 bytes in hexadecimal."""

    key_share: Annotated[str, Meta(max_length=1000)]


@post("/draws/{draw_id:str}/reassessment", summary="Assess the members against the opened bidders", status_code=200)
async def assess_members(
    draw_id: FromPath[str],
    data: JSONBody[KeyHalf],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> Assessed:
    """Members with a ground lose their seats; the answer tells how many."""
    share = octets_or_refuse(data.key_share, 32, "key_share")
    return await openings.assess_members(session, means, actor, draw_id, share)


@post("/draws/{draw_id:str}/exclusions", summary="Read who was left out and why", status_code=200)
async def read_exclusions(
    draw_id: FromPath[str],
    data: JSONBody[Reading],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> ExclusionPage:
    """For auditors, once all members have checked in or the draw has ended; each reading is an entry of the ledger."""
    return await exclusion_reading.read_exclusions(session, means, actor, draw_id, data)


@post("/conflict-decisions", summary="Decide about a conflict")
async def decide(
    data: JSONBody[NewDecision],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DecisionView:
    """Pin a conflict, or pin one clear; a ground that the law sets cannot be cleared."""
    return DecisionView.of(await conflict_decisions.decide(session, means, actor, data))


@post("/conflict-decisions/{decision_id:str}/revocation", summary="Revoke a decision", status_code=200)
async def revoke(
    decision_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DecisionView:
    """Draws to come do not know it any more; it stays stored."""
    return DecisionView.of(await conflict_decisions.revoke(session, means, actor, decision_id))


@get("/conflict-decisions", summary="Decisions made at a lot")
async def list_decisions(
    lot_id: FromQuery[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> list[DecisionView]:
    """Oldest first, revoked ones included."""
    return await conflict_decisions.of_lot(session, actor, lot_id)


@get("/conflict-reviews", summary="Uncertain matches")
async def list_reviews(
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    status: FromQuery[ReviewState] = "open",
    after: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> Page[ReviewView]:
    """People who were left out because a match could not be certain, to be looked at."""
    return await conflict_reviews.list_reviews(session, actor, status, after, limit)


@post("/conflict-reviews/{review_id:str}", summary="End a review", status_code=200)
async def close_review(
    review_id: FromPath[str],
    data: JSONBody[Verdict],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> ReviewView:
    """A conflict, no conflict where the law leaves it open, or a record that was corrected in the library."""
    return ReviewView.of(await conflict_reviews.close_review(session, means, actor, review_id, data))


router = Router(
    "/",
    route_handlers=[
        look,
        enter_opened,
        assess_members,
        read_exclusions,
        decide,
        revoke,
        list_decisions,
        list_reviews,
        close_review,
    ],
    tags=["draws"],
)
