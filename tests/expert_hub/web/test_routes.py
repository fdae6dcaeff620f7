"""Pages and API documentation on a real server: no request leaves the origin."""

import re
from typing import Any

import pytest

from expert_hub.web.routes import every_refusal

REMOTE = re.compile(r"""(?:src|href)=["']?(?:https?:)?//""")


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/problems"])
async def test_pages_load_nothing_from_elsewhere(api: Any, path: str) -> None:
    page = await api.client.get(path, follow_redirects=True)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert not REMOTE.search(page.text)
    for address in re.findall(r"""(?:src|href)=["']?(/docs/assets/[^"'> ]+)""", page.text):
        assert (await api.client.get(address)).status_code == 200


async def test_the_landing_page_speaks_the_readers_language_and_lists_projects(api: Any) -> None:
    await api.register(project__name="<b>&样例")
    chinese = await api.client.get("/")
    english = await api.client.get("/", headers={"accept-language": "en"})
    assert 'lang="zh-CN"' in chinese.text
    assert "随机抽取专家" in chinese.text
    assert 'lang="en"' in english.text
    assert "Trading centres" in english.text
    assert "&lt;b&gt;&amp;样例" in english.text


async def test_every_refusal_has_a_row_that_its_type_points_to(api: Any) -> None:
    page = (await api.client.get("/docs/problems")).text
    answer = await api.ask("GET", "/projects/unknown")
    assert f'id="{answer.json()["type"].partition("#")[2]}"' in page
    for refusal in every_refusal():
        assert f"<code>{refusal['code']}</code>" in page
        assert refusal["zh"]
        assert refusal["en"]


async def test_the_documentation_page_can_show_openapi_3_1(api: Any) -> None:
    bundle = (await api.client.get("/docs/assets/swagger-ui-bundle.js")).text
    version = re.search(r'PACKAGE_VERSION:"(\d+)\.', bundle)
    assert version is not None
    # Swagger UI before 5 shows an error instead of a 3.1 document.
    assert int(version[1]) >= 5
