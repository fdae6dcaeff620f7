import pytest

from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.problems import language_of, problem_document, status_of


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.5, zh;q=0.4", "en"),
        ("fr, de", "zh"),
        ("en;q=x", "zh"),
        ("en," * 500, "en"),
    ],
)
def test_the_language_follows_the_reader(header: str | None, language: str) -> None:
    assert language_of(header) == language


def test_a_problem_has_the_members_of_rfc_9457() -> None:
    document = problem_document(NotFound(), 404, "en")
    assert document == {
        "type": "/docs/problems#hub-not-found",
        "title": "Not Found",
        "status": 404,
        "code": "hub/not-found",
        "detail": "There is nothing here.",
        "facts": {},
    }


def test_kernel_refusals_are_conflicts() -> None:
    class FromKernel(Exception):
        code = "kernel/no"
        zh = en = "no"

        def __init__(self) -> None:
            self.facts: dict[str, object] = {}

    assert status_of(FromKernel()) == 409
