"""Refusals and errors of the evaluation kernel: a code, its facts, and one sentence in each language."""

from string import Formatter
from typing import Any, ClassVar


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


class EvaluationError(Exception):
    """Base of every error of this kernel.

    Each concrete class has a `code` and a text per language; the texts name their facts as {placeholders}, and an
    error cannot be built without the facts its texts need.

    Source: engineering choice
    """

    code: ClassVar[str] = ""
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    catalogue: ClassVar[dict[str, type["EvaluationError"]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.code:
            return
        if _placeholders(cls.zh) != _placeholders(cls.en) or not (cls.zh and cls.en):
            raise TypeError(f"{cls.__name__}: both texts must exist and name the same facts")
        if EvaluationError.catalogue.setdefault(cls.code, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.__name__}: the code {cls.code} is taken")

    def __init__(self, **facts: Any) -> None:
        missing = _placeholders(self.en) - facts.keys()
        if missing:
            raise TypeError(f"{type(self).__name__} needs the facts {sorted(missing)}")
        self.facts: dict[str, Any] = facts
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """Return the sentence for a reader of `language` ("zh", anything else is English)."""
        return (self.zh if language == "zh" else self.en).format(**self.facts)


class ProtocolError(EvaluationError):
    """A message that cannot be understood. Source: engineering choice."""


class SetupError(EvaluationError):
    """A room that cannot be opened as described. Source: engineering choice."""


class RoomError(EvaluationError):
    """A command the room refuses. Source: engineering choice."""


class SummaryError(EvaluationError):
    """Totals that must not be used. Source: engineering choice."""


class MalformedMessage(ProtocolError):
    """Not the JSON the protocol describes. Source: engineering choice."""

    code = "protocol/malformed"
    zh = "消息不符合协议：{detail}"
    en = "The message does not follow the protocol: {detail}"


class UnsupportedVersion(ProtocolError):
    """Frame of another protocol version. Source: engineering choice."""

    code = "protocol/version"
    zh = "协议版本 {version} 不受支持，当前版本为 {supported}"
    en = "Protocol version {version} is not supported; this room speaks version {supported}"


class BadSetup(SetupError):
    """Contradiction in the description of the room. Source: engineering choice."""

    code = "setup/invalid"
    zh = "评标室设置有误：{detail}"
    en = "The room cannot be opened: {detail}"


class RecordOutOfOrder(RoomError):
    """Record that does not follow the last one. Source: engineering choice."""

    code = "room/record-out-of-order"
    zh = "记录序号应为 {expected}，实际为 {found}"
    en = "Record {expected} was expected, record {found} came"


class RoleForbidden(RoomError):
    """Role without this command. Source: engineering choice."""

    code = "room/role-forbidden"
    zh = "您的身份不能执行此操作（{command}）"
    en = "Your role may not give this command ({command})"


class LeaderOnly(RoomError):
    """Command kept for the committee leader. Source: 评标委员会和评标方法暂行规定 第9条."""

    code = "room/leader-only"
    zh = "只有评标委员会组长可以执行此操作（{command}）"
    en = "Only the committee leader may give this command ({command})"


class WrongStage(RoomError):
    """Command outside its stage. Source: engineering choice."""

    code = "room/wrong-stage"
    # The stage is not named: not every role may know it, and those who may have it in their view.
    zh = "当前阶段不能执行此操作（{command}）"
    en = "The command {command} is not open now"


class UnknownSeat(RoomError):
    """Seat that is not in this room. Source: engineering choice."""

    code = "room/unknown-seat"
    zh = "本评标室没有该席位"
    en = "This room has no such seat"


class UnknownBid(RoomError):
    """Bid that is not open to this command. Source: engineering choice."""

    code = "room/unknown-bid"
    zh = "没有该投标，或该投标不在评审范围内"
    en = "There is no such bid, or it is not under evaluation"


class UnknownCheck(RoomError):
    """Check the tender document does not hold. Source: 财政部令第87号 第50条."""

    code = "check/unknown"
    zh = "招标文件中没有该审查项"
    en = "The tender document holds no such check"


class UnknownCriterion(RoomError):
    """Criterion the tender document does not hold, or one the system computes. Source: 政府采购法实施条例 第34条."""

    code = "score/unknown-criterion"
    zh = "招标文件中没有该评审因素，或该项由系统计算"
    en = "The tender document holds no such criterion, or the system computes it"


class ReasonMissing(RoomError):
    """Decision without its written reason. Source: engineering choice."""

    code = "room/reason-missing"
    zh = "此操作必须填写理由"
    en = "This needs a written reason"


class StartNotReached(RoomError):
    """Check-in before the announced start. Source: engineering choice."""

    code = "room/start-not-reached"
    zh = "未到评标开始时间（{starts_at}）"
    en = "The evaluation does not start before {starts_at}"


class NotYourVenue(RoomError):
    """Operator acting for a seat of another venue. Source: engineering choice."""

    code = "room/not-your-venue"
    zh = "只能核验本场地席位的人员身份"
    en = "You confirm identities at your own venue only"


class IdentityNotConfirmed(RoomError):
    """Check-in before the operator has seen the person. Source: engineering choice."""

    code = "room/identity-not-confirmed"
    zh = "现场工作人员尚未核验您的身份"
    en = "The operator of your venue has not confirmed your identity yet"


class PhoneNotLocked(RoomError):
    """Phone still at hand. Source: engineering choice."""

    code = "room/phone-not-locked"
    zh = "请先将手机等通讯工具存放锁好"
    en = "Lock away your phone first"


class NotCheckedIn(RoomError):
    """Promise before check-in. Source: 财政部令第87号 第45条."""

    code = "room/not-checked-in"
    zh = "请先签到"
    en = "Check in first"


class AlreadyDone(RoomError):
    """Step that can be taken once. Source: engineering choice."""

    code = "room/already-done"
    zh = "该步骤已完成，不能重复"
    en = "This has been done already and cannot be repeated"


class MembersNotReady(RoomError):
    """Members missing at the end of check-in. Source: 财政部令第87号 第45条."""

    code = "room/members-not-ready"
    zh = "尚有 {missing} 名成员未完成签到和回避承诺"
    en = "{missing} members have not completed check-in and promise"


class TenureKnown(RoomError):
    """Replacement by a person who already held a seat. Source: 招标投标法实施条例 第48条."""

    code = "room/tenure-known"
    zh = "接替人员已在本评标委员会任职或曾任职"
    en = "The new member already holds or held a seat in this committee"


class CommitteeUnlawful(SummaryError):
    """Number of opinions no lawful committee has. Source: 招标投标法 第37条."""

    code = "summary/committee-unlawful"
    zh = "参与汇总的成员人数 {members} 不合法，须为不少于三人的单数"
    en = "{members} opinions cannot be summed up: a lawful committee is odd and at least three"


class TotalsDisagree(SummaryError):
    """Two computations with different results. Source: engineering choice."""

    code = "summary/totals-disagree"
    zh = "两次独立计算结果不一致，不得使用"
    en = "Two independent computations differ; the totals must not be used"


class PriceMalformed(EvaluationError):
    """Price that is not a positive amount. Source: engineering choice."""

    code = "price/malformed"
    zh = "价格 {value} 不是有效金额"
    en = "{value} is not a positive amount of money"
