"""Where the sample experts work: a few large employers and many small ones, in every city of Guangdong."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from expert_hub.foundation.areas import GUANGDONG_CITIES
from expert_hub.sample.parties import BIDS, PROCURING_ENTITY, Party, synthetic_uscc

CITY_WEIGHTS: Final[dict[str, int]] = {
    "440100": 300, "440300": 190, "440600": 55, "440606": 35, "441900": 50, "440400": 40, "441300": 35, "442000": 30,
    "440700": 28, "440500": 28, "440800": 28, "441200": 20, "440900": 20, "440200": 20, "441800": 18, "441400": 18,
    "445200": 18, "445100": 15, "441700": 14, "441600": 14, "441500": 12, "445300": 12,
}  # fmt: skip
"""How many of a thousand experts live in each city."""

_WORDS: Final = (
    "岭南", "珠江", "南粤", "海珠", "云山", "越秀", "东江", "西江", "北江", "韩江", "鹏程", "湾区",
    "华南", "粤海", "明德", "正源", "宏图", "中联", "恒信", "天河", "启航", "远景", "同创", "博雅",
)  # fmt: skip
_KINDS: Final = (
    ("大学", "12"), ("职业技术学院", "12"), ("人民医院", "12"), ("建筑设计研究院有限公司", "91"),
    ("水利水电勘测设计院有限公司", "91"), ("工程咨询有限公司", "91"), ("信息技术有限公司", "91"),
    ("质量检测中心", "12"), ("工程造价咨询有限公司", "91"), ("会计师事务所", "91"), ("律师事务所", "31"),
    ("交通规划设计院有限公司", "91"), ("环境科学研究所", "12"), ("建设集团有限公司", "91"),
    ("电力设计院有限公司", "91"),
)  # fmt: skip
_FIRST_SERIAL: Final = 1000
_EXPERTS_PER_EMPLOYER: Final = 12
_LEAST_EMPLOYERS: Final = 60


@dataclass(frozen=True, slots=True)
class Employers:
    """Organisations with cumulative weights: the size of the k-th is proportional to 1 / k^0.8."""

    organisations: tuple[Party, ...]
    cumulative: tuple[float, ...]

    def pick(self, random: Random) -> Party:
        """Choose one employer, large ones more often."""
        return random.choices(self.organisations, cum_weights=self.cumulative)[0]


def make_employers(experts: int, random: Random) -> Employers:
    """Make the employers of a library.

    The procuring entity and the bidders are among the smaller ones, so that some experts work for a party.

    Args:
        experts: number of experts; there is about one employer for twelve of them, at least 60.
        random: source of choices.

    Returns:
        The employers, largest first.
    """
    wanted = max(_LEAST_EMPLOYERS, experts // _EXPERTS_PER_EMPLOYER)
    names = [(city, word, kind) for city in CITY_WEIGHTS for word in _WORDS for kind in _KINDS]
    chosen = random.sample(names, min(wanted, len(names)))
    organisations = [
        Party(f"{GUANGDONG_CITIES[city]}{word}样例{name}", synthetic_uscc(kind, city[:4], _FIRST_SERIAL + number))
        for number, (city, word, (name, kind)) in enumerate(chosen)
    ]
    parties = [PROCURING_ENTITY, *(bid.bidder for bid in BIDS)]
    for number, party in enumerate(parties):
        organisations.insert(len(organisations) * (number + 4) // 10, party)
    weights = [1 / (rank + 1) ** 0.8 for rank in range(len(organisations))]
    return Employers(tuple(organisations), tuple(accumulate(weights)))
