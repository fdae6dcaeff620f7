"""What a member can do now, as a list to choose from: taken from the member's view and from nothing else.

Scores and check votes are not in the list; they are entered in the sheet (`seat_client.sheet`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from evaluation import commands as cmd
from evaluation.commands import Command
from evaluation.commands_review import VoteMotion
from evaluation.commands_states import VoteStop, VoteTimeShort
from evaluation.commands_talk import LowerHand, RaiseHand, Say

View = Mapping[str, Any]
Words = tuple[str, str]
"""The same in Chinese and English."""

_REASON: Words = ("理由", "reason")


class Step(msgspec.Struct, frozen=True):
    """Something that can be done.

    Attributes:
        name: names it in the list, the same as long as it means the same.
        words: what it says.
        make: the command, from the answers.
        asks: what must be answered first, in order.
    """

    name: str
    words: Words
    make: Callable[..., Command]
    asks: tuple[Words, ...] = ()


def steps_for(view: View) -> list[Step]:
    """Everything the member can do now, the most urgent first."""
    if "me" not in view or (view.get("hold") is not None):
        return []
    stage = _STAGES.get(view["stage"]["stage"])
    return [*_asked(view), *(stage(view, view["me"]) if stage else ()), *_free(view)]


def _check_in(view: View, own: View) -> Iterator[Step]:
    if not own["checked_in"]:
        if own["identity_confirmed"]:
            words = ("签到：通讯工具已锁存", "Check in: my phone is locked away")
            yield Step("check_in", words, lambda: cmd.CheckIn(phone_locked=True))
    elif own["promise"] == "none" and "bids" in view:
        words = ("签署承诺书：无应当回避的情形", "Sign the promise: no reason to withdraw")
        yield Step("promise", words, lambda: cmd.SignPromise(conflict_declared=False))
        words = ("申报回避", "Declare a conflict of interest")
        yield Step("conflict", words, lambda reason: cmd.SignPromise(True, reason), (_REASON,))


def _leader_election(view: View, _: View) -> Iterator[Step]:
    ballot = view["ballot"]
    if ballot["my_vote"] is None:
        names = {seat["seat_id"]: seat["alias"] for seat in view["seats"]}
        for seat_id in ballot["eligible"]:
            words = (f"推选组长：{names[seat_id]}", f"Vote for leader: {names[seat_id]}")
            yield Step(f"vote {seat_id}", words, lambda seat_id=seat_id: cmd.VoteLeader(seat_id))


def _briefing(_: View, own: View) -> Iterator[Step]:
    if not own["briefed"]:
        words = ("确认已阅读招标文件和评标办法", "Confirm: document, standard and method read")
        yield Step("briefing", words, cmd.ConfirmBriefing)
    if own["leader"]:
        yield Step("start", ("组长：开始初步评审", "Leader: start the preliminary review"), cmd.StartPreliminary)


def _preliminary(view: View, own: View) -> Iterator[Step]:
    if own["leader"]:
        yield Step("close", ("组长：结束初步评审", "Leader: close the preliminary review"), cmd.ClosePreliminary)
    for lacking, zh, en in ((False, "不缺乏竞争", "not lacking"), (True, "明显缺乏竞争", "clearly lacking")):
        if view.get("preliminary") is not None:
            words = (f"竞争性表决：{zh}", f"Vote on competition: {en}")
            yield Step(
                f"competition {lacking}",
                words,
                lambda why, lacking=lacking: cmd.DecideCompetition(lacking, why),
                (_REASON,),
            )


def _detailed(view: View, _: View) -> Iterator[Step]:
    sheet = view["my_sheet"]
    if not sheet["submitted"]:
        words = (f"提交评分表（尚缺 {sheet['missing']} 项）", f"Submit the sheet ({sheet['missing']} items missing)")
        yield Step("submit", words, cmd.SubmitSheet)


def _consistency_check(view: View, own: View) -> Iterator[Step]:
    for alert in view.get("alerts", ()):
        if alert["closed"]:
            continue
        alert_id, place = alert["alert_id"], f"{alert['bid_id']} {alert['criterion_id']} {alert['value']}".strip()
        words = (f"提示 {place}：保留原分", f"Alert {place}: keep the score")
        yield Step(f"keep {alert_id}", words, lambda why, a=alert_id: cmd.AnswerAlert(a, True, why), (_REASON,))
        words = (f"提示 {place}：修改分值", f"Alert {place}: change the score")
        asks: tuple[Words, ...] = (("新分值", "new value"), _REASON)
        yield Step(f"change {alert_id}", words, lambda v, why, a=alert_id: cmd.AnswerAlert(a, False, why, v), asks)
    if not own["confirmed"]:
        words = ("确认评分一致性检查", "Confirm the consistency check")
        yield Step("consistent", words, cmd.ConfirmConsistency)


def _candidates(view: View, own: View) -> Iterator[Step]:
    if not own["leader"]:
        return
    for tie in view.get("results", {}).get("open_ties", ()):
        bids = " ".join(tie["bid_ids"])
        for by, zh, en in (
            ("document", "按招标文件", "by the document"),
            ("draw", "抽取", "by draw"),
            ("committee_vote", "表决", "by vote"),
        ):
            words = (f"组长：并列 {bids} {zh}确定", f"Leader: settle the tie {bids} {en}")
            asks = (("顺序，空格分隔，先者为优", "order, best first, spaces between"), _REASON)
            yield Step(f"tie {bids} {by}", words, lambda o, why, by=by: cmd.ResolveTie(tuple(o.split()), by, why), asks)
    words = ("组长：推荐中标候选人", "Leader: propose the candidates")
    asks = (
        ("说明（可空）", "remarks (may be empty)"),
        ("签订合同前须处理的事宜（可空）", "matters before the contract (may be empty)"),
    )
    yield Step("propose", words, cmd.ProposeCandidates, asks)


def _report_signing(view: View, own: View) -> Iterator[Step]:
    if not own["end"]:
        yield Step("sign", ("签署评标报告：同意", "Sign the report: I agree"), lambda: cmd.SignReport(agree=True))
        words = ("签署并书面说明不同意见", "Sign with a written dissent")
        asks = (("不同意见和理由", "dissent and its reasons"),)
        yield Step("dissent", words, lambda text: cmd.SignReport(False, text), asks)
    if own["leader"]:
        for row in view.get("signing") or ():
            if row["end"] is None and row["seat_id"] != own["seat_id"]:
                seat = row["seat_id"]
                words = (f"组长：{seat} 拒不签字，视为同意", f"Leader: {seat} is deemed to agree")
                note = (("情况说明", "what happened"),)
                yield Step(f"deem {seat}", words, lambda text, s=seat: cmd.NoteDeemedAgreed(s, text), note)


def _asked(view: View) -> Iterator[Step]:
    """Votes that the committee is asked for now."""
    for motion in view.get("motions", ()):
        if motion["carried"] is None and motion["mine"] is None:
            motion_id = motion["motion_id"]
            title = " ".join(str(motion[name]) for name in ("kind", "bid_id", "subject") if motion.get(name))
            for favour, zh, en in ((True, "赞成", "for"), (False, "反对", "against")):
                words = (f"表决 {title}：{zh}", f"Vote on {title}: {en}")
                yield Step(
                    f"motion {motion_id} {favour}",
                    words,
                    lambda why, m=motion_id, f=favour: VoteMotion(m, f, why),
                    (_REASON,),
                )
    defect = view.get("defect")
    if defect and defect["my_vote"] is None:
        for agree, zh, en in ((True, "停止评标", "stop"), (False, "继续评标", "go on")):
            words = (f"停止评标表决：{zh}", f"Vote on stopping: {en}")
            report_id = defect["report_id"]
            yield Step(f"stop {agree}", words, lambda r=report_id, a=agree: VoteStop(r, a))


def _free(view: View) -> Iterator[Step]:
    """What may be said or asked while the committee works."""
    if view["stage"]["stage"] not in _WORKING:
        return
    yield Step("say", ("向评标委员会发言", "Say something to the committee"), Say, (("内容", "text"),))
    yield Step("hand", ("举手", "Raise the hand"), RaiseHand)
    yield Step("hand down", ("放下手", "Lower the hand"), LowerHand)
    if (view.get("time") or {}).get("my_vote") is None:
        yield Step("time", ("评标时间不够，要求延长", "The time is too short"), lambda: VoteTimeShort(short=True))


_STAGES: dict[str, Callable[[View, View], Iterator[Step]]] = {
    "check_in": _check_in,
    "leader_election": _leader_election,
    "briefing": _briefing,
    "preliminary": _preliminary,
    "detailed": _detailed,
    "consistency_check": _consistency_check,
    "candidates": _candidates,
    "report_signing": _report_signing,
}
_WORKING = frozenset(_STAGES) - {"check_in"}
STAGE_NAMES: dict[str, Words] = {
    "created": ("已创建", "created"),
    "committee_ready": ("评标委员会组成", "committee ready"),
    "check_in": ("签到", "check-in"),
    "leader_election": ("推选组长", "election of the leader"),
    "briefing": ("熟悉招标文件", "briefing"),
    "preliminary": ("初步评审", "preliminary review"),
    "detailed": ("详细评审", "detailed evaluation"),
    "personal_submitted": ("个人评分提交", "sheets submitted"),
    "consistency_check": ("评分一致性检查", "consistency check"),
    "aggregation": ("汇总", "aggregation"),
    "candidates": ("推荐中标候选人", "candidates"),
    "report_signing": ("签署评标报告", "signing of the report"),
    "closed": ("评标结束", "closed"),
    "archived": ("已归档", "archived"),
    "paused": ("暂停", "paused"),
    "suspended": ("中止", "suspended"),
    "backtracked": ("退回", "put back"),
    "rebuild": ("重新组建评标委员会", "committee to be rebuilt"),
    "failed": ("废标", "failed"),
}
