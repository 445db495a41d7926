"""A flow file that is edited: not a byte changes that need not, and nothing broken is ever written."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from smokerunner.authoring.script import Script, as_read, precedes
from smokerunner.authoring.style import FILE_KEYS, spell
from smokerunner.authoring.writing import refuse_changed, write_whole
from smokerunner.language.document import decode, read_bytes
from smokerunner.language.load import judge
from smokerunner.language.nodes import Location
from smokerunner.language.notation import is_json_text
from smokerunner.model.errors import BadInput, Problem

_TODO = "still to do: "


class Sheet:
    """The text of a flow file. Changes are kept here until `save`."""

    def __init__(self, script: Script, path: Path | None = None, before: bytes | None = None) -> None:
        self._script = script
        self._path = path
        self._before = before
        self._known = script

    @classmethod
    def read(cls, path: Path) -> Sheet:
        """Open a file, also one that validate refuses. Raises BadInput when it cannot be read or is no YAML or JSON."""
        raw = read_bytes(path)
        text = decode(raw, path)
        script = Script(text, str(path), is_json_text(text, path))
        if not isinstance(script.document.data, dict):
            raise BadInput([Problem(str(path), 1, 1, "a flow file is a mapping that begins with `app:`")])
        return cls(script, path, raw)

    @classmethod
    def new(cls, app: str, base_url: str = "") -> Sheet:
        """A file for an app, without any flow yet; it cannot be saved before it has one."""
        head = spell({"app": app, **({"base_url": base_url} if base_url else {})}, location=())
        return cls(Script(f"{head}\n\nflows:\n", "new flow file"))

    @property
    def app(self) -> str:
        """The app's name; empty when the file does not say."""
        return str(self.data.get("app", ""))

    @property
    def path(self) -> str:
        """How messages call the file."""
        return self._script.path

    @property
    def text(self) -> str:
        """The whole text as it would be written."""
        return self._script.text

    @property
    def data(self) -> dict[str, Any]:
        """The whole file as plain data; every scalar is text, but below `json` keys as it was typed."""
        data: dict[str, Any] = self._script.document.data
        return data

    @property
    def flows(self) -> dict[str, Any]:
        """The flows as plain data; empty when there are none yet."""
        flows = self.data.get("flows")
        return flows if isinstance(flows, dict) else {}

    def add_flow(self, name: str, flow: Mapping[str, Any], *, replace: bool = False) -> None:
        """Write a flow behind the others, or in the place of one. Raises BadInput when the name is taken."""
        if name in self.flows:
            if not replace:
                raise BadInput(f"{self._script.path}: there is a flow '{name}' already; choose another name")
            # All of it anew, in canonical style: what stood in the old one is not what stands in this.
            self._script = self._script.put(("flows", name), flow)
            return
        if "flows" not in self.data:
            self._script = self._script.insert((), "flows", {name: flow}, after=FILE_KEYS)
            return
        self._script = self._script.insert(("flows",), name, flow, blank=self._has_blank_lines())

    def declare_secret(self, name: str) -> None:
        """Make sure that the head of the file names a secret."""
        names = [item.get("name") if isinstance(item, dict) else item for item in self._items("secrets")]
        if name not in names:
            self._append("secrets", name)

    def declare_variable(self, name: str, value: str) -> None:
        """Make sure that every flow can use a variable; one that is there already keeps its value."""
        if name in self.data.get("variables", {}):
            return
        if "variables" in self.data:
            self.insert(("variables",), name, value)
        else:
            self._head("variables", {name: value})

    def add_mask(self, target: Mapping[str, Any]) -> None:
        """Make sure that an element is painted over in every picture."""
        if as_read(target, ("mask",)) not in self._items("mask"):
            self._append("mask", target)

    def put(self, location: Location, value: Any) -> None:
        """Make the value at a place another one; only the parts of it that differ are touched."""
        old = self._at(location)
        new = as_read(value, location)
        if old == new:
            return
        if isinstance(old, dict) and isinstance(new, dict) and set(old) & set(new):
            self._merge(location, old, value)
        elif isinstance(old, list) and isinstance(new, list) and old and new:
            self._align(location, old, list(value), new)
        else:
            self._script = self._script.put(location, value)

    def insert(self, location: Location, key: str | int, value: Any) -> None:
        """Add a key to the mapping at a place, where it belongs, or an item to a list, before position `key`."""
        holder = self._at(location)
        after = precedes(key, holder, location) if isinstance(key, str) and isinstance(holder, dict) else ()
        self._script = self._script.insert(location, key, value, after=after)

    def remove(self, location: Location) -> None:
        """Take out what stands at a place, with the comments inside it; those above it stay."""
        self._at(location)
        self._script = self._script.remove(location)

    def save(self, path: Path, *, todo_allowed: bool = False, given: Collection[str] = ()) -> None:
        """Write the file, all of it or nothing. `given` are variables that come from outside.

        Raises BadInput for problems that were not there before, and when someone else changed the file meanwhile;
        `todo_allowed` lets steps pass that are still to do.
        """
        if path.suffix.lower() == ".json" and not self._script.is_json:
            raise BadInput([Problem(str(path), 0, 0, "new flow files are written in YAML; name it .yaml")])
        new = [
            problem for problem in self._new_problems(path, given) if not (todo_allowed and _TODO in problem.message)
        ]
        if new:
            raise BadInput(new)
        target = path.resolve()
        before = self._before if self._path is not None and self._path.resolve() == target else None
        refuse_changed(path, before)
        raw = (BOM_UTF8 if before is not None and before.startswith(BOM_UTF8) else b"") + self.text.encode()
        if raw != before:
            write_whole(target, raw)
        self._path, self._before, self._known = path, raw, self._script

    def _at(self, location: Location) -> Any:
        found: Any = self.data
        for index, part in enumerate(location):
            is_key = isinstance(found, dict) and part in found
            is_index = isinstance(found, list) and isinstance(part, int) and 0 <= part < len(found)
            if not (is_key or is_index):
                spoken = ".".join(str(item) for item in location[: index + 1])
                raise BadInput(f"{self._script.path}: there is no {spoken}")
            found = found[part]
        return found

    def _merge(self, location: Location, old: Mapping[str, Any], value: Mapping[str, Any]) -> None:
        for key in [key for key in old if key not in value]:
            self._script = self._script.remove((*location, key))
        for key in value:
            if key in old:
                self.put((*location, key), value[key])
            else:
                self.insert(location, key, value[key])

    def _align(self, location: Location, old: list[Any], value: list[Any], new: list[Any]) -> None:
        """Leave alone what two lists begin and end with."""
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        behind = 0
        while behind < min(len(old), len(new)) - same and old[-1 - behind] == new[-1 - behind]:
            behind += 1
        both = min(len(old), len(new)) - behind
        for index in range(same, both):
            self.put((*location, index), value[index])
        for index in reversed(range(both, len(old) - behind)):
            self._script = self._script.remove((*location, index))
        for index in range(both, len(new) - behind):
            self.insert(location, index, value[index])

    def _items(self, key: str) -> list[Any]:
        """What a list at the head of the file holds; a lone value is a list of one."""
        held = self.data.get(key)
        return held if isinstance(held, list) else [held] if held else []

    def _append(self, key: str, value: Any) -> None:
        """Add to a list at the head of the file, which may be missing or a lone value."""
        held = self.data.get(key)
        if held is None:
            self._head(key, [value])
        elif isinstance(held, list):
            self.insert((key,), len(held), value)
        else:
            self._script = self._script.put((key,), [held, value] if held else [value])

    def _head(self, key: str, value: Any) -> None:
        after = precedes(key, self.data, ())
        self._script = self._script.insert((), key, value, after=after, blank=self._stands_apart(after))

    def _stands_apart(self, after: list[str]) -> bool:
        """Whether an empty line follows the last of these keys of the head."""
        ends = [self._script.last_line((key,)) for key in after if key in self.data]
        following = self.text.splitlines()[max(ends) : max(ends) + 1] if ends else []
        return any(not line.strip() for line in following)

    def _has_blank_lines(self) -> bool:
        """Whether flows stand apart; where there is only one, they do."""
        names = list(self.flows)
        lines = self.text.splitlines()
        places = [self._script.document.key_place(("flows", name))[0] for name in names[1:]]
        if not places:
            return bool(names) and not self._script.is_json
        ahead = [lines[: place - 1] for place in places]
        return any(self._blank_above(above) for above in ahead)

    def _blank_above(self, lines: list[str]) -> bool:
        while lines and lines[-1].lstrip().startswith("#"):
            lines = lines[:-1]
        return bool(lines) and not lines[-1].strip()

    def _new_problems(self, path: Path, given: Collection[str]) -> list[Problem]:
        """What is wrong now and was not wrong before, however often."""
        known = Counter(problem.message for problem in _problems(self._known, path, given)) if self._path else Counter()
        new = []
        for problem in _problems(self._script, path, given):
            if known[problem.message]:
                known[problem.message] -= 1
            else:
                new.append(problem)
        return new


def _problems(script: Script, path: Path, given: Collection[str]) -> tuple[Problem, ...]:
    try:
        judge(Script(script.text, str(path), script.is_json).document, path, given=given)
    except BadInput as wrong:
        return wrong.problems
    return ()
