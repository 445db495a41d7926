"""Content-Security-Policy, read far enough to score it as Mozilla's HTTP Observatory does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_BROAD = frozenset({"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"})
"""Sources that let nearly everything in."""
_INLINE = frozenset({"'unsafe-inline'", "data:"})
_NONCE_OR_HASH = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
_PASSIVE = ("img-src", "media-src")
_NOT_IN_META = ("frame-ancestors", "report-uri", "sandbox")
_MAY_REPEAT = ("report-uri", "report-to")
_SHORTEST = 6
_ANY = frozenset({"*"})
Directives = Mapping[str, frozenset[str]]


class InvalidPolicy(Exception):
    """What no browser would read as it was meant."""


@dataclass(frozen=True)
class Policy:
    """What headers and metas of a page together allow."""

    directives: Directives
    from_headers: Directives

    @property
    def frame_ancestors(self) -> frozenset[str] | None:
        """Who may show the page in a frame; None when it is not said in a header, where alone it counts."""
        return self.from_headers.get("frame-ancestors")

    def sources(self, directive: str) -> frozenset[str]:
        """Where something may come from, what `default-src` says included; anywhere when nothing is said."""
        return self.directives.get(directive) or self.directives.get("default-src") or _ANY


def read_policy(headers: Iterable[str], metas: Iterable[str]) -> Policy | None:
    """The policy of a page; None when it has none. Raises InvalidPolicy.

    A comma separates policies. Of several, a source counts when all allow it.
    """
    from_headers = [part.strip() for value in headers for part in value.split(",") if part.strip()]
    from_metas = [part.strip() for value in metas for part in value.split(",") if part.strip()]
    if not from_headers and not from_metas:
        return None
    both = _join([*from_headers, *from_metas])
    declared = _join(from_headers)
    in_meta = {name: found for name, found in _join(from_metas).items() if name not in _NOT_IN_META}
    return Policy(both, declared) if declared or in_meta else None


def _join(policies: Sequence[str]) -> dict[str, frozenset[str]]:
    joined: dict[str, frozenset[str]] = {}
    for index, text in enumerate(policies):
        for name, found in _directives(text).items():
            before = joined.get(name)
            if index == 0 or before is None:
                joined[name] = found
            else:
                # `'none'` beside nothing else is what is left when two policies have no source in common.
                joined[name] = before & found or frozenset({"'none'"})
    return joined


def _directives(text: str) -> dict[str, frozenset[str]]:
    text = text.replace("\r", "").replace("\n", "").strip()
    if len(text) < _SHORTEST:
        raise InvalidPolicy(f"no policy: {text!r}")
    found: dict[str, frozenset[str]] = {}
    for entry in text.split(";"):
        name, *sources = entry.split() or [""]
        name = name.lower()
        if not name:
            continue
        if name in found:
            if name not in _MAY_REPEAT:
                raise InvalidPolicy(f"{name} stands there twice")
            continue
        words = frozenset(source.lower() for source in sources)
        found[name] = words or (frozenset({"'none'"}) if name.endswith("-src") else words)
    return found


@dataclass(frozen=True)
class Strength:
    """How much a policy protects: the Observatory's points, and the reason in words."""

    points: int
    said: str
    good: bool


def weigh(policy: Policy, *, over_https: bool) -> Strength:
    """Score a policy. The gravest weakness decides."""
    scripts, styles, objects = (policy.sources(name) for name in ("script-src", "style-src", "object-src"))
    if "'strict-dynamic'" in scripts and not _has_nonce(scripts):
        return Strength(-25, "'strict-dynamic' without a nonce or hash lets no script in", good=False)
    if "'strict-dynamic'" in scripts:
        scripts = frozenset(
            source
            for source in scripts
            if source not in ("'self'", "'unsafe-inline'") and not source.startswith(tuple(_BROAD))
        )
    scripts, styles = _without_inline(scripts), _without_inline(styles)
    loose = sorted(scripts & (_BROAD | _INLINE)) or sorted(objects & _BROAD)
    if loose:
        where = "script-src" if scripts & (_BROAD | _INLINE) else "object-src"
        named = where if policy.directives.get(where) else f"{where} (by default-src or its absence)"
        return Strength(-20, f"{named} allows {' '.join(loose)}", good=False)
    if over_https:
        others = [found for name, found in policy.directives.items() if name not in (*_PASSIVE, "script-src")]
        active = scripts.union(*others)
        if _in_clear(active):
            return Strength(-20, f"allows {' '.join(_in_clear(active))} on an https page", good=False)
    if "'unsafe-eval'" in scripts | styles:
        return Strength(-10, "allows 'unsafe-eval'", good=False)
    if over_https:
        passive = {source for name in _PASSIVE for source in policy.sources(name) - _ANY}
        if _in_clear(passive):
            return Strength(-10, f"images or media may come from {' '.join(_in_clear(passive))}", good=True)
    if styles & (_BROAD | _INLINE):
        return Strength(0, f"style-src allows {' '.join(sorted(styles & (_BROAD | _INLINE)))}", good=True)
    if policy.directives.get("default-src") == frozenset({"'none'"}):
        return Strength(10, "nothing unsafe, default-src 'none'", good=True)
    return Strength(5, "nothing unsafe", good=True)


def _has_nonce(sources: frozenset[str]) -> bool:
    return any(source.startswith(_NONCE_OR_HASH) for source in sources)


def _without_inline(sources: frozenset[str]) -> frozenset[str]:
    """Browsers that know nonces and hashes ignore `'unsafe-inline'` beside them."""
    return sources - {"'unsafe-inline'"} if _has_nonce(sources) else sources


def _in_clear(sources: Iterable[str]) -> list[str]:
    return sorted(source for source in sources if source.startswith(("http:", "ftp:")))
