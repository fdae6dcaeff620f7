"""What the committee and the venue staff do over WebSockets: seven seats and two operators."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from evaluation import commands as cmd
from expert_hub.demo import asking
from expert_hub.demo.telling import Tell
from expert_hub.seat_client.client import SeatClient

_STEP_S = 30.0


class Committee(msgspec.Struct, frozen=True):
    """The clients of one room: members by seat id, operators by side, the procuring entity."""

    members: dict[str, SeatClient]
    host: SeatClient
    guest: SeatClient
    entity: SeatClient
    scores: dict[str, Any]

    def number(self, seat_id: str) -> int:
        """Position of a seat in the rows of the marks file, from 0."""
        return int(seat_id.removeprefix("s")) - 1


@asynccontextmanager
async def seated(
    socket_url: str, tokens: Iterable[str], others: tuple[str, str, str], folder: Path, scores: dict[str, Any]
) -> AsyncIterator[Committee]:
    """Connect everyone, beside the members host, guest and entity; each member's own seat is in the first view."""
    async with AsyncExitStack() as stack:
        host, guest, entity = [await stack.enter_async_context(SeatClient(socket_url, token)) for token in others]
        members = {}
        for number, token in enumerate(tokens):
            seat = await stack.enter_async_context(SeatClient(socket_url, token, folder / f"seat-{number}.outbox"))
            await seat.until(lambda view: "me" in view, _STEP_S)
            members[seat.view["me"]["seat_id"]] = seat
        yield Committee(dict(sorted(members.items())), host, guest, entity, scores)


async def check_in(committee: Committee, tell: Tell) -> None:
    """Identity by the operators of each site, phone, promise and recusal answer by each member."""
    await committee.host.send(cmd.OpenCheckIn())
    for operator in (committee.host, committee.guest):
        await operator.until(lambda view: view["site"]["entry"] == "open", _STEP_S)
        for seat in operator.view["site"]["seats"]:
            await operator.send(cmd.ConfirmIdentity(seat_id=seat["seat_id"]))
    for seat in committee.members.values():
        await seat.send(cmd.CheckIn(phone_locked=True))
        await seat.until(lambda view: "bids" in view, _STEP_S)
        await seat.send(cmd.SignPromise(conflict_declared=False))
    tell("签到完成：7 名成员核验身份、锁存手机、签署承诺", "Check-in complete: identity, phone, promise of 7 members")


async def elect_leader(committee: Committee, tell: Tell) -> SeatClient:
    """Secret ballot. Returns the leader's client."""
    votes = committee.scores["leader_votes"]
    await _reach(committee, "leader_election")
    for seat_id, seat in committee.members.items():
        await seat.send(cmd.VoteLeader(candidate_seat_id=f"s{votes[committee.number(seat_id)]}"))
    await _reach(committee, "briefing")
    for seat in committee.members.values():
        await seat.send(cmd.ConfirmBriefing())
    leader = next(seat for seat in committee.members.values() if seat.view["me"]["leader"])
    await leader.send(cmd.StartPreliminary())
    tell(f"推选组长：{leader.view['me']['alias']}", f"Leader elected: {leader.view['me']['alias']}")
    return leader


async def review(committee: Committee, leader: SeatClient, tell: Tell) -> None:
    """Every member votes on every check of every bid; the leader closes the review."""
    await _reach(committee, "preliminary")
    await asyncio.gather(*(_vote(committee, seat_id, seat) for seat_id, seat in committee.members.items()))
    await asking.ask_bidder(committee.members, leader, committee.entity, tell)
    await leader.send(cmd.ClosePreliminary())
    await _reach(committee, "detailed")
    rejected = ", ".join(sorted({row["bid"] for row in committee.scores["rejections"]}))
    tell(f"初步评审：否决 {rejected}", f"Preliminary review: {rejected} rejected")


async def _vote(committee: Committee, seat_id: str, seat: SeatClient) -> None:
    for bid in seat.view["bids"]:
        for check in seat.view["checks"]["checks"]:
            await seat.send(_check_vote(committee, seat_id, bid["bid_id"], check["check_id"]))


def _check_vote(committee: Committee, seat_id: str, bid_id: str, check_id: str) -> cmd.VoteCheck:
    number = committee.number(seat_id) + 1
    for row in committee.scores["rejections"]:
        if (row["bid"], row["check"]) == (bid_id, check_id) and number in row["seats"]:
            return cmd.VoteCheck(
                bid_id=bid_id,
                check_id=check_id,
                passed=False,
                ground=row["ground"],
                page=row["page"],
                note=row["note"],
            )
    return cmd.VoteCheck(bid_id=bid_id, check_id=check_id, passed=True)


