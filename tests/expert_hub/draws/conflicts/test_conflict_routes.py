"""Who may do what about conflicts over HTTP; what it does is tested beside each service."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from expert_hub.foundation.clock import FixedClock
from expert_hub.sample.writer import SamplePaths
from tests.expert_hub.draws.stories import Story, begun

KEY = {"key_share": "00" * 32}
POSTS: list[tuple[str, dict[str, Any]]] = [
    ("/draws/preview", {"lot_id": "x"}),
    ("/draws/x/opened-bidders", {"bidders": [{"name": "n"}]}),
    ("/draws/x/reassessment", KEY),
    ("/draws/x/exclusions", {"reason": "r"}),
    ("/conflict-decisions/x/revocation", {}),
    ("/conflict-reviews/x", {"verdict": "corrected", "reason": "r"}),
]


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def test_nobody_without_an_office_does_or_sees_anything(story: Story) -> None:
    for path, body in POSTS:
        assert (await story.refused(path, None, body))["code"] == "identity/unauthenticated"
        assert (await story.refused(path, "host", body))["code"] == "identity/forbidden"
    for path in ("/conflict-reviews", "/conflict-decisions?lot_id=x"):
        assert (await story.ask("GET", path, None)).status_code == 401
        assert (await story.ask("GET", path, "host")).status_code == 403


@pytest.mark.parametrize("share", ["", "zz", "00" * 31])
async def test_a_half_of_a_key_has_32_bytes(story: Story, share: str) -> None:
    problem = await story.refused("/draws/x/reassessment", "supervisor", {"key_share": share})
    assert problem["code"] == "draws/hexadecimal-expected"


@pytest.mark.parametrize(
    ("path", "account", "body"),
    [
        ("/draws/x/opened-bidders", "centre", {"bidders": []}),
        ("/draws/x/opened-bidders", "centre", {"bidders": [{"name": "n", "password": "p"}]}),
        ("/draws/x/exclusions", "auditor", {"reason": "r", "limit": 201}),
        ("/draws/x/exclusions", "auditor", {"reason": "r", "after": -1}),
        ("/draws/preview", "centre", {"lot_id": "x", "changes": [{"kind": "size"}]}),
        ("/conflict-reviews/x", "supervisor", {"verdict": "maybe", "reason": "r"}),
    ],
)
async def test_bodies_without_the_documented_form_are_refused(
    story: Story, path: str, account: str, body: dict[str, Any]
) -> None:
    assert (await story.refused(path, account, body))["code"] == "hub/invalid-input"
