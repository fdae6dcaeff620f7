"""Runs a program of this package in a process with limits of time and memory, a few at a time."""

import asyncio
import os
import sys
from collections.abc import Sequence

from expert_hub.rooms.documents.errors import InspectionFailed

MEMORY_OCTETS = 2 * 1024**3
TIME_S = 120
_AT_ONCE = 2
# The limits are set by the process itself: to set them between fork and exec is not safe in a server with threads.
_START = """
import resource, runpy, sys
memory, seconds = int(sys.argv.pop(1)), int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


class BoundedPrograms:
    """A hostile file costs one process its time and memory, and the server nothing."""

    def __init__(self, time_s: float = TIME_S, memory_octets: int = MEMORY_OCTETS) -> None:
        self._time_s, self._memory = time_s, memory_octets
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def run(self, module: str, arguments: Sequence[str], asked: bytes = b"") -> bytes:
        """Run `python -m module` and give what it printed.

        Raises:
            InspectionFailed: it failed, or used up its time or memory.
        """
        async with self._turns:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-X",
                "utf8",
                "-c",
                _START,
                str(self._memory),
                str(int(self._time_s) + 1),
                module,
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                # Of this process's environment, which holds passwords, it gets only where temporary files lie.
                env={name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ},
            )
            try:
                async with asyncio.timeout(self._time_s):
                    printed, _ = await process.communicate(asked)
            except TimeoutError:
                raise InspectionFailed from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode:
            raise InspectionFailed
        return printed
