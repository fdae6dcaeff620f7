import json
import subprocess
import sys

SCRIPT = """
import structlog
from expert_hub.foundation.logs import configure_logs
configure_logs()
try:
    1 / 0
except ZeroDivisionError as error:
    structlog.get_logger("x").error("defect", exc_info=error, 名="值")
"""


def test_a_log_line_is_one_json_object_on_the_error_stream() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    entry = json.loads(line)
    assert done.stdout == ""
    assert (entry["event"], entry["level"], entry["名"]) == ("defect", "error", "值")
    assert "ZeroDivisionError" in entry["exception"]
