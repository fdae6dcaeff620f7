"""Qualification where the procuring entity or its agency decides it, not the committee."""

from evaluation.check_lists import entity_checks
from evaluation.commands_review import DecideQualification
from evaluation.decisions.review import require_ground
from evaluation.decisions.situation import Situation, require_text
from evaluation.errors import AlreadyDone, UnknownBid, UnknownCheck
from evaluation.events import Event
from evaluation.events_review import QualificationDecided
from evaluation.refusals_review import CheckNotYours


def decide_qualification(now: Situation, command: DecideQualification) -> list[Event]:
    """Decide one check of one bidder; a later decision replaces it until the review is closed.

    Args:
        now: the situation.
        command: passed, or failed with ground, page and reason.

    Returns:
        The decision.

    Raises:
        AlreadyDone: when the preliminary review is closed.
        UnknownBid, UnknownCheck: for what is not in this lot.
        CheckNotYours: for a check of the committee.
        GroundMissing, GroundUnknown, GroundOnPass, ReasonMissing: as for the committee's votes.

    Source: 财政部令第87号 第44条
    """
    setup = now.state.setup
    if now.state.preliminary:
        raise AlreadyDone()
    if not any(bid.bid_id == command.bid_id for bid in setup.bids):
        raise UnknownBid()
    if not any(check.check_id == command.check_id for check in setup.checks):
        raise UnknownCheck()
    if not any(check.check_id == command.check_id for check in entity_checks(setup)):
        raise CheckNotYours()
    ground, page = (command.ground or "").strip(), (command.page or "").strip()
    require_ground(command.passed, ground, page, setup.rules.prelim_grounds)
    reason = command.reason if command.passed else require_text(command.reason)
    return [QualificationDecided(command.bid_id, command.check_id, command.passed, ground, page, reason)]
