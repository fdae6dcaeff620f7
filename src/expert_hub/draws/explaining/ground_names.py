"""Short names of the grounds on which people are left out of a draw, for tables and pictures."""

from typing import Final

from expert_hub.foundation.errors import Language

GROUND_NAMES: Final[dict[str, tuple[str, str]]] = {
    "C01": ("与投标人有劳动关系", "employed by a bidder"),
    "C02": ("投标人董事或监事", "director of a bidder"),
    "C03": ("投标人控股股东或实控人", "controls a bidder"),
    "C04": ("投标人负责人近亲属", "kin of a bidder's head"),
    "C05": ("投标人本人或其近亲属", "bidder or near relative"),
    "C06": ("主管或监督部门人员", "staff of an authority"),
    "C07": ("其他利害关系", "other interest"),
    "C08": ("招投标违法受过处罚", "earlier penalty"),
    "C09": ("采购人本单位人员", "staff of the procuring entity"),
    "C10": ("代理机构本单位人员", "staff of the agency"),
    "C11": ("财政监督人员", "finance supervision staff"),
    "C12": ("参与过需求论证或设计", "took part in planning"),
    "C13": ("与其他成员有亲属关系", "kin of another member"),
    "C14": ("同一单位人数超限", "same employer"),
    "C15": ("回避单位名单", "avoid list"),
    "C16": ("暂停、请假、到期或超龄", "suspended, on leave, expired"),
    "C17": ("时间或行程冲突", "time or travel clash"),
    "C18": ("原评标委员会责任人员", "caused an earlier failure"),
    "C19": ("曾评审同一标包", "sat on the earlier committee"),
    "Q1": ("专业不符", "other speciality"),
    "Q2": ("地区不符", "other region"),
}
"""Chinese and English by code. Source: domain chapter 2; docs/protocol/draw.md, section 3."""


def ground_name(code: str, language: Language) -> str:
    """The name of a ground; of an unknown code nothing.

    Args:
        code: C01 to C19, Q1 or Q2.
        language: of the reader.
    """
    zh, en = GROUND_NAMES.get(code, ("", ""))
    return zh if language == "zh" else en
