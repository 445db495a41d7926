"""Tools of developers that show, or do, more than visitors should: debuggers, dashboards, installers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from smokerunner.checks.exposure.ground import Ground
from smokerunner.checks.exposure.judgement import Judged, Probe
from smokerunner.checks.exposure.paths import PathCheck
from smokerunner.checks.exposure.signature import Signature, is_page, pattern
from smokerunner.model.check import CheckContext
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_GATE = "Let it ask for a login, or leave it out of production"


class Ignition(PathCheck):
    """Asks whether Ignition would run commands; nothing is ever sent to be run."""

    id: ClassVar[str] = "sec.ignition"
    asks: ClassVar[str] = "Is Ignition, Laravel's error page, switched off?"
    passes: ClassVar[str] = "its routes are refused, and none says that it can run commands"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "nuclei laravel-debug-enabled, CVE-2021-3129"
    advice: ClassVar[str] = "Set APP_DEBUG=false, rebuild the configuration's cache, and install without dev packages"
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, (Signature("Ignition", (pattern(r'"can_execute_commands"\s*:'),), json=True),))
        for path in ("/_ignition/health-check", "/_ignition/execute-solution")
    )


class IgnitionLogs(PathCheck):
    """Asks for the logs that an Ignition viewer gives out."""

    id: ClassVar[str] = "sec.ignition-logs"
    asks: ClassVar[str] = "Does Ignition keep its logs to itself?"
    passes: ClassVar[str] = "refused or as for any path"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei laravel-ignition-log-viewer"
    advice: ClassVar[str] = _GATE
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe(
            "/_ignition/logs",
            (Signature("logs", (pattern(r'"log_messages"\s*:'), pattern(r'"exception"\s*:')), json=True),),
        ),
    )


_TELESCOPE = Signature(
    "Telescope",
    (pattern(r"<title>\s*Telescope\b"), pattern(r"\bid=[\"']?telescope\b"), pattern(r"window\.Telescope\s*=")),
    page=True,
)


class Telescope(PathCheck):
    """Asks for Telescope without a login."""

    id: ClassVar[str] = "sec.telescope"
    asks: ClassVar[str] = "Does Telescope ask for a login?"
    passes: ClassVar[str] = "refused, a redirect to a login, or as for any path"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei laravel-telescope"
    advice: ClassVar[str] = "Every request and its session can be read: close the gate `viewTelescope`"
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe("/telescope", (_TELESCOPE,)),
        Probe("/telescope/requests", (_TELESCOPE,)),
    )


class Horizon(PathCheck):
    """Asks for Horizon without a login."""

    id: ClassVar[str] = "sec.horizon"
    asks: ClassVar[str] = "Does Horizon ask for a login?"
    passes: ClassVar[str] = "refused, a redirect to a login, or as for any path"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei laravel-horizon-unauth"
    advice: ClassVar[str] = "Jobs and what they carry can be read: close the gate `viewHorizon`"
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe(
            "/horizon",
            (
                Signature(
                    "Horizon",
                    (
                        pattern(r"<title>\s*Horizon\b"),
                        pattern(r"\bid=[\"']?horizon\b"),
                        pattern(r"window\.Horizon\s*="),
                    ),
                    page=True,
                ),
            ),
        ),
        Probe(
            "/horizon/api/stats",
            (
                Signature(
                    "Horizon's figures",
                    tuple(pattern(rf'"{key}"\s*:') for key in ("queueWithMaxRuntime", "recentJobs", "status")),
                    json=True,
                ),
            ),
        ),
    )


class Dashboards(PathCheck):
    """Asks for Pulse, Nova and log viewers without a login."""

    id: ClassVar[str] = "sec.pulse-nova-logviewer"
    asks: ClassVar[str] = "Do Pulse, Nova and log viewers ask for a login?"
    passes: ClassVar[str] = "refused, a redirect to a login, or as for any path"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "own"
    advice: ClassVar[str] = _GATE
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe(
            "/pulse",
            (
                Signature(
                    "Laravel Pulse",
                    (
                        pattern(r"<title[^>]{0,300}>\s*Laravel Pulse\b"),
                        pattern(r"wire:(?:snapshot|initial-data)=[\"'][^\"']{0,400}pulse\."),
                    ),
                    page=True,
                ),
            ),
        ),
        Probe(
            "/log-viewer",
            (
                Signature(
                    "a log viewer",
                    (
                        pattern(
                            r"window\.LogViewer\s*=|\bid=[\"']log-viewer[\"']|\bid=[\"']table-log[\"']"
                            r"|wire:initial-data=[\"'][^\"']{0,400}log-viewer::"
                        ),
                    ),
                    page=True,
                ),
            ),
        ),
        Probe(
            "/nova",
            (
                Signature(
                    "Nova",
                    (
                        pattern(
                            r"&quot;component&quot;:&quot;Nova\.(?!Login|ForgotPassword|ResetPassword|TwoFactor)"
                            r"|<div id=[\"']nova[\"']"
                        ),
                    ),
                    page=True,
                ),
            ),
        ),
    )


class HomeTooCheck(PathCheck):
    """Asks its paths, and looks for the traces that the same tool leaves in the home page."""

    trace: ClassVar[Signature]
    headers: ClassVar[tuple[str, ...]] = ()

    async def judged(self, ctx: CheckContext, ground: Ground) -> Sequence[Judged]:
        """The paths, then the home page."""
        found = await super().judged(ctx, ground)
        url = ctx.base_url + "/"
        home = await ctx.web.ask(url, follow=3)
        seen = [f"the header {name.title()}" for name in self.headers if home.header(name) is not None]
        # In the page of an error too: the tool is in every page.
        told = self.trace.proof(replace(home, status=200)) if is_page(home) else ""
        seen += [told] if told else []
        outcome = Outcome.FAILED if seen else Outcome.PASSED
        wanted = "no trace of it" if seen else ""
        said = " and ".join(seen) or f"{home.status}, no trace of it"
        return [*found, Judged(Reading(what=f"GET {url}", outcome=outcome, seen=said, wanted=wanted))]


class Debugbar(HomeTooCheck):
    """Asks for what PHP Debug Bar has collected."""

    id: ClassVar[str] = "sec.debugbar"
    asks: ClassVar[str] = "Is PHP Debug Bar switched off?"
    passes: ClassVar[str] = "its data are refused, and the home page does not load it"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei php-debug-bar"
    advice: ClassVar[str] = "Set APP_DEBUG=false and DEBUGBAR_ENABLED=false, and install without dev packages"
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe(
            "/_debugbar/open?max=20&offset=0",
            (
                Signature(
                    "its collected requests",
                    (pattern(r'"id"\s*:\s*"'), pattern(r'"datetime"\s*:'), pattern(r'"method"\s*:')),
                    json=True,
                ),
            ),
        ),
    )
    trace: ClassVar[Signature] = Signature(
        "PHP Debug Bar in the page",
        (
            pattern(
                r"<script[^>]{0,300}>[^<]{0,200}\bphpdebugbar\s*=\s*new\b|(?:src|href)=[\"'][^\"']*/_debugbar/assets/"
            ),
        ),
        page=True,
    )


class Clockwork(HomeTooCheck):
    """Asks for Clockwork's page."""

    id: ClassVar[str] = "sec.clockwork"
    asks: ClassVar[str] = "Is Clockwork switched off?"
    passes: ClassVar[str] = "its page is refused, and answers carry no X-Clockwork-Id"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei clockwork-php-page"
    advice: ClassVar[str] = "Set CLOCKWORK_ENABLE=false, and install without dev packages"
    probes: ClassVar[tuple[Probe, ...]] = (
        Probe(
            "/__clockwork/app",
            (
                Signature(
                    "Clockwork",
                    (pattern(r"<title>\s*Clockwork\s*</title>"), pattern(r"<div id=[\"']?app\b")),
                    page=True,
                ),
            ),
        ),
    )
    trace: ClassVar[Signature] = Signature(
        "Clockwork in the page", (pattern(r"<script[^>]{1,300}src=[\"'][^\"']*/__clockwork/"),), page=True
    )
    headers: ClassVar[tuple[str, ...]] = ("x-clockwork-id",)


