"""The tests of Mozilla's HTTP Observatory: points for each, and a grade for all.

After mdn/mdn-http-observatory (MPL-2.0), its tests and its score table as of August 2026; the list of preloaded
hosts is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from smokerunner.checks.cookies.setting import SetCookie, read_cookies
from smokerunner.checks.headers.csp import InvalidPolicy, Policy, read_policy, weigh
from smokerunner.checks.headers.site import Site
from smokerunner.checks.http.page import Loaded
from smokerunner.checks.tls.hsts import HALF_A_YEAR, Hsts
from smokerunner.model.check import Answer

ENOUGH_FOR_BONUS = 90
"""Bonus points count from this score on."""
_GRADES = (
    (100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"), (45, "C-"),
    (40, "D+"), (30, "D"), (25, "D-"), (0, "F"),
)  # fmt: skip
GRADES = tuple(letter for _, letter in _GRADES)
"""Best first."""
_CAREFUL = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
_CARELESS = frozenset({"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"})
_NOT_THE_APPS = frozenset({"heroku-session-affinity"})


@dataclass(frozen=True)
class Score:
    """What one test found. `points` are added to 100."""

    test: str
    points: int
    said: str
    passed: bool


def grade(scores: Iterable[Score]) -> tuple[int, str]:
    """Points and grade; bonus points only count when little is lost."""
    scores = list(scores)
    without = 100 + sum(score.points for score in scores if score.points < 0)
    total = 100 + sum(score.points for score in scores)
    points = max(total if without >= ENOUGH_FOR_BONUS else without, 0)
    return points, next(letter for least, letter in _GRADES if points - points % 5 >= least)


def policy_of(site: Site) -> Policy | None:
    """The content security policy of a page. Raises InvalidPolicy."""
    name = "content-security-policy"
    return read_policy(site.answer.all(name), site.page.meta(name))


def csp(site: Site) -> Score:
    """Content-Security-Policy."""
    name = "content-security-policy"
    try:
        policy = policy_of(site)
    except InvalidPolicy as wrong:
        return Score(name, -25, f"invalid: {wrong}", passed=False)
    if policy is None:
        said = "report-only: nothing is held back" if site.answer.header(f"{name}-report-only") else "absent"
        return Score(name, -25, said, passed=False)
    strength = weigh(policy, over_https=site.over_https)
    return Score(name, strength.points, strength.said, strength.good)


def frames(site: Site) -> Score:
    """X-Frame-Options, or `frame-ancestors` of the policy, which goes before it."""
    name = "x-frame-options"
    try:
        policy = policy_of(site)
    except InvalidPolicy:
        policy = None
    if policy is not None and policy.frame_ancestors is not None:
        return Score(name, 5, f"frame-ancestors {' '.join(sorted(policy.frame_ancestors))}", passed=True)
    said = site.answer.header(name)
    if said is None:
        return Score(name, -20, "absent, and no frame-ancestors in a policy", passed=False)
    value = said.strip().lower()
    if value in ("deny", "sameorigin") or value.startswith("allow-from"):
        return Score(name, 0, value, passed=not value.startswith("allow-from"))
    return Score(name, -20, f"invalid: {said[:100]}", passed=False)


def sniffing(site: Site) -> Score:
    """X-Content-Type-Options."""
    name = "x-content-type-options"
    said = site.answer.header(name)
    if said is None:
        return Score(name, -5, "absent", passed=False)
    good = said.strip().lower() == "nosniff"
    return Score(name, 0 if good else -5, said[:100] if good else f"invalid: {said[:100]}", passed=good)


def referrer(site: Site) -> Score:
    """Referrer-Policy: the last policy that browsers know."""
    name = "referrer-policy"
    given = [*site.answer.all(name), *site.page.meta(name)]
    if not given:
        return Score(name, 0, "absent: browsers are careful by themselves", passed=True)
    words = [word.strip().lower() for value in given for word in value.split(",")]
    known = [word for word in words if word in _CAREFUL | _CARELESS]
    if not known:
        return Score(name, -5, f"unknown: {', '.join(given)[:100]}", passed=False)
    if known[-1] in _CARELESS:
        return Score(name, -5, f"unsafe: {known[-1]}", passed=False)
    return Score(name, 5, known[-1], passed=True)


def cross_origin(answer: Answer, origin: str) -> Score:
    """What a foreign origin is allowed."""
    name = "cross-origin-resource-sharing"
    allowed = (answer.header("access-control-allow-origin") or "").strip()
    open_hearted = (answer.header("access-control-allow-credentials") or "").strip().lower() == "true"
    if not allowed:
        return Score(name, 0, "nothing is shared", passed=True)
    if allowed == "*":
        return Score(name, 0, "public, without credentials", passed=True)
    if allowed == origin and open_hearted:
        return Score(name, -50, "any origin is let in with the visitor's credentials", passed=False)
    return Score(name, 0, "shared with one origin" if allowed != origin else "any origin, no credentials", passed=True)


def integrity(site: Site) -> Score:
    """Subresource Integrity of scripts from elsewhere."""
    name = "subresource-integrity"
    host = urlsplit(site.answer.url).hostname or ""
    scripts = [one for one in site.page.loads if one.kind == "script"]
    if not scripts:
        return Score(name, 0, "no scripts", passed=True)
    foreign = [one for one in scripts if one.written.startswith("//") or not _same_site(one.url, host)]
    in_clear = [one for one in foreign if one.written.startswith("//") or not one.url.startswith("https:")]
    if any(not one.integrity for one in in_clear):
        return Score(name, -50, f"{_first(in_clear)} may come in clear, without integrity", passed=False)
    if any(not one.integrity for one in foreign):
        bare = [one for one in foreign if not one.integrity]
        return Score(name, -5, f"{_first(bare)} has no integrity", passed=False)
    if in_clear:
        return Score(name, -20, f"{_first(in_clear)} may come in clear", passed=False)
    if foreign or any(one.integrity for one in scripts):
        return Score(name, 5, "every script from elsewhere has its hash", passed=True)
    return Score(name, 0, "all scripts are the app's own", passed=True)


def transport(hsts: Hsts) -> Score:
    """Strict-Transport-Security."""
    name = "strict-transport-security"
    if hsts.max_age is None:
        return Score(name, -20, hsts.said, passed=False)
    if hsts.max_age < HALF_A_YEAR:
        return Score(name, -10, f"less than half a year: {hsts.said}", passed=False)
    return Score(name, 0, hsts.said, passed=True)


def cookies(site: Site, *, with_hsts: bool) -> Score:
    """Flags of all cookies; the gravest lack decides."""
    found = [one for one in read_cookies(site.set_cookies) if one.name not in _NOT_THE_APPS and not one.deletes]
    if not found:
        return Score("cookies", 0, "none", passed=True)
    points, said = min((_cookie(one, with_hsts=with_hsts) for one in found), key=lambda item: item[0])
    if points < 0:
        return Score("cookies", points, said, passed=False)
    if all(one.same_site is not None for one in found):
        return Score("cookies", 5, "Secure, HttpOnly and SameSite where they belong", passed=True)
    return Score("cookies", 0, "Secure and HttpOnly where they belong, SameSite not everywhere", passed=True)


def _cookie(one: SetCookie, *, with_hsts: bool) -> tuple[int, str]:
    # Their test takes these marks in any name, and `csrf` alone for tokens.
    session = any(mark in one.name.lower() for mark in ("login", "sess"))
    if session and not one.secure and not with_hsts:
        return -40, f"{one.name} lets its owner in and is not Secure"
    if session and not one.http_only:
        return -30, f"{one.name} lets its owner in and is not HttpOnly"
    if "csrf" in one.name.lower() and one.same_site is None:
        return -20, f"{one.name} guards forms and has no SameSite"
    if not one.is_valid:
        return -20, f"{one.name} has SameSite={one.same_site}"
    if not one.secure:
        worse = -10 if session else -5
        return (worse, f"{one.name} is not Secure; HSTS protects it") if with_hsts else (-20, f"{one.name} not Secure")
    return 0, ""


_ISOLATION = {
    "cross-origin-opener-policy": ({"same-origin", "same-origin-allow-popups", "noopener-allow-popups"}, "unsafe-none"),
    "cross-origin-embedder-policy": ({"require-corp", "credentialless"}, "unsafe-none"),
    "cross-origin-resource-policy": ({"same-origin", "same-site"}, "cross-origin"),
}
"""What each may say for points, and what it may say for none."""


def isolation(site: Site) -> tuple[Score, ...]:
    """COOP, COEP and CORP."""
    found = []
    for name, (good, plain) in _ISOLATION.items():
        given = site.answer.all(name)
        said = given[0].partition(";")[0].strip() if given else ""
        if len(given) > 1 or (said and said not in good and said != plain):
            found.append(Score(name, -5, f"invalid: {', '.join(given)[:100]}", passed=False))
        else:
            found.append(Score(name, 10 if said in good else 0, said or "absent", passed=True))
    return tuple(found)


def _same_site(url: str, host: str) -> bool:
    """Whether a URL belongs to the same site; by the last two names, as no list of public suffixes is at hand."""
    other = urlsplit(url).hostname or ""
    return other == host or other.split(".")[-2:] == host.split(".")[-2:]


def _first(loads: Sequence[Loaded]) -> str:
    more = f" and {len(loads) - 1} more" if len(loads) > 1 else ""
    return f"{loads[0].url[:120]}{more}"
