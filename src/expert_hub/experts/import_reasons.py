"""Texts of everything that can be wrong with a row, and the list that collects it."""

import re
from typing import Any, Final

from expert_hub.experts.rules import Reason
from expert_hub.foundation.code_reasons import CodeCheck

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "experts/cell-empty": ("{name}不能为空", "the value is missing"),
    "experts/cell-too-long": ("内容超过 {most} 个字符", "longer than {most} characters"),
    "experts/unprintable-characters": ("含有不可见或无法解码的字符", "contains control or undecodable characters"),
    "experts/digits-lost": (
        "单元格为数值格式，末几位已丢失，请改为文本格式后重新填写",
        "the cell holds a number whose last digits are lost; store it as text",
    ),
    "experts/region-form": ("地区代码 {value} 应为6位数字", "the region code {value} is not six digits"),
    "experts/unknown-region": ("地区代码 {value} 不存在", "the region code {value} does not exist"),
    "experts/too-many-regions": (
        "服务地区共 {count} 个，最多 {most} 个",
        "{count} secondary regions, at most {most} are allowed",
    ),
    "experts/unknown-word": ("“{value}”不是允许的取值", "{value} is not one of the allowed values"),
    "experts/date-form": ("日期 {value} 无效，应为 YYYY-MM-DD", "{value} is not a date of the form YYYY-MM-DD"),
    "experts/dates-reversed": ("截止日期早于起始日期", "the last day lies before the first"),
    "experts/relation-form": (
        "利害关系 {value} 应为 类型|单位名称|单位代码|起|止",
        "the relation {value} does not have the form kind|name|code|from|to",
    ),
    "experts/relation-kind": ("利害关系类型 {value} 未知", "the kind of relation {value} is unknown"),
    "experts/relation-party": (
        "利害关系须写明对方单位名称或代码",
        "a relation needs the name or the code of the other side",
    ),
    "experts/relation-kin": (
        "专家亲属关系须在代码栏写明对方身份证号",
        "a kin relation needs the identity number of the other person in the place of the code",
    ),
    "experts/leave-form": ("请假 {value} 应为 起~止", "the leave {value} does not have the form from~to"),
    "experts/quotation-open": (
        "引号未正确闭合，本行无法拆分为单元格",
        "a quotation mark is out of place; the row cannot be split into cells",
    ),
    "experts/too-many-cells": ("本行单元格多于表头", "the row has more cells than the header"),
    "experts/identity-name-mismatch": (
        "该身份证号已登记在另一姓名下，请人工核对",
        "this identity number is registered under another name; please check by hand",
    ),
    "experts/number-of-another-person": (
        "该入库编号已属于另一人",
        "this library number belongs to another person",
    ),
    "experts/repeated-in-file": (
        "该入库编号在本文件中已出现，且内容不同",
        "this library number occurred before in this file with other content",
    ),
}
"""Chinese and English text by code."""


def reason(code: str, field: str, **facts: Any) -> Reason:
    """A reason of this table with its facts filled in; values from the file are cut short."""
    short = {name: _fit_to_show(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    zh, en = TEXTS[code]
    return Reason(code, field, zh.format(**short), en.format(**short))


def _fit_to_show(text: str) -> str:
    # A shifted column may have put an identity or mobile number where a code should be.
    return re.sub(r"[0-9]{7,}[0-9Xx]?", "…", text[:80])[:40]


class Findings:
    """Collects what is wrong with one row while it is read to its end."""

    __slots__ = ("errors", "warnings")

    def __init__(self) -> None:
        self.errors: list[Reason] = []
        self.warnings: list[Reason] = []

    def add(self, code: str, field: str, **facts: Any) -> None:
        """Note an error."""
        self.errors.append(reason(code, str(field), **facts))

    def take(self, check: CodeCheck, field: str) -> None:
        """Take over what the check of a national code found."""
        if check.reasons:
            self.errors.extend(Reason(each.code, str(field), each.zh, each.en) for each in check.errors)
            self.warnings.extend(Reason(each.code, str(field), each.zh, each.en) for each in check.warnings)
