"""Landing page, problem page and the files of the API documentation."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.static_files import create_static_files_router
from openapi_ui_bundles import swagger_ui
from sqlalchemy.ext.asyncio import AsyncSession

import evaluation.errors
import scheduling.errors
from evaluation.setup import TRAINING_MARK
from expert_hub import __version__
from expert_hub.foundation.errors import HubError, Language
from expert_hub.foundation.problems import language_of
from expert_hub.listings.service import list_projects

_SWAGGER = Path(swagger_ui.static_path)
_ASSETS = "/docs/assets"
_pages = Environment(loader=PackageLoader("expert_hub.web"), autoescape=True, undefined=StrictUndefined)


def _page(request: Request[Any, Any, Any], template: str, **values: Any) -> Response[str]:
    language: Language = language_of(request.headers.get("accept-language"))
    mark = TRAINING_MARK if request.app.state.hub.settings.training else ""
    text = _pages.get_template(template).render(language=language, version=__version__, training=mark, **values)
    headers = {"content-language": language, "vary": "accept-language"}
    return Response(text, media_type=MediaType.HTML, headers=headers)


@get("/", include_in_schema=False)
async def landing(request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]) -> Response[str]:
    """What this hub is and where to go."""
    return _page(request, "landing.html", projects=await list_projects(session, None, 19))


@get("/docs/problems", include_in_schema=False)
async def problems(request: Request[Any, Any, Any]) -> Response[str]:
    """Every code that a problem document may carry, in both languages."""
    return _page(request, "problems.html", refusals=every_refusal())


def every_refusal() -> list[dict[str, str]]:
    """Code, status and texts of every refusal of the hub and of both kernels, by code."""
    found: dict[str, dict[str, str]] = {}
    waiting: list[Any] = [HubError, evaluation.errors.EvaluationError, scheduling.errors.KernelError]
    while waiting:
        refusal = waiting.pop()
        waiting += refusal.__subclasses__()
        if not refusal.code:
            continue
        status = str(getattr(refusal, "status", 409))
        found[refusal.code] = {"code": refusal.code, "status": status, "zh": refusal.zh, "en": refusal.en}
    return [found[code] for code in sorted(found)]


swagger = SwaggerRenderPlugin(
    path="/",
    js_url=f"{_ASSETS}/swagger-ui-bundle.js",
    css_url=f"{_ASSETS}/swagger-ui.css",
    standalone_preset_js_url=f"{_ASSETS}/swagger-ui-standalone-preset.js",
    favicon=f'<link rel="icon" href="{_ASSETS}/favicon-32x32.png">',
)

router = Router("/", route_handlers=[landing, problems])
assets = create_static_files_router(path=_ASSETS, directories=[_SWAGGER], include_in_schema=False)
