"""Whether a committee has a lawful size and share of experts. Answers with reasons, decides nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from scheduling.demand import Quota


@dataclass(frozen=True, slots=True)
class CommitteeFloors:
    """The values of the rule pack that bound a committee.

    Args:
        min_members: least size; the caller has already chosen between the ordinary and the large value.
        odd: whether the size must be odd.
        expert_share: least share of experts, a fraction such as "2/3".
        rep_max: largest share of the procuring entity's representatives, None where the pack sets none.

    Source: 招标投标法 第37条, 财政部令第87号 第47条
    """

    min_members: int
    odd: bool
    expert_share: str
    rep_max: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One fault of a committee with the values that show it.

    Source: engineering choice
    """

    code: str
    facts: dict[str, Any]


def required_experts(size: int, expert_share: str) -> int:
    """Return the least number of experts: the share of the size, rounded up.

    Args:
        size: members of the committee, representatives included.
        expert_share: a fraction such as "2/3".

    Source: 招标投标法 第37条, 政府采购法 第38条, 财政部令第87号 第47条
    """
    return ceil(size * Fraction(expert_share))


def check_committee(
    size: int, representatives: int, quotas: Sequence[Quota], floors: CommitteeFloors, direct: int = 0
) -> tuple[Reason, ...]:
    """Compare a committee with the floors of its pack.

    Args:
        size: members, representatives included.
        representatives: seats of the procuring entity.
        quotas: their counts together are the seats of drawn experts.
        floors: values of the rule pack.
        direct: seats of directly selected experts.

    Returns:
        all faults found, empty when the committee is lawful: ``committee/too-small``, ``committee/even-size``,
        ``committee/seats-mismatch``, ``committee/expert-share``, ``committee/too-many-representatives``.

    Source: domain DR-01 to DR-07; chapter 3, hard errors
    """
    experts = direct + sum(quota.count for quota in quotas)
    least = required_experts(size, floors.expert_share)
    most = size if floors.rep_max is None else floor(size * Fraction(floors.rep_max))
    checks = (
        (size < floors.min_members, "too-small", {"size": size, "min_members": floors.min_members}),
        (floors.odd and size % 2 == 0, "even-size", {"size": size}),
        (
            experts + representatives != size,
            "seats-mismatch",
            {"size": size, "experts": experts, "representatives": representatives},
        ),
        (experts < least, "expert-share", {"experts": experts, "required": least}),
        (representatives > most, "too-many-representatives", {"representatives": representatives, "most": most}),
    )
    return tuple(Reason(f"committee/{code}", facts) for is_fault, code, facts in checks if is_fault)
