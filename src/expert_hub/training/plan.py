"""What a training is made with: who practises, how many sit, which method, how fast the clock runs."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from evaluation.setup import TRAINING_MARK
from expert_hub.foundation.errors import HubError

Part = Literal["member", "leader", "host", "nobody"]
PARTS: tuple[str, ...] = get_args(Part)
LEAST_SEATS, MOST_SEATS = 5, 9
_LARGE_SEATS = 7


class TrainingRefused(HubError):
    """A training that cannot be made like this."""

    code = "training/refused"
    status = 422
    zh = "无法按此开设演练：{why}"
    en = "No training can be made like this: {why}"


class TrainingPlan(msgspec.Struct, frozen=True):
    """How to train.

    Attributes:
        folder: made afresh; everything of the training is in it.
        part: what the person practises; with "nobody" all parts are simulated.
        seats: size of the committee, odd.
        method: evaluation method of the room.
        port: wished port.
        speed: how many times faster than real the clock of the room runs.
        pace_s: seconds that a simulated colleague thinks before each command.
        experts: size of the invented library.
    """

    folder: Path
    part: Part
    seats: int = 5
    method: str = "comprehensive_scoring"
    port: int = 8000
    speed: float = 10.0
    pace_s: float = 1.0
    experts: int = 300


def methods() -> tuple[str, ...]:
    """The methods for which there is an invented tender."""
    return ("comprehensive_scoring",)


def check_plan(plan: TrainingPlan) -> None:
    """Refuse what cannot be made.

    Raises:
        TrainingRefused: with the reason.
    """
    if plan.part not in PARTS:
        raise TrainingRefused(why=f"--as {' | '.join(PARTS)}")
    if plan.seats % 2 == 0 or not LEAST_SEATS <= plan.seats <= MOST_SEATS:
        raise TrainingRefused(why=f"--seats {LEAST_SEATS}, {LEAST_SEATS + 2} … {MOST_SEATS}")
    if plan.method not in methods():
        raise TrainingRefused(why=f"--method {' | '.join(methods())}")


def invented_tender(tender: dict[str, Any], plan: TrainingPlan) -> dict[str, Any]:
    """The sample tender with the committee of the plan, under a name that says what it is for."""
    committee, project = tender["committee"], tender["project"]
    experts = plan.seats - committee["representatives"]
    quotas = [
        quota | {"count": experts // len(committee["quotas"]) + (place < experts % len(committee["quotas"]))}
        for place, quota in enumerate(committee["quotas"])
    ]
    # A large purchase needs a committee of seven; a smaller one is a tenth of it.
    share = Decimal("0.1") if plan.seats < _LARGE_SEATS else Decimal(1)
    amounts = {name: _fen(project[name], share) for name in ("budget_yuan", "ceiling_yuan")}
    bidders = [bid | {"quote_yuan": _fen(bid["quote_yuan"], share)} for bid in tender["bidders"]]
    return tender | {
        "project": project | amounts | {"name": f"【{TRAINING_MARK}】{project['name']}"},
        "committee": committee | {"size": plan.seats, "quotas": quotas},
        "bidders": bidders,
    }


def _fen(amount: str, share: Decimal) -> str:
    """A share of an amount in yuan, to the fen."""
    return str((Decimal(amount) * share).quantize(Decimal("0.01")))
