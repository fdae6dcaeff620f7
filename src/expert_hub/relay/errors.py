"""Why a relay refuses a command or does not run."""

from expert_hub.foundation.errors import HubError


class RelayMisconfigured(HubError):
    """An address, a credential or a certificate that cannot be used."""

    code = "relay/misconfigured"
    zh = "中继参数有误：{why}"
    en = "The relay is not set up correctly: {why}"


class RelayStopped(HubError):
    """The hub does not take this relay; connecting again is wrong."""

    code = "relay/stopped"
    status = 403
    zh = "中心不再接受本中继（{code}：{reason}）；已保存的指令仍在发件箱中。"
    en = "The hub does not take this relay any more ({code}: {reason}); what was kept is still in the outbox."


class StoreInUse(HubError):
    """Another relay holds the outbox."""

    code = "relay/store-in-use"
    status = 409
    zh = "发件箱 {path} 正被另一个中继使用。"
    en = "The outbox {path} is in use by another relay."


class StoreUnreadable(HubError):
    """The file is not an outbox of a relay."""

    code = "relay/store-unreadable"
    status = 409
    zh = "发件箱 {path} 无法读取：{why}"
    en = "The outbox {path} cannot be read: {why}"


class StoreOfOtherCredential(HubError):
    """The outbox is sealed with a key made from another credential."""

    code = "relay/store-of-other-credential"
    status = 409
    zh = "发件箱 {path} 由另一凭据加密，请使用原凭据，或在其中已无指令时换用新文件。"
    en = "The outbox {path} is sealed with another credential: use that one, or a new file."


class OutboxFull(HubError):
    """The outbox holds as much as it may; nothing was kept."""

    code = "relay/outbox-full"
    status = 507
    zh = "中继发件箱已满，该操作未保存；请等待与中心的连接恢复。"
    en = "The outbox of the relay is full and this was not kept; wait until the link to the hub is back."


class SeatOutboxFull(HubError):
    """One seat has as many commands waiting as it may; nothing was kept."""

    code = "relay/seat-outbox-full"
    status = 429
    zh = "本席位已有 {count} 条操作等待送达中心，该操作未保存；请等待连接恢复。"
    en = "This seat has {count} commands waiting for the hub and this was not kept; wait until the link is back."


class KeptIdReused(HubError):
    """The command id stands for another command that is still kept."""

    code = "relay/command-id-reused"
    status = 409
    zh = "操作编号 {command_id} 已用于另一操作。"
    en = "The command id {command_id} was used for another command."
