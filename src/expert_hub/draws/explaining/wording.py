"""Numbers and labels of a draw as people read them, in Chinese and English."""

from math import floor
from typing import Final

from expert_hub.draws.explaining.chance_groups import ChanceGroup, merge_rest
from expert_hub.draws.explaining.explanation import Explanation, QuotaShare
from expert_hub.foundation.errors import Language

STATES: Final = {
    "lottery": ("两表抽签方案", "lottery of two tables"),
    "committed": ("已承诺，结果尚未公开", "committed, result not public"),
    "complete": ("已完成", "complete"),
    "void": ("已作废", "void"),
}
_PERCENT: Final = "%"
LEVELS: Final = {
    "public": ("公共信标", "public beacon"),
    "federated": ("联合信标", "federated beacon"),
    "parties": ("仅各参与方", "parties only"),
}
"""Assurance levels by name."""


def pick(language: Language, zh: str, en: str) -> str:
    """The text in the reader's language."""
    return zh if language == "zh" else en


def named(names: dict[str, tuple[str, str]], key: str, language: Language) -> str:
    """The name of a key; an unknown key names itself."""
    return pick(language, *names.get(key, (key, key)))


def percent(chance: float) -> str:
    """A chance with three digits, or as one in so many where a percentage would be all zeros."""
    if chance <= 0:
        return "0"
    return f"{100 * chance:.3g}{_PERCENT}" if chance >= 1e-5 else f"1 : {round(1 / chance):,}"


def percents(low: float, high: float) -> str:
    """A range of chances, or one where both ends read the same."""
    first, last = percent(low), percent(high)
    if first == last:
        return first
    return f"{first.removesuffix(_PERCENT)}–{last}" if "%" in first and "%" in last else f"{first} – {last}"


def people(count: int, language: Language) -> str:
    """A number of persons."""
    return pick(language, f"{count:,} 人", f"{count:,} {'person' if count == 1 else 'people'}")


def seats(count: int, language: Language) -> str:
    """A number of seats."""
    return pick(language, f"{count:,} 席", f"{count:,} {'seat' if count == 1 else 'seats'}")


def mark(place: int) -> str:
    """The sign of a quota, from 0 on: ① to ⑳, then numbers in brackets."""
    return chr(0x2460 + place) if place < 20 else f"({place + 1})"


def quota_label(place: int, quota: QuotaShare, language: Language) -> str:
    """Sign, speciality and seats of a quota; names of specialities are Chinese by law, so English shows the code."""
    name = f" {quota.name}" if quota.name and language == "zh" else ""
    return f"{mark(place)} {quota.speciality}{name} · {seats(quota.count, language)}"


def hidden(least: int, language: Language) -> str:
    """What stands for a number that may not be shown."""
    return pick(language, f"少于 {least} 人", f"fewer than {least}")


def group_label(explanation: Explanation, place: int, group: ChanceGroup, language: Language) -> str:
    """What the people of a group have in common."""
    if group.quotas:
        return " + ".join(f"{mark(quota)} {explanation.quotas[quota].speciality}" for quota in group.quotas)
    if explanation.state != "lottery":
        return pick(language, f"其余 {group.classes} 类", f"{group.classes} other classes")
    if not group.classes:
        return pick(language, f"按概率排序的第 {place + 1} 个十分之一", f"tenth {place + 1} by chance")
    if not group.high:
        return pick(language, "不在任何可行组合中", "in no feasible panel")
    return pick(language, f"第 {place + 1} 类", f"class {place + 1}")


def shown_groups(explanation: Explanation, most: int) -> tuple[ChanceGroup, ...]:
    """The groups, or the largest of them and all others as one where they are more than `most`."""
    groups = explanation.groups
    return groups if len(groups) <= most else merge_rest(groups[: most - 1], groups[most - 1 :])


def figure_lines(explanation: Explanation, language: Language) -> list[str]:
    """The published figures as sentences."""
    figures = explanation.figures
    share = figures.min_probability / figures.upper_bound if figures.upper_bound else 1.0
    reached = f"{floor(10_000 * share) / 100:.2f}{_PERCENT}"
    gini = f"{figures.gini:.4f}" if figures.gini >= 0.0001 else "< 0.0001"
    pair = percent(figures.max_pair_probability)
    return [
        pick(
            language,
            f"机会最小者的概率 {percent(figures.min_probability)}，达到理论上限 {percent(figures.upper_bound)}"
            f" 的 {reached}：任何抽签方案都不能让机会最小者高于该上限。",
            f"The least likely person has {percent(figures.min_probability)}, which is {reached} of the bound"
            f" {percent(figures.upper_bound)}: no lottery can give the least likely person more.",
        ),
        pick(
            language,
            f"基尼系数 {gini}（0 表示人人机会相同）。",
            f"Gini coefficient {gini} (0: everybody has the same chance).",
        ),
        pick(
            language,
            f"熵 {figures.entropy_bits:.3g} 比特：整个名单的不确定性相当于在 2^{figures.entropy_bits:.3g}"
            " 个等可能的名单中任选其一。",
            f"Entropy {figures.entropy_bits:.3g} bits: the panel is as uncertain as one of"
            f" 2^{figures.entropy_bits:.3g} panels that are all equally likely.",
        ),
        pick(
            language,
            f"任何一人的入选概率最大 {percent(figures.max_probability)}；任何两人同时入选的概率"
            f"{'最大' if figures.pair_is_exact else '不超过'} {pair}。",
            f"Nobody's chance exceeds {percent(figures.max_probability)}; no two people sit together with a chance"
            f" above {pair}{'' if figures.pair_is_exact else ' (an upper bound)'}.",
        ),
    ]
