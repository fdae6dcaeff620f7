from expert_hub.demo.telling import Stopwatch, silent


def test_the_stopwatch_runs_forward() -> None:
    watch = Stopwatch()
    first = watch.seconds()
    assert 0 <= first <= watch.seconds()


def test_silence() -> None:
    assert silent("句子", "a sentence") is None  # type: ignore[func-returns-value]
