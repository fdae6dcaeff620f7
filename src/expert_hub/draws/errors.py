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


class ChangeInvalid(HubError):
    """A change that was sent along gives up nothing that the request asks for."""

    code = "draws/change-invalid"
    status = 422
    zh = "更改 {kind}（{target}）与本申请不符。"
    en = "The change {kind} ({target}) does not fit this request."


class ExclusionsSealed(HubError):
    """Who was left out is not readable before the draw is over."""

    code = "draws/exclusions-sealed"
    status = 409
    zh = "成员全部签到（或抽取终止）前不得查看排除记录。"
    en = "Exclusions cannot be read before all members have checked in or the draw has ended."


class BidsNotOpened(HubError):
    """Bidders are secret before the opening of bids."""

    code = "draws/bids-not-opened"
    status = 409
    zh = "开标（{at}）前不得录入投标人。"
    en = "Bidders may not be entered before the bids are opened ({at})."


class DecisionIncomplete(HubError):
    """A decision about a conflict without reason, evidence or the other side."""

    code = "draws/decision-incomplete"
    status = 422
    zh = "回避认定的材料不全：{missing}"
    en = "The decision about a conflict lacks {missing}."


class SeatsToReplace(HubError):
    """The evaluation may not begin with a member who lost the seat or was not assessed yet."""

    code = "draws/seats-to-replace"
    status = 409
    zh = "尚有 {lost} 个席位须更换、{waiting} 名成员待回避复核，暂不能进入评审。"
    en = "{lost} seats must be replaced and {waiting} members be assessed before the evaluation goes on."


class ReviewClosed(HubError):
    """The review was decided already."""

    code = "draws/review-closed"
    status = 409
    zh = "该复核任务已办结（{state}）。"
    en = "This review was closed already ({state})."


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


class ChainExhausted(HubError):
    """Every link of a hash chain was given to a draw."""

    code = "draws/chain-exhausted"
    status = 409
    zh = "该方的哈希链（{length} 环）已用完，须登记新的链。"
    en = "All {length} links of this party's hash chain are used; a new chain must be registered."


class ChainRetired(HubError):
    """The root of a hash chain was opened, so everybody could know its links."""

    code = "draws/chain-retired"
    status = 409
    zh = "该方的哈希链已被托管人开启并停用，须登记新的链。"
    en = "This party's hash chain was opened by its holders and is retired; a new chain must be registered."


class ChainReplaced(HubError):
    """A party has registered another chain since this draw began."""

    code = "draws/chain-replaced"
    status = 409
    zh = "{party} 在本次抽取开始后更换了哈希链，本次抽取无法继续；请作废后重新申请。"
    en = "The party {party} has registered another chain since this draw began: void the draw and ask for a new one."


class LinkNotAssigned(HubError):
    """A link was revealed that no draw asked for."""

    code = "draws/link-not-assigned"
    status = 409
    zh = "第 {index} 环尚未分配给任何抽取，不得披露。"
    en = "Link {index} was given to no draw and must not be revealed."


class LinkInvalid(HubError):
    """A link does not lead to the registered tip."""

    code = "draws/link-invalid"
    status = 422
    zh = "所披露的第 {index} 环与登记的链首不符。"
    en = "What was revealed as link {index} does not lead to the registered tip."


class SealingKeyInvalid(HubError):
    """Nothing can be sealed to this public key."""

    code = "draws/sealing-key-invalid"
    status = 422
    zh = "加密公钥无效。"
    en = "Nothing can be sealed to this public key."


class SealedBoxUnreadable(HubError):
    """A sealed text does not open with this key."""

    code = "draws/sealed-box-unreadable"
    status = 422
    zh = "密封内容无法用此密钥打开：不是封给该密钥的，或已被改动。"
    en = "This key does not open the sealed text: it is for another key, or was changed."


class EscrowPlanInvalid(HubError):
    """An escrow that one person could open alone, or nobody at all."""

    code = "draws/escrow-plan-invalid"
    status = 422
    zh = "托管方案无效：{holders} 名托管人、门限 {threshold}；须 2 ≤ 门限 ≤ 人数 ≤ 32，名称与公钥不得重复。"
    en = (
        "The escrow is not valid: {holders} holders, threshold {threshold}; 2 <= threshold <= holders <= 32 is needed, "
        "and no name or key twice."
    )


class EscrowShareWrong(HubError):
    """A holder gave a share that is not the one dealt to it."""

    code = "draws/escrow-share-wrong"
    status = 422
    zh = "托管人 {holder} 提交的份额与登记的承诺值不符。"
    en = "The share given by the holder {holder} does not fit its registered commitment."


class EscrowTooFewShares(HubError):
    """Not enough holders gave their shares."""

    code = "draws/escrow-too-few-shares"
    status = 409
    zh = "开启托管需要 {needed} 份，目前只有 {given} 份。"
    en = "Opening the escrow needs {needed} shares; there are {given}."


class EscrowFalse(HubError):
    """The party dealt shares that do not give the root of its chain."""

    code = "draws/escrow-false"
    status = 409
    zh = "各份额均与承诺值相符，但无法还原登记的哈希链：该方当初托管的内容不实。"
    en = "All shares are as registered, yet they do not give the registered chain: the party dealt falsely."


class LinkOutOfRange(HubError):
    """A chain has no such link, or a length no chain may have."""

    code = "draws/link-out-of-range"
    status = 422
    zh = "序号 {index} 超出范围，应为 1 至 {length}。"
    en = "{index} is out of range; it must lie between 1 and {length}."


class PartyNameInvalid(HubError):
    """The name of a party or holder is no identifier."""

    code = "draws/party-name-invalid"
    status = 422
    zh = "参与方名称应为 1 至 64 个小写字母、数字、点或连字符，且以字母或数字开头。"
    en = "The name of a party has 1 to 64 of a-z, 0-9, point and hyphen, and begins with a letter or digit."


class PartyKeyFileExists(HubError):
    """Keys are never overwritten: the chain of the old ones would be lost."""

    code = "draws/party-key-file-exists"
    status = 409
    zh = "文件 {file} 已存在，不会覆盖密钥。"
    en = "The file {file} exists; keys are not overwritten."


class PartyKeyFileOpen(HubError):
    """Others than its owner may read a key file."""

    code = "draws/party-key-file-open"
    status = 409
    zh = "密钥文件 {file} 可被其他用户读取，请先执行 chmod 600。"
    en = "The key file {file} can be read by others; chmod 600 first."


class PartyKeyFileUnreadable(HubError):
    """A file is no key file of a party."""

    code = "draws/party-key-file-unreadable"
    status = 422
    zh = "文件 {file} 不是参与方密钥文件。"
    en = "The file {file} is no key file of a party."


class HolderExpected(HubError):
    """A holder of a share was not given as NAME=KEY."""

    code = "draws/holder-expected"
    status = 422
    zh = "托管人应写作 名称=公钥（64 位十六进制），而不是 {text}。"
    en = "A holder is given as NAME=KEY with the key in 64 hexadecimal characters, not as {text}."


class RegistrationInvalid(HubError):
    """The public document of a party does not have its form, or is not signed by the party's own key."""

    code = "draws/registration-invalid"
    status = 422
    zh = "参与方登记文件不正确：{field}。"
    en = "The registration of the party is not valid: {field}."


class DrawFileUnreadable(HubError):
    """A file that should hold a transcript, a lottery or members does not."""

    code = "draws/file-unreadable"
    status = 422
    zh = "文件 {file} 不是可读取的抽取文件：{why}"
    en = "The file {file} is not of the form it needs: {why}"
