"""`cookie.session`, `cookie.xsrf`, `cookie.domain`: the flags of what a visitor is given."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smokerunner.checks.cookies.setting import SetCookie
from smokerunner.checks.cookies.visiting import Given, reaches, visit
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_HELP = "; Laravel: SESSION_SECURE_COOKIE=true, and http_only and same_site in config/session.php"


class _Cookies(Check):
    """Visits a page, and looks at what it sets."""

    source: ClassVar[str] = "HTTP Observatory"
    needs_browser: ClassVar[bool] = True

    path: str | None = Field(default=None, description="The page that sets it; by default /login, else /.")
    name: str | None = Field(default=None, description="The cookie, when its name does not tell.")

    def chosen(self, given: Given, *, tokens: bool) -> tuple[SetCookie, ...]:
        """The cookies that this is about. Raises NotReached when there are none, Inconclusive when one was named."""
        found = given.all()
        if self.name is not None:
            named = tuple(one for one in found if one.name == self.name)
            if not named:
                raise Inconclusive(f"GET {given.answer.url} sets no cookie {self.name}; it sets {_names(found)}")
            return named
        fitting = tuple(one for one in found if (one.is_token if tokens else one.is_session))
        if not fitting:
            kind = "cookie that guards forms" if tokens else "session cookie"
            raise NotReached(
                f"GET {given.answer.url} sets no {kind} ({_names(found)}); name the page with `path`, or it with `name`"
            )
        return fitting


class SessionCookie(_Cookies):
    """Looks at the cookie that lets a visitor in."""

    id: ClassVar[str] = "cookie.session"
    asks: ClassVar[str] = "Is the session cookie kept from scripts, other sites and the wire?"
    passes: ClassVar[str] = "Secure, HttpOnly and SameSite, on a real visit of the login page"
    means: ClassVar[Severity] = Severity.HIGH

    async def run(self, ctx: CheckContext) -> Finding:
        """Visit the page."""
        given = await visit(ctx, self.path)
        readings = []
        for one in self.chosen(given, tokens=False):
            missing = []
            if not one.secure and (given.over_https or ctx.production):
                missing.append("Secure")
            if not one.http_only:
                missing.append("HttpOnly")
            if not one.is_valid:
                missing.append(f"a valid SameSite (it says {one.same_site or 'nothing'})")
            outcome = Outcome.FAILED if missing else Outcome.WARNED if one.same_site is None else Outcome.PASSED
            seen = f"without {', '.join(missing)}" if missing else _said(one)
            if missing == ["Secure"] and given.has_hsts:
                seen += " (HSTS protects it in browsers that were here before)"
            wanted = f"Secure, HttpOnly, SameSite=Lax{_HELP}"
            readings.append(Reading(what=f"cookie {one.name}", outcome=outcome, seen=seen, wanted=wanted))
        weak = "" if given.over_https else "the page was served in clear, where Secure cannot be asked for"
        return Finding.of(readings, weak=weak)


class TokenCookie(_Cookies):
    """Looks at the cookie that guards forms; scripts are meant to read it, so HttpOnly is not asked for."""

    id: ClassVar[str] = "cookie.xsrf"
    asks: ClassVar[str] = "Is the cookie that guards forms kept from other sites and the wire?"
    passes: ClassVar[str] = "Secure and SameSite, on a real visit"
    means: ClassVar[Severity] = Severity.MEDIUM

    async def run(self, ctx: CheckContext) -> Finding:
        """Visit the page."""
        given = await visit(ctx, self.path)
        readings = []
        for one in self.chosen(given, tokens=True):
            missing = []
            if not one.secure and (given.over_https or ctx.production):
                missing.append("Secure")
            if one.same_site is None or not one.is_valid:
                missing.append(f"a valid SameSite (it says {one.same_site or 'nothing'})")
            outcome = Outcome.FAILED if missing else Outcome.PASSED
            seen = f"without {', '.join(missing)}" if missing else _said(one)
            wanted = f"Secure, SameSite=Lax{_HELP}"
            readings.append(Reading(what=f"cookie {one.name}", outcome=outcome, seen=seen, wanted=wanted))
        weak = "" if given.over_https else "the page was served in clear, where Secure cannot be asked for"
        return Finding.of(readings, weak=weak)


class CookieDomain(Check):
    """Looks which cookies a browser refuses to keep."""

    id: ClassVar[str] = "cookie.domain"
    asks: ClassVar[str] = "Does a browser keep the cookies, so that nobody goes round in circles at the login?"
    passes: ClassVar[str] = "each cookie's Domain is the host or its parent, and a real browser keeps it"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "own"
    needs_browser: ClassVar[bool] = True

    path: str | None = Field(default=None, description="The page that sets them; by default /login, else /.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Visit the page."""
        given = await visit(ctx, self.path)
        sent = [one for one in given.sent if not one.deletes]
        if not sent:
            raise NotReached(f"GET {given.answer.url} sets no cookies")
        return Finding.of([_judge_domain(one, given) for one in sent])


def _judge_domain(one: SetCookie, given: Given) -> Reading:
    what = f"cookie {one.name} of {given.host}"
    of = f"Domain={one.domain}" if one.domain else "no Domain"
    wanted = f"a Domain that {given.host} belongs to, or none; Laravel: SESSION_DOMAIN"
    if one.domain and not reaches(one.domain, given.host):
        return Reading(what=what, outcome=Outcome.FAILED, seen=f"{of}, so browsers refuse it", wanted=wanted)
    if given.browser_kept(one.name) is not None:
        return Reading(what=what, outcome=Outcome.PASSED, seen=f"{of}, kept")
    if one.secure and not given.over_https:
        said = f"Secure on a page in clear ({given.answer.url}), so browsers refuse it"
        wanted = "https, or no Secure; Laravel: SESSION_SECURE_COOKIE"
    else:
        said = f"{of}, and the browser did not keep it"
    outcome = Outcome.FAILED if one.is_session or one.is_token else Outcome.WARNED
    return Reading(what=what, outcome=outcome, seen=said, wanted=wanted)


def _said(one: SetCookie) -> str:
    flags = [flag for flag, given in (("Secure", one.secure), ("HttpOnly", one.http_only)) if given]
    return ", ".join([*flags, f"SameSite={one.same_site}" if one.same_site else "no SameSite"])


def _names(cookies: tuple[SetCookie, ...]) -> str:
    return ", ".join(one.name for one in cookies[:5]) or "none at all"
