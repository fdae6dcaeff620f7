import pytest

from scheduling.errors import InvalidRequestError, KernelError, PoolTooSmallError


def kinds() -> list[type[KernelError]]:
    return KernelError.__subclasses__()


def test_every_refusal_has_its_own_code_and_both_languages() -> None:
    assert len({kind.code for kind in kinds()}) == len(kinds())
    for kind in kinds():
        assert kind.code.startswith(("draw/", "committee/"))
        assert kind.zh != KernelError.zh
        assert kind.en != KernelError.en
        assert kind.en.isascii()
        assert not kind.zh.isascii()


def test_facts_are_filled_into_the_text() -> None:
    error = InvalidRequestError(reasons=["no pack_hash", "ground C20"])
    assert error.text("en") == "The draw request is not valid: no pack_hash; ground C20"
    assert error.text() == "抽取申请不合格：no pack_hash；ground C20"
    assert str(error) == "draw/invalid-request: The draw request is not valid: no pack_hash; ground C20"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The eligible pool is short of 2 experts: b needs 3, has 1, short of 2"),
        ("zh", "候选专家不足，缺 2 名：b 需 3 名，可选 1 名，缺 2 名"),
    ],
)
def test_short_quotas_read_as_a_sentence(lang: str, text: str) -> None:
    quota = {"quota_id": "b", "required": 3, "eligible": 1, "short": 2}
    assert PoolTooSmallError(short=2, quotas=[quota]).text(lang) == text


def test_a_fact_that_the_text_does_not_name_is_for_programs_only() -> None:
    error = InvalidRequestError(reasons=["no pack_hash"], ways={"out": 1})
    assert error.text("en") == "The draw request is not valid: no pack_hash"
    assert error.facts["ways"] == {"out": 1}
