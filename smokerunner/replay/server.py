"""Commands on the machine that the app runs on: here, or through the system's ssh."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
from collections.abc import Sequence

from smokerunner.model.check import Ran
from smokerunner.model.checking import ServerSettings
from smokerunner.model.errors import Unavailable

_MOST = 262_144
"""Bytes of each output that are read; a command that says more is not the one that was meant."""
_NOT_REACHED = 255
"""What ssh answers when the other machine could not be reached."""


class CommandServer:
    """Runs programs with their arguments, never a line for a shell of ours."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings

    async def artisan(self, *arguments: str) -> Ran:
        """Run Laravel's artisan in the app's folder."""
        return await self.run([*map(str, self._settings.php), "artisan", *arguments], timeout=self._settings.timeout)

    async def run(self, command: Sequence[str], *, timeout: float = 30.0) -> Ran:
        """Run a program with arguments. Raises Unavailable when it cannot be run at all or takes too long."""
        program, folder = self._whole(command)
        try:
            process = await asyncio.create_subprocess_exec(
                *program,
                cwd=folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # Its own group, so that what it started ends with it.
                start_new_session=True,
            )
        except OSError as wrong:
            raise Unavailable(f"`{shlex.join(command)}` cannot be run: {wrong.strerror}") from wrong
        try:
            async with asyncio.timeout(timeout):
                out, err = await asyncio.gather(_read(process.stdout), _read(process.stderr))
                code = await process.wait()
        except TimeoutError as late:
            raise Unavailable(f"`{shlex.join(command)}` did not end within {timeout:g} s") from late
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if self._settings.ssh is not None and code == _NOT_REACHED:
            said = err.strip().splitlines()[-1:] or ["no reason given"]
            raise Unavailable(f"ssh to {self._settings.ssh} failed: {said[0]}")
        return Ran(code, out, err)

    def _whole(self, command: Sequence[str]) -> tuple[list[str], str | None]:
        """The program to start here, and in which folder."""
        folder = str(self._settings.folder) if self._settings.folder else None
        if self._settings.ssh is None:
            return list(command), folder
        # The other machine's shell reads one line, so every word is quoted for it.
        line = shlex.join(command)
        if folder is not None:
            line = f"cd {shlex.quote(folder)} && {line}"
        return ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", self._settings.ssh, line], None


async def _read(stream: asyncio.StreamReader | None) -> str:
    """All of it, as text; what is beyond the limit is read and dropped, so that the command can end."""
    assert stream is not None
    found = bytearray()
    while chunk := await stream.read(65_536):
        found += chunk[: _MOST - len(found)]
    return found.decode("utf-8", "replace")
