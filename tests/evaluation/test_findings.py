import msgspec
import pytest

from evaluation.findings import Alert, BidResult, Candidate, OpenTie, Rejection

VALUES = [
    Rejection("A", "K1", 3, 5, (("P2", "12"),)),
    Alert("A1", "subjective_deviation", False, "A", "T", "S5", "5", "13.00", "8.00", "4.50"),
    BidResult("A", "100", "90.00", {"T": "40.00"}, "40.00", "70.00", 1, "open"),
    OpenTie("place", ("A", "B")),
    Candidate(1, "A", "70.00", "90.00", "100"),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_read_back_from_json(value):
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value
