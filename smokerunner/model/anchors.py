"""What a person sees of a message: its links and its text."""

import html
import re
from html.parser import HTMLParser

from pydantic import BaseModel, ConfigDict


class Anchor(BaseModel):
    """A link of a message: the text a person sees and where it leads."""

    model_config = ConfigDict(frozen=True)

    text: str
    href: str


def anchors_in_html(source: str) -> tuple[Anchor, ...]:
    """Links of an HTML text in order; addresses to write or call (`mailto:`, `tel:`) and `#fragments` are none."""
    return tuple(_read(source).anchors)


def text_of_html(source: str) -> str:
    """The visible text, one line for each block or `<br>`, spaces collapsed and empty lines left out."""
    lines = "".join(_read(source).words).split("\n")
    return "\n".join(line for line in map(_collapse, lines) if line)


def anchors_in_text(source: str) -> tuple[Anchor, ...]:
    """Web addresses of a plain text in order, each with itself as its text."""
    found = (_without_tail(match.group()) for match in _URL.finditer(source))
    return tuple(Anchor(text=url, href=url) for url in found)


_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_UNSEEN = re.compile("head|script|style|template|title")
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr"
    "|li|main|nav|ol|p|pre|section|table|tbody|tfoot|thead|tr|ul"
)
_CELL = re.compile("td|th")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_WEB_ADDRESS = re.compile(r"(mailto|tel|sms|javascript|data):|#|$", re.IGNORECASE)
_REVEALED_CONDITION = re.compile(r"<!\[[^>]*\]>")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_REFERENCE = re.compile(r"&(?:#\d+;?|#[xX][0-9a-fA-F]+;?|\w+;|\w+(?![\w=]))", re.ASCII)
_INVISIBLE = re.compile("[\u00ad\u034f\u200b\u2060\ufeff]")
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def _read(source: str) -> "_Reader":
    # Outlook's `<![if !mso]>` is not HTML: the stdlib's parser stops at it on some Python versions.
    reader = _Reader()
    reader.feed(_REVEALED_CONDITION.sub("", source))
    reader.close()
    reader.end_anchor()
    return reader


def _collapse(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _without_tail(url: str) -> str:
    """The address without the punctuation of the sentence round it; a bracket opened inside may close."""
    while url[-1] in ".,;:!?'*_" or (url[-1] in ")]" and url.count(url[-1]) > url.count("(["[")]".index(url[-1])])):
        url = url[:-1]
    return url


def _attributes(tag: str) -> dict[str, str]:
    """Attributes of a start tag as browsers read them: `&copy=1` inside an address is no copyright sign."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(tag):
        bare = value[1:-1] if value[0] in "\"'" else value
        found.setdefault(name.lower(), _REFERENCE.sub(lambda match: html.unescape(match.group()), bare))
    return found


class _Reader(HTMLParser):
    """Walks through HTML and keeps the visible words and the links."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.anchors: list[Anchor] = []
        self._href = ""
        self._anchor_starts = 0
        self._unseen = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body" and self._unseen == "head":
            self._unseen = ""
        if self._unseen:
            self._depth += tag == self._unseen
            return
        attributes = _attributes(self.get_starttag_text() or "")
        hidden = any(name == "hidden" for name, _ in attrs) or _HIDING_STYLE.search(attributes.get("style", ""))
        if not _VOID.fullmatch(tag) and (_UNSEEN.fullmatch(tag) or hidden):
            self._unseen, self._depth = tag, 1
        elif tag == "a":
            self.end_anchor()
            self._href = re.sub(r"[\t\r\n]", "", attributes.get("href", "")).strip()
            self._anchor_starts = len(self.words)
        elif tag == "img" and not hidden:
            self.words.append(attributes.get("alt", ""))
        else:
            self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            if not self._depth:
                self._unseen = ""
        elif tag == "a":
            self.end_anchor()
        else:
            self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(re.sub(r"\s+", " ", data))

    def end_anchor(self) -> None:
        """Keep the link that is open, if there is one and it leads to a web address."""
        if not _NO_WEB_ADDRESS.match(self._href):
            text = _collapse("".join(self.words[self._anchor_starts :]))
            self.anchors.append(Anchor(text=text, href=self._href))
        self._href = ""

    def _separate(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self.words.append("\n")
        elif _CELL.fullmatch(tag):
            self.words.append(" ")
