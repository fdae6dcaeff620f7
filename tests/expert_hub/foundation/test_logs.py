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


HOSTILE = """
import logging
from websockets.exceptions import InvalidState
from expert_hub.foundation.logs import configure_logs
configure_logs()
log = logging.getLogger("uvicorn.error")
log.error("Invalid UTF-8 sequence received from client.", exc_info=UnicodeDecodeError("utf-8", b"\\xff", 0, 1, "bad"))
logging.getLogger("asyncio").error("Fatal error on transport", exc_info=InvalidState("connection is closing"))
log.error("Exception in ASGI application")
"""


def test_a_client_cannot_fill_the_log_with_tracebacks() -> None:
    done = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["ERROR uvicorn.error Exception in ASGI application"]
