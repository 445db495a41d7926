"""`sec.git`, `sec.vcs-other`: the history of the app's source, with all that was ever in it."""

from __future__ import annotations

import re
from typing import ClassVar

from smokerunner.checks.exposure.judgement import Probe
from smokerunner.checks.exposure.paths import PathCheck
from smokerunner.checks.exposure.signature import Signature, pattern
from smokerunner.model.severity import Severity

_SECTION = re.compile(rb"^\s*\[(\w+)", re.M)
_CREDENTIALS = pattern(r"^\s*url\s*=\s*https?://[^/\s:@]+(?::[^@\s]+)?@")


def _sections(body: bytes) -> str:
    """The names of the sections, without the addresses in them."""
    return "sections " + ", ".join(sorted({name.decode() for name in _SECTION.findall(body)}))


_CORE = pattern(r"^\s*\[(?:core|remote|credential)\b")
_CONFIG = Signature("a git configuration", (_CORE,), tell=_sections)
_CONFIG_WITH_LOGIN = Signature(
    "a git configuration with a login in it", (_CORE, _CREDENTIALS), severity=Severity.CRITICAL, tell=_sections
)
_HASH = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_HEAD = Signature("the HEAD of a git repository", (re.compile(rb"\A(?:ref: refs/|%b\s*\Z)" % _HASH.encode()),))
_LOG = Signature("git's log", (re.compile(rb"\A%b %b " % (_HASH.encode(), _HASH.encode())),))
_REFS = Signature("git's packed refs", (re.compile(rb"\A(?:# pack-refs |%b refs/)" % _HASH.encode()),))
_INDEX = Signature("git's index", magic=(b"DIRC",))


class Git(PathCheck):
    """Asks for files that every git repository has."""

    id: ClassVar[str] = "sec.git"
    asks: ClassVar[str] = "Is the git repository out of reach?"
    passes: ClassVar[str] = "refused or as for any path"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei git-config"
    advice: ClassVar[str] = (
        "The whole source and its history can be fetched: let the web server refuse /.git, and rotate every secret "
        "that was ever committed"
    )
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe("/.git/config", (_CONFIG_WITH_LOGIN, _CONFIG), short=True),
        Probe("/.git/HEAD", (_HEAD,), short=True),
        Probe("/.git/logs/HEAD", (_LOG,), short=True),
        Probe("/.git/packed-refs", (_REFS,), short=True),
        Probe("/.git/index", (_INDEX,), short=True),
    )


class OtherRepositories(PathCheck):
    """Asks for what Subversion, Mercurial and macOS leave."""

    id: ClassVar[str] = "sec.vcs-other"
    asks: ClassVar[str] = "Are .svn, .hg and .DS_Store out of reach?"
    passes: ClassVar[str] = "refused or as for any path"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "nuclei ds-store-file, svn-entries"
    advice: ClassVar[str] = (
        "They name the app's files: leave them out of the deploy, and let the web server refuse them"
    )
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe("/.svn/entries", (Signature("Subversion's entries", (re.compile(rb"\A\d{1,2}\r?\n"),)),), short=True),
        Probe("/.svn/wc.db", (Signature("Subversion's database", magic=(b"SQLite format 3\0",)),), short=True),
        Probe(
            "/.hg/requires",
            (Signature("a Mercurial repository", (pattern(r"^(?:revlogv\d|dotencode|generaldelta|store)\s*$"),)),),
            short=True,
        ),
        Probe("/.DS_Store", (Signature("macOS's list of files", magic=(b"\0\0\0\1Bud1",)),), short=True),
    )
