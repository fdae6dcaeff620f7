"""What every method of evaluation works on and what it returns: one signature for all of them."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from evaluation.findings import BidResult
from evaluation.setup import BidSetup, CriterionSetup, RoomRules
from evaluation.terms import DocumentTerms

ScoreKey = tuple[str, str]


class Ballots(Struct, frozen=True):
    """What results are computed from.

    Attributes:
        bids: the valid bids.
        criteria: the criteria of the tender document.
        sheets: by seat id, value as decimal text by (bid id, criterion id); complete for every seat.
        rules: the rules of the room.
        terms: parameters of the method from the tender document.
        method: name of the method in `evaluation.methods.registry`.

    Source: engineering choice
    """

    bids: tuple[BidSetup, ...]
    criteria: tuple[CriterionSetup, ...]
    sheets: Mapping[str, Mapping[ScoreKey, str]]
    rules: RoomRules
    terms: DocumentTerms = DocumentTerms()
    method: str = "comprehensive_scoring"


class Outcome(Struct, frozen=True):
    """What a method found.

    Attributes:
        results: printed results of all valid bids, best rank first, equal ranks in the order of bid id.
        figures: figures about all bids together by name, decimal text or a word; the report prints them.

    Source: 财政部令第87号 第58条; 评标委员会和评标方法暂行规定 第42条
    """

    results: tuple[BidResult, ...]
    figures: dict[str, str]


Method = Callable[[Ballots], Outcome]
"""Every method of evaluation is one such function."""
