"""Single mistakes made in a right flow file, each with the place where it must be reported."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """The changed text, and where the mistake stands: line and column from 1."""

    kind: str
    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Kind:
    """Finds a line by `pattern` and writes it anew; the mark `§` shows where the mistake is to be reported."""

    pattern: str
    instead: str

    def places(self, lines: list[str]) -> Iterator[int]:
        """Indexes of the lines that fit."""
        return (index for index, line in enumerate(lines) if re.fullmatch(self.pattern, line))

    def apply(self, line: str) -> tuple[str, int]:
        """The new line, which may be several, and the offset of the mark in it."""
        found = re.fullmatch(self.pattern, line)
        assert found is not None
        marked = found.expand(self.instead)
        return marked.replace("§", ""), marked.index("§")


BEYOND_SCHEMA = frozenset(
    {
        "a reference that is not closed", "a reference to nothing", "a secret that is not declared",
        "a flow that is not there", "a flow that needs itself", "a used flow that is not there", "a key twice",
        "a file that is not there", "a regular expression that is none",
    }
)  # fmt: skip
"""What a schema cannot see: it knows no names, no expressions, and only the last of two keys."""

KINDS: dict[str, Kind] = {
    "a misspelt action": Kind(r"( +- )goto(: .*)", r"\1§gotoo\2"),
    "an unknown action": Kind(r"( +- )press(: .*)", r"\1§squeeze\2"),
    "a misspelt finder": Kind(r"( +- click: \{)button(: .*)", r"\1§buton\2"),
    "a misspelt key of a flow": Kind(r"(    )severity(: .*)", r"\1§severty\2"),
    "an unknown severity": Kind(r"(    severity: ).*", r"\1§urgent"),
    "an unknown effect": Kind(r"(    effects: ).*", r"\1§some"),
    "a key that goes with another action": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  §modifiers: Shift"),
    "an unknown key of a step": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  §wiht: x"),
    "with is missing": Kind(r"( +)- fill: (\{.*\})", r"\1- §fill: \2#WITHOUT"),
    "two actions": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  §click: {button: Save}"),
    "two finders": Kind(r"( +- fill: \{label: [^,{}]+)\}", r"\1, §css: x}"),
    "text instead of a target": Kind(r"( +- click: )\{button: ([A-Za-z ]+)\}", r"\1§\2"),
    "a list instead of text": Kind(r"( +with: )(\w+)", r"\1§[\2]"),
    "a duration without its unit": Kind(r"( +timeout: )(\d+)s", r"\1§\2"),
    "an empty value": Kind(r"( +- goto:) .*", r"\1§"),
    "null": Kind(r"( +- goto: ).*", r"\1§null"),
    "an unknown fact": Kind(r"( +)url(: .*)", r"\1§urll\2"),
    "a status that is none": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  status: §2000"),
    "a number that is none": Kind(r"( +count: \{of: .*, is: )(\d+)\}", r"\1§many}"),
    "a matcher that is none": Kind(r"( +text_of: \{of: .*, reads: \{)is(: .*\}\})", r"\1§equals\2"),
    "tags with blanks": Kind(r"(    tags: \[)(.*\])", r"\1§not ok, \2"),
    "a todo": Kind(r"( +- )screenshot(: .*)", r"\1§todo\2"),
    "an unknown on_failure": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  on_failure: §ignore"),
    "a part to save that is none": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  save: {some: §txt}"),
    "a part that the step has not": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  save: {some: §value}"),
    "a misspelt dialog": Kind(r"( +dialog: \{answer: )accept(.*)", r"\1§acept\2"),
    "an unknown key of the head": Kind(r"base_url(: .*)", r"§base_ulr\1"),
    "an address that is none": Kind(r"(base_url: ).*", r"\1§acorn"),
    "a reference that is not closed": Kind(r"( +with: )\$\{(\w+)\}", r"\1§${\2"),
    "a reference to nothing": Kind(r"( +with: )\$\{(\w+)\}", r"\1§${\2_1}"),
    "a secret that is not declared": Kind(r"( +with: )\$\{secrets\.(\w+)\}", r"\1§${secrets.\2S}"),
    "a flow that is not there": Kind(r"(    needs: )(\w+)", r"\1§\2s"),
    "a flow that needs itself": Kind(r"  register:", "  register:\n    needs: §register"),
    "a used flow that is not there": Kind(r"( +- use: )(\w+)", r"\1§\2s"),
    "a key twice": Kind(r"( +)(- goto: .*)", "\\1\\2\n\\1  §goto: /again"),
    "a file that is not there": Kind(r"( +with: )acorn/(.*)", r"\1§nowhere/\2"),
    "a regular expression that is none": Kind(r"( +.*\{matches: )'.*'(\}.*)", r"\1§'(status'\2"),
}
_NEXT_WITH = re.compile(r"(#WITHOUT)\n +with: .*")


def choose(text: str, kind: str, chance: random.Random) -> int | None:
    """The index of a line where a mistake of this kind can be made; None when the file has none."""
    places = list(KINDS[kind].places(text.splitlines()))
    return chance.choice(places) if places else None


def apply(text: str, kind: str, index: int) -> Mutation:
    """Make the mistake in that line."""
    lines = text.splitlines()
    changed, offset = KINDS[kind].apply(lines[index])
    before = changed[:offset]
    line = index + 1 + before.count("\n")
    column = offset - before.rfind("\n")
    made = "\n".join([*lines[:index], changed, *lines[index + 1 :]]) + "\n"
    return Mutation(kind, _NEXT_WITH.sub("", made), line, column)


def mutate(text: str, kind: str, chance: random.Random) -> Mutation | None:
    """Make one mistake of a kind somewhere; None when the file has no line for it."""
    index = choose(text, kind, chance)
    return apply(text, kind, index) if index is not None else None


def mutations(text: str, number: int, seed: int) -> Iterator[Mutation]:
    """So many single mistakes, the kinds in turn."""
    chance = random.Random(seed)
    made = 0
    while made < number:
        for kind in KINDS:
            mutation = mutate(text, kind, chance)
            if mutation is not None and made < number:
                made += 1
                yield mutation
