"""What the header checks look at: the home page behind its redirects, fetched once a run."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from smokerunner.checks.http.hops import hops
from smokerunner.checks.http.page import Page, read_page
from smokerunner.model.check import Answer, CheckContext
from smokerunner.model.errors import Inconclusive


@dataclass(frozen=True)
class Site:
    """The answers on the way to a page, and the page at its end."""

    hops: tuple[Answer, ...]
    page: Page

    @property
    def answer(self) -> Answer:
        """The last answer: the page itself."""
        return self.hops[-1]

    @property
    def over_https(self) -> bool:
        """Whether the page came over https."""
        return urlsplit(self.answer.url).scheme == "https"

    @property
    def set_cookies(self) -> tuple[str, ...]:
        """Every Set-Cookie on the way."""
        return tuple(value for answer in self.hops for value in answer.all("set-cookie"))


async def fetch(ctx: CheckContext, path: str = "/") -> Site:
    """The page at a path of base_url. Raises Inconclusive when what comes is none of the app's pages, and Silence."""
    answers = await hops(ctx, path)
    answer = answers[-1]
    if not 200 <= answer.status < 300:
        # An error page, a challenge or a login of somebody else says nothing about the headers of the app's pages.
        raise Inconclusive(f"GET {answer.url}: {answer}, wanted a page of the app (2xx) to read its headers")
    html = answer.content_type in ("", "text/html", "application/xhtml+xml")
    return Site(answers, read_page(answer.text if html else "", answer.url))
