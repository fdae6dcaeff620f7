"""Refusals of the review, the scoring and the report; those of entry and order are in `evaluation.errors`."""

from evaluation.errors import RoomError


class NotEligibleLeader(RoomError):
    """Candidate who may not lead, or is out of this round. Source: 财政部令第87号 第45条."""

    code = "ballot/not-eligible"
    zh = "该成员在本轮不能被选为组长"
    en = "This member cannot be chosen as leader in this round"


class AlreadyVoted(RoomError):
    """Second vote in one round. Source: 评标委员会和评标方法暂行规定 第9条."""

    code = "ballot/already-voted"
    zh = "您在本轮已经投票"
    en = "You have voted in this round"


class LeaderNotElected(RoomError):
    """No leader yet. Source: 评标委员会和评标方法暂行规定 第9条."""

    code = "ballot/no-leader"
    zh = "尚未选出组长"
    en = "No leader has been elected yet"


class BriefingIncomplete(RoomError):
    """Members who have not confirmed the briefing. Source: 财政部令第87号 第45条."""

    code = "briefing/incomplete"
    zh = "尚有 {missing} 名成员未确认已阅读招标文件和评标办法"
    en = "{missing} members have not confirmed that they read the document, standard and method"


class GroundMissing(RoomError):
    """Vote to reject without ground and page. Source: 招标投标法实施条例 第51条."""

    code = "check/ground-missing"
    zh = "不通过意见必须注明否决依据和页码"
    en = "A vote to reject names its ground and page"


class GroundUnknown(RoomError):
    """Ground the rule pack does not list. Source: 财政部令第87号 第63条."""

    code = "check/ground-unknown"
    zh = "否决依据 {ground} 不在本项目规则内"
    en = "The ground {ground} is not in the rules of this project"


class GroundOnPass(RoomError):
    """Passing vote that names a ground. Source: engineering choice."""

    code = "check/ground-on-pass"
    zh = "通过意见不应填写否决依据"
    en = "A passing vote names no ground for rejection"


class VotesMissing(RoomError):
    """Preliminary review closed with open votes. Source: 财政部令第87号 第50条."""

    code = "check/votes-missing"
    zh = "尚有 {missing} 项审查意见未填写"
    en = "{missing} check votes are still missing"


class TooFewBids(RoomError):
    """Fewer valid bidders than the law asks for. Source: 政府采购法 第36条."""

    code = "check/too-few-bids"
    zh = "有效投标人 {counted} 家，不足 {needed} 家"
    en = "{counted} valid bidders, fewer than {needed}"


class DecisionNotDue(RoomError):
    """Decision on competition that nobody asked for. Source: 评标委员会和评标方法暂行规定 第27条."""

    code = "check/decision-not-due"
    zh = "当前无需就竞争性作出决定"
    en = "No decision on competition is due"


class ScoreMalformed(RoomError):
    """Score that is not a plain decimal. Source: engineering choice."""

    code = "score/malformed"
    zh = "分值必须为十进制数"
    en = "A score is a plain decimal number"


class ScoreOutOfRange(RoomError):
    """Score beyond the marks of the item. Source: 财政部令第87号 第64条."""

    code = "score/out-of-range"
    zh = "分值须在 {low} 至 {full} 之间"
    en = "The score lies between {low} and {full}"


class ScoreOffStep(RoomError):
    """Score between two steps. Source: engineering choice."""

    code = "score/off-step"
    zh = "分值须按 {step} 递增"
    en = "The score moves in steps of {step}"


class SheetIncomplete(RoomError):
    """Sheet with empty items. Source: 财政部令第87号 第55条."""

    code = "score/sheet-incomplete"
    zh = "尚有 {missing} 项未评分"
    en = "{missing} items have no score yet"


class SheetSubmittedAlready(RoomError):
    """Change after personal submission. Source: 财政部令第87号 第64条."""

    code = "score/sheet-submitted"
    zh = "评分表已提交，不能修改"
    en = "The sheet has been submitted and cannot change"


