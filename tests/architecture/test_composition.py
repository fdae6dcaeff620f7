"""The environment that image and composition give is one that the hub starts with."""

import re
from pathlib import Path

import pytest

from expert_hub.foundation.self_checks import unsafe_settings
from expert_hub.foundation.settings import Settings

ROOT = Path(__file__).parents[2]


def _environment() -> dict[str, str]:
    """What a container gets: the image's variables, then those of the composition with their defaults filled in."""
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    composition = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found = dict(re.findall(r"\b(EXPERT_HUB_\w+)=(\S+)", image))
    found |= dict(re.findall(r"^    (EXPERT_HUB_\w+|DATABASE_URL|REDIS_URL): (.+)$", composition, re.MULTILINE))
    return {name: re.sub(r"\$\{\w+(?::[-?]([^}]*))?\}", r"\1", value) for name, value in found.items()}


def test_the_hub_starts_as_composed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment = _environment()
    assert {"DATABASE_URL", "REDIS_URL", "EXPERT_HUB_HOST", "EXPERT_HUB_WORKERS"} <= environment.keys()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EXPERT_HUB_VAR_DIR", str(tmp_path))
    settings = Settings()
    assert settings.workers == 2
    assert unsafe_settings(settings) == []


def test_the_same_without_its_notifier_would_be_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (_environment() | {"EXPERT_HUB_NOTIFIER": "console"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EXPERT_HUB_VAR_DIR", str(tmp_path))
    assert len(unsafe_settings(Settings())) == 1
