"""The persons of the sample library: names, birth dates, identity numbers, titles."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from expert_hub.foundation.codes import make_identity_number
from expert_hub.sample.employers import CITY_WEIGHTS
from expert_hub.sample.parties import UNASSIGNED_COUNTY

_SURNAMES: Final[tuple[str, ...]] = (
    *"陈李黄张林梁刘吴王罗杨何郑谢周邓蔡曾叶徐许冯朱彭钟谭江郭苏卢余潘莫麦关温",
    "欧阳",
    "司徒",
)
_SURNAME_WEIGHTS: Final = (
    *(110, 90, 85, 70, 60, 50, 50, 45, 45, 30, 28, 26, 24, 22, 22, 20, 20, 18, 16, 16),
    *(15, 14, 14, 13, 13, 12, 11, 11, 11, 10, 10, 9, 7, 6, 6, 6, 3, 2),
)
_MEN: Final = tuple("志伟强建国华明俊杰文锋勇辉浩涛永健斌宏毅子家耀荣海立德振超鹏")
_WOMEN: Final = tuple("丽婷敏静秀玲燕芳慧雪美洁琳颖娟欣嘉怡晓春惠莹珊倩佩淑碧月思诗")
_OTHER_PROVINCES: Final = ("4301", "3601", "4501", "3501", "4201", "5101", "4101", "1101", "3201", "6101")
_TITLES: Final[dict[str, tuple[str, ...]]] = {
    "full_senior": ("正高级工程师", "教授", "研究员", "正高级经济师"),
    "senior": ("高级工程师", "高级工程师", "高级工程师", "副教授", "高级经济师", "高级会计师"),
    "intermediate": ("工程师", "工程师", "经济师", "讲师"),
}
_GUANGDONG_SHARE: Final = 0.72
_WOMEN_SHARE: Final = 0.34
# Ranges of IoT cards: no telephone answers there.
_MOBILE_PREFIX: Final = "1410"


@dataclass(frozen=True, slots=True)
class Person:
    """What stays the same in every registration of one person."""

    name: str
    identity_number: str
    mobile: str
    title: str
    title_level: str
    born_on: date


class People:
    """Makes persons; no two share an identity number."""

    def __init__(self, random: Random, on: date) -> None:
        self._random = random
        self._on = on
        self._taken: set[str] = set()
        self._homes = [code[:4] for code, weight in CITY_WEIGHTS.items() for _ in range(weight)]

    def make(self) -> Person:
        """Make one person between 30 and 72 years of age."""
        random = self._random
        is_woman = random.random() < _WOMEN_SHARE
        born_on = self._birth_date()
        level = self._title_level(born_on)
        return Person(
            name=self._name(is_woman),
            identity_number=self._identity_number(born_on, is_woman),
            mobile=f"{_MOBILE_PREFIX}{random.randrange(10_000_000):07d}",
            title=random.choice(_TITLES[level]),
            title_level=level,
            born_on=born_on,
        )

    def _birth_date(self) -> date:
        years = self._random.triangular(30.01, 72.9, 48)
        return self._on - timedelta(days=int(years * 365.2425))

    def _title_level(self, born_on: date) -> str:
        draw = self._random.random()
        if draw < 0.12 and self._on.year - born_on.year >= 42:
            return "full_senior"
        return "intermediate" if draw > 0.84 else "senior"

    def _name(self, is_woman: bool) -> str:
        characters = _WOMEN if is_woman else _MEN
        count = 1 if self._random.random() < 0.18 else 2
        surname = self._random.choices(_SURNAMES, _SURNAME_WEIGHTS)[0]
        return surname + "".join(self._random.sample(characters, count))

    def _identity_number(self, born_on: date, is_woman: bool) -> str:
        random = self._random
        while True:
            is_local = random.random() < _GUANGDONG_SHARE
            area = random.choice(self._homes if is_local else _OTHER_PROVINCES) + UNASSIGNED_COUNTY
            number = make_identity_number(area, born_on, 2 * random.randrange(500) + (0 if is_woman else 1))
            if number not in self._taken:
                self._taken.add(number)
                return number
