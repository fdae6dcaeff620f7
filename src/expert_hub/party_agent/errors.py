"""What the program of a party refuses, and what a hub refused it."""

from expert_hub.foundation.errors import HubError


class HubRefused(HubError):
    """The hub did not take a step."""

    code = "party/hub-refused"
    status = 502
    zh = "系统拒绝了请求（{status} {problem}）：{detail}"
    en = "The hub refused ({status} {problem}): {detail}"


class ProposalDishonest(HubError):
    """What the hub wants signed is not what it says, or not what this party may sign."""

    code = "party/proposal-dishonest"
    status = 409
    zh = "拒绝签署：{why}"
    en = "Not signed: {why}"


class LedgerRewritten(HubError):
    """A newer checkpoint does not continue one that was cosigned before."""

    code = "party/ledger-rewritten"
    status = 409
    zh = "拒绝见证：账本与先前见证的检查点（{old}）不一致。"
    en = "Not cosigned: the ledger does not continue the checkpoint of size {old} that was cosigned before."
