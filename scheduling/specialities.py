"""Which experts hold what a quota asks for: the code, a descendant, or an ancestor where the requester takes it."""

from typing import Literal

import numpy as np

from scheduling.columns import Booleans, owners_of, where_text
from scheduling.demand import Quota
from scheduling.pool import Pool
from scheduling.request import DrawRequest

Match = Literal["self", "descendant", "ancestor", ""]


def match_of(code: str, quota: Quota, speciality_match: str) -> Match:
    """Tell how a code that an expert holds meets a quota; empty when it does not.

    Source: domain EL-08
    """
    if code == quota.speciality:
        return "self"
    if speciality_match == "self_or_descendant" and code.startswith(quota.speciality):
        return "descendant"
    if quota.accept_ancestor and code and quota.speciality.startswith(code):
        return "ancestor"
    return ""


def holders(pool: Pool, request: DrawRequest, quota: Quota) -> Booleans:
    """Tell who holds a code that meets the quota.

    Returns:
        shape (candidates,).

    Source: domain EL-08
    """
    wanted = where_text(pool.specialities.texts, lambda code: bool(match_of(code, quota, request.speciality_match)))
    return owners_of(pool.specialities, wanted, len(pool))


def ancestor_holders(pool: Pool, request: DrawRequest, quota: Quota) -> Booleans:
    """Tell who meets the quota by an ancestor code only; these matches are logged.

    Returns:
        shape (candidates,).

    Source: domain EL-08
    """
    if not quota.accept_ancestor:
        return np.zeros(len(pool), dtype=np.bool_)
    kinds = [match_of(code, quota, request.speciality_match) for code in pool.specialities.texts]
    closer = np.array([kind in ("self", "descendant") for kind in kinds], dtype=np.bool_)
    ancestor = np.array([kind == "ancestor" for kind in kinds], dtype=np.bool_)
    return owners_of(pool.specialities, ancestor, len(pool)) & ~owners_of(pool.specialities, closer, len(pool))


def matched_code(pool: Pool, request: DrawRequest, quota: Quota, index: int) -> tuple[str, Match]:
    """Return the code by which a candidate meets a quota, and how; the closest match, then the smallest code.

    Source: domain EL-08
    """
    held = sorted(pool.specialities.texts[n] for n in pool.specialities.value[pool.specialities.owner == index])
    found = [(match_of(code, quota, request.speciality_match), code) for code in held]
    for kind in ("self", "descendant", "ancestor"):
        for match, code in found:
            if match == kind:
                return code, match
    return "", ""
