"""What WordPress leaves within reach."""

from __future__ import annotations

import json
import re
from typing import ClassVar

from smokerunner.checks.exposure.judgement import Probe
from smokerunner.checks.exposure.logs import MONOLOG, PHP_LOG
from smokerunner.checks.exposure.paths import PathCheck
from smokerunner.checks.exposure.signature import Signature, digest, pattern
from smokerunner.model.severity import Severity

_CONSTANT = re.compile(rb"define\(\s*['\"]([A-Z_]{3,40})['\"]")


def _constants(body: bytes) -> str:
    """The names of the constants that are set."""
    names = list(dict.fromkeys(name.decode() for name in _CONSTANT.findall(body)))
    return f"{', '.join(names[:6])}; SHA-256 {digest(body)}…"


def _users(body: bytes) -> str:
    """How many users are told; empty when it is no list of them."""
    try:
        found = json.loads(body)
    except ValueError:
        # Cut off in the middle: the patterns have seen one.
        return "at least one user"
    users = [one for one in found if isinstance(one, dict) and "slug" in one] if isinstance(found, list) else []
    return f"{len(users)} user{'s' if len(users) > 1 else ''} named" if users else ""


_CONFIG = Signature(
    "WordPress's configuration", (pattern(r"define\(\s*['\"]DB_(?:NAME|USER|PASSWORD|HOST)['\"]"),), tell=_constants
)
_SWAP = Signature("an editor's swap file", magic=(b"b0VIM",))
_NAMES = (
    "wp-config.php.bak", "wp-config.php.old", "wp-config.php.save", "wp-config.php.orig", "wp-config.php.txt",
    "wp-config.php.swp", "wp-config.php~", "wp-config.bak", "wp-config.old", "wp-config.txt", "wp-config-backup.txt",
    ".wp-config.php.swp",
)  # fmt: skip


class WordPressConfig(PathCheck):
    """Asks for copies of wp-config.php, which are not run but shown."""

    id: ClassVar[str] = "sec.wp-config"
    asks: ClassVar[str] = "Are copies of wp-config.php out of reach?"
    passes: ClassVar[str] = "refused or as for any path, and no configuration"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "nuclei wordpress-wp-config"
    advice: ClassVar[str] = "Delete the copy, and change the database's password and WordPress's keys"
    probes: ClassVar[tuple[Probe, ...]] = tuple(Probe(f"/{name}", (_CONFIG, _SWAP), short=True) for name in _NAMES)


class WordPressLog(PathCheck):
    """Asks for the log that WP_DEBUG_LOG writes."""

    id: ClassVar[str] = "sec.wp-debug-log"
    asks: ClassVar[str] = "Is WordPress's debug log out of reach?"
    passes: ClassVar[str] = "refused or as for any path"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei wp-debug-log"
    advice: ClassVar[str] = "Delete it, switch WP_DEBUG_LOG off or let it write outside of the web server's root"
    probes: ClassVar[tuple[Probe, ...]] = (Probe("/wp-content/debug.log", (PHP_LOG, MONOLOG), short=True),)


_USERS = Signature("WordPress's users", (pattern(r'"slug"\s*:\s*"'), pattern(r'"id"\s*:\s*\d')), json=True, tell=_users)


class WordPressUsers(PathCheck):
    """Asks the API for the users."""

    id: ClassVar[str] = "sec.wp-users"
    asks: ClassVar[str] = "Does WordPress keep the names of its users to itself?"
    passes: ClassVar[str] = "no list of users without a login"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "nuclei wp-user-enum"
    advice: ClassVar[str] = "Let the API of users ask for a login"
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe("/wp-json/wp/v2/users", (_USERS,)),
        Probe("/?rest_route=/wp/v2/users", (_USERS,)),
    )


_README = Signature(
    "WordPress's read-me", (pattern(r"<title>\s*WordPress\b[^<]*ReadMe\s*</title>"), pattern("wordpress")), page=True
)


class WordPressReadme(PathCheck):
    """Asks for the file that tells the version."""

    id: ClassVar[str] = "sec.wp-readme"
    asks: ClassVar[str] = "Is WordPress's readme.html gone?"
    passes: ClassVar[str] = "refused or as for any path"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "nuclei wordpress-readme-file"
    advice: ClassVar[str] = "Delete it"
    probes: ClassVar[tuple[Probe, ...]] = (Probe("/readme.html", (_README,)),)
