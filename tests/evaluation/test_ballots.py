from evaluation.ballots import Ballots
from evaluation.terms import DocumentTerms


def test_a_document_that_says_nothing_asks_for_comprehensive_scoring(rules):
    ballots = Ballots((), (), {}, rules)
    assert (ballots.method, ballots.terms) == ("comprehensive_scoring", DocumentTerms())
