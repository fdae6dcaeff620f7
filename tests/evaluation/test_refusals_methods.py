from evaluation.refusals_methods import MethodUnknown, ReviewedPriceSenseless


def test_refusals_name_their_facts_in_both_languages():
    assert "guess" in MethodUnknown(method="guess").text("zh")
    assert "-1.00" in ReviewedPriceSenseless(bid_id="A", price="-1.00").text("en")
