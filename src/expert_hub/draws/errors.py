"""Refusals of draws, beside those of the kernel."""

from expert_hub.foundation.errors import HubError


class WrongDrawState(HubError):
    """The draw is not at the step that this needs."""

    code = "draws/wrong-state"
    status = 409
    zh = "抽取当前状态为 {state}，此操作需要 {wanted}。"
    en = "The draw is {state}; this needs {wanted}."


class DrawExists(HubError):
    """The lot has a draw that is still valid."""

    code = "draws/draw-exists"
    status = 409
    zh = "该标包已有有效抽取（第 {attempt} 次），不得重复抽取。"
    en = "The lot has a valid draw already (attempt {attempt}); it cannot be drawn again."


class CommitteeUnlawful(HubError):
    """The committee of the request breaks a floor of its rule pack."""

    code = "draws/committee-unlawful"
    status = 422
    zh = "评标委员会组成不合法：{summary}"
    en = "The committee is not lawful: {summary}"


class UnknownSpeciality(HubError):
    """A quota asks for a code that the catalogue does not have."""

    code = "draws/unknown-speciality"
    status = 422
    zh = "专业代码 {codes} 不在已导入的目录中。"
    en = "The speciality codes {codes} are not in the imported catalogue."


class InvitationUnknown(HubError):
    """No open invitation has this code."""

    code = "draws/invitation-unknown"
    status = 404
    zh = "邀请码无效或已过期。"
    en = "The invitation code is not valid or has expired."


class InvitationAnswered(HubError):
    """The invitation has its answer already."""

    code = "draws/invitation-answered"
    status = 409
    zh = "该邀请已答复，不能更改。"
    en = "This invitation has been answered and cannot be changed."


class InvitationOver(HubError):
    """The invitation ended without an answer."""

    code = "draws/invitation-over"
    status = 409
    zh = "该邀请已过答复时限，名额已另行邀请。"
    en = "The time to answer this invitation has passed; the place was offered to somebody else."


class TooLateToWithdraw(HubError):
    """The cut-off of withdrawals has passed; who insists is counted as absent."""

    code = "draws/too-late-to-withdraw"
    status = 409
    zh = "距评审开始不足 {minutes} 分钟，不能再请假；如仍不能到场，请确认，将按缺席记录。"
    en = (
        "The evaluation begins in less than {minutes} minutes: it is too late to withdraw. Say it again with "
        "`insist`, and it is counted as absence."
    )


class OrderTellsTooMuch(HubError):
    """Place or phone of a draw would tell invited experts what they must not know."""

    code = "draws/order-tells-too-much"
    status = 422
    zh = "地点或电话中含有不得告知受邀专家的内容：{words}"
    en = "Place or phone hold what invited experts must not learn: {words}"


class SignatureInvalid(HubError):
    """A report does not come from the gateway, or not now."""

    code = "draws/signature-invalid"
    status = 401
    zh = "回执签名缺失、错误或已过时效。"
    en = "The signature of the report is missing, wrong or out of date."


class NoAlternateLeft(HubError):
    """The quota has no alternate left who could be asked."""

    code = "draws/no-alternate-left"
    status = 409
    zh = "该专业已无备选专家，须重新组建评标委员会。"
    en = "The quota has no alternate left; the committee must be formed anew."


class TableUnreadable(HubError):
    """A file that should be a CSV table is no text."""

    code = "draws/table-unreadable"
    status = 422
    zh = "文件 {file} 不是 CSV 文本（UTF-8 或 GB 18030）。"
    en = "The file {file} is no CSV text (UTF-8 or GB 18030)."


class HexadecimalExpected(HubError):
    """A text that should be bytes in hexadecimal is none, or has another length."""

    code = "draws/hexadecimal-expected"
    status = 422
    zh = "{name} 应为 {length} 字节的十六进制文本。"
    en = "{name} must be {length} bytes in hexadecimal."


class BeaconChainInvalid(HubError):
    """The constants of a beacon do not make one."""

    code = "draws/beacon-chain-invalid"
    status = 422
    zh = "随机信标 {chain} 的参数 {field} 不正确。"
    en = "The constant {field} of the beacon {chain} is not valid."


