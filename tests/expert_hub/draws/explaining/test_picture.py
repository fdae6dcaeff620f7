"""The whole picture: stable, well formed, harmless, readable."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from expert_hub.draws.explaining import svg
from expert_hub.draws.explaining.explanation import explain_transcript
from expert_hub.draws.explaining.picture import draw_picture, summary
from expert_hub.draws.explaining.transcript_form import read_transcript_form
from tests.expert_hub.draws.pictured import CITIES, HOSTILE, NATION, TABLES, golden

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "defs", "pattern", "path", "rect", "line", "circle", "text", "g"}
EVERY = [(CITIES, ()), (NATION, ("440100", "430100")), (TABLES, ())]


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def test_the_picture_is_the_kept_one_byte_for_byte() -> None:
    for language in ("zh", "en"):
        kept = Path(__file__).parent / "golden" / f"cities-{language}.svg"
        assert draw_picture(CITIES, language, ["440100", "440300"]) == kept.read_text("utf-8")  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("explanation", "members"), EVERY)
def test_it_is_well_formed_and_holds_nothing_that_runs_or_loads(explanation: Any, members: Any, language: Any) -> None:
    picture = draw_picture(explanation, language, members)
    root = parsed(picture)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    names = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or name.endswith("href") or name == "style" for name in names)
    assert set(re.findall(r"url\(([^)]*)\)", picture)) <= {"#out", "#range", "#part"}
    assert root.find(f"{SVG}title") is not None
    assert root.findtext(f"{SVG}desc") == summary(explanation, language)
    assert root.get("aria-labelledby") == "title desc"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("explanation", "members"), EVERY)
def test_text_is_large_enough_for_a_phone_and_stays_inside(explanation: Any, members: Any, language: Any) -> None:
    root = parsed(draw_picture(explanation, language, members))
    _, _, width, height = (float(part) for part in (root.get("viewBox") or "").split())
    for element in root.iter(f"{SVG}text"):
        size, x, y = (float(element.get(name) or 0) for name in ("font-size", "x", "y"))
        assert size * 360 / width >= 8.5
        long = float(element.get("textLength") or svg.width_of(element.text or "", size))
        left = x - {"end": long, "middle": long / 2}.get(element.get("text-anchor") or "", 0)
        assert left >= -1, element.text
        assert left + long <= width + 1, element.text
        assert size < y < height


def test_colours_stand_out() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        bright, dark = sorted((light(one), light(other)), reverse=True)
        return (bright + 0.05) / (dark + 0.05)

    for text in (svg.INK, svg.SOFT, svg.RED):
        assert contrast(text, svg.PAPER) >= 4.5
    for ground in ("#93c5fd", "#bfdbfe", "#dbeafe", "#fffbeb", "#fcd34d", "#dcfce7", "#f0fdf4", "#86efac"):
        assert contrast(svg.INK, ground) >= 4.5
    assert contrast(svg.RED, "#bfdbfe") >= 3
    assert contrast(svg.RED, "#93c5fd") >= 3
    for mark in (svg.BLUE, svg.GREEN, svg.AMBER, svg.LINE):
        assert contrast(mark, svg.PAPER) >= 3


@pytest.mark.parametrize("name", ["federated", "in-order", "parties", "public", "void"])
def test_golden_transcripts_are_painted(name: str) -> None:
    content = json.dumps(golden(f"honest-{name}")).encode()
    explanation = explain_transcript(read_transcript_form(content, "t"), "t")
    texts = [element.text for element in parsed(draw_picture(explanation, "en")).iter(f"{SVG}text")]
    assert any("void" in (text or "") for text in texts) == (name == "void")


def test_hostile_names_are_shown_as_text_only() -> None:
    root = parsed(draw_picture(NATION, "en"))
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert any(text.startswith(f"committed, result not public · {HOSTILE[:20]}") for text in texts)


def test_a_lottery_of_two_tables_has_no_map() -> None:
    texts = [element.text for element in parsed(draw_picture(TABLES, "en")).iter(f"{SVG}text")]
    assert not any((text or "").startswith("3.") for text in texts)
    assert any((text or "").startswith("3.") for text in (e.text for e in parsed(draw_picture(CITIES, "en")).iter()))
