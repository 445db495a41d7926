"""Whether two answers are one page shown twice."""

from __future__ import annotations

import pytest

from smokerunner.checks.exposure.ground import _sibling
from smokerunner.checks.exposure.likeness import alike
from smokerunner.model.check import Answer


def answer(path: str, body: str, status: int = 200, type: str = "text/html", location: str = "") -> Answer:
    headers = (("content-type", type), *((("location", location),) if location else ()))
    return Answer("GET", f"http://a.example{path}", status, headers, body.encode())


CONTROL = answer("/q1w2.sql", "<h1>Nothing here</h1><p>We looked for q1w2.sql</p>")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (answer("/backup.sql", "<h1>Nothing here</h1><p>We looked for backup.sql</p>"), True),
        (answer("/backup.sql", "<h1>Nothing here</h1><p>We looked for backup.sql</p>", 404), False),
        (answer("/backup.sql", "<h1>Nothing here</h1><p>We looked for backup.sql</p>", type="text/plain"), False),
        (answer("/backup.sql", "<h1>A dump</h1><p>of everything</p>"), False),
        (answer("/backup.sql", ""), False),
    ],
)
def test_pages(other: Answer, same: bool) -> None:
    assert alike(other, CONTROL) is same


def test_redirects_are_compared_by_where_they_lead() -> None:
    control = answer("/q1w2", "", 302, location="/login?next=/q1w2")
    assert alike(answer("/horizon", "", 302, location="/login?next=/horizon"), control)
    assert not alike(answer("/horizon", "", 302, location="/dashboard"), control)
    everywhere = answer("/q1w2", "", 301, location="https://www.a.example/q1w2")
    assert alike(answer("/.env", "", 301, location="https://www.a.example/.env"), everywhere)


def test_a_page_with_a_word_of_its_own_each_time() -> None:
    words = " ".join(f"w{chr(97 + n)}{chr(97 + n)}" for n in range(26))
    assert alike(answer("/a", f"{words} quietly"), answer("/b", f"{words} loudly"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/.env", "/.*"),
        ("/.env.production", "/.*.production"),
        ("//.env", "//.*"),
        ("/public/../.env", "/public/../.*"),
        ("/.git/config", "/.git/*"),
        ("/storage/logs/laravel.log", "/storage/logs/*.log"),
        ("/dump.sql.gz", "/*.gz"),
        ("/index.php~", "/*.php~"),
        ("/install/?step=1", "/*/"),
        ("/?phpinfo=1", "/*"),
        ("/horizon", "/*"),
    ],
)
def test_the_sibling_of_a_path(path: str, kind: str) -> None:
    sibling, seen = _sibling(f"https://a.example{path}")
    assert seen == f"https://a.example{kind}"
    before, _, after = kind.partition("*")
    assert sibling.startswith(f"https://a.example{before}")
    assert sibling.endswith(after)
    assert len(sibling) == len("https://a.example") + len(kind) - 1 + 16
