"""Refusals of a request and of its committee: the hard errors of chapter 3, each with a code of its own."""

from scheduling.errors import KernelError


class RequesterSupervisesError(KernelError):
    """One person asks for the draw and supervises it.

    Source: domain chapter 3, hard errors
    """

    code = "draw/requester-supervises"
    zh = "申请人不得同时担任监督人"
    en = "The requester of a draw may not supervise it"


class TooFewAlternatesError(KernelError):
    """A quota has fewer alternates than the pack asks for.

    Source: 财库〔2003〕119号; domain DR-11
    """

    code = "draw/too-few-alternates"
    zh = "抽取条件组 {quotas} 的备选专家少于 {least} 名"
    en = "The quotas {quotas} have fewer than {least} alternates"


class CommitteeMissingError(KernelError):
    """The request does not say what committee it is for, so its size cannot be judged.

    Source: domain chapter 3, hard errors
    """

    code = "draw/committee-missing"
    zh = "抽取申请未说明评标委员会的组成"
    en = "The request does not describe the committee"


class CommitteeTooSmallError(KernelError):
    """Fewer members than the floor that applies to this committee.

    Source: 招标投标法 第37条, 财政部令第87号 第47条, 政府采购法 第38条
    """

    code = "committee/too-small"
    zh = "评标委员会 {size} 人，不得少于 {min_members} 人"
    en = "The committee has {size} members and needs at least {min_members}"


class EvenCommitteeError(KernelError):
    """An even number of members.

    Source: 招标投标法 第37条, 财政部令第87号 第47条
    """

    code = "committee/even-size"
    zh = "评标委员会人数应为单数，现为 {size} 人"
    en = "The committee has {size} members; the number must be odd"


class SeatsMismatchError(KernelError):
    """Experts and representatives do not make up the committee.

    Source: domain DR-07
    """

    code = "committee/seats-mismatch"
    zh = "专家 {experts} 人与采购人代表 {representatives} 人之和不等于委员会人数 {size}"
    en = "{experts} experts and {representatives} representatives do not make {size} members"


class ExpertShareError(KernelError):
    """Fewer experts than the law's share.

    Source: 招标投标法 第37条, 财政部令第87号 第47条, 政府采购法 第38条
    """

    code = "committee/expert-share"
    zh = "专家 {experts} 人，不得少于 {required} 人"
    en = "There are {experts} experts; at least {required} are required"


class TooManyRepresentativesError(KernelError):
    """More representatives of the procuring entity than the pack allows.

    Source: 招标投标法 第37条; domain DR-06
    """

    code = "committee/too-many-representatives"
    zh = "采购人代表 {representatives} 人，不得超过 {most} 人"
    en = "There are {representatives} representatives of the procuring entity; at most {most} are allowed"


class NoMandateError(KernelError):
    """Representatives without a written mandate.

    Source: 财政部令第87号 第45条(1); domain DR-06
    """

    code = "committee/no-mandate"
    zh = "采购人代表 {representatives} 人没有书面授权"
    en = "The {representatives} representatives have no written mandate"


class AgencyUncheckedError(KernelError):
    """An agency takes part and the ground that keeps its staff out is not in force.

    Source: 财政部令第87号 第47条; domain C10
    """

    code = "draw/agency-unchecked"
    zh = "项目有代理机构，但规则包未启用 C10（代理机构人员不得参加本项目评审）"
    en = "An agency takes part, but ground C10, which keeps its staff out of its own project, is not in force"


class UncitedFloorError(KernelError):
    """A floor of the rule pack has no citation.

    Source: domain chapter 3, hard errors
    """

    code = "draw/uncited-floor"
    zh = "规则包的下限规则缺少依据：{keys}"
    en = "Floor rules of the pack without a citation: {keys}"


class DirectNotAllowedError(KernelError):
    """The pack knows no direct selection, or the project is not one of those for which the law allows it.

    Source: 招标投标法 第37条, 招标投标法实施条例 第47条, 财政部令第87号 第48条
    """

    code = "draw/direct-not-allowed"
    zh = "本项目不允许直接确定专家"
    en = "Experts may not be selected directly for this project"


class DirectWithoutApproverError(KernelError):
    """Direct selection that nobody approved.

    Source: domain DR-09; chapter 3, hard errors
    """

    code = "draw/direct-without-approver"
    zh = "直接确定专家未经批准（批准人：{required}）"
    en = "Nobody approved the direct selection (approver: {required})"


class DirectIncompleteError(KernelError):
    """Direct selection without reason, evidence, consent, experts or salt.

    Source: 财政部令第87号 第48条, 财库〔2016〕198号; domain DR-09
    """

    code = "draw/direct-incomplete"
    zh = "直接确定专家的材料不全：{missing}"
    en = "The direct selection lacks {missing}"


class DirectExcludedError(KernelError):
    """A directly selected person has a ground or is not in the library.

    Source: domain DR-09, chapter 2
    """

    code = "draw/direct-excluded"
    zh = "直接确定的专家中有 {count} 名不得参加：{grounds}"
    en = "{count} of the directly selected experts are excluded: {grounds}"


class PinRefusedError(KernelError):
    """A pin that nobody may set.

    Source: domain CF-01
    """

    code = "draw/pin-refused"
    zh = "不得人工锁定 {ground}：{reason}"
    en = "Ground {ground} may not be pinned: {reason}"


class NoAssignmentError(KernelError):
    """Seats per kind that cannot be given to the quotas.

    Source: domain DR-07
    """

    code = "draw/no-assignment"
    zh = "席位不能分配到各抽取条件组（{seats} 席，{blocked} 个条件组已满）"
    en = "The {seats} seats cannot be given to the quotas: {blocked} of them are full"