class Profiler(HomeTooCheck):
    """Asks for Symfony's profiler."""

    id: ClassVar[str] = "sec.profiler"
    asks: ClassVar[str] = "Is Symfony's profiler switched off?"
    passes: ClassVar[str] = "its pages are refused, and answers carry no X-Debug-Token"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei symfony-profiler"
    advice: ClassVar[str] = "Set APP_ENV=prod and APP_DEBUG=0"
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, (Signature("Symfony Profiler", (pattern(r"<title>[^<]*Symfony Profiler"),), page=True),))
        for path in ("/_profiler/empty/search/results?limit=10", "/_profiler/")
    )
    trace: ClassVar[Signature] = Signature(
        "Symfony's toolbar in the page", (pattern(r"<div id=[\"']sfwdt[0-9a-f]+"),), page=True
    )
    headers: ClassVar[tuple[str, ...]] = ("x-debug-token", "x-debug-token-link")


_PHPINFO = Signature(
    "phpinfo()", (pattern(r"<h1 class=[\"']p[\"']>\s*PHP Version"), pattern(r"<td class=[\"']e[\"']>")), page=True
)


class PhpInfo(PathCheck):
    """Asks for the usual names of pages that call phpinfo()."""

    id: ClassVar[str] = "sec.phpinfo"
    asks: ClassVar[str] = "Is there no page that shows phpinfo()?"
    passes: ClassVar[str] = "no page with PHP's version and its table of settings"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "nuclei phpinfo-files"
    advice: ClassVar[str] = "Delete the file: it shows paths, versions, and often secrets of the environment"
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, (_PHPINFO,))
        for path in (
            "/php.php", "/php2.php", "/phpinfo.php", "/info.php", "/infophp.php", "/php_info.php", "/test.php",
            "/i.php", "/p.php", "/pi.php", "/asdf.php", "/pinfo.php", "/phpversion.php", "/time.php", "/inf0.php",
            "/index.php", "/temp.php", "/old_phpinfo.php", "/infos.php", "/linusadmin-phpinfo.php", "/php-info.php",
            "/dashboard/phpinfo.php", "/_profiler/phpinfo.php", "/_profiler/phpinfo", "/?phpinfo=1",
            "/l.php?act=phpinfo",
        )
    )  # fmt: skip


