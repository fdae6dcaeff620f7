"""Refusals of listings."""

from expert_hub.foundation.errors import HubError


class TenderFormInvalid(HubError):
    """The tender form breaks the law's numbers or contradicts itself; every fault is listed."""

    code = "listings/tender-form-invalid"
    status = 422
    zh = "采购登记表有 {count} 处错误：{summary}"
    en = "The tender form has {count} faults: {summary}"

    def __init__(self, faults: list[dict[str, str]]) -> None:
        summary = "; ".join(f"{fault['where']}: {fault['why']}" for fault in faults[:5])
        super().__init__(faults=faults, count=len(faults), summary=summary)


class ProjectCodeTaken(HubError):
    """Another project has this code."""

    code = "listings/project-code-taken"
    status = 409
    zh = "项目编号 {project_code} 已登记。"
    en = "The project code {project_code} is registered already."


class UnknownPack(HubError):
    """No rule pack with this id is installed."""

    code = "listings/unknown-pack"
    status = 422
    zh = "未安装规则包 {pack}。已安装：{installed}"
    en = "The rule pack {pack} is not installed. Installed: {installed}"


class WrongLotState(HubError):
    """The lot is not at the step that this needs."""

    code = "listings/wrong-state"
    status = 409
    zh = "标包 {lot_code} 当前状态为 {state}，不能转为 {wanted}。"
    en = "Lot {lot_code} is {state} and cannot become {wanted}."


class InstalledPackDiffers(HubError):
    """The pack that governs the project is not the one that is installed."""

    code = "listings/installed-pack-differs"
    status = 409
    zh = "项目适用的规则包 {pack}（{wanted}）与已安装的（{installed}）不一致。"
    en = "The project is governed by pack {pack} with digest {wanted}; installed is {installed}."
