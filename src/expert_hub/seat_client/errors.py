"""Why a seat client gives up, and what it passes on from the room."""

from collections.abc import Mapping
from typing import Any

from expert_hub.foundation.errors import HubError


class SeatRefused(HubError):
    """The room refused a command; `problem` holds its problem details unchanged."""

    code = "seat/refused"
    status = 409
    zh = "评标室拒绝了该操作（{reason}）：{detail}"
    en = "The room refused the command ({reason}): {detail}"

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.problem = dict(problem)
        reason = problem.get("code", "?")
        super().__init__(reason=reason, detail=problem.get("detail") or problem.get("title") or reason)


class SeatStopped(HubError):
    """The client ended and will not connect again; commands without an answer stay in the outbox."""

    code = "seat/stopped"
    status = 409
    zh = "席位客户端已停止。"
    en = "The seat client has stopped."


class SeatClosed(SeatStopped):
    """The program left the seat itself."""

    code = "seat/closed"
    zh = "席位客户端已关闭，尚有 {unanswered} 条指令未收到答复。"
    en = "The seat client is closed; {unanswered} commands have no answer yet."


class LoginRequired(SeatStopped):
    """Close code 4401: the token is not valid, or no longer."""

    code = "seat/login-required"
    status = 401
    zh = "登录已失效，请重新登录；未答复的指令保存在发件箱中，登录后会继续发送。"
    en = "Log in again; commands without an answer stay in the outbox and are sent after that."


class NotYourRoom(SeatStopped):
    """Close code 4403: this account has no place in the room, or no longer."""

    code = "seat/not-your-room"
    status = 403
    zh = "当前账号不属于该评标室，或已不再担任该席位。"
    en = "This account has no place in the room, or no longer has one."


class NoSuchRoom(SeatStopped):
    """Close code 4404."""

    code = "seat/no-such-room"
    status = 404
    zh = "没有该评标室。"
    en = "There is no such room."


class SeatSuperseded(SeatStopped):
    """Close code 4409: the same seat connected from elsewhere."""

    code = "seat/superseded"
    zh = "该席位已在别处重新连接，本连接不再使用。"
    en = "The seat has connected from elsewhere; this connection is no longer used."


class ServerUntrusted(SeatStopped):
    """The server's certificate does not prove who it is; a token must not be sent there."""

    code = "seat/server-untrusted"
    status = 502
    zh = "无法验证服务器证书：{why}"
    en = "The certificate of the server cannot be verified: {why}"


class SeatMisconfigured(HubError):
    """An address or a token that cannot be used."""

    code = "seat/misconfigured"
    zh = "席位客户端参数有误：{why}"
    en = "The seat client is not set up correctly: {why}"


class WaitTimedOut(HubError):
    """What was waited for did not come in time."""

    code = "seat/wait-timed-out"
    status = 504
    zh = "等待 {timeout_s} 秒后仍未满足条件。"
    en = "Nothing satisfied the condition within {timeout_s} s."


class OutboxInUse(HubError):
    """Another client holds the outbox."""

    code = "seat/outbox-in-use"
    status = 409
    zh = "发件箱 {path} 正被另一个席位客户端使用。"
    en = "The outbox {path} is in use by another seat client."


class OutboxUnreadable(HubError):
    """The file is not an outbox."""

    code = "seat/outbox-unreadable"
    status = 409
    zh = "发件箱 {path} 无法读取：{why}"
    en = "The outbox {path} cannot be read: {why}"


class OutboxOfOtherRoom(HubError):
    """Commands of one room must never reach another."""

    code = "seat/outbox-of-other-room"
    status = 409
    zh = "发件箱 {path} 属于另一评标室（{room}），不能用于此处。"
    en = "The outbox {path} belongs to another room ({room}) and cannot be used here."


STOPPING_CODES: dict[int, type[SeatStopped]] = {
    4401: LoginRequired,
    4403: NotYourRoom,
    4404: NoSuchRoom,
    4409: SeatSuperseded,
}
"""Close codes after which connecting again is wrong; every other code means: try again."""
