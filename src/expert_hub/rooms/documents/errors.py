"""Refusals of bid documents."""

from expert_hub.foundation.errors import HubError


class TooLateForDocuments(HubError):
    """The bids that the committee evaluates are those that were opened; after check-in nothing is added."""

    code = "rooms/documents-closed"
    status = 409
    zh = "评标室当前阶段为 {stage}，签到开始后不得再提交或撤回投标文件。"
    en = "The room is at {stage}; bid documents can be added or withdrawn only before check-in."


class DocumentTooLarge(HubError):
    """The file is larger than this hub takes."""

    code = "rooms/document-too-large"
    status = 413
    zh = "文件超过 {limit_mib} MiB 的上限，未保存。"
    en = "The file is larger than {limit_mib} MiB; nothing was kept."


class DocumentTruncated(HubError):
    """Fewer octets came than were announced."""

    code = "rooms/document-truncated"
    status = 422
    zh = "文件不完整：应为 {expected} 字节，收到 {received} 字节，未保存。"
    en = "The file is not complete: {expected} octets were announced, {received} came; nothing was kept."


class DigestMismatch(HubError):
    """What came is not what the sender hashed."""

    code = "rooms/document-digest-mismatch"
    status = 422
    zh = "文件摘要不符：声明为 {declared}，收到的文件为 {received}，未保存。"
    en = "The digest differs: {declared} was announced, the file has {received}; nothing was kept."


class DigestMalformed(HubError):
    """The Content-Digest header is not one of RFC 9530 with sha-256."""

    code = "rooms/document-digest-malformed"
    status = 400
    zh = "Content-Digest 格式应为 sha-256=:BASE64:（RFC 9530）。"
    en = "Content-Digest must be sha-256=:BASE64: (RFC 9530)."


class DocumentRefused(HubError):
    """Inspection found something that no reader of bids may meet."""

    code = "rooms/document-refused"
    status = 422
    zh = "文件未通过检查：{why_zh}，未保存。"
    en = "The file was refused: {why_en}; nothing was kept."


class InspectionFailed(HubError):
    """The inspecting or marking process gave up within its limits."""

    code = "rooms/document-unreadable"
    status = 422
    zh = "文件无法在限定的时间和内存内读取，未处理。"
    en = "The file could not be read within the limits of time and memory; nothing was done."


class BlindNeedsPages(HubError):
    """A blind technical file must be markable, or its own data would tell whose it is."""

    code = "rooms/document-blind-kind"
    status = 422
    zh = "暗标技术文件只接受 PDF、PNG 或 JPEG，收到的是 {kind}。"
    en = "A blind technical file must be PDF, PNG or JPEG; this is {kind}."


class TooManyDocuments(HubError):
    """The bid has as many documents as one bid may have."""

    code = "rooms/too-many-documents"
    status = 409
    zh = "该投标已有 {limit} 份文件，不能再增加。"
    en = "This bid has {limit} documents; no more can be added."


class DocumentDamaged(HubError):
    """The stored octets are not those that were taken in."""

    code = "rooms/document-damaged"
    status = 500
    zh = "存储的文件与登记的摘要不符或缺失，已停止提供，请通知管理员。"
    en = "The stored file is missing or differs from its registered digest; it is not served. Tell the administrator."


class StorageUnreachable(HubError):
    """The object storage does not answer."""

    code = "rooms/document-storage-unreachable"
    status = 503
    zh = "文件存储暂时无法访问，请稍后重试。"
    en = "The document storage cannot be reached at the moment; please try again."


class RangeNotSatisfiable(HubError):
    """The asked part lies outside the file."""

    code = "rooms/document-range"
    status = 416
    zh = "请求的范围超出文件大小（{size} 字节）。"
    en = "The asked range lies outside the file of {size} octets."
