"""The one base of every refusal that a person may read.

A refusal has a stable `code` ("draw/pool-too-small"), an HTTP `status`, a text in Chinese and in English, and `facts`
that fill the texts and are given to programs. Kernels have bases of their own with the same four names, so that
`foundation.problems` and the command line treat both alike.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, Protocol

Language = Literal["zh", "en"]


class Refusal(Protocol):
    """What a kernel error and a hub error have in common."""

    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    facts: dict[str, Any]


class HubError(Exception):
    """A refusal of the service.

    Subclasses set `code`, `status`, `zh` and `en`; the texts may name facts in braces.
    """

    code: ClassVar[str] = "hub/refused"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = "请求被拒绝。"
    en: ClassVar[str] = "The request was refused."

    def __init__(self, **facts: Any) -> None:
        self.facts: dict[str, Any] = facts
        super().__init__(text_of(self, "en"))


class _Facts(dict[str, Any]):
    """A fact that is absent shows as its name, so that an incomplete refusal is still readable."""

    def __missing__(self, key: str) -> str:
        return key


def text_of(refusal: Refusal, language: Language) -> str:
    """The refusal as one sentence in the reader's language; a kernel's refusal knows best how to say its facts."""
    own: Callable[[str], str] | None = getattr(refusal, "text", None)
    if own is not None:
        return own(language)
    template = refusal.zh if language == "zh" else refusal.en
    return template.format_map(_Facts(refusal.facts))


def is_refusal(error: BaseException) -> bool:
    """True for errors that opted in to be shown: they carry a code, both texts and facts."""
    return all(hasattr(error, name) for name in ("code", "zh", "en", "facts"))


class Unauthenticated(HubError):
    """No valid proof of who is asking."""

    code = "identity/unauthenticated"
    status = 401
    zh = "请先登录：凭证缺失、无效或已过期。"
    en = "Please log in: the credential is missing, invalid or expired."


class Forbidden(HubError):
    """The account is known but may not do this."""

    code = "identity/forbidden"
    status = 403
    zh = "当前账号无权执行此操作。"
    en = "This account may not do that."


class NotFound(HubError):
    """Nothing here for this viewer; also the answer about things that he may not know exist."""

    code = "hub/not-found"
    status = 404
    zh = "未找到所请求的内容。"
    en = "There is nothing here."


class InvalidInput(HubError):
    """A body or parameter that does not have the documented form; `faults` lists where and why."""

    code = "hub/invalid-input"
    status = 422
    zh = "提交的内容不符合要求：{summary}"
    en = "The input is not valid: {summary}"

    def __init__(self, faults: Sequence[Mapping[str, str]]) -> None:
        summary = "; ".join(f"{fault['where']}: {fault['why']}" for fault in faults[:5])
        super().__init__(faults=[dict(fault) for fault in faults], summary=summary)


class Conflict(HubError):
    """Somebody else did the same or the opposite at the same moment; nothing of this request was kept."""

    code = "hub/conflict"
    status = 409
    zh = "该内容刚刚被其他操作更改，本次请求未生效，请刷新后重试。"
    en = "Somebody else changed this at the same moment; the request had no effect. Please look again."


class Overloaded(HubError):
    """The hub is busy; the same request may be sent again."""

    code = "hub/overloaded"
    status = 503
    zh = "系统繁忙，请稍后重试。"
    en = "The hub is busy; please try again shortly."