class BeaconRoundOutOfRange(HubError):
    """The number of a round is not one."""

    code = "draws/beacon-round-out-of-range"
    status = 422
    zh = "随机信标 {chain} 没有第 {round} 轮。"
    en = "The beacon {chain} has no round {round}."


class BeaconRoundMalformed(HubError):
    """What should be a round does not have its form."""

    code = "draws/beacon-round-malformed"
    status = 422
    zh = "所给内容不是随机信标 {chain} 第 {round} 轮的数据。"
    en = "This is not a record of round {round} of the beacon {chain}."


class BeaconSignatureInvalid(HubError):
    """The signature of a round does not hold under the key of its chain."""

    code = "draws/beacon-signature-invalid"
    status = 422
    zh = "随机信标 {chain} 第 {round} 轮的签名验证不通过。"
    en = "The signature of round {round} of the beacon {chain} does not hold."


class PartyMissing(HubError):
    """A party that must contribute has no chain in use."""

    code = "draws/party-missing"
    status = 409
    zh = "参与方 {party} 尚未登记可用的随机数链。"
    en = "The party {party} has no registered chain in use."


class PartyRefused(HubError):
    """The account may not act for this party."""

    code = "draws/party-refused"
    status = 403
    zh = "当前账号不能代表参与方 {party}。"
    en = "This account may not act for the party {party}."


class ChainKnown(HubError):
    """The chain was registered before."""

    code = "draws/chain-known"
    status = 409
    zh = "该随机数链已登记。"
    en = "This chain is registered already."


class RandomnessMissing(HubError):
    """No beacon is set up, and there are not enough parties to do without."""

    code = "draws/randomness-missing"
    status = 409
    zh = "未配置随机信标，且参与方不足 {least} 个，不能抽取。"
    en = "No beacon is set up, and a draw without one needs {least} parties."


class ProposalStale(HubError):
    """What was signed is no longer what would be committed."""

    code = "draws/proposal-stale"
    status = 409
    zh = "待签承诺已过期或已变更，请重新获取后签署。"
    en = "The proposal is out of date; fetch it again and sign the new one."


class PartySignatureInvalid(HubError):
    """The signature is not that of the party over this commitment."""

    code = "draws/party-signature-invalid"
    status = 422
    zh = "参与方 {party} 的签名无效。"
    en = "The signature of the party {party} is not valid."


class CosignatureInvalid(HubError):
    """The line is not a cosignature of the awaited checkpoint by a witness of the policy, made now."""

    code = "draws/cosignature-invalid"
    status = 422
    zh = "见证签名无效：{why}"
    en = "The cosignature is not valid: {why}"


class DrawLapsed(HubError):
    """The beacon round came before the checkpoint was cosigned; the attempt is void."""

    code = "draws/lapsed"
    status = 409
    zh = "未在信标轮次公布前完成见证，本次抽取作废，请重新发起。"
    en = "The checkpoint was not cosigned before the beacon round: this attempt is void, ask for a new draw."


class KeyShareWrong(HubError):
    """The share of the pool's key does not open the drawn positions."""

    code = "draws/key-share-wrong"
    status = 422
    zh = "监督方提供的密钥份额不正确。"
    en = "The share of the key does not open the pool."


class NotYetDue(HubError):
    """The step may be taken later."""

    code = "draws/not-yet-due"
    status = 409
    zh = "最早可于 {at} 进行。"
    en = "This may be done from {at} on."


class BeaconUnknown(HubError):
    """Draws of this hub do not use the chain."""

    code = "draws/beacon-unknown"
    status = 422
    zh = "本系统不使用该信标链 {chain}。"
    en = "Draws of this hub do not use the chain {chain}."


class NamesSealed(HubError):
    """Names may not be read before everybody has checked in."""

    code = "draws/names-sealed"
    status = 409
    zh = "全体成员签到前不得解密名单。"
    en = "Names cannot be read before all members have checked in."
