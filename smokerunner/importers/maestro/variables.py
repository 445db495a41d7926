"""The `${…}` of Maestro flows, in our own terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from smokerunner.importers.maestro.selector import PASSWORD, Refused
from smokerunner.model.flow import TAKEN, VARIABLE

COPIED = "copied"
"""The variable that `copyTextFrom` fills."""
_EXPRESSION = re.compile(r"\$\{([^}]*)\}|\$\{")


@dataclass(frozen=True)
class Variables:
    """What each name stands for where a command is, and what the flow begins with."""

    meanings: Mapping[str, str]
    """Our text for each name that is known here."""
    declared: dict[str, str]
    """Variables of the flow; grows, and is shared by all that is inlined."""
    remark: Callable[[str, str], None]
    """Called with an original and what became of it."""
    unknown: set[str] = field(default_factory=set)

    def value(self, text: str) -> str:
        """A text with its references in our terms. Raises Refused for a script."""
        return _EXPRESSION.sub(lambda found: "$${" if found[1] is None else self._meaning(found[1].strip()), text)

    def within(self, env: Mapping[str, object]) -> Variables:
        """The same where `env` holds, as in a `runFlow`."""
        own = {name: self.value(str(text)) for name, text in env.items()}
        return replace(self, meanings={**self.meanings, **own})

    def declare(self, env: Mapping[str, object], remark: Callable[[str, str], None]) -> Variables:
        """The same with the flow's own `env`, which becomes its variables; passwords become secrets."""
        meanings = {}
        for name, text in env.items():
            if PASSWORD.search(name):
                meanings[name] = f"${{secrets.{name}}}"
                remark(f"{name}: …", "a secret now; its value was not carried over")
            elif _is_name(name):
                self.declared[name] = self.value(str(text))
                meanings[name] = f"${{{name}}}"
            else:
                meanings[name] = self.value(str(text))
        return replace(self, meanings={**self.meanings, **meanings})

    def fresh(self, name: str, value: str) -> str:
        """A reference to a new variable."""
        number = 1
        while (own := name if number == 1 else f"{name}{number}") in self.declared:
            number += 1
        self.declared[own] = value
        return f"${{{own}}}"

    def _meaning(self, expression: str) -> str:
        if expression in self.meanings:
            return self.meanings[expression]
        if expression == "maestro.copiedText":
            return f"${{{COPIED}}}"
        if not _is_name(expression):
            raise Refused(f"no script runs in a flow: ${{{expression}}}")
        if PASSWORD.search(expression):
            return f"${{secrets.{expression}}}"
        if expression not in self.unknown:
            self.unknown.add(expression)
            self.remark(
                f"${{{expression}}}", "nobody gives it a value; write it under `variables:`, or pass it by --var"
            )
        return f"${{{expression}}}"


def _is_name(text: str) -> bool:
    return re.fullmatch(VARIABLE, text) is not None and text not in TAKEN
