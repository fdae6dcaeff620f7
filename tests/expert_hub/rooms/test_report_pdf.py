import io
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from evaluation.events import TieResolved
from evaluation.findings import BidResult, Candidate
from evaluation.report import (
    ChangeRow,
    ComparisonRow,
    EvaluationReport,
    MemberRow,
    OpeningRow,
    RejectionRow,
    ReplacementRow,
    VoteRow,
)
from evaluation.setup import TRAINING_MARK, CheckSetup, CriterionSetup
from evaluation.terms import DeviationTerm, DocumentTerms, TrimRow
from expert_hub.rooms.report_pdf import render_report

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ALIASES = [f"评委{letter}" for letter in "ABCDEFG"]
HOSTILE = """#panic(1)
$x^2$ ${}
\\u{41} \\
*粗* _斜_ `码`
"引号" '
= 标题
- 项
<label> @ref
#import
//注 /*注*/
http://a.b
]] ~ -- ---"""
PRICE = "1234567.80"
TITLES = (
    *("基本情况", "评标委员会成员", "成员更换", "开标记录", "评标标准", "初步评审", "有效投标", "否决投标及理由"),
    *("评分比较", "评审排名", "并列处理", "推荐的中标候选人", "签订合同前需处理的事宜", "澄清、说明、补正事项"),
    "签署与不同意见",
)


