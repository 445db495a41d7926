"""The cookies of a page: as the app sets them, and as a browser keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from smokerunner.checks.cookies.setting import SetCookie, read_cookies
from smokerunner.checks.http.hops import hops
from smokerunner.checks.tls.hsts import Hsts
from smokerunner.model.check import Answer, CheckContext, Cookie
from smokerunner.model.errors import Inconclusive

_USUAL = "/login"


@dataclass(frozen=True)
class Given:
    """What a first visitor of a page is given."""

    answer: Answer
    """The page itself, behind its redirects."""
    sent: tuple[SetCookie, ...]
    kept: tuple[Cookie, ...]
    """Those of the app's own host, or of its parents."""

    @property
    def host(self) -> str:
        """The host of the page."""
        return urlsplit(self.answer.url).hostname or ""

    @property
    def over_https(self) -> bool:
        """Whether the page came over https."""
        return self.answer.url.startswith("https:")

    @property
    def has_hsts(self) -> bool:
        """Whether browsers never send anything in clear, whatever the cookies say."""
        return bool(Hsts.read(self.answer.all("strict-transport-security")).max_age)

    def browser_kept(self, name: str) -> Cookie | None:
        """The cookie of this name in the browser."""
        return next((cookie for cookie in self.kept if cookie.name == name), None)

    def all(self) -> tuple[SetCookie, ...]:
        """Every cookie: with the attributes that were sent, else with those that the browser shows."""
        sent = tuple(one for one in self.sent if not one.deletes)
        names = {one.name for one in sent}
        return sent + tuple(_as_kept(cookie) for cookie in self.kept if cookie.name not in names)


async def visit(ctx: CheckContext, path: str | None) -> Given:
    """Ask for a page, then visit it in a browser. Without a path it is the login page, or the home page where none is.

    Raises Inconclusive when no page of the app comes.
    """
    wanted = path or _USUAL
    answers = await hops(ctx, wanted)
    if path is None and answers[-1].status in (404, 410):
        wanted = "/"
        answers = await hops(ctx, wanted)
    answer = answers[-1]
    if answer.status >= 400:
        raise Inconclusive(f"GET {answer.url}: {answer}, wanted a page that gives a visitor cookies")
    seen = await ctx.visit(wanted)
    host = urlsplit(answer.url).hostname or ""
    kept = tuple(cookie for cookie in seen.cookies if reaches(cookie.domain.lstrip("."), host))
    return Given(answer, read_cookies(value for hop in answers for value in hop.all("set-cookie")), kept)


def reaches(domain: str, host: str) -> bool:
    """Whether a cookie of this domain belongs to the host."""
    return host == domain or host.endswith(f".{domain}")


def _as_kept(cookie: Cookie) -> SetCookie:
    return SetCookie(
        name=cookie.name,
        secure=cookie.secure,
        http_only=cookie.http_only,
        same_site=cookie.same_site or None,
        domain=cookie.domain.lstrip(".") if cookie.domain.startswith(".") else "",
        deletes=False,
    )
