"""Renditions: the mark on every page, nothing that acts or tells more than the pages."""

import io
import json
import sys
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from expert_hub.rooms.documents import marking
from expert_hub.rooms.documents.marking import mark_image, mark_pdf, sheet
from expert_hub.rooms.documents.rules import Kind
from tests.expert_hub.rooms.documents.files import pdf, png

MARK = '评委A · 0f3a · #[x] " 2026-03-02 09:30'


def text_of(page: PageObject) -> str:
    """The text of a page on one line: runs of different fonts come apart."""
    return page.extract_text().replace("\n", "")


def marked(tmp_path: Path, octets: bytes) -> PdfReader:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(octets)
    mark_pdf(source, target, MARK, None)
    assert source.read_bytes() == octets
    return PdfReader(target)


def test_the_mark_stands_on_every_page(tmp_path: Path) -> None:
    reader = marked(tmp_path, pdf(4))
    assert ["评委A · 0f3a" in text_of(page) for page in reader.pages] == [True] * 4


def test_what_acts_or_tells_who_wrote_it_stays_behind(tmp_path: Path) -> None:
    octets = pdf(2, title="某某投标人", script=True)
    before = PdfReader(io.BytesIO(octets))
    assert {"/Names", "/OpenAction"} <= set(before.root_object)
    assert "/AA" in before.pages[0]
    reader = marked(tmp_path, octets)
    assert dict(reader.metadata or {}) == {"/Producer": "Expert Hub"}
    assert not {"/Names", "/OpenAction", "/AA", "/Outlines", "/Metadata"} & set(reader.root_object)
    assert "/AA" not in reader.pages[0]
    whole = (tmp_path / "target").read_bytes()
    assert b"app.alert" not in whole
    assert b"who we are" not in whole


def test_an_image_becomes_a_marked_page(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(png())
    mark_image(source, Kind.PNG, target, MARK, None)
    (page,) = PdfReader(target).pages
    assert "评委A · 0f3a" in text_of(page)
    assert len(page.images) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


def test_a_sheet_is_one_page_of_its_size() -> None:
    (page,) = PdfReader(io.BytesIO(sheet(MARK, 300, 200, None))).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (300, 200)


def test_the_program_reads_its_order_from_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(pdf(1))
    monkeypatch.setattr(sys, "argv", ["marking", "pdf", str(source), str(target)])
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"mark": MARK, "fonts_dir": None})))
    marking.main()
    assert "评委A · 0f3a" in text_of(PdfReader(target).pages[0])
