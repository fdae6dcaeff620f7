"""The filter of ER-12: a bid together with a number, however either is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation.setup import BidSetup
from evaluation.talk_filter import carries_score, normalise

REFUSED = [
    "A 45",
    "A给45",
    "a：４５",
    "B1 4 5 分",
    "B 1：四十五",
    "B1 ④",
    "B1 Ⅳ",
    "甲建设公司 九十",
    "甲 建 设 公 司 给玖拾",
    "甲\u200b建设公司 88",
    "甲建設公司… 没事，甲建设公司 廿",
    "91000000MA00000157 给 30",
    "91000000 MA000001 57，30",
    "2号给45",
    "第二家 45",
    "二号九十分",
    "投标人2：45",
    "bidder 3 ninety",
    "А 45",
    "Ａ ⁴⁵",
    "评委B觉得A该给40",
    "B1\n45",
]
PASSED = [
    "请看第 12 页",
    "B1 的营业执照请再看一下",
    "甲建设公司和A的资质文件一致",
    "评委A、评委B 请 3 分钟后继续",
    "45 分钟后休息",
    "B1",
    "2号的文件打不开",
    "",
]


@pytest.fixture
def named(setup):
    bids = (
        BidSetup("A", "乙实业公司", "12000000000000027G", "1"),
        BidSetup("B1", "甲建设公司", "91000000MA00000157", "1"),
        BidSetup("C", "丙工程公司", "N2000000MF000003XD", "1"),
    )
    return replace(setup, bids=bids)


@pytest.mark.parametrize("text", REFUSED)
def test_er_12_a_bid_with_a_number_is_refused(named, text):
    assert carries_score(text, named)


@pytest.mark.parametrize("text", PASSED)
def test_er_12_work_goes_on(named, text):
    assert not carries_score(text, named)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)
