"""Explanations to be told and painted, with much in them, and the golden transcripts of the protocol."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from expert_hub.draws.explaining.chance_groups import ChanceGroup
from expert_hub.draws.explaining.explanation import Explanation, Figures, Funnel, Places, QuotaShare

GOLDEN = Path(__file__).resolve().parents[2] / "scheduling" / "golden"
HOSTILE = "<script>alert('1')</script>&\u202e\x1b[2J\"'`]]>"


def golden(name: str = "honest-federated") -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((GOLDEN / f"{name}.json").read_bytes())
    return found


def quota(place: int, speciality: str, count: int, eligible: int | None, *regions: tuple[str, ...]) -> QuotaShare:
    return QuotaShare(f"q{place}", speciality, "土建工程" if place else "计算机", count, 1, eligible, regions)


CITIES = Explanation(
    draw="d1",
    state="complete",
    level="public",
    funnel=Funnel(2000, 872, (("C01", 47), ("C16", 245), ("Q1", 960)), None, 5, 3, 5),
    quotas=(quota(0, "B0132", 3, 550, ("4401", "4403")), quota(1, "A080104", 2, 9, ("440606", "4407", "440881"))),
    groups=(ChanceGroup((0,), 500, 0.004, 0.006), ChanceGroup((0, 1), 369, 0.006, 0.008), ChanceGroup((1,), 3, 0, 0)),
    figures=Figures(0.004, 0.008, 0.005, 0.12, 43.5, 0.0001, pair_is_exact=True),
    places=Places("440100", ((("4401",), 1, 2),)),
)

NATION = replace(
    CITIES,
    draw=HOSTILE,
    state="committed",
    level="",
    funnel=Funnel(1_234_567, 170_321, tuple((f"C{n:02}", 1000 * n) for n in range(1, 13)), 77, 5, 0, 15),
    quotas=(quota(0, HOSTILE, 3, None), *(quota(n, f"A08{n:02}", 1, 90 + n, ("36", "4301")) for n in range(1, 25))),
    groups=tuple(ChanceGroup((n,), 1000 - n, 1e-6 * 2**n, 1e-6 * 3**n) for n in range(11)),
    figures=Figures(1e-6, 0.06, 2e-6, 0.3, 71.2, 0.04, pair_is_exact=False),
)

TABLES = replace(
    CITIES,
    draw="",
    state="lottery",
    level="",
    funnel=Funnel(10, 10, (), 0, 0, 1, 3),
    quotas=(),
    groups=(ChanceGroup((), 9, 1 / 3, 1 / 3), ChanceGroup((), 1, 0, 0)),
    places=None,
)
