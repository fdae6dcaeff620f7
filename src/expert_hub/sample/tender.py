"""The sample tender: equipment for a campus network, government procurement, comprehensive scoring."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from expert_hub.sample.parties import (
    AGENCY,
    BIDS,
    LOT_CODE,
    PROCURING_ENTITY,
    PROJECT_CODE,
    SUPERVISING_DEPARTMENT,
    Party,
    SampleBid,
)

COMMITTEE_SIZE: Final = 7
QUOTAS: Final = ("B0132", "B0113", "B0139")


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion of the tender document; marks as decimal text."""

    item_id: str
    group: str
    title: str
    kind: str
    full: str
    step: str


ITEMS: Final = (
    Item("T1", "technical", "总体技术方案", "subjective", "10", "0.5"),
    Item("T2", "technical", "网络架构与安全设计", "subjective", "8", "0.5"),
    Item("T3", "technical", "设备选型与性能", "subjective", "8", "0.5"),
    Item("T4", "technical", "实施与割接方案", "subjective", "6", "0.5"),
    Item("T5", "technical", "运维服务方案", "subjective", "6", "0.5"),
    Item("T6", "technical", "培训方案", "subjective", "5", "0.5"),
    Item("T7", "technical", "质量保证措施", "subjective", "4", "0.5"),
    Item("T8", "technical", "应急响应预案", "subjective", "3", "0.5"),
    Item("C1", "business", "同类项目业绩", "objective", "8", "1"),
    Item("C2", "business", "质量及信息安全管理体系认证", "objective", "6", "1"),
    Item("C3", "business", "项目团队资格证书", "objective", "6", "1"),
    Item("P1", "price", "投标报价", "formula", "30", "0.01"),
)
CHECKS: Final = (
    ("K1", "投标文件按要求签署、盖章", "P2"),
    ("K2", "报价未超过预算和最高限价", "P4"),
    ("K3", "不含采购人不能接受的附加条件", "P5"),
    ("K4", "实质性要求全部响应", "P6"),
    ("K5", "不存在视为串通投标的情形", "P7"),
)
"""Check, title and ground of rejection of the government-procurement pack."""


def tender_document(starts_at: datetime) -> dict[str, Any]:
    """Describe the tender in the form a centre registers.

    Args:
        starts_at: instant at which the evaluation starts; the bids close half an hour before.

    Returns:
        The tables of ``tender.toml``.
    """
    return {
        "project": _project(),
        "lot": {
            "code": LOT_CODE,
            "name": "校园网络与智慧教室设备",
            "bid_deadline": starts_at - timedelta(minutes=30),
            "evaluation_starts_at": starts_at,
            "evaluation_ends_at": starts_at + timedelta(hours=7),
        },
        "committee": _committee(),
        "bidders": [_bid(bid) for bid in BIDS],
        "checks": [
            {"id": check, "title": title, "stage": "compliance", "ground": ground} for check, title, ground in CHECKS
        ],
        "criteria": [_criterion(item) for item in ITEMS],
    }


def _project() -> dict[str, Any]:
    return {
        "code": PROJECT_CODE,
        "name": "校园网络与智慧教室设备采购项目（样例）",
        "category": "government_procurement",
        "pack": "cn.government_procurement.tender",
        "item_class": "goods",
        "budget_yuan": "12000000.00",
        "ceiling_yuan": "11800000.00",
        "region_code": "440100",
        "procuring_entity": _party(PROCURING_ENTITY),
        "agency": _party(AGENCY),
        "supervising_department": _party(SUPERVISING_DEPARTMENT),
    }


def _committee() -> dict[str, Any]:
    quotas = [
        {"id": f"q{number}", "speciality": code, "regions": ["44"], "count": 2}
        for number, code in enumerate(QUOTAS, start=1)
    ]
    return {
        "size": COMMITTEE_SIZE,
        "representatives": 1,
        "mandate": "样例采购人授权书（2026）1号",
        "alternates": 2,
        "quotas": quotas,
    }


def _criterion(item: Item) -> dict[str, str]:
    return {
        "id": item.item_id,
        "group": item.group,
        "title": item.title,
        "kind": item.kind,
        "full": item.full,
        "step": item.step,
    }


def _party(party: Party) -> dict[str, str]:
    return {"name": party.name, "uscc": party.uscc}


def _bid(bid: SampleBid) -> dict[str, Any]:
    return {
        "id": bid.bid_id,
        **_party(bid.bidder),
        "quote_yuan": bid.quote_yuan,
        "small_business": bid.is_small,
        "brand": bid.brand,
        "consortium": [_party(partner) for partner in bid.partners],
    }
