"""Small functions that exported Python brings along, each only where it is called."""

from __future__ import annotations

HELPERS: dict[str, str] = {
    "loaded": '''
def loaded(response: Response | None, status: int | None = None) -> None:
    """A document must have come with this status, or with any below 400."""
    if response is not None:
        good = response.status < 400 if status is None else response.status == status
        assert good, f"{response.url} answered with status {response.status}"
''',
    "address": '''
def address(wanted: str) -> re.Pattern[str]:
    """Where a page is: `*` is one part of a path, `**` any; a query may hold more than what is named."""
    url = wanted if "://" in wanted else BASE_URL + wanted
    url, _, fragment = url.partition("#")
    path, _, query = url.partition("?")
    pattern = "^" + re.escape(path).replace(r"\\*\\*", "[^?#]*").replace(r"\\*", "[^/?#]*")
    for name, value in parse_qsl(query, keep_blank_values=True):
        either = "|".join(re.escape(spelt) for spelt in (value, quote(value, safe=""), quote_plus(value)))
        pattern += rf"(?=[^#]*[?&]{re.escape(quote(name))}=({either})([&#]|$))"
    return re.compile(pattern + r"(\\?[^#]*)?" + (re.escape(f"#{fragment}$") if fragment else "(#.*)?$"))
''',
    "wait_until": '''
def wait_until(page: Page, holds: Callable[[], bool], what: str, timeout: int) -> None:
    """Look until it holds; after `timeout` milliseconds it has failed."""
    deadline = time.monotonic() + timeout / 1000
    while not holds():
        assert time.monotonic() < deadline, f"still not seen: {what}"
        page.wait_for_timeout(100)
''',
    "to_pass": '''
def to_pass(page: Page, again: Callable[[], None], every: int, timeout: int) -> None:
    """Do it again and again, `every` so many milliseconds, until it works."""
    deadline = time.monotonic() + timeout / 1000
    while True:
        try:
            return again()
        except (AssertionError, Error):
            if time.monotonic() > deadline:
                raise
        page.wait_for_timeout(every)
''',
    "answer_dialog": '''
def answer_dialog(page: Page, accept: bool, text: str | None = None) -> list[str]:
    """Answer the next native dialog; what it says is in the list once it has come."""
    said: list[str] = []

    def answer(dialog: Dialog) -> None:
        said.append(dialog.message)
        if accept:
            dialog.accept(dialog.default_value if text is None else text)
        else:
            dialog.dismiss()

    page.once("dialog", answer)
    return said
''',
    "choose": '''
def choose(select: Locator, *wanted: str | re.Pattern[str]) -> None:
    """Choose the options whose labels hold these texts; a label that is the text itself comes first."""
    labels = [" ".join(label.split()) for label in select.locator("option").all_text_contents()]
    chosen = []
    for option in wanted:
        pattern = re.compile(re.escape(option), re.IGNORECASE) if isinstance(option, str) else option
        found = [label for label in labels if label == option] or [label for label in labels if pattern.search(label)]
        assert len(found) == 1, f"{option} fits {len(found)} of the options {labels}"
        chosen += found
    select.select_option(label=chosen)
''',
    "take": '''
def take(text: str | None, pattern: re.Pattern[str]) -> str:
    """What the first group finds in a text, or the whole pattern when it has none."""
    found = pattern.search(text or "")
    assert found, f"{pattern.pattern} is not in {text!r}"
    return found[1] if found.re.groups else found[0]
''',
    "as_text": '''
def as_text(value: object) -> str:
    """A value of JSON as it is written."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
''',
    "content_of": '''
def content_of(download: Download) -> str:
    """What stands in a file that was downloaded."""
    return download.path().read_text(errors="replace")
''',
    "size_of": '''
def size_of(download: Download) -> int:
    """Its size in bytes."""
    return download.path().stat().st_size
''',
    "received": '''
def received(
    downloads: list[Download],
    name: re.Pattern[str] | None = None,
    holds: re.Pattern[str] | None = None,
    at_least: int = 0,
) -> int:
    """How many of the files have such a name, such a content and such a size."""
    return sum(
        (name is None or bool(name.search(file.suggested_filename)))
        and (holds is None or bool(holds.search(file.path().read_text(errors="replace"))))
        and file.path().stat().st_size >= at_least
        for file in downloads
    )
''',
    "answered": '''
def answered(
    responses: list[Response], where: re.Pattern[str], method: str | None = None, status: int | None = None
) -> int:
    """How many of the requests to an address were answered so."""
    return sum(
        bool(where.search(seen.url)) and method in (None, seen.request.method) and status in (None, seen.status)
        for seen in responses
    )
''',
    "mentions": '''
def mentions(console: list[tuple[str, str, str]], pattern: re.Pattern[str]) -> int:
    """How many of the messages fit."""
    return sum(bool(pattern.search(text)) for _, text, _ in console)
''',
    "own_errors": '''
def own_errors(console: list[tuple[str, str, str]]) -> int:
    """How many errors are the app's own, and not among those that are tolerated."""
    return sum(
        kind == "error" and url.startswith(BASE_URL) and not any(known.search(f"{text} {url}") for known in TOLERATED)
        for kind, text, url in console
    )
''',
    "status_of": '''
def status_of(page: Page) -> int:
    """The HTTP status of the document that is shown."""
    return int(page.evaluate("() => performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0"))
''',
    "matches_aria": '''
def matches_aria(element: Locator, snapshot: str) -> bool:
    """Whether the accessibility tree holds this now."""
    try:
        expect(element).to_match_aria_snapshot(snapshot, timeout=1)
    except AssertionError:
        return False
    return True
''',
    "day": '''
def day(shift: str, form: str) -> str:
    """A day counted from today in days, weeks, months and years, in a format of strftime."""
    at = datetime.date.today()
    for sign, number, unit in re.findall(r"([+-])(\\d+)([dwmy])", shift):
        many = int(sign + number) * {"d": 1, "w": 7, "m": 1, "y": 12}[unit]
        if unit in "dw":
            at += datetime.timedelta(days=many)
            continue
        wanted, months = at.day, at.year * 12 + at.month - 1 + many
        after = datetime.date((months + 1) // 12, (months + 1) % 12 + 1, 1)
        last = after - datetime.timedelta(days=1)
        at = last.replace(day=min(wanted, last.day))
    return at.strftime(form)
''',
    "scroll_on": '''
def scroll_on(box: Locator, target: Locator) -> None:
    """Scroll a list until it has made the element that is meant."""
    for _ in range(2000):
        if target.count():
            break
        box.evaluate("element => element.scrollBy(0, element.clientHeight * 0.8)")
        box.page.wait_for_timeout(20)
    target.scroll_into_view_if_needed()
''',
    "one_time_code": '''
def one_time_code(seed: str) -> str:
    """The one-time code of the moment; needs pyotp."""
    return pyotp.TOTP(seed).now()
''',
    "wait_for_mail": '''
@dataclass
class Mail:
    """A message: what a person reads, its links as (text, address), its headers in lower case."""

    text: str
    links: list[tuple[str, str]]
    headers: dict[str, str]


def wait_for_mail(
    to: str,
    subject: re.Pattern[str] | None,
    sender: re.Pattern[str] | None,
    text: re.Pattern[str] | None,
    timeout: int,
) -> Mail:
    """The newest message to this address that fits. Fill this in: ask the API of your mailbox until it is there."""
    raise NotImplementedError(f"wait_for_mail: ask your mailbox for a message to {to}")
''',
    "link_in": '''
def link_in(mail: Mail, wanted: re.Pattern[str]) -> str:
    """Where the first link leads whose text, or else whose address, fits."""
    for part in (0, 1):
        for link in mail.links:
            if wanted.search(link[part]):
                return link[1]
    raise AssertionError(f"no link {wanted.pattern} in the message")
''',
}
"""By name, in the order they are printed."""
NEEDS: dict[str, tuple[str, ...]] = {"link_in": ("wait_for_mail",)}
"""Helpers that come along with another."""
IMPORTS = (
    "import datetime",
    "import json",
    "import os",
    "import re",
    "import secrets",
    "import time",
    "import warnings",
    "from collections.abc import Callable, Iterator",
    "from contextlib import contextmanager",
    "from dataclasses import dataclass",
    "from pathlib import Path",
    "from types import SimpleNamespace",
    "from urllib.parse import parse_qsl, quote, quote_plus",
)
"""What the code may need of Python, in their order; only what it names is printed."""
PLAYWRIGHT = (
    "Browser",
    "Dialog",
    "Download",
    "Error",
    "Locator",
    "Page",
    "Response",
    "StorageState",
    "ViewportSize",
)
"""The same of Playwright, beside what every module needs."""

BROWSER = '''
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; SMOKE_BROWSER names a program other than Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("SMOKE_BROWSER"),
            chromium_sandbox=os.geteuid() != 0,
        )
        yield browser
        browser.close()
'''
OPEN_PAGE = '''
@contextmanager
def open_page(browser: Browser, storage_state: StorageState | None = None) -> Iterator[Page]:
    """A page in a browser context of its own."""
    viewport: ViewportSize = {"width": WIDTH, "height": HEIGHT}
    context = browser.new_context(base_url=BASE_URL, viewport=viewport, storage_state=storage_state)
    try:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.set_default_navigation_timeout(30_000)
HANDLERS        yield page
    finally:
        context.close()
'''
