"""Refusals of relays."""

from expert_hub.foundation.errors import HubError


class RelayUnknown(HubError):
    """No relay has this id, or it is revoked already."""

    code = "rooms/relay-unknown"
    status = 404
    zh = "没有该中继，或其凭据已吊销：{relay_id}"
    en = "There is no such relay, or it is revoked already: {relay_id}"


class RelayVenueUnknown(HubError):
    """A relay belongs to a registered venue."""

    code = "rooms/relay-venue-unknown"
    status = 404
    zh = "没有登记场所 {venue}。"
    en = "There is no venue {venue}."


class RelayRefused(HubError):
    """The credential proves nothing, or was revoked."""

    code = "rooms/relay-refused"
    status = 401
    zh = "中继凭据无效或已吊销。"
    en = "The credential of the relay is not valid or was revoked."


class RelaySuperseded(HubError):
    """The same relay has connected anew."""

    code = "rooms/relay-superseded"
    status = 409
    zh = "该中继已在别处重新连接。"
    en = "The relay has connected anew from elsewhere."


class OtherVenue(HubError):
    """A relay carries seats and operators of its own venue only."""

    code = "rooms/relay-other-venue"
    status = 403
    zh = "中继只能接入本场地的席位和工作人员。"
    en = "A relay carries the seats and operators of its own venue only."
