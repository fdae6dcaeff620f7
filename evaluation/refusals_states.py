"""Refusals of the course of an evaluation and of talk inside the room."""

from evaluation.errors import RoomError


class SealMismatch(RoomError):
    """Resumption under another seal than that of the present hold. Source: domain ER-19."""

    code = "hold/seal-mismatch"
    zh = "封存摘要与本次暂停不符，不能恢复"
    en = "This is not the seal of the present hold"


class SealBroken(RoomError):
    """Records that no longer give the digest they were sealed with. Source: domain ER-19."""

    code = "hold/seal-broken"
    zh = "封存记录的摘要不一致，不得恢复评标"
    en = "The sealed records no longer give their digest; the evaluation must not go on"


class HoldNotYours(RoomError):
    """Suspension that only the supervisor lifts. Source: domain ER-19."""

    code = "hold/not-yours"
    zh = "监督人员中止的评标只能由监督人员恢复"
    en = "What the supervisor suspended only the supervisor resumes"


class OutageOverLimit(RoomError):
    """Resumption after an outage beyond its limit. Source: domain ER-20."""

    code = "hold/outage-over-limit"
    zh = "中断超过规定时限，应当重新组建评标委员会"
    en = "The outage outlasted its limit: a new committee must be formed"


class BacktrackPending(RoomError):
    """Second request while one is open. Source: domain 4 (backtracked)."""

    code = "backtrack/pending"
    zh = "已有待审批的回退申请"
    en = "A request to go back is waiting for its decision"


class BacktrackForward(RoomError):
    """Target that is not an earlier stage of this room. Source: domain 4 (backtracked)."""

    code = "backtrack/not-earlier"
    zh = "只能回退到本评标室已经过的阶段"
    en = "The room goes back only to a stage before the present one"


class UnknownRequest(RoomError):
    """Request or report that is not open. Source: engineering choice."""

    code = "room/unknown-request"
    zh = "没有待处理的该事项"
    en = "There is no such request to decide"


class CauseNotGiven(RoomError):
    """Cause that the records do not bear out. Source: 财政部令第87号 第49条."""

    code = "rebuild/cause-not-given"
    zh = "记录中没有该事由"
    en = "The records do not show this cause"


class StopForbidden(RoomError):
    """Stop where the rules or the stage do not know it. Source: 财政部令第87号 第65条."""

    code = "stop/forbidden"
    zh = "当前不能停止评标"
    en = "The evaluation cannot be stopped now"


class DefectPending(RoomError):
    """Second report while one is voted on. Source: engineering choice."""

    code = "stop/pending"
    zh = "已有待表决的停止评标事项"
    en = "A report to stop is being voted on"


class SeatOnline(RoomError):
    """Seat that is not offline. Source: domain ER-21."""

    code = "outage/online"
    zh = "该席位未处于中断状态"
    en = "This seat is not offline"


class SeatOffline(RoomError):
    """Seat that is offline already. Source: domain ER-21."""

    code = "outage/offline"
    zh = "该席位已记录为中断"
    en = "This seat is offline already"


class LimitNotReached(RoomError):
    """Outage within its limit. Source: domain ER-20."""

    code = "outage/limit-not-reached"
    zh = "中断时限（{due_at}）尚未届满"
    en = "The limit of this outage ends at {due_at}"


class OutageNotExpired(RoomError):
    """Decision on an outage within its limit, or over. Source: domain ER-20."""

    code = "outage/not-expired"
    zh = "没有超过时限、待采购人决定的中断"
    en = "There is no such outage beyond its limit to decide on"


class ExtensionNotDue(RoomError):
    """Extension nobody asked for, or a vote while one is due. Source: 招标投标法实施条例 第48条."""

    code = "time/extension-not-due"
    zh = "三分之一以上成员未认为评标时间不够"
    en = "Not more than the share of the members that the law names found the time short"


class ExtensionDueAlready(RoomError):
    """Vote on the time while an extension is owed. Source: 招标投标法实施条例 第48条."""

    code = "time/extension-due"
    zh = "已应延长评标时间，请等待采购人（招标人）延长"
    en = "An extension is due already"


class ScoreBearing(RoomError):
    """Message with a bid and a number before all have submitted. Source: 财政部令第87号 第62条; domain ER-12."""

    code = "talk/score-bearing"
    zh = "全体成员提交评分前，发言不得同时出现投标人和数字"
    en = "Before all have submitted, a message must not name a bid together with a number"


class BlindByPlace(RoomError):
    """Score by bid for a criterion that is judged blind. Source: domain ER-23."""

    code = "score/blind-by-place"
    zh = "暗标评审因素须按序号评分"
    en = "This criterion is judged blind: score it by place"


class HandNotRaised(RoomError):
    """Lowering a hand that is down, or another's. Source: engineering choice."""

    code = "talk/hand-not-raised"
    zh = "没有您可以放下的举手"
    en = "There is no such raised hand for you to lower"
