"""Playwright's errors in our words, and whose fault they are."""

from __future__ import annotations

import re

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout

from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure, Inconclusive, Unavailable

_GONE = ("has been closed", "Target crashed", "Page crashed", "Connection closed", "browser has disconnected",
         "Browser closed", "Target closed")  # fmt: skip
_NETWORK = {
    "ERR_CONNECTION_REFUSED": "the connection was refused",
    "ERR_CONNECTION_RESET": "the connection was reset",
    "ERR_CONNECTION_CLOSED": "the connection was closed without an answer",
    "ERR_CONNECTION_TIMED_OUT": "the connection timed out",
    "ERR_TIMED_OUT": "the connection timed out",
    "ERR_EMPTY_RESPONSE": "the server closed the connection without an answer",
    "ERR_NAME_NOT_RESOLVED": "there is no such host",
    "ERR_ADDRESS_UNREACHABLE": "the address cannot be reached",
    "ERR_TOO_MANY_REDIRECTS": "it redirects in a circle",
    "ERR_INVALID_HTTP_RESPONSE": "the answer is not HTTP",
    "ERR_SSL_PROTOCOL_ERROR": "TLS could not be agreed on",
}
_INCONCLUSIVE = {
    "ERR_INTERNET_DISCONNECTED": "this machine is offline",
    "ERR_NETWORK_CHANGED": "this machine's network changed meanwhile",
    "ERR_PROXY_CONNECTION_FAILED": "the proxy does not answer",
}
_NO_ADDRESS = ("ERR_UNKNOWN_URL_SCHEME", "ERR_INVALID_URL", "ERR_UNSAFE_PORT")
# What Node says of a request outside the page.
_SOCKET = {
    "ECONNREFUSED": "the connection was refused",
    "ECONNRESET": "the connection was reset",
    "socket hang up": "the connection was closed without an answer",
    "ENOTFOUND": "there is no such host",
    "ETIMEDOUT": "the connection timed out",
    "EHOSTUNREACH": "the address cannot be reached",
}
_SELECTOR = ("while parsing", "Unknown engine", "is not a valid selector", "is not a valid XPath", "Unexpected token",
             "Invalid regular expression")  # fmt: skip
_EVENTS = {
    "popup": "no new page opened",
    "download": "nothing was downloaded",
    "filechooser": "it did not ask for a file",
}
_STATES = {
    "option being selected is not enabled": "the option is disabled",
    "element is not visible": "it is there but not visible",
    "element is not enabled": "it is disabled",
    "element is not editable": "it cannot be edited",
    "element is not stable": "it keeps moving",
    "element is outside of the viewport": "it cannot be scrolled into the window",
}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def translate(wrong: BaseException) -> Failure | Inconclusive | Unavailable | None:
    """The outcome that an error of Playwright deserves; None when it is not Playwright's."""
    if not isinstance(wrong, Error):
        return None
    text = _ANSI.sub("", wrong.message)
    if any(sign in text for sign in _GONE):
        return Unavailable(f"the browser or its page is gone: {text.splitlines()[0]}")
    if isinstance(wrong, PlaywrightTimeout):
        return Failure(_waited(text))
    code = re.search(r"net::(ERR_[A-Z0-9_]+)(?: at (\S+))?", text)
    if code:
        return _network(code[1], code[2] or "")
    socket = re.search(r"(?:connect|getaddrinfo|read) (E[A-Z]+) ?(\S*)|socket hang up", text)
    if socket:
        at = f"{socket[2]}: " if socket[2] else ""
        return Failure(f"{at}{_SOCKET.get(socket[1] or socket[0], 'the request did not go through')}")
    known = next((said for sign, said in _WORDS.items() if sign in text), None)
    return _mistake(text) or Failure(known or _first(text))


_WORDS = {
    "Element is not an <input>": "it is no field that text can be put into",
    "cannot be filled": "a field of this type cannot be filled; use check, select or upload",
    "Cannot type text into input[type=number]": "this field takes only numbers",
    "Clicking the checkbox did not change its state": "the click did not change its state",
    "Not a checkbox or radio button": "it is no checkbox or radio button",
    "Cannot uncheck radio button": "a radio button goes off only when another one goes on; check that one",
    "Non-multiple file input": "this field takes only one file",
    "<iframe> was expected": "what `frame` names is not an iframe",
    "Element is outside of the viewport": "it cannot be scrolled into the window",
    "Drop target did not accept the drop": "it does not take what is dropped on it",
}


