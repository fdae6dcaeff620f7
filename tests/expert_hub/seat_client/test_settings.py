import pytest

from expert_hub.foundation.chance import SeededChance
from expert_hub.seat_client.settings import Backoff, LinkSettings


def test_pauses_double_up_to_their_bound_and_begin_again_after_success() -> None:
    backoff = Backoff(LinkSettings(backoff_first_s=1, backoff_max_s=5), SeededChance("pauses"))
    bounds = [1, 2, 4, 5, 5, 5]
    pauses = [backoff.next_pause_s() for _ in bounds]
    assert all(bound / 2 <= pause <= bound for pause, bound in zip(pauses, bounds, strict=True))
    assert len(set(pauses)) == len(pauses)
    backoff.reset()
    assert 0.5 <= backoff.next_pause_s() <= 1


def test_defaults_are_the_values_of_the_room() -> None:
    settings = LinkSettings()
    assert (settings.heartbeat_s, settings.dead_after_s) == (15, 45)


@pytest.mark.parametrize(
    "wrong", [{"heartbeat_s": 0}, {"heartbeat_s": 50}, {"backoff_first_s": 0}, {"backoff_first_s": 90}]
)
def test_limits_that_contradict_each_other(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        LinkSettings(**wrong)  # type: ignore[arg-type]
