"""Chinese words of a library file for closed sets of values: standing, title level, kind of relation."""

from typing import Final

from expert_hub.experts.rules import Standing, TitleLevel
from scheduling.pool import RELATION_KINDS

STANDINGS: Final[dict[str, Standing]] = {
    **{str(standing): standing for standing in Standing},
    "申请": Standing.APPLICANT,
    "申请中": Standing.APPLICANT,
    "审核中": Standing.UNDER_REVIEW,
    "待审核": Standing.UNDER_REVIEW,
    "在库": Standing.ADMITTED,
    "正常": Standing.ADMITTED,
    "暂停": Standing.SUSPENDED,
    "请假": Standing.ON_LEAVE,
    "到期": Standing.EXPIRED,
    "过期": Standing.EXPIRED,
    "聘期届满": Standing.EXPIRED,
    "退出": Standing.REMOVED,
    "出库": Standing.REMOVED,
    "清退": Standing.REMOVED,
    "解聘": Standing.REMOVED,
}
"""Standing by word, in either language."""

TITLE_LEVELS: Final[dict[str, TitleLevel]] = {
    **{str(level): level for level in TitleLevel},
    "正高级": TitleLevel.FULL_SENIOR,
    "正高": TitleLevel.FULL_SENIOR,
    "高级": TitleLevel.SENIOR,
    "副高级": TitleLevel.SENIOR,
    "副高": TitleLevel.SENIOR,
    "中级": TitleLevel.INTERMEDIATE,
}
"""Title level by word, in either language."""

CHINESE_KINDS: Final[dict[str, str]] = {
    "employment": "劳动关系",
    "director": "董事",
    "board_supervisor": "监事",
    "controlling_shareholder": "控股股东",
    "actual_controller": "实际控制人",
    "bidder_itself": "投标人",
    "kin_of_head": "负责人亲属",
    "near_relative": "主要负责人近亲属",
    "department_staff": "主管部门人员",
    "interest": "经济利益",
    "tender_penalty": "招投标处罚",
    "finance_supervision": "财政监督人员",
    "need_planning": "参与需求论证",
    "voided_committee_fault": "导致评标无效",
    "earlier_committee": "曾任评委",
    "kin": "亲属",
}
"""Chinese word of every kind of relation that the draw knows."""

_FURTHER_KINDS: Final[dict[str, str]] = {
    "任职": "employment",
    "聘用": "employment",
    "在职": "employment",
    "近亲属": "near_relative",
    "参与前期论证": "need_planning",
    "夫妻": "kin",
    "持股": "interest",
    "其他利害关系": "interest",
}

RELATIONS: Final[dict[str, str]] = {
    **{kind: kind for kind in RELATION_KINDS},
    **{word: kind for kind, word in CHINESE_KINDS.items()},
    **_FURTHER_KINDS,
}
"""Kind of relation by word, in either language."""

PROJECT_KINDS: Final = frozenset({"need_planning", "voided_committee_fault", "earlier_committee"})
"""Kinds whose code names a project or lot and not an organisation."""
