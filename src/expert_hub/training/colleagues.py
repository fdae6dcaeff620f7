"""What simulated members and operators do next, from what they see and nothing else."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from evaluation import commands as cmd
from evaluation.commands import Command
from evaluation.commands_review import VoteMotion
from evaluation.commands_states import VoteStop
from expert_hub.seat_client.sheet import Mark, grid_of, score_at

View = Mapping[str, Any]
Decide = Callable[[View], Command | None]
OVER = frozenset({"closed", "archived", "failed"})
_REASON = "模拟成员：维持独立判断 (simulated member)"
_GIVES_IN = "模拟成员：经复核采纳 (simulated member)"


class Member(msgspec.Struct, frozen=True):
    """A simulated member.

    Attributes:
        trainee: the seat of the person who practises, whose values of objective items the member accepts; none if an
            operator practises.
        leader: the seat that is voted for, if it may lead; none for the first that may and is not the trainee's.
    """

    trainee: str | None = None
    leader: str | None = None

    def decide(self, view: View) -> Command | None:
        """The next command, or none while there is nothing to do."""
        asked = next(_asked(view), None)
        if asked is not None:
            return asked
        stage = view.get("stage", {}).get("stage")
        step = getattr(self, f"_{stage}", None)
        found: Command | None = step(view, view["me"]) if step is not None and "me" in view else None
        return found

    def _check_in(self, view: View, own: View) -> Command | None:
        if not own["identity_confirmed"]:
            return None
        if not own["checked_in"]:
            return cmd.CheckIn(phone_locked=True)
        return cmd.SignPromise(conflict_declared=False) if own["promise"] == "none" and "bids" in view else None

    def _leader_election(self, view: View, own: View) -> Command | None:
        ballot = view["ballot"]
        if ballot["my_vote"] is not None:
            return None
        eligible = ballot["eligible"]
        others = [seat for seat in eligible if seat != self.trainee] or eligible
        return cmd.VoteLeader(self.leader if self.leader is not None and self.leader in eligible else others[0])

    def _briefing(self, view: View, own: View) -> Command | None:
        if not own["briefed"]:
            return cmd.ConfirmBriefing()
        return cmd.StartPreliminary() if _all_have(view, "briefed") else None

    def _preliminary(self, view: View, own: View) -> Command | None:
        done = {(vote["bid_id"], vote["check_id"]) for vote in view["my_votes"]}
        for bid in view["bids"]:
            for check in view["checks"]["checks"]:
                if (bid["bid_id"], check["check_id"]) not in done:
                    return cmd.VoteCheck(bid["bid_id"], check["check_id"], passed=True)
        return cmd.ClosePreliminary() if _all_have(view, "voted") else None

    def _detailed(self, view: View, own: View) -> Command | None:
        if view["my_sheet"]["submitted"]:
            return None
        grid = grid_of(view, (), (), is_linked=True)
        criteria = {one["criterion_id"]: one for one in view["criteria"]["criteria"]}
        for (row, item), cell in grid.cells.items() if grid else ():
            if cell.mark is Mark.EMPTY:
                value = invented_value(criteria[item], view["criteria"]["step"], row, own["seat_id"])
                return score_at((row, item), value)
        return cmd.SubmitSheet()

    def _consistency_check(self, view: View, own: View) -> Command | None:
        for alert in view.get("alerts", ()):
            answer = None if alert["closed"] or alert["answers"] else self._answer(view, own, alert)
            if answer is not None:
                return answer
        has_open = any(not alert["closed"] for alert in view.get("alerts", ()))
        return None if has_open or own["confirmed"] else cmd.ConfirmConsistency()

    def _answer(self, view: View, own: View, alert: View) -> Command | None:
        """Keep what only this member is asked about; take over what the trainee, or else most members, found."""
        if alert["kind"] != "objective_mismatch":
            return cmd.AnswerAlert(alert["alert_id"], keep=True, reason=_REASON)
        place = alert["bid_id"], alert["criterion_id"]
        values = {
            seat: next(row["value"] for row in rows if (row["bid_id"], row["criterion_id"]) == place)
            for seat, rows in view["entries"].items()
        }
        right = values.get(self.trainee or "") or Counter(values.values()).most_common(1)[0][0]
        if Decimal(values[own["seat_id"]]) == Decimal(right):
            return None
        return cmd.AnswerAlert(alert["alert_id"], keep=False, reason=_GIVES_IN, value=right)

    def _candidates(self, view: View, own: View) -> Command | None:
        if not own["leader"]:
            return None
        for tie in view["results"]["open_ties"]:
            return cmd.ResolveTie(tuple(tie["bid_ids"]), by="document", reason=_REASON)
        return cmd.ProposeCandidates()

    def _report_signing(self, view: View, own: View) -> Command | None:
        return None if own["end"] else cmd.SignReport(agree=True)


def _asked(view: View) -> Iterator[Command]:
    """Votes that every member is asked for: for what is moved, and against stopping."""
    for motion in view.get("motions", ()):
        if motion["carried"] is None and motion["mine"] is None:
            yield VoteMotion(motion["motion_id"], favour=True, reason=_GIVES_IN)
    defect = view.get("defect")
    if defect and defect["my_vote"] is None:
        yield VoteStop(defect["report_id"], agree=False)


def operate(view: View) -> Command | None:
    """What the operator of a venue does next: open check-in, confirm who sits at the own seats."""
    site = view.get("site")
    if site is None or site["entry"] == "complete":
        return None
    if site["entry"] == "waiting":
        return cmd.OpenCheckIn() if "replacements" in view else None
    unknown = (seat["seat_id"] for seat in site["seats"] if not seat["identity_confirmed"])
    return next((cmd.ConfirmIdentity(seat_id) for seat_id in unknown), None)


def is_over(view: View) -> bool:
    """Whether nothing is left to do for a member or an operator."""
    return view.get("stage", {}).get("stage") in OVER or "hand_over" in view


def invented_value(criterion: View, step: str, bid_id: str, seat_id: str) -> str:
    """A value that a member might give: the same for all where facts decide, near the others' where judgment does."""
    low, full = Decimal(criterion["low"]), Decimal(criterion["full"])
    if criterion["kind"] == "pass_fail":
        return str(criterion["full"])
    if criterion["kind"] == "deduction":
        return "0"
    unit = Decimal(criterion["step"] or step)
    steps = int((full - low) / unit)
    taken = steps * (70 + _number(bid_id, criterion["criterion_id"]) % 26) // 100
    if criterion["kind"] == "subjective":
        taken = min(steps, taken + _number(bid_id, criterion["criterion_id"], seat_id) % 2)
    return str(low + taken * unit)


def _number(*words: str) -> int:
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:4], "big")


def _all_have(view: View, step: str) -> bool:
    """Whether the leader sees that every member has finished a step; only the leader sees it."""
    return len(view.get("progress", {}).get(step, ())) == len(view["seats"])
