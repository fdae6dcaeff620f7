"""Who checks what in the preliminary review: the committee its stages, the procuring entity the qualification."""

from evaluation.setup import CheckSetup, RoomSetup


def committee_checks(setup: RoomSetup) -> tuple[CheckSetup, ...]:
    """Return the checks the committee votes on.

    Args:
        setup: the description of the room.

    Returns:
        The checks of the stages the rules give to the committee, all of them when the rules name no stage.

    Source: 招标投标法实施条例 第20条, 第51条; 财政部令第87号 第44条, 第50条
    """
    stages = setup.rules.prelim_stages
    return tuple(check for check in setup.checks if not stages or check.stage in stages)


def entity_checks(setup: RoomSetup) -> tuple[CheckSetup, ...]:
    """Return the checks the procuring entity or its agency decides.

    Args:
        setup: the description of the room.

    Returns:
        The checks of qualification where the rules keep it from the committee.

    Source: 财政部令第87号 第44条
    """
    stages = setup.rules.prelim_stages
    return tuple(check for check in setup.checks if stages and check.stage not in stages)
