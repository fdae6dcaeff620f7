"""The parties of the sample tender: who buys, who runs the tender, who supervises, who bids."""

from dataclasses import dataclass
from typing import Final

from expert_hub.foundation.codes import make_uscc, organisation_check_character

UNASSIGNED_COUNTY: Final = "99"
"""County part that GB/T 2260 does not assign: a code with it is valid and belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation with its unified social credit code."""

    name: str
    uscc: str


@dataclass(frozen=True, slots=True)
class SampleBid:
    """A bid of the sample tender, amounts in yuan."""

    bid_id: str
    bidder: Party
    quote_yuan: str
    is_small: bool
    brand: str
    partners: tuple[Party, ...] = ()


def synthetic_uscc(kind: str, city: str, serial: int) -> str:
    """Make a credit code that nobody holds.

    Args:
        kind: registration authority and kind of organisation (``91`` company, ``12`` public institution).
        city: prefecture part of the area code, four digits.
        serial: 0 to 99,999,999; different serials give different codes.

    Returns:
        18 characters that pass every check without a warning.
    """
    body = f"{serial:08d}"
    return make_uscc(f"{kind}{city}{UNASSIGNED_COUNTY}{body}{organisation_check_character(body)}")


PROJECT_CODE: Final = "SAMPLE-GP-0001"
LOT_CODE: Final = "SAMPLE-GP-0001-1"
PROCURING_ENTITY: Final = Party("南粤样例职业技术大学", synthetic_uscc("12", "4401", 1))
AGENCY: Final = Party("粤海样例招标代理有限公司", synthetic_uscc("91", "4401", 2))
SUPERVISING_DEPARTMENT: Final = Party("样例省级财政主管部门", synthetic_uscc("11", "4401", 3))

BIDS: Final = (
    SampleBid(
        "B1", Party("广州样例智慧教育科技有限公司", synthetic_uscc("91", "4401", 11)), "10800000.00", False, "云帆"
    ),
    SampleBid("B2", Party("深圳样例数智设备有限公司", synthetic_uscc("91", "4403", 12)), "11200000.00", True, "数峰"),
    SampleBid(
        "B3",
        Party("佛山样例信息系统集成有限公司", synthetic_uscc("91", "4406", 13)),
        "10350000.00",
        False,
        "岭讯",
        (Party("珠海样例网络安全有限公司", synthetic_uscc("91", "4404", 16)),),
    ),
    SampleBid("B4", Party("东莞样例电教装备有限公司", synthetic_uscc("91", "4419", 14)), "11560000.00", True, "启明"),
    SampleBid("B5", Party("惠州样例通信工程有限公司", synthetic_uscc("91", "4413", 15)), "9600000.00", False, "粤联"),
)
"""Five bids; B5 is the cheapest and is rejected in the preliminary review, so it must not set the lowest price."""
