"""Refusals of venues."""

from expert_hub.foundation.errors import HubError


class VenueFileInvalid(HubError):
    """The venue file does not have the documented form."""

    code = "venues/file-invalid"
    status = 422
    zh = "场所文件 {file} 不符合格式：{why}"
    en = "The venue file {file} is not valid: {why}"


class TooFewWorkstations(HubError):
    """A venue has fewer free workstations than wanted in that time."""

    code = "venues/too-few-workstations"
    status = 409
    zh = "场所 {venue} 在该时段仅剩 {free} 个空闲工位，需要 {wanted} 个。"
    en = "Venue {venue} has {free} free workstations in that time; {wanted} are needed."
