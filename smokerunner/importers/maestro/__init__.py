"""Maestro's flows for the web, in YAML."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from smokerunner.authoring.act import Act, Draft, Remark
from smokerunner.importers.importer import Imported, literal, shorten
from smokerunner.importers.maestro.command import is_script, read_script
from smokerunner.importers.maestro.commands import Reader
from smokerunner.importers.maestro.table import COMMANDS
from smokerunner.importers.maestro.variables import Variables

__all__ = ["COMMANDS", "Maestro"]

_CARRIED = {"url", "appId", "name", "tags", "env", "onFlowStart", "onFlowComplete"}
_OPENS = ("launchApp", "openLink", "openBrowser", "runFlow")
_BEFORE = ("clearState", "clearKeychain", "setPermissions", "stopApp", "killApp", "startRecording", "setClipboard")
"""What asks nothing of a page."""


class Maestro:
    """A flow file; files that it runs are read from beside it."""

    name = "Maestro"

    def recognises(self, text: str) -> bool:
        """Whether it is a mapping with url or appId, a line `---`, and a list."""
        return is_script(text)

    def read(self, text: str, path: str) -> Imported:
        """Read the flow; raises BadInput, with lines, when the text is broken."""
        script = read_script(text, path)
        config, place = script.config, script.config_place
        url = str(config.get("url") or config.get("appId") or "")
        reader = Reader(url)

        def remark(original: str, says: str) -> None:
            reader.remarks.append(Remark(place, shorten(original), says))

        variables = Variables({}, {}, remark)
        env = config.get("env")
        if isinstance(env, dict):
            variables = variables.declare(env, remark)
        for key in (key for key in config if key not in _CARRIED):
            remark(f"{key}: {config[key]}", "left out: there is nothing like it here")
        commands = (*script.starts, *script.commands)
        first = next((command.name for command in commands if command.name not in _BEFORE), "")
        if first and first not in _OPENS and "://" in url:
            remark(f"url: {url}", "the flow opens no page, so it begins with a `goto`")
            reader.acts.append(Act("goto", value=url))
        reader.read(commands, variables, {}, script)
        if script.ends:
            remark("onFlowComplete", "its steps stand at the end; move them under `cleanup:` if they must always run")
            reader.read(script.ends, variables, {}, script)
        tags = config.get("tags")
        name = str(config.get("name") or Path(path).stem)
        parts = urlsplit(url)
        draft = Draft(
            name,
            tuple(reader.acts),
            title=literal(str(config.get("name") or "")),
            tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
            base_url=f"{parts.scheme}://{parts.netloc}" if parts.netloc else "",
            variables=variables.declared,
        )
        return Imported((draft,), tuple(reader.remarks))
