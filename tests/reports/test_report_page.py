"""report.html as text: valid, escaped, small, and let in by its own policy."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import html5lib
import pytest
from checked_runs import CHECKED_RUN, MIXED_RUN
from drawn_pages import pictures_of
from hostile_run import HOSTILE_RUN, hostile
from large_run import green_run, large_run
from sample_run import LOGIN, RUN, read

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact
from smokerunner.model.run import Run
from smokerunner.reports.html import render
from smokerunner.reports.html.shots import INLINED, inlined

MEGABYTE = 1_000_000
RUNS = {
    "sample": RUN,
    "green": green_run(),
    "hostile": HOSTILE_RUN,
    "checks": CHECKED_RUN,
    "flows and checks": MIXED_RUN,
    "hostile checks": Run.model_validate(hostile(CHECKED_RUN.model_dump(mode="json", by_alias=True))),
    "nothing": RUN.model_copy(update={"results": (), "history": {}, "browser": None}),
}


class Seen(HTMLParser):
    """Every tag's attributes, and the text of styles and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": []}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.raw:
            self.raw[self._inside].append(data)


@pytest.mark.parametrize("name", RUNS)
def test_it_is_valid_html(name: str) -> None:
    text = render(RUNS[name], pictures_of(RUNS[name]).get)
    html5lib.HTMLParser(strict=True).parse(text)
    tags = Seen(text).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in tags:
        # Neither would be let in by the policy.
        assert not [key for key in attributes if key.startswith("on") or key == "style"]
        if tag == "img":
            assert "alt" in attributes
        for key in ("aria-labelledby", "aria-describedby", "for"):
            assert attributes.get(key, ids[0] if ids else None) in ids
        target = attributes.get("href") or attributes.get("src") or ""
        assert re.match(r"#|\./|https?://|data:", target or "#")
        if target.startswith("#") and not name.startswith("hostile"):
            assert target[1:] in ids


@pytest.mark.parametrize("name", RUNS)
def test_nothing_from_the_app_becomes_a_part_of_the_page(name: str) -> None:
    seen = Seen(render(RUNS[name], read))
    assert "x" not in [attributes.get("src") for tag, attributes in seen.tags if tag == "img"]
    assert len(seen.raw["style"]) == len(seen.raw["script"]) == 1


def test_the_policy_lets_in_its_own_style_and_script_and_nothing_else() -> None:
    seen = Seen(render(RUN, read))
    policy = next(tag["content"] or "" for _, tag in seen.tags if tag.get("http-equiv") == "Content-Security-Policy")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(seen.raw[kind][0].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none';")


def test_a_hundred_flows_of_twenty_steps_stay_small() -> None:
    run = large_run(100, 20, bad=5)
    pictures = dict.fromkeys(thumbnails_of(run), b"R" * 40000)
    assert len(pictures) == 5
    assert len(render(run, pictures.get).encode()) < 3 * MEGABYTE


def thumbnails_of(run: Run) -> list[str]:
    return [
        artifact.path
        for flow in run.flows
        for below in flow.walk()
        for artifact in below.artifacts
        if artifact.kind == "thumbnail"
    ]


def test_the_first_bad_step_of_every_flow_is_held_before_any_second_one() -> None:
    first, second = (
        LOGIN.children[1].children[number].model_copy(update={"outcome": Outcome.FAILED, "artifacts": (small(number),)})
        for number in (1, 2)
    )
    attempt = LOGIN.children[1].model_copy(update={"children": (first, second)})
    flow = LOGIN.model_copy(update={"children": (attempt,)})
    other = LOGIN.model_copy(
        update={"children": (attempt.model_copy(update={"id": "other", "children": (named(first),)}),)}
    )
    # Each takes nearly half of the room, as base64.
    found = inlined(lambda path: b"R" * (INLINED * 3 // 8 - 100), [flow, other])
    assert list(found) == [first.id, "other/02"]


def small(number: int) -> Artifact:
    return Artifact(kind="thumbnail", path=f"flows/login/{number}-thumbnail.webp")


def named(step: Any) -> Any:
    return step.model_copy(update={"id": "other/02"})


def test_a_warned_step_that_differs_is_held_with_its_earlier_picture_and_the_detail() -> None:
    step = LOGIN.children[1].children[2]
    kinds = ("", "earlier", "detail", "earlier detail")
    artifacts = tuple(Artifact(kind="thumbnail", path=f"{kind or 'now'}.webp", title=kind) for kind in kinds)
    warned = step.model_copy(update={"outcome": Outcome.WARNED, "artifacts": artifacts})
    attempt = LOGIN.children[1].model_copy(update={"children": (warned,), "outcome": Outcome.WARNED})
    flow = LOGIN.model_copy(update={"children": (attempt,), "outcome": Outcome.WARNED})
    assert list(inlined(lambda path: path.encode(), [flow])[step.id]) == list(kinds)
    # A detail without the one beside it tells nothing.
    assert list(inlined(lambda path: b"" if "earlier d" in path else b"x", [flow])[step.id]) == ["", "earlier"]
    many = tuple(warned.model_copy(update={"id": f"{attempt.id}/0{number}"}) for number in range(9))
    nine = flow.model_copy(update={"children": (attempt.model_copy(update={"children": many}),)})
    assert len(inlined(lambda path: b"x", [nine])) == 3


def test_without_small_pictures_none_is_held() -> None:
    assert "data:image" not in render(RUN, read)
    assert render(RUN, pictures_of(RUN).get).count("data:image/webp;base64,") == 1


def test_what_a_reader_needs_is_said() -> None:
    text = render(RUN, read)
    for words in (
        "Failing since 2026-11-21 20:15:00 UTC (release 2026.11.2); last passed 2026-11-20 20:15:00 UTC",
        "since 2026-11-21 20:15:00 UTC (release 2026.11.2) · 1 flow was skipped because of it</span>",
        "playwright show-trace flows/login/trace.zip",
        "withheld: a secret stands in its bytes",
        "{&#34;placeholder&#34;: &#34;Your password&#34;, &#34;nth&#34;: 2}",
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;",
        "Picture withheld: a secret stands in its bytes",
        "The release could be read only on the second try.",
        "<b>1</b> skipped",
        "<code>server-error</code>",
        "POST /api/session answered 503 Service Unavailable",
        "1 more that may be behind it",
        "Last time it passed",
        "All steps on one picture",
        "smokerunner verify acorn-production-20261122T201500Z-7f3a9c.zip",
        "2 cores, 7952 MB, clock: system, synchronised",
        "Sign in &lt;b&gt;here&lt;/b&gt;",
    ):
        assert words in text
    assert 'src="http' not in text
    assert str(Path.home()) not in text
    assert str(Path(__file__).parents[2]) not in text
