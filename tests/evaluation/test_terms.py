import msgspec
import pytest

from evaluation.terms import DocumentTerms


def test_terms_survive_json_and_refuse_unknown_names():
    terms = DocumentTerms(ceiling="100", k="0.5")
    assert msgspec.json.decode(msgspec.json.encode(terms), type=DocumentTerms) == terms
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"ceilin":"1"}', type=DocumentTerms)
