"""Which checks fit which kind of app, so that one line turns them on."""

from __future__ import annotations

from collections.abc import Mapping

_EXPOSED = (
    "sec.env",
    "sec.env-variants",
    "sec.env-example",
    "sec.git",
    "sec.vcs-other",
    "sec.log-file",
    "sec.debug-html",
    "sec.debug-json",
    "sec.phpinfo",
    "sec.installer",
    "sec.composer",
    "sec.sql-dumps",
    "sec.backups",
    "sec.dirlist",
    "sec.adminer",
    "sec.secrets-in-html",
    "sec.php-headers",
)
_EXPOSED_BY_LARAVEL = (
    "sec.ignition",
    "sec.ignition-logs",
    "sec.telescope",
    "sec.horizon",
    "sec.pulse-nova-logviewer",
    "sec.debugbar",
    "sec.clockwork",
    "sec.profiler",
    "sec.vendor",
    "sec.bootstrap-cache",
)
_EXPOSED_BY_WORDPRESS = (
    "sec.wp-config",
    "sec.wp-debug-log",
    "sec.wp-users",
    "sec.wp-readme",
    "sec.vendor",
)
_FROM_OUTSIDE = (
    "http.home-up",
    "http.maintenance",
    "http.error-page",
    "http.assets",
    "http.addresses",
    "tls.https",
    "tls.expiry",
    "tls.protocols",
    "tls.redirect",
    "tls.hsts",
    "tls.hsts-everywhere",
    "tls.mixed",
    "hdr.csp",
    "hdr.xfo",
    "hdr.xcto",
    "hdr.referrer",
    "hdr.cors",
    "hdr.grade",
    "cookie.session",
    "cookie.xsrf",
    "cookie.domain",
    "perf.home",
    "srv.clock",
)
_HEALTH_AT_UP = ("http.health-up", "perf.health")
"""Of frameworks that have /up."""
_ANY = (*_FROM_OUTSIDE, *_EXPOSED)
PRESETS: Mapping[str, tuple[str, ...]] = {
    "any": _ANY,
    "laravel": (
        *_ANY,
        *_HEALTH_AT_UP,
        "perf.login",
        *_EXPOSED_BY_LARAVEL,
    ),
    "wordpress": (
        *_ANY,
        *_EXPOSED_BY_WORDPRESS,
    ),
    "django": (
        *_ANY,
        "sec.bootstrap-cache",
    ),
    "rails": (
        *_ANY,
        *_HEALTH_AT_UP,
    ),
}
"""By name: the ids of the checks that it turns on, with their usual settings."""
WITH_SERVER: Mapping[str, tuple[str, ...]] = {
    "laravel": (
        "sec.debug-flag",
        "sec.app-env",
        "mail.mailer",
        "queue.driver",
        "queue.failed-new",
        "srv.caches",
        "srv.storage-link",
        "rel.migrate-pending",
    ),
}
"""What a preset turns on beside these where `server:` says how the app's own commands are run."""
