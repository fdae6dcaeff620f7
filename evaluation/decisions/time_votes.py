"""Time vote: when more than a third of the members find the time short, it must be extended."""

from datetime import UTC
from fractions import Fraction

from evaluation.commands_states import ExtendTime, VoteTimeShort
from evaluation.decisions.situation import Situation
from evaluation.events import Event
from evaluation.events_states import ExtensionDue, TimeExtended, TimeVoted
from evaluation.refusals_states import ExtensionDueAlready, ExtensionNotDue


def must_extend(votes: int, seats: int, share: str) -> bool:
    """Say whether enough members find the time short: 2 of 3, 2 of 5, 3 of 7, 4 of 9 for a share of 1/3.

    Args:
        votes: members who do.
        seats: seats of the committee.
        share: the share as "n/m" that must be exceeded.

    Returns:
        True strictly above the share.

    Source: 招标投标法实施条例 第48条; domain ER-18
    """
    return Fraction(votes, seats) > Fraction(share)


def vote_time_short(now: Situation, command: VoteTimeShort) -> list[Event]:
    """Say whether the time is too short; a later vote replaces an earlier one.

    Args:
        now: the situation.
        command: the vote.

    Returns:
        The vote, followed by the duty to extend once enough agree.

    Raises:
        ExtensionDueAlready: while an extension is owed.

    Source: 招标投标法实施条例 第48条; domain ER-18
    """
    course, seats = now.state.course, len(now.state.seats)
    if course.extension_due:
        raise ExtensionDueAlready()
    votes = sum({**course.time_votes, now.seat_id: command.short}.values())
    voted: list[Event] = [TimeVoted(now.seat_id, command.short)]
    if must_extend(votes, seats, now.state.setup.rules.time_extend_share):
        voted.append(ExtensionDue(votes, seats))
    return voted


def extend_time(now: Situation, command: ExtendTime) -> list[Event]:
    """Extend the time; there is no way to refuse it.

    Args:
        now: the situation.
        command: minutes and remarks.

    Returns:
        The extension.

    Raises:
        ExtensionNotDue: when the committee has not asked.

    Source: 招标投标法实施条例 第48条; domain ER-18
    """
    if not now.state.course.extension_due:
        raise ExtensionNotDue()
    return [TimeExtended(command.minutes, command.reason, now.at.astimezone(UTC))]
