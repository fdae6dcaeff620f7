"""Refusals of the draw: a code, facts, and a text in Chinese and English."""

from typing import Any, ClassVar


class KernelError(Exception):
    """A refusal with a stable code; HTTP knows nothing of it here.

    Args:
        **facts: values that explain the refusal; JSON-ready, never a person's name.

    Source: engineering choice
    """

    code: ClassVar[str] = "draw/refused"
    zh: ClassVar[str] = "抽取被拒绝"
    en: ClassVar[str] = "The draw was refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts: dict[str, Any] = facts

    def text(self, lang: str = "zh") -> str:
        """Return the message in ``zh`` or ``en`` with the facts filled in that it names."""
        template = self.en if lang == "en" else self.zh
        named = {name: value for name, value in self.facts.items() if f"{{{name}}}" in template}
        return template.format(**{name: self.fact_text(value, lang) for name, value in named.items()})

    def fact_text(self, value: Any, lang: str) -> str:
        """Return one fact as a reader sees it; lists are joined."""
        if isinstance(value, list):
            return ("; " if lang == "en" else "；").join(self.fact_text(item, lang) for item in value)
        return str(value)

    def __str__(self) -> str:
        return f"{self.code}: {self.text('en')}"


class InvalidRequestError(KernelError):
    """The request contradicts itself; ``reasons`` names every fault.

    Source: engineering choice
    """

    code = "draw/invalid-request"
    zh = "抽取申请不合格：{reasons}"
    en = "The draw request is not valid: {reasons}"


class InvalidRecordError(KernelError):
    """A record of the library has a value the draw does not know.

    Source: engineering choice
    """

    code = "draw/invalid-record"
    zh = "未知的利害关系类型：{kind}"
    en = "Unknown kind of relation: {kind}"


class DuplicateCandidateError(KernelError):
    """One candidate occurs twice in a pool; merging registrations is not the draw's work.

    Source: engineering choice
    """

    code = "draw/duplicate-candidate"
    zh = "候选范围中有 {count} 名专家重复登记"
    en = "{count} candidates occur more than once in the pool"


class PoolTooSmallError(KernelError):
    """Fewer experts than seats and alternates; ``quotas`` says which are short by how many.

    Source: domain chapter 3, hard errors
    """

    code = "draw/pool-too-small"
    zh = "候选专家不足，缺 {short} 名：{quotas}"
    en = "The eligible pool is short of {short} experts: {quotas}"

    def fact_text(self, value: Any, lang: str) -> str:
        """Return a short quota as a phrase."""
        if not isinstance(value, dict):
            return super().fact_text(value, lang)
        phrase = "{quota_id} needs {required}, has {eligible}, short of {short}"
        if lang != "en":
            phrase = "{quota_id} 需 {required} 名，可选 {eligible} 名，缺 {short} 名"
        return phrase.format(**value)


class NoFeasiblePanelError(KernelError):
    """Enough experts, yet every combination breaks a pairwise ground (C13, C14).

    Source: 粤财规〔2025〕1号 第21条
    """

    code = "draw/no-feasible-panel"
    zh = "符合条件的专家之间存在回避关系，无法组成评审小组（候选 {candidates} 人）"
    en = "The {candidates} eligible experts conflict with each other: no panel can be formed"


class TooTangledError(KernelError):
    """Panels exist or may exist, but are too rare to reach by rejection and too many to list.

    Source: engineering choice
    """

    code = "draw/too-tangled"
    zh = "候选专家之间的回避关系过密（试抽 {tries} 次成功 {accepted} 次），请放宽地区或专业"
    en = "Too many conflicts between the candidates ({accepted} of {tries} trials); widen region or speciality"


class NoContinuationError(KernelError):
    """No panel of the committed lottery holds all remaining members and none of those who left.

    Source: domain DR-17
    """

    code = "draw/no-continuation"
    zh = "已承诺的抽取方案中没有包含其余 {members} 名成员且不含已退出人员的组合，须重新抽取"
    en = "No panel of the committed lottery continues with the other {members} members: a new draw is needed"


class RequestChangedError(KernelError):
    """The request differs from the committed one.

    Source: domain chapter 3, hard errors
    """

    code = "draw/request-changed"
    zh = "抽取申请在承诺后被更改"
    en = "The request changed after it was committed"


class TooEarlyError(KernelError):
    """The commitment is made before the window of the draw opens.

    Source: domain DR-10
    """

    code = "draw/too-early"
    zh = "未到抽取时间，最早 {opens_at}"
    en = "The draw may not start before {opens_at}"


class NotCanonicalError(KernelError):
    """A value has no canonical JSON form in the subset the protocol uses.

    Source: RFC 8785
    """

    code = "draw/not-canonical"
    zh = "无法规范化为 JSON：{reason}"
    en = "No canonical JSON form: {reason}"


class CommitmentBrokenError(KernelError):
    """Stored leaves or lottery do not belong to the published commitment.

    Source: domain DR-21
    """

    code = "draw/commitment-broken"
    zh = "承诺内容与已公布的承诺值不一致：{part}"
    en = "The stored {part} does not belong to the published commitment"


class InvalidTermsError(KernelError):
    """The terms of a commitment are incomplete or contradict themselves.

    Source: domain DR-21
    """

    code = "draw/invalid-terms"
    zh = "承诺条件不合格：{reasons}"
    en = "The terms of the commitment are not valid: {reasons}"
