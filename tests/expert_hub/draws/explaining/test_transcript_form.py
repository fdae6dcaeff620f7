"""What is read from a transcript, and that nothing else is."""

import json
from typing import Any

import pytest

from expert_hub.draws.errors import DrawFileUnreadable
from expert_hub.draws.explaining.transcript_form import (
    MAX_BYTES,
    Members,
    TranscriptForm,
    read_entries,
    read_form,
    read_transcript_form,
)
from tests.expert_hub.draws.pictured import golden


def read(document: Any) -> TranscriptForm:
    return read_transcript_form(json.dumps(document).encode(), "t.json")


@pytest.mark.parametrize("name", ["federated", "in-order", "parties", "public", "void"])
def test_honest_transcripts_are_read_with_their_entries(name: str) -> None:
    document = golden(f"honest-{name}")
    found = read(document)
    assert found.result.state == document["result"]["state"]
    assert [list(seat) for seat in found.drawn] == document["drawn"]
    entries = read_entries(found, "t.json")
    assert sorted(entries) == [json.loads(text)["index"] for text, _ in document["entries"]]


CHANGES: list[tuple[str, Any]] = [
    ("protocol", "XD-2"),
    ("drawn", [[9, 0]]),
    ("drawn", [[-1, 0]]),
    ("drawn", [[0, 0]] * 1001),
    ("result/panel", [[0, 7, 1]]),
    ("result/state", "fine"),
    ("commit/request/quotas", []),
    ("commit/request/quotas/0/count", 0),
    ("commit/request/quotas/0/speciality", "x" * 301),
    ("commit/eligible", [1]),
    ("commit/pool/size", 1),
    ("commit/pool/eligible", 1),
    ("commit/pool/size", 2**70),
    ("commit/committed_at", "2026-01-01"),
    ("lottery/classes", []),
    ("lottery/classes/0/blocks", []),
    ("lottery/classes/0/quotas", [5]),
    ("lottery/classes/0/blocks/0", [1, 1, 10**12 + 1]),
    ("lottery/seats", 0),
    ("seed/level", "mine"),
    ("names", [[0, "a"]]),
    ("close", None),
]


@pytest.mark.parametrize(("path", "value"), CHANGES)
def test_what_does_not_fit_is_refused_with_the_place(path: str, value: Any) -> None:
    document = golden()
    place: Any = document
    *way, last = path.split("/")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    with pytest.raises(DrawFileUnreadable) as refusal:
        read(document)
    assert refusal.value.facts["file"] == "t.json"
    assert refusal.value.facts["why"]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b" " * (MAX_BYTES + 1)]
)
def test_what_is_no_transcript_is_refused(content: bytes) -> None:
    with pytest.raises(DrawFileUnreadable):
        read_transcript_form(content, "t.json")


@pytest.mark.parametrize("text", ["", "{}", '{"at":"x","index":0,"kind":"k","subject":"s","body":{}}', "\ud800"])
def test_a_broken_entry_is_refused(text: str) -> None:
    document = golden()
    document["entries"][0][0] = text
    if text == "\ud800":
        form = read(golden())
        form.entries[0] = (text, [])
    else:
        form = read(document)
    with pytest.raises(DrawFileUnreadable):
        read_entries(form, "t.json")


@pytest.mark.parametrize("code", ["", "4", "44010", "4401000", "44a1", "440100\n"])
def test_regions_of_members_are_digits(code: str) -> None:
    content = json.dumps([{"seat": 0, "region_code": code}]).encode()
    if code == "44010":
        assert read_form(content, Members, "m.json")[0].region_code == code  # type: ignore[index]
        return
    with pytest.raises(DrawFileUnreadable):
        read_form(content, Members, "m.json")
