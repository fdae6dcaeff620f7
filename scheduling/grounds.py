"""The conflict grounds C01 to C19 as a table: which ties to whom, how far back, by which article and how well founded.

``current`` is a window of zero years. Organisations match by code; a match by name alone is an exclusion all the same,
marked ``review``, because a missing or mistyped code must not clear anybody.
"""

from dataclasses import dataclass
from typing import Literal

Window = Literal["years", "current", "permanent"]
Mark = Literal["verified", "local", "to_confirm", "project"]
REVIEW = "review"
AVOID = "avoid"
PROJECT = "project"
ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Clause:
    """One way in which a ground is met.

    Args:
        kinds: relation kinds.
        targets: party roles (``bidder`` stands for members and controllers of a consortium too), ``avoid`` (avoid
            list), ``project`` (project codes) or ``anyone`` (whatever organisation).
        window: how far back a relation that has ended still counts.
        review: the match cannot be certain, whatever the code says.

    Source: domain chapter 2
    """

    kinds: tuple[str, ...]
    targets: tuple[str, ...]
    window: Window
    review: bool = False


@dataclass(frozen=True, slots=True)
class GroundRule:
    """A conflict ground.

    Args:
        clauses: ties that meet it; none where it is not a tie to an organisation.
        rule_key: pack key that sets it.
        citation: its article.
        mark: how well founded it is; nobody may pin a ``verified`` one clear.

    Source: domain chapter 2, CF-01
    """

    clauses: tuple[Clause, ...]
    rule_key: str
    citation: str
    mark: Mark


_WINDOW = "conflict.window_years"
_LAW = "conflict.grounds"
_LOCAL = "conflict.grounds_local"
_OWN = "conflict.grounds_project"
_TIES = ("employment", "director", "board_supervisor", "controlling_shareholder", "actual_controller")
_DEPARTMENTS = ("competent_department", "supervising_department")

GROUND_RULES: dict[str, GroundRule] = {
    "C01": GroundRule(
        (Clause(("employment",), ("bidder",), "years"),), _WINDOW, "政府采购法实施条例 第9条(1)", "verified"
    ),
    "C02": GroundRule(
        (Clause(("director", "board_supervisor"), ("bidder",), "years"),),
        _WINDOW,
        "政府采购法实施条例 第9条(2)",
        "verified",
    ),
    "C03": GroundRule(
        (Clause(("controlling_shareholder", "actual_controller"), ("bidder",), "years"),),
        _WINDOW,
        "政府采购法实施条例 第9条(3)",
        "verified",
    ),
    "C04": GroundRule(
        (Clause(("kin_of_head", "near_relative"), ("bidder",), "current"),),
        _LAW,
        "政府采购法实施条例 第9条(4)",
        "verified",
    ),
    "C05": GroundRule(
        (Clause(("bidder_itself", "near_relative", "kin_of_head"), ("bidder",), "current"),),
        _LAW,
        "七部委令第12号 第12条(1)",
        "verified",
    ),
    "C06": GroundRule(
        (Clause(("department_staff", "employment"), _DEPARTMENTS, "current"),),
        _LAW,
        "七部委令第12号 第12条(2), 招标投标法实施条例 第46条",
        "verified",
    ),
    "C07": GroundRule(
        (Clause(("interest",), ("bidder",), "current"),),
        _LAW,
        "七部委令第12号 第12条(3), 招标投标法 第37条, 政府采购法实施条例 第9条(5)",
        "verified",
    ),
    "C08": GroundRule(
        (Clause(("tender_penalty",), (ANYONE,), "permanent"),), _LAW, "七部委令第12号 第12条(4)", "verified"
    ),
    "C09": GroundRule(
        (Clause(("employment",), ("procuring_entity",), "current"),), _LAW, "财政部令第87号 第47条", "verified"
    ),
    "C10": GroundRule((Clause(("employment",), ("agency",), "current"),), _LAW, "财政部令第87号 第47条", "verified"),
    "C11": GroundRule(
        (Clause(("finance_supervision",), (ANYONE,), "current"),),
        _LOCAL,
        "财库〔2016〕198号, 粤财规〔2025〕1号 第20条",
        "to_confirm",
    ),
    "C12": GroundRule(
        (
            Clause(("need_planning",), (PROJECT,), "permanent"),
            # The record names an organisation and not the project: it may be about another need, so a person looks.
            Clause(("need_planning",), ("procuring_entity", "designer"), "years", review=True),
            Clause(("employment",), ("designer",), "current", review=True),
        ),
        _LOCAL,
        "粤财规〔2025〕1号 第20-21条",
        "local",
    ),
    "C13": GroundRule((), _LOCAL, "粤财规〔2025〕1号 第21条", "local"),
    "C14": GroundRule((), "conflict.same_employer_max", "闽财规〔2025〕17号", "to_confirm"),
    "C15": GroundRule((Clause(_TIES, (AVOID,), "current"),), _OWN, "domain C15", "verified"),
    "C16": GroundRule((), _OWN, "domain C16", "project"),
    "C17": GroundRule((), _OWN, "domain C17", "project"),
    "C18": GroundRule(
        (Clause(("voided_committee_fault",), (PROJECT,), "permanent"),), _LAW, "财政部令第87号 第67条", "verified"
    ),
    "C19": GroundRule((Clause(("earlier_committee",), (PROJECT,), "permanent"),), _OWN, "domain C19", "project"),
}
