from collections.abc import Callable

from scheduling.demand import AvoidedOrganisation, Party
from scheduling.parties import MatchedParty, PartyIndex
from scheduling.request import DrawRequest


def test_cf_04_code_first_then_present_and_former_names(make_request: Callable[..., DrawRequest]) -> None:
    parties = (
        Party("bidder", "x1", "甲公司", ("老甲",)),
        Party("controller", "", "乙（集团）"),
        Party("agency", "A1", ""),
    )
    request = make_request(parties=parties, avoid=(AvoidedOrganisation("", "丙", "r"),), project_refs=("LOT-1", ""))
    index = PartyIndex(request)
    assert index.codes("bidder") == {"X1"}
    assert index.names("bidder") == {"甲公司", "老甲", "乙集团"}
    assert index.codes("nobody") == index.names("agency") == frozenset()
    assert index.match("X1", "乙集团", ("bidder",)) == MatchedParty("bidder", "x1", "甲公司")
    assert index.match("Y", "乙集团", ("bidder",)) == MatchedParty("controller", "", "乙（集团）")
    assert index.match("", "丙", ("avoid",)) == MatchedParty("avoid", "", "丙")
    assert index.match("LOT-1", "", ("project",)) == MatchedParty("project", "LOT-1")
    assert index.match("X1", "", ("agency",)) is None
    assert index.match("A1", "") == MatchedParty("agency", "A1", "")
    assert index.match("", "") is None