def _mistake(text: str) -> Unavailable | Failure | None:
    """What only the flow file can be blamed for."""
    if any(sign in text for sign in _SELECTOR):
        return Unavailable(f"the flow's selector is not understood: {_first(text)}")
    key = re.search(r'Unknown key: "(.*)"', text)
    if key:
        return Unavailable(f'there is no key called "{key[1]}"; write Enter, Tab, ArrowDown, a or Control+S')
    if "Cannot navigate to invalid URL" in text:
        return Unavailable("that is no address a browser understands")
    if "Invalid cookie fields" in text:
        return Unavailable(
            "the browser does not take such a cookie: its name or value has signs that no cookie can have"
        )
    if "Download is starting" in text:
        return Failure("this is a file that is downloaded, not a page; click its link, with `download: true` beside it")
    return None


def _network(code: str, url: str) -> Failure | Inconclusive | Unavailable:
    at = f"{url}: " if url else ""
    if code in _INCONCLUSIVE:
        return Inconclusive(f"{at}{_INCONCLUSIVE[code]} ({code})")
    if code in _NO_ADDRESS or (code == "ERR_ABORTED" and not url.startswith("http")):
        return Unavailable(f"{at}that is no address a browser opens ({code})")
    if code == "ERR_ABORTED":
        return Failure(f"{at}the answer holds no page, so the browser stayed where it was ({code})")
    if code.startswith("ERR_CERT"):
        return Failure(f"{at}the certificate is not accepted ({code})")
    if code in ("ERR_BLOCKED_BY_CLIENT", "ERR_FAILED"):
        return Failure(f"{at}the request did not go through ({code})")
    return Failure(f"{at}{_NETWORK.get(code, 'the page did not load')} ({code})")


def _first(text: str) -> str:
    line = text.strip().splitlines()[0]
    return re.sub(r"^(?:\w+\.\w+: )+(?:Error: )?", "", line)


def _waited(text: str) -> str:
    """The last thing Playwright saw, from its call log, in one sentence."""
    milliseconds = re.search(r"Timeout ([\d.]+)ms exceeded", text)
    waited = f" (waited {spell(round(float(milliseconds[1]) / 1000, 1))})" if milliseconds else ""
    event = re.search(r'while waiting for event "(\w+)"', text)
    if event and event[1] in _EVENTS:
        return f"{_EVENTS[event[1]]}{waited}"
    log = [line.strip(" -").strip() for line in text.split("Call log:")[-1].splitlines()]
    log = [re.sub(r"^\d+ × ", "", line) for line in log if line]
    stays = re.search(r"locator resolved to visible (.*)", log[-1]) if log else None
    if stays and any("locator handler has finished" in line for line in log):
        return f"what `dismiss` names was clicked, but it stays in the way: {_short(stays[1])}{waited}"
    covered = next((line for line in reversed(log) if "intercepts pointer events" in line), None)
    if covered:
        return f"it is covered: {_short(covered)}{waited}"
    state = next((said for line in reversed(log) for sign, said in _STATES.items() if sign in line), None)
    if state:
        return f"{state}{waited}"
    if text.startswith("APIRequestContext"):
        return f"no answer came{waited}"
    if "goto" in text.split(":")[0] or "navigat" in text:
        return f"the page did not finish loading{waited}"
    return f"it took too long{waited}" if len(log) < 2 else f"it took too long, last seen: {_short(log[-1])}{waited}"


def _short(line: str) -> str:
    # Secrets are masked only later: by then `…` tells that what stands before it may be the beginning of one.
    flat = " ".join(line.split())
    return flat if len(flat) <= 200 else flat[:199] + "…"


def is_passing(wrong: Error) -> bool:
    """Whether a look failed only because the page was being replaced at that moment."""
    signs = ("Execution context was destroyed", "Cannot find context", "frame was detached", "Frame was detached",
             "because of a navigation", "Not attached to an active page")  # fmt: skip
    return any(sign in wrong.message for sign in signs)
