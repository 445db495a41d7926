"""Whose variables a flow sees when several people take part in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.outcome_site import Site, replay, write

pytestmark = [pytest.mark.e2e]

FLOWS = """
  customer:
    steps: [{goto: "/?who=customer&email=${email}"}]
  staff:
    steps: [{goto: "/?who=staff&email=${email}"}]
  order:
    starts_from: customer
    people: {staff: staff}
    steps: [{goto: "/?who=order&email=${email}"}]
  needed:
    needs: customer
    people: {staff: staff}
    steps: [{goto: "/?who=needed&email=${email}"}]
"""


def test_what_somebody_else_knows_does_not_replace_what_the_own_user_knows(tmp_path: Path) -> None:
    write(tmp_path, FLOWS, head='variables: {email: "smoke+${unique}@example.test"}')
    with Site() as site:
        ran = replay(tmp_path, site, "--pictures", "off", "--trace", "off", "--no-history")
    emails = {asked.query["who"]: asked.query["email"] for asked in site.asked_for("/") if "who" in asked.query}
    assert ran.exit_code == 0, ran.out
    assert emails["order"] == emails["needed"] == emails["customer"] != emails["staff"]
