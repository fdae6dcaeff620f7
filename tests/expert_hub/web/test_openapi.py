from litestar import Litestar, get

from expert_hub.web.openapi import describe_problems


@get("/thing")
async def _thing() -> str:
    return ""


def test_every_operation_answers_with_a_problem_by_default() -> None:
    document = Litestar([_thing]).openapi_schema
    describe_problems(document)
    described = document.to_schema()
    answer = described["paths"]["/thing"]["get"]["responses"]["default"]  # type: ignore[index]
    assert answer["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "Problem" in described["components"]["schemas"]  # type: ignore[index]
