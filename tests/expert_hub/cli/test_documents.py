"""`expert-hub documents check`: PASS on what was filed, FAIL and a name when a file was altered."""

from dataclasses import replace
from typing import Any

from tests.expert_hub.rooms.documents.files import pdf
from tests.expert_hub.rooms.documents.test_routes import filed


async def test_an_altered_file_is_named(api: Any, command_line: Any) -> None:
    room, settings = await api.room(), api.hub.settings
    row = await filed(api, room, pdf())
    folder = settings.effective_documents_dir
    env = {**command_line.env, "DATABASE_URL": settings.database_url, "EXPERT_HUB_DOCUMENTS_DIR": str(folder)}
    expert_hub = replace(command_line, env=env)
    end = expert_hub.run("--lang", "en", "documents", "check", room)
    assert (end.code, end.out) == (0, "1 documents, 0 differences: PASS\n")
    (folder / row["sha256"][:2] / row["sha256"]).write_bytes(b"other")
    end = expert_hub.run("--lang", "en", "documents", "check", room)
    assert (end.code, end.out.splitlines()) == (
        1,
        [f"{row['id']} {row['sha256']} the file was altered", "1 documents, 1 differences: FAIL"],
    )
    said = expert_hub.run("--lang", "zh", "documents", "check", room).out.splitlines()
    assert said == [f"{row['id']} {row['sha256']} 文件内容与摘要不符", "1 个文件，1 处不符：FAIL"]
    assert expert_hub.refused("documents", "check", "nowhere")[0] == "hub/not-found"
