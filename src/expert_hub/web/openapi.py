"""What the API documentation says about every operation: any of them may answer with a problem."""

from litestar.openapi.spec import OpenAPI, OpenAPIMediaType, OpenAPIResponse, Operation, Reference, Schema
from litestar.openapi.spec.enums import OpenAPIType

from expert_hub.foundation.problems import PROBLEM_TYPE

_PROBLEM = Schema(
    type=OpenAPIType.OBJECT,
    title="Problem",
    description="RFC 9457 problem details; `code` is stable, `detail` is in the reader's language.",
    properties={
        "type": Schema(type=OpenAPIType.STRING),
        "title": Schema(type=OpenAPIType.STRING),
        "status": Schema(type=OpenAPIType.INTEGER),
        "code": Schema(type=OpenAPIType.STRING),
        "detail": Schema(type=OpenAPIType.STRING),
        "facts": Schema(type=OpenAPIType.OBJECT),
    },
    required=["type", "title", "status", "code", "detail", "facts"],
)
_ANSWER = OpenAPIResponse(
    description="Refused",
    content={PROBLEM_TYPE: OpenAPIMediaType(schema=Reference(ref="#/components/schemas/Problem"))},
)


def describe_problems(document: OpenAPI) -> None:
    """Add the problem document as the default answer of every operation."""
    if document.components.schemas is not None:
        document.components.schemas["Problem"] = _PROBLEM
    for path in (document.paths or {}).values():
        for operation in (path.get, path.post, path.put, path.patch, path.delete):
            if isinstance(operation, Operation):
                operation.responses = {
                    status: answer for status, answer in (operation.responses or {}).items() if status < "400"
                } | {"default": _ANSWER}
