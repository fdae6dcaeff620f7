"""Refusals of rooms, beside those of the kernel."""

from expert_hub.foundation.errors import HubError


class RoomNotReady(HubError):
    """The lot has no complete panel yet."""

    code = "rooms/not-ready"
    status = 409
    zh = "评审小组尚未组成：抽取状态为 {state}。"
    en = "The panel is not complete: the draw is {state}."


class RoomExists(HubError):
    """The lot has its room already."""

    code = "rooms/room-exists"
    status = 409
    zh = "该标包已有评标室。"
    en = "The lot has a room already."


class RepresentativesMismatch(HubError):
    """The representatives are not those that the committee needs."""

    code = "rooms/representatives-mismatch"
    status = 422
    zh = "采购人代表应为 {wanted} 人且须持有该采购人的代表账号，提交了：{given}"
    en = "The committee needs {wanted} representatives with an account of this procuring entity; given: {given}"


class VenuesRepeated(HubError):
    """A venue is named twice."""

    code = "rooms/venues-repeated"
    status = 422
    zh = "主场与副场不得重复：{venues}"
    en = "Host and guest venues must differ: {venues}"


class CommandIdReused(HubError):
    """The command id was used for another command."""

    code = "rooms/command-id-reused"
    status = 409
    zh = "操作编号 {command_id} 已用于另一操作。"
    en = "The command id {command_id} was used for another command."


class ReportNotReady(HubError):
    """The report exists once the candidates are proposed."""

    code = "rooms/report-not-ready"
    status = 409
    zh = "评标报告尚未形成：当前阶段为 {stage}。"
    en = "There is no report yet: the room is at {stage}."


class NotThisSeat(HubError):
    """The account may look but holds no part in the room that gives commands."""

    code = "rooms/not-this-seat"
    status = 403
    zh = "当前账号在本评标室没有可操作的席位。"
    en = "This account holds no seat in this room."


class NoNewcomer(HubError):
    """Nobody has accepted to take the seat over yet."""

    code = "rooms/no-newcomer"
    status = 409
    zh = "尚无已接受邀请的递补专家，暂不能更换席位 {seat_id}。"
    en = "No alternate has accepted yet; seat {seat_id} cannot be replaced."


class TooLateToReplace(HubError):
    """The evaluation is over or held; members are not exchanged."""

    code = "rooms/too-late-to-replace"
    status = 409
    zh = "评标室当前阶段为 {stage}，不能邀请备选专家递补。"
    en = "The room is at {stage}; alternates cannot be invited."


class SeatNotDrawn(HubError):
    """The seat belongs to a representative, whom the procuring entity replaces."""

    code = "rooms/seat-not-drawn"
    status = 409
    zh = "席位 {seat_id} 不是抽取产生的，不能从备选专家递补。"
    en = "Seat {seat_id} was not drawn; an alternate cannot take it."


class TooManySockets(HubError):
    """The account has as many connections as it may."""

    code = "rooms/too-many-sockets"
    status = 429
    zh = "当前账号打开的连接已达上限（{limit} 个），请先关闭其他窗口。"
    en = "This account has {limit} connections open, as many as it may; close another first."


class TicketInvalid(HubError):
    """The ticket was used, is over, or is for another room."""

    code = "rooms/ticket-invalid"
    status = 401
    zh = "入场凭票无效、已使用或已过期，请重新获取。"
    en = "The ticket is not valid, was used or has expired; ask for another."


class SlowReader(HubError):
    """The other side does not read what it is sent."""

    code = "rooms/slow-reader"
    zh = "接收过慢，连接已断开，请重新连接后继续。"
    en = "Frames were not read in time; connect again and resume."


class Silent(HubError):
    """Nothing came for longer than a living client keeps quiet."""

    code = "rooms/silent"
    zh = "长时间未收到消息，连接已断开。"
    en = "Nothing was heard for too long; connect again and resume."