class SheetsMissing(RoomError):
    """Consistency check before the last sheet. Source: 财政部令第87号 第55条."""

    code = "score/sheets-missing"
    zh = "尚有成员未提交评分表"
    en = "Not every member has submitted the sheet"


class UnknownAlert(RoomError):
    """Alert that is not this member's. Source: engineering choice."""

    code = "alert/unknown"
    zh = "没有需要您答复的该提示"
    en = "There is no such alert for you to answer"


class AlertClosed(RoomError):
    """Second answer to a settled alert. Source: engineering choice."""

    code = "alert/closed"
    zh = "该提示已处理"
    en = "This alert has been settled"


class AlertAnswerContradictory(RoomError):
    """Answer that keeps and changes at once, or neither. Source: 财政部令第87号 第64条."""

    code = "alert/contradictory"
    zh = "请选择保留原分，或填写修改后的分值"
    en = "Either keep the score or give the changed one"


class AlertsOpen(RoomError):
    """Alerts not settled yet. Source: 财政部令第87号 第64条."""

    code = "alert/open"
    zh = "仍有评分一致性提示未处理"
    en = "Consistency alerts are still open"


class ConfirmationsMissing(RoomError):
    """Members who have not confirmed the check. Source: engineering choice."""

    code = "alert/confirmations-missing"
    zh = "尚有 {missing} 名成员未确认评分一致性检查"
    en = "{missing} members have not confirmed the consistency check"


class TotalsMissing(RoomError):
    """No agreed totals yet. Source: engineering choice."""

    code = "summary/totals-missing"
    zh = "尚未得出汇总结果"
    en = "There are no agreed totals yet"


class TieOpen(RoomError):
    """Candidates proposed while a tie is open. Source: 财政部令第87号 第68条."""

    code = "candidates/tie-open"
    zh = "有并列未定，请先按招标文件规定或抽取确定顺序"
    en = "A tie is open: settle it by the document's rule or by draw first"


class TieUnknown(RoomError):
    """Order for bids that are not an open tie. Source: engineering choice."""

    code = "candidates/tie-unknown"
    zh = "所列投标并非待定的并列"
    en = "These bids are not an open tie"


class TieMethodForbidden(RoomError):
    """Way of settling a tie the rules bar. Source: 发改法规规〔2022〕1117号 第二条."""

    code = "candidates/tie-method"
    zh = "本项目规则不允许以 {by} 方式确定并列顺序"
    en = "The rules of this project do not settle a tie by {by}"


class CandidatesMissing(RoomError):
    """No candidates yet. Source: 招标投标法实施条例 第53条."""

    code = "candidates/missing"
    zh = "尚未推荐中标候选人"
    en = "No candidates have been proposed yet"


class AlreadySigned(RoomError):
    """Member who has reached an end. Source: 招标投标法实施条例 第53条."""

    code = "report/already-signed"
    zh = "该成员已签署或已记为视为同意"
    en = "This member has signed or is deemed to agree"


class DissentMissing(RoomError):
    """Refusal without the different opinion. Source: 招标投标法实施条例 第53条."""

    code = "report/dissent-missing"
    zh = "对评标结果有不同意见的，须书面说明不同意见和理由"
    en = "Write down the different opinion and its reasons"


class DissentOnAgreement(RoomError):
    """Agreement with a dissent attached. Source: engineering choice."""

    code = "report/dissent-on-agreement"
    zh = "同意评标报告时不应填写不同意见"
    en = "An agreement carries no dissent"


class DeemingForbidden(RoomError):
    """Deemed agreement the rules or the case do not allow. Source: 招标投标法实施条例 第53条."""

    code = "report/deeming-forbidden"
    zh = "不能将该成员记为视为同意"
    en = "This member cannot be noted as deemed to agree"


class SignaturesMissing(RoomError):
    """Members without an end. Source: 招标投标法实施条例 第53条."""

    code = "report/signatures-missing"
    zh = "尚有 {missing} 名成员未签署评标报告"
    en = "{missing} members have not signed the report"