async def score(committee: Committee, tell: Tell) -> None:
    """All members score at once; in the middle one link is cut and comes back by itself."""
    await asyncio.gather(enter_scores(committee), _cut_link(committee.members["s3"], tell))
    await submit_sheets(committee, tell)


async def enter_scores(committee: Committee) -> None:
    """All members score at once, each item after the acknowledgement of the one before."""
    await asyncio.gather(*(_score_sheet(marks_of(committee, name), seat) for name, seat in committee.members.items()))


async def submit_sheets(committee: Committee, tell: Tell) -> None:
    """Every member makes the full sheet final; one has added up one bid wrongly."""
    for seat_id, seat in committee.members.items():
        await seat.until(lambda view: not view["my_sheet"]["missing"], _STEP_S)
        slip = asking.sheet_with_a_slip(marks_of(committee, seat_id), seat.view["criteria"]["criteria"])
        await seat.send(slip if seat_id == "s1" else cmd.SubmitSheet())
    count = sum(len(marks_of(committee, seat_id)) for seat_id in committee.members)
    tell(f"独立评分完成：{count} 项已落盘确认", f"Scoring complete: {count} durable acknowledgements")


def marks_of(committee: Committee, seat_id: str) -> list[tuple[str, str, str]]:
    """Bid, item and value of everything the member at a seat enters, in that order."""
    rows, number = committee.scores["marks"], committee.number(seat_id)
    return [(row["bid"], item, values[number]) for row in rows for item, values in row.items() if item != "bid"]


async def _score_sheet(marks: list[tuple[str, str, str]], seat: SeatClient) -> None:
    for bid, item, value in marks:
        await seat.send(cmd.EnterScore(bid_id=bid, criterion_id=item, value=value))


async def _cut_link(seat: SeatClient, tell: Tell) -> None:
    await seat.until(lambda view: len(view["my_sheet"]["scores"]) >= 5, _STEP_S)
    seat.drop_link()
    tell(
        f"{seat.view['me']['alias']} 网络中断，客户端自动重连续传",
        f"The link of {seat.view['me']['alias']} was cut; its client reconnects and resumes",
    )


async def settle(committee: Committee, leader: SeatClient, tell: Tell) -> None:
    """Answer the deviation warnings, confirm, propose candidates."""
    await _reach(committee, "consistency_check")
    answers = {row["seat"]: row for row in committee.scores["alerts"]}
    alerts = 0
    for seat_id, seat in committee.members.items():
        for alert in [alert for alert in seat.view["alerts"] if not alert["closed"]]:
            if alert["kind"] == "sum_error":
                right = str(
                    asking.stated_sum(marks_of(committee, seat_id), seat.view["criteria"]["criteria"], alert["bid_id"])
                )
                await seat.send(cmd.AnswerAlert(alert["alert_id"], False, "合计时多加一分", right))
                tell(f"合计错误已更正：{alert['value']} → {right}", f"Wrong sum corrected: {alert['value']} to {right}")
                continue
            row = answers[committee.number(seat_id) + 1]
            await seat.send(cmd.AnswerAlert(alert_id=alert["alert_id"], keep=row["keep"], reason=row["reason"]))
            alerts += 1
    for seat in committee.members.values():
        await seat.send(cmd.ConfirmConsistency())
    await _reach(committee, "candidates")
    await leader.send(cmd.ProposeCandidates())
    tell(
        f"一致性检查：{alerts} 条偏离提示已书面说明",
        f"Consistency check: {alerts} deviation warning answered in writing",
    )


async def sign(committee: Committee, tell: Tell) -> None:
    """Everyone signs."""
    await _reach(committee, "report_signing")
    for seat in committee.members.values():
        await seat.send(cmd.SignReport(agree=True))
    await _reach(committee, "closed")
    tell("7 名成员签署评标报告，评标室关闭", "7 members signed the report; the room is closed")


async def _reach(committee: Committee, stage: str) -> None:
    for seat in committee.members.values():
        await seat.until(lambda view: view["stage"]["stage"] == stage, _STEP_S)


def ranking(report: dict[str, Any]) -> list[tuple[int, str, Decimal]]:
    """Rank, bidder and total of every ranked bid, best first."""
    names = {row["bid_id"]: row["bidder"] for row in report["opening_record"]}
    return sorted((row["rank"], names[row["bid_id"]], Decimal(row["total"])) for row in report["ranking"])
