"""What the seven members of the sample committee vote and mark.

Seats 1 to 6 are the experts, seat 7 is the representative of the procuring entity. Marks stand in the order of the
seats. The ranking that follows is worked out by hand in ``docs/sample.md``.
"""

from typing import Any, Final

from expert_hub.sample.parties import LOT_CODE

LEADER_VOTES: Final = (1, 1, 1, 2, 1, 2, 1)
"""The seat each member votes for; seat 1 leads with five votes."""

REJECTION: Final[dict[str, Any]] = {
    "bid": "B5",
    "check": "K3",
    "ground": "P5",
    "page": "37",
    "note": "质保期以采购人一次性付清全款为前提，属于采购人不能接受的附加条件",
    "seats": [1, 2, 3, 4, 6],
}
"""Five of seven members reject B5; the other two let it pass."""

ALERT: Final[dict[str, Any]] = {
    "seat": 5,
    "bid": "B3",
    "item": "T1",
    "keep": True,
    "reason": "方案照搬通用模板，未结合本校现网情况，维持原评分",
}
"""The one subjective outlier, kept by its member with a reason."""

MARKS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "B1": {
        "T1": ("9", "10", "8", "9", "9", "10", "8"),
        "T2": ("7.5", "7", "7", "6.5", "7.5", "6.5", "7"),
        "T3": ("6.5", "7.5", "7", "7", "7.5", "7", "6.5"),
        "T4": ("5.5", "5.5", "6", "5", "5.5", "6", "5"),
        "T5": ("5", "5.5", "4.5", "5", "5.5", "5", "5"),
        "T6": ("4.5", "4", "4.5", "5", "4", "4.5", "4.5"),
        "T7": ("3.5", "4", "3", "3.5", "3.5", "4", "3"),
        "T8": ("3", "2.5", "2.5", "2", "3", "2", "2.5"),
        "C1": ("8",) * 7,
        "C2": ("5",) * 7,
        "C3": ("5",) * 7,
    },
    "B2": {
        "T1": ("9", "8", "8", "7", "9", "7", "8"),
        "T2": ("7", "7", "6.5", "6.5", "6", "7", "6.5"),
        "T3": ("6", "6", "6.5", "5.5", "6", "6.5", "5.5"),
        "T4": ("5", "5.5", "4.5", "5", "5", "5.5", "4.5"),
        "T5": ("5", "4.5", "5", "5.5", "4.5", "5", "5"),
        "T6": ("4.5", "4", "4", "3.5", "4.5", "3.5", "4"),
        "T7": ("2.5", "3.5", "3", "3", "3.5", "3", "2.5"),
        "T8": ("2", "2.5", "2", "2.5", "3", "2", "2.5"),
        "C1": ("6",) * 7,
        "C2": ("5",) * 7,
        "C3": ("4",) * 7,
    },
    "B3": {
        "T1": ("9", "8.5", "8", "8.5", "4", "9", "8.5"),
        "T2": ("6.5", "7", "6", "6.5", "6.5", "7", "6"),
        "T3": ("6.5", "7", "6", "6.5", "7", "6.5", "6.5"),
        "T4": ("5.5", "5", "5", "4.5", "5.5", "4.5", "5"),
        "T5": ("5", "5", "5.5", "4.5", "5", "5.5", "4.5"),
        "T6": ("3.5", "4.5", "4", "4", "4.5", "4", "3.5"),
        "T7": ("3.5", "3", "3.5", "4", "3", "3.5", "3.5"),
        "T8": ("2.5", "3", "2", "2.5", "2.5", "3", "2"),
        "C1": ("7",) * 7,
        "C2": ("5",) * 7,
        "C3": ("5",) * 7,
    },
    "B4": {
        "T1": ("6", "8", "7", "7", "8", "7", "6"),
        "T2": ("5.5", "5.5", "6", "5", "5.5", "6", "5"),
        "T3": ("5", "5.5", "5", "5.5", "6", "5", "5.5"),
        "T4": ("4.5", "4.5", "4", "4", "3.5", "4.5", "4"),
        "T5": ("5", "4.5", "4.5", "4", "5", "4", "4.5"),
        "T6": ("3.5", "4", "3", "3.5", "4", "3.5", "3.5"),
        "T7": ("3", "3", "3.5", "2.5", "3", "3.5", "2.5"),
        "T8": ("1.5", "2.5", "2", "2", "2.5", "2", "1.5"),
        "C1": ("4",) * 7,
        "C2": ("5",) * 7,
        "C3": ("3",) * 7,
    },
}
"""By bid and item; a rejected bid is not marked."""


def scores_document() -> dict[str, Any]:
    """Describe the votes and marks.

    Returns:
        The tables of ``scores.toml``: every check not named under ``rejections`` is passed by everybody.
    """
    return {
        "lot": LOT_CODE,
        "leader_votes": list(LEADER_VOTES),
        "rejections": [REJECTION],
        "alerts": [ALERT],
        "marks": [
            {"bid": bid, **{item: list(values) for item, values in items.items()}} for bid, items in MARKS.items()
        ],
    }
