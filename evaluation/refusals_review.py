"""Refusals of the review: qualification, clarifications, motions, repair of prices."""

from evaluation.errors import RoomError


class CheckNotYours(RoomError):
    """Check that another party decides. Source: 财政部令第87号 第44条, 第50条."""

    code = "check/not-yours"
    zh = "该审查项不由您这一方审查"
    en = "This check is decided by another party"


class QualificationMissing(RoomError):
    """Qualification not yet decided by the procuring entity. Source: 财政部令第87号 第44条."""

    code = "check/qualification-missing"
    zh = "采购人或代理机构尚有 {missing} 项资格审查未完成"
    en = "The procuring entity has {missing} checks of qualification left"


class AskFirst(RoomError):
    """Vote to reject for a cause the bidder has not been asked about. Source: 评标委员会和评标方法暂行规定 第21条."""

    code = "check/ask-first"
    zh = "以此原因否决前须先要求投标人澄清、说明或补正"
    en = "Before a rejection for this cause the bidder must be asked"


class CauseOnPass(RoomError):
    """Passing vote that names a cause. Source: engineering choice."""

    code = "check/cause-on-pass"
    zh = "通过意见不应填写否决原因"
    en = "A passing vote names no cause of a rejection"


class UnknownClarification(RoomError):
    """Clarification that does not exist, or stands elsewhere. Source: engineering choice."""

    code = "clarify/unknown"
    zh = "没有处于该状态的澄清要求"
    en = "There is no such clarification in that state"


class ClarificationsOpen(RoomError):
    """Review left while clarifications are open. Source: 财政部令第87号 第51条."""

    code = "clarify/open"
    zh = "尚有 {open} 项澄清未办结"
    en = "{open} clarifications are still open"


class ClarificationClosed(RoomError):
    """Question after the review. Source: 财政部令第87号 第51条."""

    code = "clarify/closed"
    zh = "初步评审已结束，进入详细评审后方可再提出澄清要求"
    en = "The preliminary review is closed; ask again in the detailed review"


class QuestionMissing(RoomError):
    """Draft without question or page. Source: 招标投标法实施条例 第52条."""

    code = "clarify/question-missing"
    zh = "澄清要求须写明问题和投标文件页码"
    en = "A clarification needs its question and the page of the bid"


class LeadingQuestion(RoomError):
    """Question without the statement that it leads to no answer. Source: 评标委员会和评标方法暂行规定 第20条."""

    code = "clarify/leading"
    zh = "不得向投标人提出带有暗示性或者诱导性的问题"
    en = "No leading or suggestive question may be put to a bidder"


class MemberNamed(RoomError):
    """Question that names a member. Source: 电子招标投标办法 第33条."""

    code = "clarify/member-named"
    zh = "澄清要求不得出现评标委员会成员的称谓"
    en = "A question to a bidder names no member of the committee"


class DeadlineInvalid(RoomError):
    """End of the time to answer that is not ahead. Source: engineering choice."""

    code = "clarify/deadline-invalid"
    zh = "答复截止时间必须晚于当前时间并带时区"
    en = "The time to answer ends in the future and has a zone"


class AnswerUnsolicited(RoomError):
    """Answer nobody asked for. Source: 招标投标法实施条例 第52条."""

    code = "clarify/unsolicited"
    zh = "评标委员会不得接受投标人主动提出的澄清、说明"
    en = "An answer that the committee did not ask for is not accepted"


class AnswerLate(RoomError):
    """Answer after the time to answer. Source: 财政部令第87号 第60条."""

    code = "clarify/late"
    zh = "答复截止时间已过（{answer_by}）"
    en = "The time to answer ended at {answer_by}"


class AnswerNotLate(RoomError):
    """Lapse before the time to answer is over. Source: 财政部令第87号 第60条."""

    code = "clarify/not-late"
    zh = "答复截止时间未到（{answer_by}）"
    en = "The bidder may answer until {answer_by}"


class ConfirmationMissing(RoomError):
    """Answer to a repaired price without yes or no. Source: 财政部令第87号 第59条."""

    code = "clarify/confirmation-missing"
    zh = "报价修正须由投标人明确确认或者不确认"
    en = "The bidder confirms the repaired price or does not; the answer must say which"


class NothingToRepair(RoomError):
    """Price without inconsistency. Source: 财政部令第87号 第59条."""

    code = "price/nothing-to-repair"
    zh = "报价前后一致，无需修正"
    en = "The price is consistent; there is nothing to repair"


class RepairKnown(RoomError):
    """Second repair of one bid. Source: 财政部令第87号 第59条."""

    code = "price/repair-known"
    zh = "该投标已有报价修正"
    en = "This bid has a repair of its price already"


class MotionsOpen(RoomError):
    """Stage left while the committee still votes. Source: 财政部令第87号 第61条."""

    code = "motion/open"
    zh = "尚有 {open} 项表决未完成"
    en = "{open} votes of the committee are not complete"


class UnknownMotion(RoomError):
    """Motion that does not exist or is decided. Source: engineering choice."""

    code = "motion/unknown"
    zh = "没有这项待表决事项"
    en = "There is no such open motion"


class MotionVotedAlready(RoomError):
    """Second vote on one motion. Source: engineering choice."""

    code = "motion/already-voted"
    zh = "您已就该事项表决"
    en = "You have voted on this motion"


class LowPriceKnown(RoomError):
    """Price that is examined already. Source: 财政部令第87号 第60条."""

    code = "price/low-known"
    zh = "该投标报价已在或者已经过异常低价审查"
    en = "This price is or was examined already"


class LowPricesOpen(RoomError):
    """Sheet made final while a price is not explained. Source: 财政部令第87号 第60条."""

    code = "price/low-open"
    zh = "尚有 {open} 项异常低价审查未办结"
    en = "{open} abnormally low prices are not settled"


class CompetitionUndecided(RoomError):
    """Too few bids, and the committee has not decided. Source: 评标委员会和评标方法暂行规定 第27条."""

    code = "review/competition-undecided"
    zh = "有效投标不足，须先由委员会认定是否明显缺乏竞争"
    en = "Too few valid bids: the committee first decides whether competition is clearly lacking"
