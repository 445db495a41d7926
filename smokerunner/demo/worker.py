"""The background worker: makes orders ready and shows that it is alive."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from smokerunner.demo import orders
from smokerunner.demo.database import connect

_SECONDS_BETWEEN_ROUNDS = 0.1


class Worker:
    """A thread with its own connection to the database; it makes a round ten times a second."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="acorn-worker")
        self.heartbeat = datetime.now(UTC)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the round at hand and end; nothing happens when it was never started."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _work(self) -> None:
        with closing(connect(self._database)) as connection:
            while not self._stopping.wait(_SECONDS_BETWEEN_ROUNDS):
                orders.finish_due(connection)
                self.heartbeat = datetime.now(UTC)
