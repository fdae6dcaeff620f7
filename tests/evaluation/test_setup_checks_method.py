import pytest
from msgspec.structs import replace

from evaluation.methods.benchmark_draw import draw_term
from evaluation.methods.registry import METHODS
from evaluation.setup import CriterionSetup, GroupSetup
from evaluation.setup_checks import find_faults
from evaluation.terms import DeviationTerm, DocumentTerms, TermDraw, TrimRow

DELAY = CriterionSetup("W", "deviation", "Weeks", "objective", "52")
PRICED = DocumentTerms(deviations=(DeviationTerm("W", "1000"),))
TREE = (GroupSetup("Q", "Quality", "70"), GroupSetup("T1", "Technical", "50", "Q"))


def with_terms(setup, **terms):
    return replace(setup, terms=DocumentTerms(**terms))


def in_tree(setup, groups=TREE):
    price, technical, record = setup.criteria
    return replace(setup, groups=groups, criteria=(price, replace(technical, parent="T1"), replace(record, parent="Q")))


SOUND = [
    lambda s: replace(s, method="lowest_evaluated_price", criteria=()),
    lambda s: replace(s, method="reviewed_lowest", criteria=(DELAY,), terms=PRICED),
    lambda s: replace(
        s,
        method="comprehensive_evaluation",
        terms=DocumentTerms(
            ceiling="2000000",
            band_low="0.5",
            band_high="1",
            k="0.5",
            draws=(draw_term("k", ("0.5", "0.50001"), b"1" * 32),),
        ),
    ),
    lambda s: replace(
        s, method="price_competition", criteria=(), bids=tuple(replace(b, offered_at=s.starts_at) for b in s.bids)
    ),
    in_tree,
]


@pytest.mark.parametrize("change", SOUND)
def test_every_method_and_a_tree_can_be_described(setup, change):
    changed = change(setup)
    drawn = {draw.name: draw.value for draw in changed.terms.draws}
    assert find_faults(replace(changed, terms=replace(changed.terms, **drawn))) == ()


FAULTS = [
    (lambda s: replace(s, method="guess"), "no method guess"),
    (lambda s: replace(s, method="lowest_evaluated_price"), "gives no marks"),
    (lambda s: replace(s, method="reviewed_lowest", criteria=(DELAY,)), "each once"),
    (lambda s: replace(s, criteria=(*s.criteria, DELAY), terms=PRICED), "prices no deviations"),
    (
        lambda s: replace(s, method="reviewed_lowest", criteria=(replace(DELAY, kind="subjective"),), terms=PRICED),
        "objective",
    ),
    (lambda s: replace(s, method="price_competition", criteria=()), "instant of the offer"),
    (lambda s: with_terms(s, k="1.5", ceiling="1"), "k is above 1"),
    (lambda s: with_terms(s, k="0.5"), "need a ceiling"),
    (lambda s: with_terms(s, f="1"), "leaves nothing"),
    (lambda s: with_terms(s, f="x"), "f is not a decimal"),
    (lambda s: with_terms(s, ceiling="0"), "ceiling is 0"),
    (lambda s: with_terms(s, ceiling="9", band_low="0.9", band_high="0.8"), "band ends below"),
    (lambda s: with_terms(s, trim=(TrimRow(2, 1, 1),)), "leaves no quote"),
    (lambda s: with_terms(s, trim=(TrimRow(4, 1, 1), TrimRow(4, 0, 1))), "same number of quotes"),
    (lambda s: with_terms(s, draws=(TermDraw("k", ("1", "0"), "00", "1"),)), "draw of k"),
    (lambda s: with_terms(s, deviations=(DeviationTerm("W", "1e3"),)), "unit amount of W"),
    (lambda s: in_tree(s, (TREE[0], replace(TREE[1], full="49"))), "marks below sum"),
    (lambda s: in_tree(s, (TREE[0], TREE[1], TREE[1])), "group named twice"),
    (lambda s: in_tree(s, TREE[:1]), "unknown groups"),
    (lambda s: in_tree(s, (replace(TREE[0], parent="T1"), TREE[1])), "stands in itself"),
    (lambda s: in_tree(s, (replace(TREE[0], full="0"), TREE[1])), "not above 0"),
]


@pytest.mark.parametrize(("change", "words"), FAULTS)
def test_each_contradiction_of_a_method_is_named(setup, change, words):
    assert words in "; ".join(find_faults(change(setup)))


def test_the_method_names_are_those_of_the_registry(setup):
    assert all("no method" not in "; ".join(find_faults(replace(setup, method=name))) for name in METHODS)
