"""States of an invitation, what its message says, and when the next thing about it is due."""

import hashlib
import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from expert_hub.foundation.clock import HUB_ZONE
from expert_hub.listings.rules import TenderForm


class InvitationState(StrEnum):
    """Where an invitation stands: held for an alternate, two open states, then the outcome that the ledger holds;
    or closed without one, because the draw is over."""

    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    ABSENT = "absent"
    CLOSED = "closed"


OPEN: Final = frozenset({InvitationState.QUEUED, InvitationState.SENT})
GIVEN_UP: Final = frozenset({InvitationState.DECLINED, InvitationState.WITHDRAWN, InvitationState.ABSENT})
"""What an expert says by declining; saying it again changes nothing."""

REDIAL: Final = timedelta(minutes=1)
"""How long a number that did not answer is left in peace. Source: engineering choice."""

_FIRST_BACK_OFF, _LAST_BACK_OFF = timedelta(seconds=5), timedelta(minutes=5)
_MOBILE = re.compile(r"\+?[0-9]{5,20}")
_TELLING_LENGTH = 4


class Parcel(msgspec.Struct, frozen=True):
    """All that sending needs; sealed in the row of the invitation and destroyed as soon as nothing is sent any more."""

    mobile: str
    code: str
    starts_at: datetime
    place: str
    phone: str
    mode: str


class Progress(Protocol):
    """The columns of an invitation that say how far it is."""

    state: str
    rounds: int
    failures: int
    attempts_max: int
    answer_limit_s: int
    give_up_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None


def code_digest(code: str) -> str:
    """What is stored of a one-time code."""
    return hashlib.sha256(_spelled(code)).hexdigest()


def _spelled(code: str) -> bytes:
    return code.strip().lower().encode()


def invitation_text(parcel: Parcel, public_url: str | None) -> str:
    """The message to an expert: time, place, phone, and code or link; two languages in about two short messages.

    Never project, procuring entity, bidders or members.
    Source: spec DR-13.
    """
    starts = parcel.starts_at.astimezone(HUB_ZONE)
    reply = f"答复Reply：{public_url}/i/{parcel.code}" if public_url else f"Reply 答复码：{parcel.code}"
    return (
        f"【评审邀请 Evaluation】时间Time：{starts:%Y-%m-%d %H:%M}；地点Place：{parcel.place}；"
        f"电话Tel：{parcel.phone}；{reply}"
    )


def telling_words(form: TenderForm, *texts: str) -> list[str]:
    """Names and codes of project, lot, procuring entity, agency and bidders that stand in texts meant for experts.

    Words of fewer than four signs are passed over: they stand in other words.
    Source: spec DR-13.
    """
    told = " ".join(texts).casefold()
    words = {word for word in _secret_words(form) if len(word) >= _TELLING_LENGTH and word.casefold() in told}
    return sorted(words)


def _secret_words(form: TenderForm) -> Iterator[str]:
    yield from (form.project.code, form.project.name, form.lot.code, form.lot.name)
    for party in (form.project.procuring_entity, form.project.agency):
        if party is not None:
            yield from (party.name, party.uscc)
    for bidder in form.bidders:
        yield from (bidder.name, bidder.uscc)
        for member in bidder.consortium:
            yield from (member.name, member.uscc)


def is_callable(mobile: str) -> bool:
    """True for a number as gateways take it."""
    return _MOBILE.fullmatch(mobile) is not None


def deadline(progress: Progress) -> datetime:
    """When an open invitation ends without an answer: the limit counts from the last hand-over to a gateway.

    What was never handed over ends when the evaluation begins: a dead gateway passes nobody over.
    """
    if progress.sent_at is None:
        return progress.give_up_at
    return progress.sent_at + timedelta(seconds=progress.answer_limit_s)


def outcome_without_answer(progress: Progress) -> InvitationState:
    """What an invitation is after its deadline."""
    return InvitationState.UNREACHABLE if progress.sent_at is None else InvitationState.NO_ANSWER


def can_repeat(progress: Progress) -> bool:
    """True as long as the pack allows another attempt (`notify.attempts`)."""
    return progress.rounds < progress.attempts_max


def repeat(progress: Progress, at: datetime) -> None:
    """Queue the next attempt."""
    progress.state = InvitationState.QUEUED
    progress.rounds += 1
    progress.failures = 0
    progress.due_at = at


def note_sent(progress: Progress, at: datetime, *, reports: bool) -> None:
    """A gateway took the message.

    A gateway that reports and then says nothing is asked again while there is time, as often as the pack allows.
    """
    progress.state = InvitationState.SENT
    progress.sent_at = at
    progress.failures = 0
    progress.due_at = deadline(progress)
    if reports and can_repeat(progress) and progress.delivered_at is None:
        progress.due_at = at + timedelta(seconds=progress.answer_limit_s) / progress.attempts_max


def note_failure(progress: Progress, at: datetime, wait_s: float) -> None:
    """No gateway took the message: wait longer each time, up to five minutes, and never beyond the deadline.

    Such failures are not attempts to reach the expert and are not counted as such.
    """
    progress.failures += 1
    wait = min(_FIRST_BACK_OFF * 2 ** min(progress.failures - 1, 10), _LAST_BACK_OFF)
    wait = min(max(wait, timedelta(seconds=wait_s)), _LAST_BACK_OFF)
    progress.due_at = min(at + wait, deadline(progress))


def is_lost(channels: Collection[str], refused: Collection[str]) -> bool:
    """True if every channel refused for good."""
    return set(channels) <= set(refused)


def shown_state(state: str, outcome: str) -> str:
    """What the expert is told: `open`, the own answer, or `over` when the place is no longer the expert's."""
    if state in OPEN:
        return "open"
    given = state in (*GIVEN_UP, InvitationState.ACCEPTED)
    return state if given and outcome == state else "over"
