"""The picture of a draw over HTTP."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws.explaining.showing import picture_for
from expert_hub.foundation.problems import language_of
from expert_hub.identity.rules import Actor

# Opened by itself, the picture may load and run nothing, whatever a text in it says.
_ALONE = "default-src 'none'; sandbox"


@get("/draws/{draw_id:str}/picture.svg", summary="A draw at a glance", security=[{}])
async def read_picture(
    draw_id: FromPath[str],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Actor | None],
    session: NamedDependency[AsyncSession],
) -> Response[bytes]:
    """Funnel, chances and map; for officers from the commitment on, for everyone once the transcript is public.

    Chinese or English by `Accept-Language`.
    """
    language = language_of(request.headers.get("accept-language"))
    picture = await picture_for(session, draw_id, visitor, language)
    headers = {"content-language": language, "vary": "accept-language", "content-security-policy": _ALONE}
    return Response(picture.encode(), media_type="image/svg+xml", headers=headers)


router = Router("/", route_handlers=[read_picture], tags=["draws"])
