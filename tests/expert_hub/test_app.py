"""The application as a whole: health, metrics, OpenAPI, problems for everything that goes wrong."""

import json
from importlib import resources
from typing import Any

import pytest
from sqlalchemy import text

from expert_hub.app import Hub, create_app, load_packs, open_hub
from expert_hub.foundation.clock import local_date
from expert_hub.foundation.rule_packs import CENTRE_PACK, RulePackError
from expert_hub.foundation.settings import Settings


async def test_health_follows_the_database(api: Any) -> None:
    assert (await api.client.get("/health/live")).json()["status"] == "live"
    assert (await api.client.get("/health/ready")).json() == {"status": "ready"}
    async with api.hub.database.write() as session:
        head = (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
        await session.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    answer = await api.client.get("/health/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "hub/database-not-migrated")
    assert answer.headers["retry-after"] == "2"
    async with api.hub.database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})


async def test_metrics_count_requests_by_route_and_name_nobody(api: Any) -> None:
    await api.refused("GET", "/experts/44010619900101123X", "centre")
    metrics = (await api.client.get("/metrics")).text
    assert "expert_hub_requests" in metrics
    assert "44010619900101123X" not in metrics


async def test_openapi_3_1_describes_every_route_with_its_problems(api: Any) -> None:
    document = (await api.client.get("/docs/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/draws", "/api/v1/projects", "/api/v1/sessions", "/health/ready"} <= document["paths"].keys()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), f"{method} {path}"
            problem = operation["responses"]["default"]["content"]["application/problem+json"]
            assert problem["schema"], f"{method} {path}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", "/projects", 405),
        ("POST", "/sessions", 422),
        ("GET", "/projects/..%2f..%2fetc", 404),
    ],
)
async def test_whatever_goes_wrong_is_a_problem(api: Any, method: str, path: str, status: int) -> None:
    answer = await api.ask(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {"type", "title", "status", "code", "detail", "facts"} <= answer.json().keys()


async def test_bodies_that_are_not_json_or_too_large_are_refused(api: Any) -> None:
    for content, status in ((b"{", 400), (b"\xff\xfe", 400), (b"[" * 100_000, 422), (b" " * 10_000_001, 413)):
        answer = await api.ask("POST", "/sessions", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == status, content[:3]
        assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_defect_tells_a_reference_and_nothing_else(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def explode(*_: Any) -> None:
        raise RuntimeError("secret detail 44010619900101123X")

    monkeypatch.setattr("expert_hub.listings.service.list_projects", explode)
    answer = await api.ask("GET", "/projects")
    assert (answer.status_code, answer.json()["code"]) == (500, "hub/unexpected")
    assert "secret" not in answer.text


async def test_the_reader_chooses_the_language_of_a_problem(api: Any) -> None:
    english = await api.ask("GET", "/projects/x")
    chinese = await api.ask("GET", "/projects/x", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert english.json()["detail"] == "There is nothing here."
    assert chinese.json()["detail"] == "未找到所请求的内容。"
    assert chinese.headers["content-language"] == "zh"


async def test_a_bad_pack_in_the_folder_stops_the_hub_with_file_and_line(hub: Hub, tmp_path: Any) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "mine.toml").write_text('pack = { id = "x" }\n', encoding="utf-8")
    settings = Settings(database_url=None, var_dir=tmp_path / "other", packs_dir=folder)
    with pytest.raises(RulePackError, match="mine.toml"):
        load_packs(settings, local_date(hub.clock.now()))
    with pytest.raises(RulePackError):
        open_hub(settings)


async def test_a_pack_of_the_folder_replaces_a_shipped_one_the_centre_settings_too(hub: Hub, tmp_path: Any) -> None:
    shipped = (resources.files("expert_hub.foundation") / "packs" / "centre_settings.toml").read_text("utf-8")
    own = shipped.replace("booking.gap_minutes = [30,", "booking.gap_minutes = [45,")
    (tmp_path / "centre.toml").write_text(own, encoding="utf-8")
    settings = Settings(database_url=None, var_dir=tmp_path, packs_dir=tmp_path)
    packs = load_packs(settings, local_date(hub.clock.now()))
    assert packs[CENTRE_PACK].integer("booking.gap_minutes") == 45
    assert hub.packs[CENTRE_PACK].integer("booking.gap_minutes") == 30


def test_nothing_runs_on_import_and_the_schema_is_the_same_each_time(hub: Hub) -> None:
    first = json.dumps(create_app(hub).openapi_schema.to_schema(), sort_keys=True)
    assert first == json.dumps(create_app(hub).openapi_schema.to_schema(), sort_keys=True)
