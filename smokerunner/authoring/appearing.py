"""What is on a page now that was not there before, as targets that a flow can expect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from smokerunner.authoring.act import Notation
from smokerunner.authoring.aria import Node, read
from smokerunner.model.target import SHORT_ROLES

_LONGEST = 80
"""Characters of a text; longer ones are cut at the end of a sentence, or left."""
_SHORTEST = 3
_SAYS, _HEADS, _TEXT, _ROWS, _LAST = 1, 3, 5, 9, 40
_ROLES = {
    "dialog": 0, "alertdialog": 0, "button": 7, "link": 7, "img": 8, "tab": 8, "menuitem": 8, "checkbox": 8, "radio": 8,
    "row": _ROWS, "listitem": _ROWS,
}  # fmt: skip
"""Roles that are found by their names, and how telling they are; 0 is the most."""
_TYPED = ("textbox", "searchbox", "combobox", "spinbutton", "slider", "option")
"""What these show was typed or chosen, and may be secret."""
_COIN = r"(?:[$€£¥]|(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|kr|zł)(?!\w))"
_MONEY = re.compile(rf"[^\w\s]*{_COIN}\s?\d[\d.,]*|\d[\d.,]*\s?{_COIN}")
_TOKEN = re.compile(rf"(?<!\S)(?:{_MONEY.pattern})[^\w\s]*(?!\S)|\S+")
_COUNT = re.compile(r"[(\[]?\d{1,2}[)\].,:;]?")
_NUMBERED = re.compile(r"(?:#|no\.?|nr\.?|number|order|invoice|ticket|id|version|release)$", re.IGNORECASE)
_MONTHS = (
    "january januar januari janvier janv enero gennaio jan ene gen february februar februari février févr febrero "
    "febbraio feb march märz mars maart mrt marzo mar april aprile avril avr abril abr apr may mai maj mei mayo maggio "
    "june juni juin junio giugno jun july juli juillet juil julio luglio jul august augusti augustus août agosto aug "
    "september septembre septiembre settembre sept sep october oktober octobre octubre ottobre oct okt november "
    "novembre noviembre nov december dezember décembre diciembre dicembre déc dez dic dec"
)
_MONTH = rf"(?:{'|'.join(_MONTHS.split())})(?!\w)\.?,?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.)?,?"
_DATE = re.compile(
    rf"\b(?:{_DAY}\s+(?:de\s+)?{_MONTH}|{_MONTH}\s+{_DAY})(?:\s+(?:de\s+)?\d{{4}})?(?!\w)", re.IGNORECASE
)
_PASSING = re.compile(
    r"\b(?:ago|today|yesterday|tomorrow|just now|good (?:morning|afternoon|evening)|heute|gestern|morgen|soeben"
    r"|aujourd'hui|hoy|ayer|mañana|idag|igår|(?:vor|il y a|hace|för) \d+"
    r"|\d+ (?:sec|min|hour|sek|stund|heure|hora|segund|timm)\w*)\b",
    re.IGNORECASE,
)


def appeared(before: str, after: str) -> tuple[Notation, ...]:
    """Targets of what appeared between two aria snapshots, each found once in the second, the most telling first."""
    nodes = read(after)
    known = Counter((node.role, node.name, node.text) for node in read(before))
    new: list[Node] = []
    for node in nodes:
        key = (node.role, node.name, node.text)
        if known[key]:
            known[key] -= 1
        else:
            new.append(node)
    found: list[tuple[tuple[int, int], Notation]] = []
    for position, node in enumerate(new):
        for rank, target in _targets(node, nodes):
            entry = ((rank, position), target)
            if all(target != other for _, other in found):
                found.append(entry)
    found.sort(key=lambda entry: entry[0])
    best = found[0][0][0] if found else 0
    # Where the page itself says what happened, other texts only repeat it less well; rows are for want of better.
    dropped = {_TEXT} if best <= _SAYS else set()
    # On a page that is wholly new, the links and buttons around its heading say nothing of its own.
    most = _HEADS if not before and best <= _HEADS else _ROWS - 1 if best < _ROWS else _LAST
    return tuple(target for (rank, _), target in found if rank not in dropped and rank <= most)


def shows_once(snapshot: str, role: str, words: str) -> bool:
    """Whether one element of this role has these words in its name."""
    return _count(read(snapshot), role, words) == 1


def _targets(node: Node, nodes: tuple[Node, ...]) -> Iterator[tuple[int, Notation]]:
    words = lasting(node.words)
    if not words or node.role in _TYPED or "iframe" in node.within:
        return
    in_page = 0 if "main" in node.within or "contentinfo" not in node.within else 20
    if node.role in ("alert", "status"):
        # These seldom have a name; what they say stands inside.
        if node.text and _count_text(nodes, words) == 1:
            yield 0, {"role": node.role, "has_text": words}
        return
    if node.role in ("text", "paragraph", "generic", "strong", "emphasis", "cell", "listitem", "time", "code"):
        if not node.text:
            return
        said = any(role in ("alert", "status", "dialog") for role in node.within)
        if _count_text(nodes, words) == 1:
            yield in_page + (_SAYS if said else _TEXT), {"text": words}
        elif sum(words == other.text for other in nodes) == 1:
            yield in_page + (_SAYS if said else _TEXT), {"text": {"is": words}}
        return
    if node.role == "heading":
        level = 1 if "level=1" in node.marks else 2
        if _count(nodes, "heading", words) == 1:
            yield in_page + level, {"heading": words}
        return
    rank = _ROLES.get(node.role)
    if rank is not None and node.name and _count(nodes, node.role, words) == 1:
        target = {node.role: words} if node.role in SHORT_ROLES else {"role": node.role, "name": words}
        yield in_page + rank, target


def _count(nodes: tuple[Node, ...], role: str, words: str) -> int:
    part = words.casefold()
    return sum(node.role == role and part in node.name.casefold() for node in nodes)


def _count_text(nodes: tuple[Node, ...], words: str) -> int:
    part = words.casefold()
    return sum(part in node.text.casefold() or part in node.name.casefold() for node in nodes)


def lasting(text: str) -> str:
    """The longest piece of a text that will be the same tomorrow: without numbers of things, dates and times.

    Prices and small counts stay, since they are what a person would look at. '' when too little is left.
    """
    if len(text) > _LONGEST:
        text = re.split(r"(?<=[.!?]) ", text)[0]
        if len(text) > _LONGEST:
            return ""
    if _PASSING.search(text) or "${" in text or text.endswith(("…", "...")):
        # What ends in dots is under way, or cut off.
        return ""
    pieces: list[list[str]] = [[]]
    previous = ""
    for token in _TOKEN.findall(_DATE.sub("0000", text)):
        if _changes(token, previous):
            pieces.append([])
        else:
            pieces[-1].append(token)
        previous = token
    best = max((_trimmed(" ".join(piece)) for piece in pieces), key=len)
    return best if len(best) >= _SHORTEST and any(sign.isalnum() for sign in best) else ""


def _trimmed(piece: str) -> str:
    """Without the signs that only led to what was left out."""
    signs = " ,;:-–#·|/"
    for opening, closing in ("()", "[]"):
        if piece.count(opening) != piece.count(closing):
            signs += opening + closing
    return piece.strip(signs)


def _changes(token: str, before: str) -> bool:
    if not any(sign.isdigit() for sign in token):
        return "@" in token
    if _MONEY.fullmatch(token.strip("(),.;:")):
        return False
    return _COUNT.fullmatch(token) is None or _NUMBERED.search(before.strip("(:")) is not None
