"""Why a rule pack is not used; every refusal names the file and the line."""

from expert_hub.foundation.errors import HubError


class RulePackError(HubError):
    """A pack that may not be used; `facts` hold file, line, key and what is wrong."""

    code = "rule-pack/refused"
    status = 422
    zh = "规则包 {file} 第 {line} 行：{key}：{detail}"
    en = "rule pack {file}, line {line}: {key}: {detail}"

    def __init__(self, file: str, line: int, key: str, detail: str = "") -> None:
        super().__init__(file=file, line=line, key=key, detail=detail)


class PackSyntax(RulePackError):
    """The file is not TOML, not UTF-8 or lacks its two tables."""

    code = "rule-pack/syntax"
    zh = "规则包 {file} 第 {line} 行：文件格式错误（{key}）：{detail}"
    en = "rule pack {file}, line {line}: the file is malformed ({key}): {detail}"


class UnknownKey(RulePackError):
    """A key that no pack of this kind has."""

    code = "rule-pack/unknown-key"
    zh = "规则包 {file} 第 {line} 行：未知的键 {key}"
    en = "rule pack {file}, line {line}: unknown key {key}"


class MissingKey(RulePackError):
    """A key every pack of this kind must have; the line is where its group stands."""

    code = "rule-pack/missing-key"
    zh = "规则包 {file} 第 {line} 行附近：缺少键 {key}"
    en = "rule pack {file}, near line {line}: key {key} is missing"


class MissingCitation(RulePackError):
    """A rule without the source it rests on."""

    code = "rule-pack/missing-citation"
    zh = "规则包 {file} 第 {line} 行：{key} 缺少依据"
    en = "rule pack {file}, line {line}: {key} has no citation"


class WrongType(RulePackError):
    """A value that does not have the declared type of its key."""

    code = "rule-pack/wrong-type"
    zh = "规则包 {file} 第 {line} 行：{key} 的取值应为 {detail}"
    en = "rule pack {file}, line {line}: the value of {key} must be {detail}"


class BadMark(RulePackError):
    """A mark other than verified, local, to_confirm, project."""

    code = "rule-pack/bad-mark"
    zh = "规则包 {file} 第 {line} 行：{key} 的标记无效：{detail}"
    en = "rule pack {file}, line {line}: {key} has an unknown mark: {detail}"


class OutOfForce(RulePackError):
    """A pack used on a day on which it does not apply."""

    code = "rule-pack/out-of-force"
    zh = "规则包 {file} 第 {line} 行：{key}：在 {detail} 不适用"
    en = "rule pack {file}, line {line}: {key}: not in force on {detail}"
