"""Every refusal over HTTP as RFC 9457 problem details, in the reader's language."""

import itertools
import os
import re
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import IntegrityError

from expert_hub.foundation.db import is_busy
from expert_hub.foundation.errors import (
    Conflict,
    Forbidden,
    HubError,
    InvalidInput,
    Language,
    NotFound,
    Overloaded,
    Refusal,
    Unauthenticated,
    is_refusal,
    text_of,
)
from expert_hub.foundation.texts import CONTROL_SIGNS

PROBLEM_TYPE = "application/problem+json"
_defects = itertools.count(1)
log = structlog.get_logger("expert_hub")


class Unexpected(HubError):
    """A defect of the hub; the log has the details under the reference."""

    code = "hub/unexpected"
    status = 500
    zh = "系统内部错误，请联系管理员并提供编号 {reference}。"
    en = "Internal error; please report reference {reference}."


class HttpRefusal(HubError):
    """What the HTTP layer itself refuses (method, media type, size)."""

    code = "hub/http"
    zh = "请求无法处理（HTTP {status}）：{why}"
    en = "The request cannot be handled (HTTP {status}): {why}"


def language_of(header: str | None) -> Language:
    """The reader's language from an `Accept-Language` header: English if it ranks above Chinese, else Chinese."""
    ranks = {"zh": 0.0, "en": 0.0}
    for part in (header or "").split(",")[:20]:
        match = re.fullmatch(r"\s*(zh|en)\b[\w-]*\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part, re.IGNORECASE)
        if match:
            tag = match[1].lower()
            ranks[tag] = max(ranks[tag], float(match[2] or 1))
    return "en" if ranks["en"] > ranks["zh"] else "zh"


def problem_document(refusal: Refusal, status: int, language: Language) -> dict[str, Any]:
    """The members of a problem: `type` is a page of the documentation, `code` the stable name."""
    return {
        "type": f"/docs/problems#{refusal.code.replace('/', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": refusal.code,
        "detail": text_of(refusal, language),
        "facts": refusal.facts,
    }


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal; kernels know no HTTP, so theirs is 409."""
    return int(getattr(refusal, "status", 409))


def respond(request: Request[Any, Any, Any], refusal: Refusal) -> Response[dict[str, Any]]:
    """One refusal as a response."""
    status = status_of(refusal)
    language = language_of(request.headers.get("accept-language"))
    headers: dict[str, str] = {"content-language": language}
    if status == Overloaded.status:
        headers["retry-after"] = "2"
    if status == Unauthenticated.status:
        headers["www-authenticate"] = "Bearer"
    return Response(
        problem_document(refusal, status, language), status_code=status, media_type=PROBLEM_TYPE, headers=headers
    )


def handle_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    """What Litestar refused by itself; a defect that it found in our code goes to the log."""
    if error.status_code >= 500:
        return handle_any(request, error)
    return respond(request, _as_refusal(error))


def _as_refusal(error: HTTPException) -> HubError:
    if isinstance(error, ValidationException):
        return InvalidInput(_faults(error))
    plain = {400: None, 401: Unauthenticated, 403: Forbidden, 404: NotFound}.get(error.status_code)
    if plain is not None:
        return plain()
    phrase = HTTPStatus(error.status_code).phrase
    refusal = HttpRefusal(status=error.status_code, why=phrase if error.status_code != 400 else error.detail)
    refusal.status = error.status_code  # type: ignore[misc]
    return refusal


def _faults(error: ValidationException) -> list[dict[str, str]]:
    extra = error.extra if isinstance(error.extra, list) else []
    faults = [
        {"where": str(item.get("key", "body")), "why": _readable(str(item.get("message", "not valid")))}
        for item in extra
        if isinstance(item, dict)
    ]
    return faults or [{"where": "body", "why": str(error.detail)}]


def _readable(message: str) -> str:
    """Without the regular expression that a text did not match."""
    _, is_pattern, rest = message.partition(" matching regex ")
    place = re.search(r" - at `[^`]*`\Z", rest)
    return (CONTROL_SIGNS + (place[0] if place else "")) if is_pattern else message


def _route_of(request: Request[Any, Any, Any]) -> str:
    # As the route is written: what stands in the address itself may be a secret, such as the code of an invitation.
    return str(request.scope.get("path_template") or "?")


def handle_any(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Refusals are shown, a busy database asks to come back, anything else is a defect and stays in the log."""
    if is_refusal(error):
        return respond(request, error)  # type: ignore[arg-type]
    if isinstance(error, RecursionError):
        return respond(request, InvalidInput([{"where": "body", "why": "nested too deeply"}]))
    if isinstance(error, IntegrityError):
        log.warning("lost a race", path=_route_of(request), error=str(error.orig).partition("\n")[0])
        return respond(request, Conflict())
    if is_busy(error):
        log.warning("database busy", error=type(error).__name__)
        return respond(request, Overloaded())
    reference = f"{os.getpid():x}-{next(_defects):x}"
    log.error("defect", reference=reference, path=_route_of(request), exc_info=error)
    return respond(request, Unexpected(reference=reference))
