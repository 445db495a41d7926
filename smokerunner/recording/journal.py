"""What was recorded so far, on disk: clean of secrets, for its owner only, gone when the flow is written."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smokerunner.authoring.act import Notation
from smokerunner.authoring.tidy import Tidied
from smokerunner.evidence.folder import writing
from smokerunner.model.errors import BadInput


@dataclass(frozen=True)
class Recording:
    """A flow that was recorded, and what belongs to it."""

    tidied: Tidied
    masks: tuple[Notation, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What was uploaded, by file name."""
    wrong: str = ""
    """Why the recording ended early, when it was not its person's wish."""


class Journal:
    """One file that is rewritten whole while a recording goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = ""

    @property
    def exists(self) -> bool:
        """Whether an earlier recording was cut off."""
        return self.path.is_file()

    def write(self, recording: Recording) -> None:
        """Put down all of it, if anything is new. Raises Unwritable."""
        tidied = recording.tidied
        text = json.dumps(
            {
                "name": tidied.name,
                "flow": tidied.flow,
                "secrets": tidied.secrets,
                "base_url": tidied.base_url,
                "notes": tidied.notes,
                "masks": recording.masks,
                "files": {name: base64.b64encode(data).decode() for name, data in recording.files.items()},
            }
        )
        if text == self._written:
            return
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            half = self.path.with_name(self.path.name + ".half")
            half.unlink(missing_ok=True)
            half.touch(mode=0o600)
            half.write_text(text, "utf-8")
            half.replace(self.path)
        self._written = text

    def read(self) -> Recording:
        """What an earlier recording left. Raises BadInput when there is nothing, or nothing that can be read."""
        try:
            data: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
            tidied = Tidied(data["name"], data["flow"], tuple(data["secrets"]), data["base_url"], tuple(data["notes"]))
            files = {name: base64.b64decode(text) for name, text in data["files"].items()}
            return Recording(tidied, tuple(data["masks"]), files)
        except FileNotFoundError:
            raise BadInput(f"{self.path}: there is no recording to recover") from None
        except (OSError, ValueError) as wrong:
            raise BadInput(f"{self.path}: cannot be read: {wrong}") from wrong
        except (KeyError, TypeError) as wrong:
            raise BadInput(f"{self.path}: cannot be read: it is no journal of a recording") from wrong

    def remove(self) -> None:
        """The flow is written; this is not needed any more."""
        self.path.unlink(missing_ok=True)
