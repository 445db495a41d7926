"""The bench itself, with the first check there is."""

from __future__ import annotations

from smokerunner.checks.http.home import HomeUp
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving


def test_a_home_page_that_is_there() -> None:
    with serving({"/": Reply(body="<h1>Quiet things</h1>")}) as site:
        assert ask(HomeUp(text="Quiet"), site.base_url).outcome is Outcome.PASSED  # type: ignore[arg-type]
        other = ask(HomeUp(text="Loud"), site.base_url)  # type: ignore[arg-type]
    assert (other.outcome, other.message) == (
        Outcome.FAILED,
        f'the text of {site.base_url}/, wanted "Loud"',
    )


def test_a_home_page_that_is_not_there() -> None:
    with serving({}) as site:
        finding = ask(HomeUp(), site.base_url)
    assert finding.outcome is Outcome.FAILED
    assert "404" in finding.message
