import pytest

from benchmarks.room_server import Served, bare_served, free_port


def test_a_server_that_ends_says_why(tmp_path):
    served = Served(("sh", "-c", "echo broken; exit 3"), {}, tmp_path, free_port())
    with pytest.raises(RuntimeError, match="broken"):
        served.start()


def test_the_bare_application_runs_and_its_memory_and_time_are_read():
    with bare_served(100) as served:
        assert served.memory_mib() > 5
        assert served.cpu_s() > 0
    assert served.process.poll() is not None
    assert served.tree() == []
