"""Every rule with what it finds and what it must leave alone; silence, fixes and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from smokerunner.authoring.lint.catalogue import RULES
from smokerunner.authoring.lint.linting import fix, lint
from smokerunner.authoring.lint.places import as_path
from smokerunner.model.matcher import join
from tests.conftest import Smoke

ROOT = Path(__file__).parents[2]
HEAD = "app: a\nbase_url: http://127.0.0.1:8000/shop\n"
SAW = "      - expect: {visible: {heading: Done}}\n"


def flow(steps: str, *, name: str = "x", head: str = "", end: str = SAW) -> str:
    """A flow with these steps, which ends with an expectation."""
    lines = "".join(f"      {line}\n" for line in steps.strip("\n").splitlines())
    return f"  {name}:\n{head}    steps:\n{lines}{end}"


def flows(*texts: str, head: str = "") -> str:
    return f"{HEAD}{head}flows:\n{''.join(texts)}"


SECRET = "secrets: [A]\n"
NONE = "    effects: none\n"
# Rule: files in which it finds something, and how often; the lines where, from 1.
BAD: dict[str, list[tuple[str, list[int]]]] = {
    "no-expectation": [
        (flows(flow("- goto: /", end="")), [4]),
        (flows(flow("- goto: /\n- expect: {url: /}\n- click: {link: More}", end="")), [8]),
        (flows(flow("- click: {button: Save}\n- goto: /list")), [6]),
        (flows(flow("- press: Enter\n- fill: {label: A}\n  with: b\n- reload: true")), [6]),
        (flows(flow("- click: {button: Save}\n- use: y"), flow("- goto: /", name="y")), [6]),
        (flows(flow("- expect: {url: /}\n  when: {visible: {text: A}}", end="")), [4]),
        (flows(flow("- expect: {url: /}\n  on_failure: warn", end="")), [4]),
        (flows(flow("- goto: /"), flow("- use: x\n- fill: {label: A}\n  with: b", name="y", end="")), [11]),
    ],
    "literal-password": [
        (flows(flow("- fill: {label: Password}\n  with: hunter2")), [7]),
        (flows(flow("- fill: {label: Passwort}\n  with: hunter2\n- fill: {css: '#user_pwd'}\n  with: b")), [7, 9]),
        (flows(flow("- type: '1234'\n  in: {label: Your PIN}")), [6]),
        (flows(flow("- fill: {label: A}\n  with: ${password}"), head="variables: {password: hunter2}\n"), [3]),
        (flows(flow("- goto: /"), head="browser: {http_credentials: {username: a, password: hunter2}}\n"), [3]),
        (flows(flow("- goto: /", head="    browser: {headers: {X-Lang: de, Authorization: Bearer 1}}\n")), [5]),
    ],
    "secret-as-name": [
        (flows(flow("- goto: /\n  name: as ${secrets.A}"), head=SECRET), [8]),
        (flows(flow("- goto: /?key=${secrets.A}"), head=SECRET), [7]),
        (flows(flow("- api: {get: '/x?key=${secrets.A}'}"), head=SECRET), [7]),
        (flows(flow("- goto: /", head="    title: with ${secrets.A}\n"), head=SECRET), [6]),
    ],
    "literal-email": [
        (flows(flow("- fill: {label: Email}\n  with: robin@acorn.shop")), [7]),
        (flows(flow("- mail: {to: robin@acorn.shop}")), [6]),
    ],
    "absolute-host": [
        (flows(flow("- goto: http://127.0.0.1:8000/shop/list")), [6]),
        (flows(flow("- goto: https://elsewhere.test/x")), [6]),
        (flows(flow("- api: {get: 'http://127.0.0.1:8000/other'}")), [6]),
        (flows(flow("- expect: {url: ['/a', 'http://127.0.0.1:8000/shop/b']}")), [6]),
    ],
    "css-path": [
        (flows(flow("- click: {css: 'ul > li'}")), [6]),
        (flows(flow("- click: {css: 'li:nth-child(3)'}")), [6]),
        (flows(flow("- click: {css: 'main div form button'}")), [6]),
        (flows(flow("- click: {xpath: '//div[2]/a'}\n- click: {button: A, within: {css: 'a + b'}}")), [6, 7]),
        (flows(flow("- expect: {visible: {css: 'div:first-child'}}")), [6]),
    ],
    "pause": [(flows(flow("- pause: 2s\n- repeat: {pause: 1s}\n  until: {url: /}")), [6, 7])],
    "shared-logout": [
        (flows(flow("- goto: /"), flow("- click: {button: Log out}", name="y", head="    starts_from: x\n")), [11]),
        (flows(flow("- goto: /"), flow("- goto: /logout", name="y", head="    starts_from: x\n")), [11]),
        (
            flows(
                flow("- goto: /"),
                flow("- use: z", name="y", head="    starts_from: x\n"),
                flow("- click: {link: Sign out}", name="z"),
            ),
            [11],
        ),
        (
            flows(
                flow("- goto: /"),
                flow("- fill: {label: New password}\n  with: ${secrets.A}", name="y", head="    starts_from: x\n"),
                head=SECRET,
            ),
            [12],
        ),
    ],
    "unused-variable": [
        (flows(flow("- goto: /${a}"), head="variables: {a: 1, b: 2}\n"), [3]),
        (flows(flow("- goto: /", head="    variables:\n      c: 1\n")), [6]),
    ],
    "unused-secret": [(flows(flow("- goto: /"), head="secrets:\n  - A\n"), [4])],
    "idle-person": [
        (flows(flow("- goto: /", head="    people:\n      admin: {}\n")), [6]),
        (flows(flow("- goto: /\n  as: boss", head="    people:\n      boss: {}\n      admin: {}\n")), [7]),
    ],
    "duplicate-title": [
        (flows(flow("- goto: /", head="    title: One\n"), flow("- goto: /", name="y", head="    title: one\n")), [10]),
    ],
    "untrue-none": [
        (flows(flow("- api: {post: /orders}", head=NONE)), [7]),
        (flows(flow("- goto: /\n- click: {button: Delete order}", head=NONE)), [8]),
        (flows(flow("- use: y", head=NONE), flow("- api: {delete: /orders}", name="y")), [7]),
    ],
    "no-cleanup": [
        (
            flows(
                flow(
                    "- fill: {label: Email}\n  with: a+${unique}@example.test\n- fill: {label: Password}\n"
                    "  with: ${secrets.A}\n- click: {button: Create account}"
                ),
                head=SECRET,
            ),
            [5],
        ),
    ],
}
GOOD: dict[str, list[str]] = {
    "no-expectation": [
        flows(flow("- click: {button: Empty}\n  when: {visible: {button: Empty}}\n- goto: /")),
        flows(flow("- click: {button: Save}\n- click: {button: Close}\n- expect: {url: /}\n- goto: /list")),
        flows(flow("- click: {button: A}\n  download: true\n- goto: /")),
        flows(flow("- click: {link: A}\n  popup:\n    - expect: {visible: {text: A}}", end="")),
        flows(flow("- goto: /\n- expect: {url: /}\n- screenshot: end\n- accessibility: true", end="")),
        flows(flow("- api: {get: /health}", end="")),
        flows(flow("- goto: /gone\n  status: 404", end="")),
        flows(flow("- goto: /"), flow("- use: x", name="y", end="")),
        flows(flow("- click: {link: A}\n- goto: /")),
    ],
    "literal-password": [
        flows(flow("- fill: {label: Password}\n  with: ''")),
        flows(flow("- fill: {label: Password}\n  with: ${secrets.A}-new"), head=SECRET),
        flows(flow("- fill: {label: Shipping}\n  with: fast")),
        flows(flow("- fill: {label: Opinion}\n  with: good")),
    ],
    "secret-as-name": [
        flows(flow("- fill: {label: A}\n  with: ${secrets.A}"), head=SECRET),
        flows(flow("- api: {post: /x, json: {password: '${secrets.A}'}}"), head=SECRET),
        flows(flow("- api: {get: /x, headers: {Authorization: 'Bearer ${secrets.A}'}}"), head=SECRET),
    ],
    "literal-email": [
        flows(flow("- fill: {label: Email}\n  with: robin@example.com\n- expect: {visible: {text: me@acorn.test}}")),
        flows(flow("- fill: {label: Email}\n  with: ${email}"), head="variables: {email: a@acorn.shop}\n"),
        flows(flow("- fill: {label: Email}\n  with: not an address@\n- expect: {visible: {text: a @ b}}")),
    ],
    "absolute-host": [
        flows(flow("- goto: /x\n- goto: //root\n- goto: ${link}"), head="variables: {link: http://x.test}\n"),
        flows(flow("- expect: {url: '/a*'}\n- fill: {label: A}\n  with: http://127.0.0.1:8000/shop/list")),
        flows(flow("- expect: {visible: {text: 'http://127.0.0.1:8000/'}}")),
    ],
    "css-path": [
        flows(flow("- click: {css: .clock}\n- click: {css: '[name=q]'}\n- click: {css: \"a[href~='x > y']\"}")),
        flows(flow("- click: {button: A, fallbacks: [{css: 'ul > li'}]}\n- click: {xpath: //a}")),
    ],
    "pause": [flows(flow("- expect: {url: /}\n  timeout: 5s"))],
    "shared-logout": [
        flows(flow("- goto: /"), flow("- use: x\n- click: {button: Log out}", name="y")),
        flows(flow("- goto: /"), flow("- click: {link: Blog outline}", name="y", head="    starts_from: x\n")),
    ],
    "unused-variable": [
        flows(flow("- goto: /${b}"), head="variables: {a: 1, b: '${a}'}\n"),
        flows(flow("- goto: /", head="    title: ${a}\n"), head="variables: {a: 1}\n"),
        flows(flow("- goto: /"), head="variables: {a: 1}\nmask: {text: '${a}'}\n"),
    ],
    "unused-secret": [flows(flow("- fill: {label: A}\n  with: ${totp(secrets.A)}"), head=SECRET)],
    "idle-person": [
        flows(flow("- goto: /\n  as: admin", head="    people: {admin: {}}\n")),
        flows(
            flow("- use: y", head="    people: {admin: {}}\n"),
            flow("- goto: /\n  as: admin", name="y", head="    people: {admin: {}}\n"),
        ),
        flows(flow("- goto: /", head="    people: {admin: {}}\n", end=f"{SAW}    cleanup: [{{goto: /, as: admin}}]\n")),
    ],
    "duplicate-title": [flows(flow("- goto: /"), flow("- goto: /", name="y"))],
    "untrue-none": [
        flows(flow("- fill: {label: Email}\n  with: a@b.test\n- click: {button: Log in}", head=NONE)),
        flows(flow("- click: {button: Search}\n- click: {link: My orders}\n- api: {get: /orders}", head=NONE)),
        flows(flow("- api: {post: /orders}")),
    ],
    "no-cleanup": [
        flows(
            flow(
                "- fill: {label: Email}\n  with: a+${unique}@example.test\n- fill: {label: Password}\n"
                "  with: ${secrets.A}\n- click: {button: Create account}",
                end=f"{SAW}    cleanup:\n      - api: {{delete: /account}}\n",
            ),
            head=SECRET,
        ),
    ],
}


def found(text: str, rule: str, home: Path) -> list[int]:
    path = home / "x.yaml"
    path.write_text(text)
    return [notice.line for notice in lint(path) if notice.rule.id == rule]


def test_every_rule_is_tried_both_ways() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert sorted(BAD) == sorted(GOOD) == sorted(ids)


@pytest.mark.parametrize(("rule", "number"), [(rule, number) for rule in BAD for number in range(len(BAD[rule]))])
def test_what_is_unwise_is_found(rule: str, number: int, home: Path) -> None:
    text, lines = BAD[rule][number]
    assert found(text, rule, home) == lines


@pytest.mark.parametrize(("rule", "number"), [(rule, number) for rule in GOOD for number in range(len(GOOD[rule]))])
def test_what_is_right_is_left_alone(rule: str, number: int, home: Path) -> None:
    assert found(GOOD[rule][number], rule, home) == []


def test_the_demos_file_is_clean(smoke: Smoke) -> None:
    ran = smoke("lint", ROOT / "flows" / "acorn.yaml")
    assert (ran.exit_code, ran.out) == (0, "1 file is clean\n")


def test_a_notice_says_where_what_and_what_would_be_right(smoke: Smoke, home: Path) -> None:
    (home / "x.yaml").write_text(flows(flow("- fill: {label: Password}\n  with: hunter2")))
    ran = smoke("lint", "x.yaml")
    assert ran.exit_code == 3
    assert ran.out == (
        "x.yaml:7:15: [literal-password] x, step 1: a password stands in the file; declare it under `secrets` and "
        "write ${secrets.NAME}\n"
    )
    assert smoke("lint", "x.yaml", "--ignore", "literal-password").exit_code == 0
    wrong = smoke("lint", "x.yaml", "--ignore", "literal-pasword")
    assert (wrong.exit_code, wrong.err) == (2, "no rule called 'literal-pasword', did you mean 'literal-password'?\n")


def test_infos_alone_are_clean(smoke: Smoke, home: Path) -> None:
    (home / "x.yaml").write_text(BAD["no-cleanup"][0][0])
    ran = smoke("lint", "x.yaml")
    assert ran.exit_code == 0
    assert "[no-cleanup] (info) x: " in ran.out


def test_a_wrong_file_is_bad_input(smoke: Smoke, home: Path) -> None:
    (home / "x.yaml").write_text(flows(flow("- clik: {button: A}")))
    ran = smoke("lint", "x.yaml")
    assert ran.exit_code == 2
    assert "x.yaml:6:9: x, step 1: no action called 'clik'" in ran.err


@pytest.mark.parametrize(
    "steps",
    [
        "- pause: 1s  # lint: ignore pause",
        "# lint: ignore css-path, pause\n- pause: 1s",
        "- name: Wait  # lint: ignore pause\n  pause: 1s",
        "- name: Wait\n  # lint: ignore pause\n  pause: 1s",
        "# lint: ignore pause\n- name: Wait\n  timeout: 5s\n  pause: 1s",
    ],
)
def test_a_comment_silences_a_rule_where_it_stands(steps: str, home: Path) -> None:
    assert found(flows(flow(steps)), "pause", home) == []
    assert found(flows(flow(steps.replace("pause\n", "x\n").replace("ignore pause", "ignore x"))), "pause", home)
    assert len(found(flows(flow(f"{steps}\n- goto: /\n- pause: 1s")), "pause", home)) == 1


def test_a_comment_beside_one_step_says_nothing_of_the_next(home: Path) -> None:
    assert found(flows(flow("- goto: /  # lint: ignore pause\n- pause: 1s")), "pause", home) == [7]


def test_fixes_change_nothing_else(smoke: Smoke, home: Path) -> None:
    before = (
        flows(
            flow('- goto: "http://127.0.0.1:8000/shop/list?a=1"  # there\n- pause: 1s'),
            flow("- goto: http://127.0.0.1:8000/", name="y", head="    variables: {c: 1}\n"),
            head="secrets: [A,  B, C]\nvariables:\n  # one\n  a: 1\n  b: '2'   # two\n",
        )
        .replace("/list?a=1", "/list?a=${b}")
        .replace("Done", "${secrets.B}", 1)
    )
    (home / "x.yaml").write_text(before.replace("heading: ${", "heading: '${").replace("B}}}", "B}'}}"))
    text = (home / "x.yaml").read_text()
    ran = smoke("lint", "x.yaml", "--fix")
    assert ran.exit_code == 3
    assert ran.out.splitlines()[-1] == "6 fixed"
    assert "[pause]" in ran.out
    assert (home / "x.yaml").read_text() == (
        text.replace("[A,  B, C]", "[B]")
        .replace("  a: 1\n", "")
        .replace('"http://127.0.0.1:8000/shop/list?a=${b}"', "/list?a=${b}")
        .replace("http://127.0.0.1:8000/\n", "//\n")
        .replace("variables: {c: 1}", "variables: {}")
    )
    assert fix(home / "x.yaml") == 0


@pytest.mark.parametrize("base", ["http://x.test", "http://x.test/", "http://x.test/shop", "http://x.test:80/a/b/"])
@pytest.mark.parametrize(
    "rest", ["", "/", "/shop", "/shop/", "/shopping", "/shop?a=1", "/a/b/c#d", "?x=1", "//y", "/a"]
)
def test_a_path_means_what_the_address_meant(base: str, rest: str) -> None:
    host = "/".join(base.split("/")[:3])
    path = as_path(host + rest, base)
    assert path is not None
    assert join(base, path) == host + (rest if rest.startswith("/") else f"/{rest}")
    assert as_path("https://x.test/", base) is None


def test_the_documented_rules_are_the_programs(smoke: Smoke) -> None:
    rows = [
        f"| {rule.id} | {rule.level} | {'yes' if rule.fixes else ''} | {rule.about} |".replace("|  |", "| |")
        for rule in RULES
    ]
    assert "\n".join(rows) in (ROOT / "docs" / "lint.md").read_text()
    assert [line.split()[0] for line in smoke("lint", "--rules").out.splitlines()] == [rule.id for rule in RULES]
