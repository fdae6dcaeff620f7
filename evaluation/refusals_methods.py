"""Refusals of the methods of evaluation: results that must not be used."""

from evaluation.errors import EvaluationError, SummaryError


class MethodUnknown(SummaryError):
    """Name of a method that is not registered. Source: 政府采购货物和服务招标投标管理办法 第53条."""

    code = "summary/method-unknown"
    zh = "没有评标方法 {method}"
    en = "There is no method of evaluation {method}"


class BenchmarkUndefined(SummaryError):
    """No quote counts for the benchmark. Source: 评标委员会和评标方法暂行规定 第35条."""

    code = "summary/benchmark-undefined"
    zh = "没有可计入评标基准价的有效报价，招标文件无法确定基准价"
    en = "No valid quote counts for the benchmark: the document sets no benchmark price"


class ReviewedPriceSenseless(SummaryError):
    """Priced deviations that leave no positive price. Source: 评标委员会和评标方法暂行规定 第32条."""

    code = "summary/reviewed-price-senseless"
    zh = "投标 {bid_id} 的评审价 {price} 不是正数"
    en = "The reviewed price {price} of bid {bid_id} is not above 0"


class OptionsMalformed(EvaluationError):
    """Options or a seed from which no value can be drawn. Source: engineering choice."""

    code = "price/options-malformed"
    zh = "抽取 {name} 的备选值或种子不符合要求"
    en = "The options or the seed for {name} cannot be drawn from"
