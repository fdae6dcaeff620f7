"""Refusals after the totals: corrections, abnormal scores, lots, signatures."""

from evaluation.errors import RoomError


class CorrectionForbidden(RoomError):
    """Kind of correction the rules do not know. Source: 财政部令第87号 第64条."""

    code = "correct/forbidden"
    zh = "本项目规则不允许此类修改（{kind}）"
    en = "The rules of this project do not allow a correction {kind}"


class CorrectionUnfounded(RoomError):
    """Score that has not the error named. Source: 财政部令第87号 第64条."""

    code = "correct/unfounded"
    zh = "该评分不存在所称的错误（{kind}）"
    en = "The score has no error of kind {kind}"


class CorrectionsOpen(RoomError):
    """Candidates while the committee still decides on scores. Source: 财政部令第87号 第64条."""

    code = "correct/open"
    zh = "尚有 {open} 项表决、修改或者异常评分未处理"
    en = "{open} votes, corrections or abnormal scores are not settled"


class ReplacementForbidden(RoomError):
    """Call of an abnormal score where the rules do not replace any. Source: 重庆市招标投标条例 第32条."""

    code = "correct/replacement-forbidden"
    zh = "本项目规则不以其他成员平均分替代异常评分"
    en = "The rules of this project do not replace an abnormal score by the mean of the others"


class CallUnknown(RoomError):
    """Call that does not exist, is another member's, or waits for something else. Source: engineering choice."""

    code = "correct/call-unknown"
    zh = "没有待您处理的异常评分事项"
    en = "There is no call of an abnormal score that waits for this"


class CallRepeated(RoomError):
    """Second call of one score, or of an own one. Source: engineering choice."""

    code = "correct/call-repeated"
    zh = "该评分已被提出异常，或者属于您本人"
    en = "This score has been called abnormal already, or is your own"


class SeedMissing(RoomError):
    """Draw among tied bids without a seed from the service. Source: 财政部令第87号 第68条."""

    code = "tie/seed-missing"
    zh = "系统未提供抽取用的公开随机数"
    en = "The service brought no public seed for the draw"


class DigestMismatch(RoomError):
    """Signature over another report than the present one. Source: 电子签名法 第13条."""

    code = "sign/digest-mismatch"
    zh = "所签报告与当前评标报告不一致，请刷新后重新签署"
    en = "What was signed is not the present report; read it again and sign that"


class SumMalformed(RoomError):
    """Stated sum that is no decimal, or of an unknown bid. Source: engineering choice."""

    code = "score/sum-malformed"
    zh = "合计分必须为有效投标的十进制数"
    en = "A stated sum is decimal text and belongs to a valid bid"
