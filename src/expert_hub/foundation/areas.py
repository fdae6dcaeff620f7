"""Area codes of GB/T 2260 as far as this project needs them.

The table holds every province-level prefix and, for Guangdong, the 21 prefecture cities and 顺德. It is complete enough
to warn about a code that cannot exist; it does not know the counties of other provinces, which change every year.
"""

from typing import Final

PROVINCES: Final[dict[str, str]] = {
    "10": "国家",
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
"""Province-level name by the first two digits; ``10`` stands for bodies registered with a national authority."""

GUANGDONG_CITIES: Final[dict[str, str]] = {
    "440100": "广州市",
    "440200": "韶关市",
    "440300": "深圳市",
    "440400": "珠海市",
    "440500": "汕头市",
    "440600": "佛山市",
    "440606": "顺德区",
    "440700": "江门市",
    "440800": "湛江市",
    "440900": "茂名市",
    "441200": "肇庆市",
    "441300": "惠州市",
    "441400": "梅州市",
    "441500": "汕尾市",
    "441600": "河源市",
    "441700": "阳江市",
    "441800": "清远市",
    "441900": "东莞市",
    "442000": "中山市",
    "445100": "潮州市",
    "445200": "揭阳市",
    "445300": "云浮市",
}
"""The 21 prefecture cities of Guangdong and 顺德, which is run like one of them, by six-digit code."""

_GUANGDONG_PREFIXES: Final = frozenset(code[:4] for code in GUANGDONG_CITIES) | {"4400"}


def is_known_area(area_code: str) -> bool:
    """Tell whether a six-digit area code can exist as far as the table reaches.

    Args:
        area_code: six characters, as written in positions 1-6 of an identity number.

    Returns:
        False for an unknown province-level prefix and, inside Guangdong, for an unknown prefecture.

    Source: GB/T 2260
    """
    if area_code[:2] not in PROVINCES:
        return False
    return area_code[:2] != "44" or area_code[:4] in _GUANGDONG_PREFIXES


def area_name(area_code: str) -> str | None:
    """Name the city or, failing that, the province-level area of a code.

    Args:
        area_code: at least two digits of GB/T 2260.

    Returns:
        A Chinese name, or None when not even the province-level prefix is known.

    Source: GB/T 2260
    """
    exact = GUANGDONG_CITIES.get(area_code) or GUANGDONG_CITIES.get(f"{area_code[:4]}00")
    return exact or PROVINCES.get(area_code[:2])


_ENGLISH: Final[dict[str, str]] = {
    "4401": "Guangzhou",
    "4402": "Shaoguan",
    "4403": "Shenzhen",
    "4404": "Zhuhai",
    "4405": "Shantou",
    "4406": "Foshan",
    "440606": "Shunde",
    "4407": "Jiangmen",
    "4408": "Zhanjiang",
    "4409": "Maoming",
    "4412": "Zhaoqing",
    "4413": "Huizhou",
    "4414": "Meizhou",
    "4415": "Shanwei",
    "4416": "Heyuan",
    "4417": "Yangjiang",
    "4418": "Qingyuan",
    "4419": "Dongguan",
    "4420": "Zhongshan",
    "4451": "Chaozhou",
    "4452": "Jieyang",
    "4453": "Yunfu",
    "10": "national",
    "11": "Beijing",
    "12": "Tianjin",
    "13": "Hebei",
    "14": "Shanxi",
    "15": "Inner Mongolia",
    "21": "Liaoning",
    "22": "Jilin",
    "23": "Heilongjiang",
    "31": "Shanghai",
    "32": "Jiangsu",
    "33": "Zhejiang",
    "34": "Anhui",
    "35": "Fujian",
    "36": "Jiangxi",
    "37": "Shandong",
    "41": "Henan",
    "42": "Hubei",
    "43": "Hunan",
    "44": "Guangdong",
    "45": "Guangxi",
    "46": "Hainan",
    "50": "Chongqing",
    "51": "Sichuan",
    "52": "Guizhou",
    "53": "Yunnan",
    "54": "Tibet",
    "61": "Shaanxi",
    "62": "Gansu",
    "63": "Qinghai",
    "64": "Ningxia",
    "65": "Xinjiang",
    "71": "Taiwan",
    "81": "Hong Kong",
    "82": "Macao",
}


def english_area_name(area_code: str) -> str | None:
    """Name the city or, failing that, the province-level area of a code in English.

    Args:
        area_code: at least two digits of GB/T 2260.

    Returns:
        A name, or None when not even the province-level prefix is known.

    Source: GB/T 2260
    """
    return _ENGLISH.get(area_code) or _ENGLISH.get(area_code[:4]) or _ENGLISH.get(area_code[:2])
