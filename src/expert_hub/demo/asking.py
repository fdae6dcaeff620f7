"""What shows in the story that a room also asks and corrects: a question to a bidder, and a sum added up wrongly."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from evaluation import commands as cmd
from evaluation import commands_review as rv
from expert_hub.demo.telling import Tell
from expert_hub.foundation.clock import SystemClock
from expert_hub.seat_client.client import SeatClient

_STEP_S = 30.0
_QUESTION = "技术偏离表第3页与产品彩页所列端口数量不一致，请说明以哪一处为准。"
_ANSWER = "以技术偏离表为准，投标报价和投标内容不变。"


async def ask_bidder(members: dict[str, SeatClient], leader: SeatClient, entity: SeatClient, tell: Tell) -> None:
    """A member words a question, the leader sends it, the entity relays it and the answer, all members judge it."""
    author = next(seat for seat in members.values() if seat is not leader)
    bid_id = author.view["bids"][0]["bid_id"]
    await author.send(rv.DraftClarification(bid_id, "unclear_text", _QUESTION, "第3页"))
    await leader.until(lambda view: bool(view.get("drafts")), _STEP_S)
    number = leader.view["drafts"][0]["clarification_id"]
    await leader.send(rv.SendClarification(number, True, SystemClock().now() + timedelta(hours=1)))
    await entity.until(lambda view: bool(view.get("relay")), _STEP_S)
    await entity.send(rv.RelayClarification(number))
    await entity.send(rv.RecordAnswer(number, _ANSWER))
    for seat in members.values():
        await seat.until(lambda view: bool(view.get("motions")), _STEP_S)
        await seat.send(rv.VoteMotion(seat.view["motions"][0]["motion_id"], True, "答复未超出投标文件范围"))
    tell(
        f"澄清 {number}：经采购人转达，投标人书面答复，委员会表决采纳",
        f"Clarification {number}: relayed by the procuring entity, answered in writing, accepted by vote",
    )


def stated_sum(marks: Iterable[tuple[str, str, str]], criteria: Iterable[dict[str, Any]], bid_id: str) -> Decimal:
    """The sum of what a member enters for one bid; deductions count against it."""
    kinds = {item["criterion_id"]: item["kind"] for item in criteria}
    values = [(kinds[item], Decimal(value)) for bid, item, value in marks if bid == bid_id]
    return sum((-value if kind == "deduction" else value for kind, value in values), Decimal(0))


def sheet_with_a_slip(marks: list[tuple[str, str, str]], criteria: list[dict[str, Any]]) -> cmd.SubmitSheet:
    """The last step of a member who added the marks of the first bid up to one too many."""
    bid_id = marks[0][0]
    return cmd.SubmitSheet({bid_id: str(stated_sum(marks, criteria, bid_id) + 1)})
