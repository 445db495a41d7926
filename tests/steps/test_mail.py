"""mail: which message is taken, what is saved from it, and what is said when none comes."""

from __future__ import annotations

import pytest
from cases import Replayed, alone, errs, fails, passes, replay
from server import Site, closed_port


def sent(to: str, subject: str = "Your code", kind: str = "code") -> str:
    return f"- goto: /send?to={to}@example.test&subject={subject.replace(' ', '%20')}&kind={kind}"


CASES = {
    "mail": passes(f"""
        {sent("one")}
        - mail: {{to: one@example.test}}
          save: {{code: {{text: {{matches: "code is ([0-9]+)"}}}}, order: {{header: x-order, matches: "([0-9]+)"}}}}
        - goto: /plain?code=${{code}}&order=${{order}}
        - expect: {{url: /plain?code=93817264&order=4711}}
        """),
    "mail-with-all-conditions": passes(f"""
        {sent("two")}
        - mail: {{to: two@example.test, subject: your code, from: shop@, text: do not share}}
        """),
    "mail-newest-first": passes(f"""
        {sent("three", "First letter")}
        {sent("three", "Second letter")}
        - mail: {{to: three@example.test}}
          save: {{subject: {{header: subject}}}}
        - expect: {{url: /send?to=three@example.test}}
        - mail: {{to: three@example.test}}
          save: {{other: {{header: subject}}}}
        - goto: /plain?a=${{subject}}&b=${{other}}
        - expect: {{url: /plain?a=Second letter&b=First letter}}
        """),
    "mail-link": passes(f"""
        {sent("four", "Reset", "reset")}
        - mail: {{to: four@example.test}}
          save: {{link: {{anchor: Choose a new}}}}
        - goto: ${{link}}
        - expect: {{url: /plain?token=abcdefabcdef0123456789}}
        """),
    "mail-nobody": fails(
        "no message to nobody@example.test within …; none came for it, …",
        """
        - goto: /plain
        - mail: {to: nobody@example.test}
        """,
    ),
    "mail-other-subject": fails(
        'no message to five@example.test subject "Reset" within …; 1 came for this address ("Your code" …), …',
        f"""
        {sent("five")}
        - mail: {{to: five@example.test, subject: Reset}}
        """,
    ),
    "mail-other-text": fails(
        'no message to six@example.test from "shop" and text "invoice" within …; 1 came for this address …',
        f"""
        {sent("six")}
        - mail: {{to: six@example.test, text: invoice, from: shop}}
        """,
    ),
    "mail-is-taken-once": fails(
        "no message to seven@example.test within …; none came for it, 1 already taken by an earlier step …",
        f"""
        {sent("seven")}
        - mail: {{to: seven@example.test}}
        - mail: {{to: seven@example.test}}
        """,
    ),
    "mail-without-such-a-link": fails(
        'nothing to save: there is no link "Unsubscribe"',
        f"""
        {sent("eight", "Reset", "reset")}
        - mail: {{to: eight@example.test}}
          save: {{link: {{anchor: Unsubscribe}}}}
          timeout: 20s
        """,
    ),
    "mail-without-such-a-header": fails(
        "nothing to save: there is no header X-Nothing",
        f"""
        {sent("nine")}
        - mail: {{to: nine@example.test}}
          save: {{x: {{header: X-Nothing}}}}
          timeout: 20s
        """,
    ),
    "code-is-painted-over": alone(
        passes(f"""
        {sent("ten")}
        - mail: {{to: ten@example.test}}
          save: {{code: {{text: {{matches: "code is ([0-9]+)"}}}}}}
        - goto: /plain
        - fill: {{label: Email}}
          with: ${{code}}
          picture: true
        """)
    ),
}
UNREACHABLE = {
    "no-mailbox": errs(
        "no mailbox is configured; name one under `mailbox:` in smokerunner.yaml", "- mail: {to: one@example.test}"
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    site.smtp_port = closed_port()
    config = f"""
        apps:
          site:
            environments:
              local:
                mailbox: {{embedded: {{port: {site.smtp_port}}}}}
                mail_links: rebase
        """
    return replay(CASES, site, tmp_path_factory.mktemp("mail"), config=config)


@pytest.fixture(scope="module")
def unreachable(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(UNREACHABLE, site, tmp_path_factory.mktemp("unreachable"))


@pytest.mark.parametrize("name", CASES)
def test_mail(name: str, replayed: Replayed) -> None:
    replayed.check(name)


@pytest.mark.parametrize("name", UNREACHABLE)
def test_no_mailbox(name: str, unreachable: Replayed) -> None:
    unreachable.check(name)
    assert unreachable.exit_code == 3


def test_codes_and_links_that_came_by_mail_are_nowhere_in_the_evidence(replayed: Replayed) -> None:
    assert replayed.step("code-is-painted-over", 4).value == "***code***"
    for path in replayed.bundle.rglob("*"):
        if path.is_file() and path.suffix != ".png":
            data = path.read_bytes()
            assert b"93817264" not in data, path
            assert b"abcdefabcdef0123456789" not in data, path
