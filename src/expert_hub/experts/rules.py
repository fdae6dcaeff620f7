"""Life cycle of an expert, ties and leave, and the limits of a registration.

Everything here is a value or a pure function; a predicate answers with the reasons, an empty tuple meaning yes.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum

import msgspec

from expert_hub.foundation.rule_packs import RulePack


class Standing(StrEnum):
    """Where a person stands in the library (状态). Source: domain chapter 1, lifecycle."""

    APPLICANT = "applicant"
    UNDER_REVIEW = "under_review"
    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    ON_LEAVE = "on_leave"
    EXPIRED = "expired"
    REMOVED = "removed"


class TitleLevel(StrEnum):
    """Grade of a professional title (职称级别). Source: domain EL-03, EL-04."""

    FULL_SENIOR = "full_senior"
    SENIOR = "senior"
    INTERMEDIATE = "intermediate"


NEXT_STANDINGS: dict[Standing, frozenset[Standing]] = {
    Standing.APPLICANT: frozenset({Standing.UNDER_REVIEW, Standing.REMOVED}),
    Standing.UNDER_REVIEW: frozenset({Standing.ADMITTED, Standing.REMOVED}),
    Standing.ADMITTED: frozenset({Standing.SUSPENDED, Standing.ON_LEAVE, Standing.EXPIRED, Standing.REMOVED}),
    Standing.SUSPENDED: frozenset({Standing.ADMITTED, Standing.EXPIRED, Standing.REMOVED}),
    Standing.ON_LEAVE: frozenset({Standing.ADMITTED, Standing.SUSPENDED, Standing.EXPIRED, Standing.REMOVED}),
    # Who returns after the end of the term applies again; removal is for good.
    Standing.EXPIRED: frozenset({Standing.UNDER_REVIEW, Standing.REMOVED}),
    Standing.REMOVED: frozenset(),
}

_FROM_MILD_TO_STRICT = (
    Standing.ADMITTED,
    Standing.UNDER_REVIEW,
    Standing.APPLICANT,
    Standing.ON_LEAVE,
    Standing.SUSPENDED,
    Standing.EXPIRED,
    Standing.REMOVED,
)
_STRICTNESS = {standing: rank for rank, standing in enumerate(_FROM_MILD_TO_STRICT)}


class Reason(msgspec.Struct, frozen=True):
    """One finding: a stable code, the column or field it is about, and its text in both languages."""

    code: str
    field: str
    zh: str
    en: str


class SpecialityLimits(msgspec.Struct, frozen=True):
    """Most second-level and third-level codes, and most secondary regions, of one registration.

    Source: domain EL-09 (`expert.max_l2`, `expert.max_l3`), EL-17 (`expert.extra_regions`).
    """

    max_l2: int = 3
    max_l3: int = 6
    max_extra_regions: int = 3

    @classmethod
    def of(cls, centre: RulePack) -> "SpecialityLimits":
        """The limits that the settings of the centre give."""
        return cls(
            centre.integer("expert.max_l2"), centre.integer("expert.max_l3"), centre.integer("expert.extra_regions")
        )


class Relation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A dated tie to an organisation or, for kind `kin`, to the person whose identity index is in `org_code`.

    Source: domain EL-13.
    """

    kind: str
    org_name: str = ""
    org_code: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


class Leave(msgspec.Struct, frozen=True):
    """Days without invitations, both ends included. Source: domain EL-12."""

    starts_on: date
    ends_on: date


def strictest(standings: Iterable[Standing]) -> Standing:
    """The standing that bars most. Source: domain EL-15."""
    return max(standings, key=_STRICTNESS.__getitem__)


def standing_reasons(before: Standing, after: Standing) -> tuple[Reason, ...]:
    """Why the standing may not change so; empty if it may. Source: domain chapter 1, lifecycle."""
    if after in NEXT_STANDINGS[before]:
        return ()
    return (
        Reason(
            "experts/standing-not-allowed",
            "standing",
            f"专家状态不能由 {before} 变更为 {after}",
            f"the standing cannot change from {before} to {after}",
        ),
    )


def speciality_reasons(codes: Sequence[str], known: Collection[str], limits: SpecialityLimits) -> tuple[Reason, ...]:
    """Why a set of speciality codes cannot be approved; empty if it can.

    Args:
        codes: CN-316 codes of one registration; a code of level four counts for its ancestors on levels two and three.
        known: the codes of the catalogue.
        limits: most codes per level.

    Source: domain EL-07, EL-09.
    """
    unknown = [code for code in codes if code not in known]
    found = [
        Reason(
            "experts/unknown-speciality",
            "specialities",
            f"专业代码 {code[:20]} 不在目录中",
            f"the speciality code {code[:20]} is not in the catalogue",
        )
        for code in unknown
    ]
    for level, length, most in ((2, 3, limits.max_l2), (3, 5, limits.max_l3)):
        count = len({code[:length] for code in codes if len(code) >= length})
        if count > most:
            found.append(
                Reason(
                    "experts/too-many-specialities",
                    "specialities",
                    f"{level}级专业共 {count} 个，最多 {most} 个",
                    f"{count} specialities of level {level}, at most {most} are allowed",
                )
            )
    return tuple(found)


def mask_identity(identity_number: str) -> str:
    """First three and last four characters of an identity number."""
    return f"{identity_number[:3]}{'*' * (len(identity_number) - 7)}{identity_number[-4:]}"


def mask_mobile(mobile: str) -> str:
    """First three and last four digits of a mobile number."""
    return f"{mobile[:3]}****{mobile[-4:]}"


def comparable_name(name: str) -> str:
    """A person's name without blanks and middle dots, which registers write in many ways."""
    return "".join(sign for sign in name.casefold() if not sign.isspace() and sign not in "·•・.．‧")
