"""Refusals of the expert library."""

from expert_hub.foundation.errors import HubError


class ExpertNotFound(HubError):
    """No expert with this id for this viewer."""

    code = "experts/not-found"
    status = 404
    zh = "专家库中没有编号为 {expert_id} 的专家。"
    en = "There is no expert {expert_id} in the library."


class StandingNotAllowed(HubError):
    """The life cycle has no such step."""

    code = "experts/standing-not-allowed"
    status = 409
    zh = "专家状态不能由 {before} 变更为 {after}。"
    en = "The standing of an expert cannot change from {before} to {after}."


class DecisionIncomplete(HubError):
    """A change of standing without reason, decision id or with a day that has not come."""

    code = "experts/decision-incomplete"
    status = 422
    zh = "变更状态须写明理由和决定文号，生效日期不得晚于今天。"
    en = "A change of standing needs a reason, the id of the decision and an effective date that is not in the future."


class ChangedMeanwhile(HubError):
    """Somebody else changed the record since the caller read it."""

    code = "experts/changed-meanwhile"
    status = 409
    zh = "该专家记录已被他人修改（当前版本 {version}），请刷新后重试。"
    en = "The record was changed meanwhile (now version {version}); read it again."


class FileMissing(HubError):
    """The path leads to no file."""

    code = "experts/file-missing"
    status = 404
    zh = "找不到文件 {file}。"
    en = "There is no file {file}."


class FileEmpty(HubError):
    """A file without a single row."""

    code = "experts/file-empty"
    status = 422
    zh = "文件 {file} 是空的。"
    en = "The file {file} is empty."


class FileTooLarge(HubError):
    """More bytes than a library can need; also a workbook that unpacks to more."""

    code = "experts/file-too-large"
    status = 413
    zh = "文件 {file} 过大（或解压后过大），上限为 {limit_mib} MiB。"
    en = "The file {file} is too large, or unpacks to too much; the limit is {limit_mib} MiB."


class NotATable(HubError):
    """Some other kind of file, whatever its name says."""

    code = "experts/not-a-table"
    status = 422
    zh = "文件 {file} 不是 CSV 或 xlsx 表格，其内容是：{found}。"
    en = "The file {file} is neither CSV nor xlsx; its content is: {found}."


class OldWorkbook(HubError):
    """A workbook of the time before xlsx, or one locked by a password: both have the same outer form."""

    code = "experts/old-workbook"
    status = 422
    zh = "文件 {file} 是旧版 .xls 或加密的工作簿，请另存为未加密的 .xlsx 或 CSV。"
    en = "The file {file} is an old .xls or an encrypted workbook; save it as a plain .xlsx or CSV."


class DamagedWorkbook(HubError):
    """An xlsx file that cannot be read to its end."""

    code = "experts/damaged-workbook"
    status = 422
    zh = "工作簿 {file} 已损坏或不完整，无法读取。"
    en = "The workbook {file} is damaged or incomplete and cannot be read."


class UnreadableEncoding(HubError):
    """Neither UTF-8 nor GB 18030."""

    code = "experts/unreadable-encoding"
    status = 422
    zh = "无法识别文件 {file} 的编码（第 {row} 行起不可解码）。请用 UTF-8 或 GB18030（GBK）保存。"
    en = "The encoding of {file} is not recognised (row {row} cannot be decoded). Save it as UTF-8 or GB18030 (GBK)."


class HeaderMissing(HubError):
    """No row that names the columns, or one that lacks required columns."""

    code = "experts/header-missing"
    status = 422
    zh = "文件 {file} 的表头缺少必需的列：{missing}。"
    en = "The header of {file} lacks required columns: {missing}."


class DuplicateColumn(HubError):
    """Two columns with the same meaning."""

    code = "experts/duplicate-column"
    status = 422
    zh = "文件 {file} 的表头中列 {column} 出现了两次。"
    en = "The header of {file} names the column {column} twice."