_INSTALLERS = (
    Signature(
        "an installer",
        (
            pattern(
                r"<title>[^<]*(?:Easy Installer by ViserLab|GeniusOcean - Script Installer|FleetCart - Installation"
                r"|Bagisto Installer|Installer - Easyscripts|Laravel Installer|(?:install(?:ation)?|setup) wizard)"
            ),
        ),
        page=True,
    ),
    Signature(
        "a form that installs",
        (
            pattern(
                r"<input[^>]{0,300}\bname=[\"']?(?:purchase_?code|envato_?\w*|(?:db|database)_?(?:host|hostname|name"
                r"|user|username|password)|weblog_title|dbname)\b"
            ),
        ),
        page=True,
    ),
    Signature(
        "an installer that asks for a purchase code",
        (pattern(r"<title>[^<]*install"), pattern(r"purchase code")),
        page=True,
    ),
)


class Installer(PathCheck):
    """Asks for the pages with which anybody could set the app up anew."""

    id: ClassVar[str] = "sec.installer"
    asks: ClassVar[str] = "Is the installer gone?"
    passes: ClassVar[str] = "refused, a redirect to another page, or a page that installs nothing"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook; nuclei misconfiguration/installer"
    advice: ClassVar[str] = "Whoever is first can make the app their own: delete the installer or lock it"
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, _INSTALLERS)
        for path in (
            "/install", "/install/", "/install/?step=1", "/install/index.php", "/installer", "/setup", "/update",
            "/updater", "/wp-admin/install.php", "/wp-admin/setup-config.php",
        )
    )  # fmt: skip


_ADMINER = Signature("Adminer", (pattern(r"<title>[^<]*\bAdminer\b|\bname=[\"']?auth\[driver\]"),), page=True)
_PHPMYADMIN = Signature("phpMyAdmin", (pattern(r"<title>\s*phpMyAdmin|\bname=[\"']?pma_username\b"),), page=True)


class Adminer(PathCheck):
    """Asks for the consoles of databases."""

    id: ClassVar[str] = "sec.adminer"
    asks: ClassVar[str] = "Are Adminer and phpMyAdmin out of reach?"
    passes: ClassVar[str] = "refused or as for any path; their login page is not"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "nuclei adminer-panel, phpmyadmin-panel"
    advice: ClassVar[str] = "Delete it, or let only your own network reach it"
    probes: ClassVar[tuple[Probe, ...]] = tuple(
        Probe(path, (_ADMINER, _PHPMYADMIN))
        for path in ("/adminer.php", "/adminer/", "/phpmyadmin/", "/phpMyAdmin/", "/pma/")
    )
