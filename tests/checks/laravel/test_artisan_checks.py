"""What artisan tells, by stand-ins with the outputs of laravel/framework.

`about --json`: AboutCommand::displayJson, keys in snake case, real booleans (since 10), words before; null is left out.
`migrate:status --pending=N`: StatusCommand exits with N; Laravel 8 has no such option and prints a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smokerunner.checks.laravel.readiness import Caches, MigratePending, StorageLink
from smokerunner.checks.mailing.mailer import Mailer
from smokerunner.checks.queue.driver import Driver
from smokerunner.model.check import Check, Finding
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import ask
from tests.checks.laravel.artisan_stand_in import artisan

NOWHERE = "http://127.0.0.1:9"
CACHED = {"config": True, "events": True, "routes": True, "views": True}


def told(check: Check, folder: Path, answers: dict[str, Any], *, production: bool = True) -> Finding:
    return ask(check, NOWHERE, server=artisan(folder, answers), production=production)


def about(**sections: Any) -> dict[str, Any]:
    return {"about --json": {"environment": {"environment": "production", "debug_mode": False}, **sections}}


@pytest.mark.parametrize(
    ("check", "answers", "outcome", "said"),
    [
        (Caches(), about(cache=CACHED), Outcome.PASSED, ""),
        (Caches(), about(cache={**CACHED, "routes": False}), Outcome.FAILED, "php artisan route:cache"),
        (Caches(), about(cache=dict.fromkeys(CACHED, "CACHED")), Outcome.PASSED, ""),
        (Caches(), about(cache=dict.fromkeys(CACHED, "NOT CACHED")), Outcome.FAILED, "php artisan config:cache"),
        (Caches(caches=("config",)), about(cache={**CACHED, "views": False}), Outcome.PASSED, ""),
        (StorageLink(), about(storage={"public/storage": True}), Outcome.PASSED, ""),
        (StorageLink(), about(storage={"public/storage": False}), Outcome.FAILED, "storage:link"),
        (Driver(), about(drivers={"queue": "redis"}), Outcome.PASSED, ""),
        (Driver(), about(drivers={"queue": "sync"}), Outcome.FAILED, "inside requests"),
        (Driver(), about(drivers={"cache": "file"}), Outcome.FAILED, "thrown away"),
        (Mailer(), about(drivers={"mail": "smtp"}), Outcome.PASSED, ""),
        (Mailer(), about(drivers={"mail": "log"}), Outcome.FAILED, "nothing is sent; set MAIL_MAILER=smtp"),
        (Mailer(), about(drivers={"mail": "array"}), Outcome.FAILED, "nothing is sent"),
        (Mailer(), about(drivers={"mail": ["smtp", "log"]}), Outcome.WARNED, "nobody gets it"),
        (Mailer(), about(drivers={"mail": ["log", "array"]}), Outcome.FAILED, "nothing is sent"),
        (
            MigratePending(),
            {"migrate:status --pending=13": (0, "\n   INFO  No pending migrations.  \n\n")},
            Outcome.PASSED,
            "",
        ),
        (
            MigratePending(),
            {"migrate:status": (1, "Migration table not found.\n")},
            Outcome.FAILED,
            "no migration was ever run",
        ),
        (
            MigratePending(),
            {"migrate:status --pending=13": (13, "  2026_11_20_101500_add_vat ......... Pending\n")},
            Outcome.FAILED,
            "pending: 2026_11_20_101500_add_vat",
        ),
        (
            MigratePending(),
            {
                "migrate:status --pending": (1, '\n  The "--pending" option does not exist.  \n'),
                "migrate:status": (0, "| Ran? | Migration | Batch |\n| Yes  | 2014_10_12_000000_create_users | 1 |\n"),
            },
            Outcome.PASSED,
            "",
        ),
        (
            MigratePending(),
            {
                "migrate:status --pending": (1, '\n  The "--pending" option does not exist.  \n'),
                "migrate:status": (0, "| Yes  | 2014_10_12_000000_a | 1 |\n| No   | 2026_11_20_101500_add_vat |  |\n"),
            },
            Outcome.FAILED,
            "pending: 2026_11_20_101500_add_vat",
        ),
    ],
)
def test_what_artisan_tells(tmp_path: Path, check: Check, answers: dict[str, Any], outcome: Outcome, said: str) -> None:
    finding = told(check, tmp_path, answers)
    assert finding.outcome is outcome, finding.message
    assert said in finding.message


def test_a_queue_that_throws_jobs_away_is_critical(tmp_path: Path) -> None:
    assert told(Driver(), tmp_path, about(drivers={"cache": "file"})).severity is Severity.CRITICAL


@pytest.mark.parametrize(("check", "drivers"), [(Driver(), {"queue": "sync"}), (Mailer(), {"mail": "log"})])
def test_elsewhere_than_on_production_it_is_a_warning(tmp_path: Path, check: Check, drivers: dict[str, str]) -> None:
    assert told(check, tmp_path, about(drivers=drivers), production=False).outcome is Outcome.WARNED


def test_warnings_of_php_may_stand_before_it(tmp_path: Path) -> None:
    noise = 'PHP Deprecated:  Return type in /srv/x.php on line 3\n{"drivers":{"queue":"redis"}}\n'
    assert told(Driver(), tmp_path, {"about --json": (0, noise)}).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, 'Command "about" is not defined'),
        ({"about": (0, "")}, "no output"),
        ({"about": {"cache": {}}}, "says nothing of drivers"),
        ({"about": [1]}, "says nothing of drivers"),
    ],
)
def test_an_artisan_that_does_not_tell(tmp_path: Path, answers: dict[str, Any], said: str) -> None:
    with pytest.raises(Inconclusive, match=said):
        told(Driver(), tmp_path, answers)


def test_a_database_that_is_gone_says_nothing_of_migrations(tmp_path: Path) -> None:
    with pytest.raises(Inconclusive, match="SQLSTATE"):
        told(MigratePending(), tmp_path, {"migrate:status": (1, "\n  SQLSTATE[HY000] [2002] Connection refused \n")})


def test_without_a_server_it_is_skipped() -> None:
    with pytest.raises(NotReached, match="say where it is"):
        ask(Driver(), NOWHERE)
