"""The command line on a migrated and empty database of each engine."""

from dataclasses import replace
from typing import Any

import pytest


@pytest.fixture
def expert_hub(command_line: Any, database_url: str) -> Any:
    """The command line with `DATABASE_URL` set to a migrated and empty database."""
    return replace(command_line, env={**command_line.env, "DATABASE_URL": database_url})