def find_text(pdf: bytes) -> str:
    """All text without white space, because a line of a page may end anywhere."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(text.replace("\u200b", "").split())


def find_starts(pdf: bytes) -> list[float]:
    """Distance from the left edge, in points, at which each run of text begins."""
    starts: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        if text.strip():
            starts.append(tm[4] * cm[0] + cm[4])

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return starts


def build_report(bids: int = 5, criteria: int = 12, aliases: list[str] | None = None) -> EvaluationReport:
    names = aliases or ALIASES
    bid_ids = [f"B{n}" for n in range(1, bids + 1)]
    checks = tuple(
        CheckSetup(f"K{n}", f"按照招标文件要求签署、盖章（第{n}项）", "compliance", "P2") for n in range(1, 7)
    )
    items = [
        CriterionSetup(f"T{n}", "technical", f"技术方案、实施计划与质量保障措施（{n}）", "subjective", "6", "0", "0.5")
        for n in range(1, criteria)
    ]
    everything = (*items, CriterionSetup("P1", "price", "投标报价", "formula", "30"))
    return EvaluationReport(
        project={
            "room_id": "room-2026-0001",
            "lot_code": "GZ-2026-0305-01",
            "lot_name": "第一标包：教学设备",
            "project_name": "广州市第一中学智慧教室教学设备采购项目",
            "procuring_entity": "广州市第一中学",
            "category": "government_procurement",
            "method": "comprehensive_scoring",
            "started_at": "2026-03-05T01:00:00+00:00",
            "stage": "closed",
        },
        members=(
            MemberRow(names[0], "representative", False, "signed_with_dissent", "售后方案评价偏低。\n请复核。"),
            *(MemberRow(alias, "expert", n == 1, "signed", "") for n, alias in enumerate(names[1:])),
        ),
        replacements=(ReplacementRow("评委C", "replaced", "与投标人存在利害关系，主动申请回避"),),
        opening_record=tuple(
            OpeningRow(
                bid, f"广东某某智能科技股份有限公司{bid}", f"91440101MA5XXXX{n:03}", PRICE, PRICE, "0.10", "某牌"
            )
            for n, bid in enumerate(bid_ids)
        ),
        compliant=tuple(bid_ids),
        rejections=(
            RejectionRow("B9", "深圳未盖章有限公司", "签署、盖章", 5, 7, (("P2", "第12页"), ("P2", "第13页"))),
        ),
        competition={"lacking": False, "reason": "报价差异合理，仍具有竞争性。", "bidders_counted": 5},
        failure=None,
        checks=checks,
        criteria=everything,
        preliminary=tuple(VoteRow(bid, c.check_id, dict.fromkeys(names, True)) for bid in bid_ids for c in checks),
        comparison=tuple(
            ComparisonRow(bid, c.criterion_id, dict.fromkeys(names, "5.50") if c in items else {}, "5.50")
            for bid in bid_ids
            for c in everything
        ),
        changes=(ChangeRow("评委D", "B2", "T1", "5.50", "6.00", "客观项与其他成员核对后更正"),),
        ranking=tuple(
            BidResult(
                bid, PRICE, "1111111.02", {c.criterion_id: "5.50" for c in everything}, "60.50", "90.50", n, "open"
            )
            for n, bid in enumerate(bid_ids, 1)
        ),
        ties=(TieResolved("place", ("B2", "B3"), "draw", "招标文件规定抽签", ()),),
        candidates=tuple(Candidate(n, f"B{n}", "90.50", "1111111.02", PRICE) for n in (1, 2, 3)),
        remarks="推荐前三名为中标候选人。",
        matters_before_contract="确认供货周期；“质保期”不少于三年（含易损件）。",
    )


@pytest.fixture(scope="module")
def full() -> bytes:
    return render_report(build_report(), AT, digest=DIGEST)


def test_every_table_of_the_report_is_there(full: bytes) -> None:
    text = find_text(full)
    for title in TITLES:
        assert title in text, title
    for value in (
        "与投标人存在利害关系",
        "第12页",
        "5/7",
        "1,234,567.80",
        "1,111,111.02",
        "请复核。",
        "签署并附不同意见",
        "B2、B3",
    ):
        assert value in text, value


def test_pages_are_a4_and_carry_number_and_digest(full: bytes) -> None:
    pages = PdfReader(io.BytesIO(full)).pages
    assert 4 <= len(pages) <= 12
    for number, page in enumerate(pages, 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        text = "".join(page.extract_text().split())
        assert f"第{number}页共{len(pages)}页" in text
        assert DIGEST in text


def test_title_and_date_come_from_the_arguments_alone(full: bytes) -> None:
    found = PdfReader(io.BytesIO(full)).metadata
    assert found is not None
    assert found.title == "评标报告 GZ-2026-0305-01 第一标包：教学设备"
    assert found.creation_date is not None
    assert f"{found.creation_date:%Y-%m-%d %H:%M}" == "2026-03-05 17:30"
    assert full == render_report(build_report(), AT, digest=DIGEST)


def test_fonts_are_chinese_and_inside_the_file(full: bytes) -> None:
    names = set()
    for page in PdfReader(io.BytesIO(full)).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile3" in descendant["/FontDescriptor"] or "/FontFile2" in descendant["/FontDescriptor"]
            names.add(descendant["/BaseFont"].split("+")[1].split("-")[0])
    assert names == {"NotoSerifCJKsc", "NotoSansCJKsc"}


def spread(value: Any, text: str) -> Any:
    """The same report with `text` in every field a person writes."""
    fixed = {
        "bid_id", "check_id", "criterion_id", "started_at", "stage", "kind", "votes", "seats", "rank", "place", "by",
        "candidacy", "end", "type", "method", "category",
    }  # fmt: skip
    if isinstance(value, dict):
        return {name: item if name in fixed else spread(item, text) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [spread(item, text) for item in value]
    return text if isinstance(value, str) else value


@pytest.mark.parametrize(
    "hostile",
    [HOSTILE, "席" * 120, "A" * 90, "<script>" * 12, "长词W" * 30],
    ids=["markup", "zh", "run", "tags", "mixed"],
)
def test_text_of_users_comes_out_literally_and_on_the_page(hostile: str) -> None:
    document = spread(msgspec.to_builtins(build_report(bids=2, criteria=3)), hostile)
    pdf = render_report(msgspec.convert(document, EvaluationReport), AT, digest=DIGEST)
    text = find_text(pdf)
    assert "评标记录摘要SHA-256" + DIGEST in text
    for line in hostile.splitlines():
        assert text.count("".join(line.split())) >= 10, line
    starts = find_starts(pdf)
    assert 56 <= min(starts) <= max(starts) < 539


@pytest.mark.parametrize("odd", ["", "\U0001f600𠮷\ue000", "\n\n", " "])
def test_odd_text_does_not_stop_the_report(odd: str) -> None:
    document = spread(msgspec.to_builtins(build_report(bids=2, criteria=3)), odd)
    assert "签署与不同意见" in find_text(render_report(msgspec.convert(document, EvaluationReport), AT, digest=odd))


def test_signs_that_cannot_be_seen_are_shown_as_such() -> None:
    report = msgspec.structs.replace(build_report(2, 2), remarks="甲\u202e乙\x07丙\u200b丁")
    assert "甲\ufffd乙\ufffd丙\ufffd丁" in find_text(render_report(report, AT)).replace("\x00", "\ufffd")


def test_large_committee_and_many_bids_are_split_into_tables_that_fit() -> None:
    pdf = render_report(build_report(8, 4, [f"评委{letter}" for letter in "ABCDEFGHIJKLM"]), AT)
    text = find_text(pdf)
    assert text.count("评委MSub") == 0
    for alias in ("评委A", "评委J", "评委M"):
        assert text.count(alias) >= 16, alias


def test_report_that_is_not_final_says_so() -> None:
    report = build_report(2, 2)
    draft = msgspec.structs.replace(report, project=report.project | {"stage": "report_signing"})
    assert "未定稿" in find_text(render_report(draft, AT))
    assert "未定稿" not in find_text(render_report(report, AT))


def test_the_report_of_a_training_says_so_on_every_page() -> None:
    report = build_report(2, 2)
    training = msgspec.structs.replace(report, project=report.project | {"training": TRAINING_MARK})
    mark = TRAINING_MARK.replace(" ", "")
    pages = PdfReader(io.BytesIO(render_report(training, AT))).pages
    assert all(mark in "".join(page.extract_text().split()) for page in pages)
    assert mark not in find_text(render_report(report, AT))


def test_failed_tender_has_a_report_as_well() -> None:
    report = msgspec.structs.replace(
        build_report(2, 2),
        compliant=(), comparison=(), ranking=(), candidates=(), ties=(), changes=(), preliminary=(), competition=None,
        failure={"type": "room_failed", "cause": "too_few_valid_bids", "bidders_counted": 2, "min_valid": 3},
    )  # fmt: skip
    assert "有效投标人不足：有效投标人2家，最低要求3家。" in find_text(render_report(report, AT))


def test_o12_33_the_price_comparison_of_a_benchmark_shows_terms_figures_and_every_distance() -> None:
    report = build_report()
    project = report.project | {"method": "comprehensive_evaluation"}
    noted = tuple(msgspec.structs.replace(row, notes={"deviation": "-0.0059"}) for row in report.ranking)
    terms = DocumentTerms(ceiling="11500000", k="0.6", f="0.02", trim=(TrimRow(6, 1, 1),))
    figures = {"base": "10461500.00", "counted": "6", "trimmed_low": "9500000.00 9600000.00"}
    text = find_text(
        render_report(msgspec.structs.replace(report, project=project, ranking=noted, terms=terms, figures=figures), AT)
    )
    for said in ("综合评估法", "价格比较", "11,500,000", "10,461,500.00", "9,600,000.00", "≥6：高1，低1", "0.02"):
        assert said in text
    assert text.count("-0.0059") == len(report.ranking)


def test_o12_33_priced_deviations_are_shown_by_their_names() -> None:
    report = build_report()
    notes = {"deviation.T1": "120000.00", "deviations": "120000.00"}
    noted = (msgspec.structs.replace(report.ranking[0], notes=notes), *report.ranking[1:])
    terms = DocumentTerms(deviations=(DeviationTerm("T1", "20000"),))
    project = report.project | {"method": "reviewed_lowest"}
    text = find_text(render_report(msgspec.structs.replace(report, project=project, ranking=noted, terms=terms), AT))
    assert "经评审的最低投标价法" in text
    assert f"{report.criteria[0].title}：120,000.00" in text
    assert "20,000" in text


def test_a_method_without_figures_has_no_empty_comparison() -> None:
    assert "价格比较" not in find_text(render_report(build_report(), AT))
