"""Two runs side by side: what changed is found, and what differs between any two runs is not."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from smokerunner.evidence.bundle import Bundle, Files
from smokerunner.evidence.folder import Folder
from smokerunner.evidence.seal import seal
from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.errors import BadInput
from smokerunner.model.flow import Severity
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, ConsoleMessage, RequestSeen, Result
from smokerunner.model.run import Browser, Release, Run, Source, Tool
from smokerunner.model.secret import Secrets
from smokerunner.review.change import Compared, FlowChange
from smokerunner.review.comparing import compare_runs
from smokerunner.review.summary import lines_of
from tests.conftest import Smoke

AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
TOOL = Tool(smokerunner="0.1.0", playwright="1.65.2", python="3.11.7", platform="Linux x86_64")
BROWSER = Browser(kind="chromium", version="142.0.1", path="chromium")


class Held(Files):
    """A bundle's files in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.held = files

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.held))

    def read(self, path: str) -> bytes:
        return self.held[path]

    def oddities(self) -> list[str]:
        return []


def drawn(*boxes: tuple[int, int, int, int]) -> bytes:
    picture = Image.new("RGB", (400, 300), "white")
    for box in ((20, 20, 380, 60), *boxes):
        ImageDraw.Draw(picture).rectangle(box, fill="navy")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def har(*urls: str) -> bytes:
    return json.dumps({"log": {"entries": [{"request": {"url": url}} for url in urls]}}).encode()


def step(number: str, title: str, **more: object) -> Result:
    made = {"id": f"flows/order/1/{number}", "kind": "step", "name": number, "title": title, "started": AT}
    artifacts = (Artifact(kind="picture", path=f"flows/order/{number}.png"),)
    return Result.model_validate({**made, "action": "click", "outcome": "passed", "artifacts": artifacts, **more})


STEPS = (step("01", "click Basket", seconds=1.0), step("02", "click Pay", seconds=1.0), step("03", "expect Thanks"))


def flow(*steps: Result, name: str = "order", **more: object) -> Result:
    attempt = Result(
        id=f"flows/{name}/1", kind="attempt", name="1", outcome=Outcome.PASSED, started=AT, children=steps or STEPS,
        artifacts=(Artifact(kind="network", path=f"flows/{name}/network.har"),),
    )  # fmt: skip
    made = {"id": f"flows/{name}", "kind": "flow", "name": name, "started": AT, "seconds": 3.0, "children": (attempt,)}
    return Result.model_validate({"outcome": "passed", **made, **more})


def bundle(*flows: Result, files: dict[str, bytes] | None = None, **more: object) -> Bundle:
    made = {
        "id": "acorn-live-20261122T201500Z-7f3a9c", "app": "acorn", "environment": "live", "started": AT,
        "base_url": "https://acorn.example", "ended": AT + timedelta(seconds=9), "tool": TOOL, "browser": BROWSER,
        "results": flows or (flow(),), "sources": (Source(path="acorn.yaml", sha256="a" * 64),),
    }  # fmt: skip
    held = {f"flows/order/0{number}.png": drawn() for number in (1, 2, 3)}
    return Bundle(Path("x"), Run.model_validate({**made, **more}), Held({**held, **(files or {})}))


def only(compared: Compared) -> FlowChange:
    (change,) = compared.flows
    return change


def test_of_two_runs_that_are_alike_nothing_is_told() -> None:
    compared = compare_runs(bundle(), bundle(id="acorn-live-2"))
    assert (compared.flows, compared.facts, compared.notes) == ((), (), ())
    assert (compared.unchanged, compared.pictures) == (("order",), 3)
    assert lines_of(compared) == [
        "acorn: acorn-live-20261122T201500Z-7f3a9c → acorn-live-2",
        "verdict  go, as before",
        "",
        "1 flow unchanged; 0 of 3 pictures differ",
    ]


def test_what_got_worse_names_its_cause_and_its_step() -> None:
    cause = Diagnosis(id="server-error", title="POST /pay answered 500", severity=Severity.HIGH)
    bad = STEPS[1].model_copy(update={"outcome": Outcome.FAILED, "seconds": 10.0})
    late = STEPS[2].model_copy(update={"outcome": Outcome.SKIPPED, "message": "step 02 failed"})
    failed = flow(STEPS[0], bad, late, outcome="failed", diagnoses=(cause,), seconds=20.0)
    change = only(compare_runs(bundle(), bundle(failed)))
    assert (change.before, change.after, change.causes) == (Outcome.PASSED, Outcome.FAILED, (cause.title,))
    assert [(item.number, item.before, item.after) for item in change.steps] == [
        ("02", Outcome.PASSED, Outcome.FAILED),
        ("03", Outcome.PASSED, Outcome.SKIPPED),
    ]
    # A failure takes as long as its time-out: that it took longer is no news.
    assert change.times is None
    back = only(compare_runs(bundle(failed), bundle()))
    assert (back.causes, back.causes_gone) == ((), (cause.title,))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(1.0, 1.29, False), (1.0, 1.5, True), (0.1, 0.39, False), (10.0, 12.9, False), (4.0, 2.0, True)],
)
def test_times_count_only_beyond_what_differs_in_any_two_runs(before: float, after: float, told: bool) -> None:
    times = only_times(before, after)
    assert (times != (None, None)) is told
    if told:
        assert times == (before, after)


def only_times(before: float, after: float) -> tuple[float | None, float | None]:
    runs = [
        bundle(flow(step("01", "click Basket", seconds=seconds), seconds=seconds)) for seconds in (before, after)
    ]  # fmt: skip
    changes = compare_runs(*runs).flows
    found = changes[0].times if changes else None
    assert not changes or changes[0].steps[0].times == found
    return (found.before, found.after) if found else (None, None)


def test_pictures_that_differ_are_named_with_how_much_and_where() -> None:
    moved = bundle(files={"flows/order/02.png": drawn((100, 200, 200, 240))})
    change = only(compare_runs(bundle(), moved))
    (seen,) = change.steps
    assert seen.look is not None
    assert seen.number == "02"
    assert 0.03 < seen.look.changed < 0.04
    (area,) = seen.look.areas
    assert (round(area.x), round(area.y)) == (100, 200)
    assert (seen.look.before, seen.look.after) == ("flows/order/02.png", "flows/order/02.png")
    assert "1 of 3 pictures differ" in lines_of(compare_runs(bundle(), moved))[-1]


def test_pictures_of_another_browser_are_not_compared_and_that_is_said() -> None:
    other = bundle(
        files={"flows/order/02.png": drawn((100, 200, 200, 240))},
        browser=BROWSER.model_copy(update={"version": "143.0.2"}),
    )
    compared = compare_runs(bundle(), other)
    assert (compared.flows, compared.pictures) == ((), 0)
    assert compared.notes == (
        "pictures are not compared: the first run was made with chromium 142, this is chromium 143",
    )
    assert [(fact.what, fact.before, fact.after) for fact in compared.facts] == [
        ("browser", "chromium 142.0.1", "chromium 143.0.2")
    ]


def test_a_picture_that_is_lost_or_none_is_no_difference_of_the_app() -> None:
    lost = bundle()
    assert isinstance(lost.files, Held)
    del lost.files.held["flows/order/02.png"]
    assert compare_runs(bundle(), lost).pictures == 2
    broken = only(compare_runs(bundle(), bundle(files={"flows/order/02.png": b"\x89PNG"}))).steps[0]
    assert broken.look is not None
    assert "one of the two is not a PNG picture" in broken.look.message


def test_steps_are_matched_by_what_they_do() -> None:
    more = (step("01", "click Cookies"), *(item.model_copy(update={"id": f"flows/order/1/0{index}"})
            for index, item in enumerate(STEPS[:2], 2)))  # fmt: skip
    change = only(compare_runs(bundle(), bundle(flow(*more))))
    assert [(item.number, item.title, item.before, item.after) for item in change.steps] == [
        ("01", "click Cookies", None, Outcome.PASSED),
        ("03", "expect Thanks", Outcome.PASSED, None),
    ]


def test_steps_that_hold_others_are_looked_through() -> None:
    def holding(action: str, *titles: str) -> Result:
        inside = tuple(step(f"01/0{number}", title, artifacts=()) for number, title in enumerate(titles, 1))
        return step("01", f"{action} x", action=action, children=inside, artifacts=())

    # How often one must reload is not the app's look; what another flow does is.
    assert compare_runs(bundle(flow(holding("repeat", "a"))), bundle(flow(holding("repeat", "a", "a")))).flows == ()
    change = only(compare_runs(bundle(flow(holding("use", "a"))), bundle(flow(holding("use", "a", "b")))))
    assert [(item.number, item.title) for item in change.steps] == [("01.02", "b")]


def seen(url: str, status: int = 500) -> RequestSeen:
    return RequestSeen(method="GET", url=url, status=status, at=AT)


def said(text: str, level: str = "error") -> ConsoleMessage:
    return ConsoleMessage(level=level, text=text, at=AT)


def test_requests_and_console_errors_that_are_new_or_gone() -> None:
    old = step(
        "01", "x", requests=[seen("https://a/orders/17?t=1"), seen("https://a/old")], console=[said("order 17: no")]
    )
    new = step(
        "01", "x",
        requests=[seen("https://a/orders/18?t=2"), seen("https://a/old", 404), seen("https://a/new")],
        console=[said("order 18: no"), said("x is undefined"), said("careful", "warning")],
    )  # fmt: skip
    change = only(compare_runs(bundle(flow(old)), bundle(flow(new))))
    # Another number in a path is the same request; another answer is not.
    assert change.requests == ("GET https://a/old: 404", "GET https://a/new: 500")
    assert change.requests_fixed == ("GET https://a/old: 500",)
    assert (change.console, change.console_gone) == (("x is undefined",), ())


def test_hosts_are_compared_when_both_runs_kept_them() -> None:
    one = {"flows/order/network.har": har("https://acorn.example/a", "https://cdn.example/x")}
    two = {
        "flows/order/network.har": har("https://new.example/b", "https://track.example/y", "https://track.example/z")
    }
    before, after = bundle(files=one), bundle(files=two, base_url="https://new.example")
    change = only(compare_runs(before, after))
    assert (change.hosts, change.hosts_gone) == (("track.example",), ("cdn.example",))
    assert compare_runs(bundle(), bundle(files=two)).flows == ()
    assert compare_runs(bundle(files={"flows/order/network.har": b"{"}), bundle(files=two)).flows == ()


def test_flows_that_came_or_went() -> None:
    compared = compare_runs(bundle(flow(), flow(name="old")), bundle(flow(), flow(name="new")))
    assert [(item.name, item.before, item.after) for item in compared.flows] == [
        ("new", None, Outcome.PASSED),
        ("old", Outcome.PASSED, None),
    ]
    assert compared.unchanged == ("order",)


def test_the_facts_that_may_explain_it() -> None:
    after = bundle(
        release=Release(before="2"), sources=(Source(path="acorn.yaml", sha256="b" * 64),), environment="staging",
        tool=TOOL.model_copy(update={"smokerunner": "0.2.0"}), options={"retries": "1"},
        started=AT - timedelta(days=1), interrupted=True,
    )  # fmt: skip
    compared = compare_runs(bundle(release=Release(before="1")), after)
    assert [fact.what for fact in compared.facts] == [
        "environment", "release", "smokerunner", "flow file acorn.yaml", "option --retries",
    ]  # fmt: skip
    assert compared.notes[0] == "the first bundle is the newer one"
    assert "was interrupted" in compared.notes[1]


def test_the_worst_comes_first_and_one_screen_is_enough() -> None:
    names = [f"flow{number}" for number in range(30)]
    before = [flow(name=name) for name in names]
    after = [flow(name=name, outcome="failed" if name == "flow20" else "warned") for name in names]
    better = compare_runs(bundle(*after), bundle(*before))
    compared = compare_runs(bundle(*before), bundle(*after))
    assert compared.flows[0].name == "flow20"
    lines = lines_of(compared, 100)
    assert len(lines) < 40
    assert any("… and 20 more flows" in line for line in lines)
    # A pipe gets them all.
    told = "\n".join(lines_of(compared))
    assert "…" not in told
    assert all(f" {name}: " in told for name in names)
    assert all(line.startswith("  ✓") for line in lines_of(better) if line.startswith("  ") and " flow" in line[:8])


def test_nothing_that_an_app_says_is_a_command_or_breaks_a_line() -> None:
    nasty = "::set-output name=x::y\n##[command]x\x1b[31m" + "long " * 50
    steps = [step("01", nasty, console=[said(nasty)]), step("02", "::error::")]
    lines = lines_of(
        compare_runs(bundle(), bundle(flow(*steps, outcome="failed", message=nasty), release=Release(before=nasty))),
        width=100,
    )
    assert all(line.isprintable() and len(line) <= 100 and "##[" not in line for line in lines)
    assert not [line for line in lines if line.strip().startswith("::")]


def test_looks_and_causes_come_before_times_and_are_not_cut_away() -> None:
    titles = [f"click {'very ' * 30}{number}" for number in range(6)]
    before = [step(f"0{number}", title, seconds=1.0) for number, title in enumerate(titles)]
    after = [item.model_copy(update={"seconds": 9.0}) for item in before]
    moved = {f"flows/order/0{number}.png": drawn((100, 200, 200, 240)) for number in (4, 5)}
    held = {f"flows/order/0{number}.png": drawn() for number in range(6)}
    compared = compare_runs(
        bundle(flow(*before), flow(name="slow"), files=held),
        bundle(flow(*after, seconds=50.0), flow(name="slow", seconds=90.0), files={**held, **moved}),
    )
    assert [change.name for change in compared.flows] == ["order", "slow"]
    lines = lines_of(compared, 100)
    looks = [index for index, line in enumerate(lines) if "looks different: " in line]
    times = [index for index, line in enumerate(lines) if line.strip().startswith("slower: ")]
    assert lines[looks[0] - 1] == "  ~ order: passed"
    assert len(looks) == 2
    assert max(looks) < times[0]
    # In 100 letters the fact has room, the title and the times have not.
    assert all(lines[index].endswith("of the picture, in 1 place") and len(lines[index]) <= 100 for index in looks)
    told = lines_of(compared)
    assert "…" not in "".join(told)
    assert sum(line.endswith("in 1 place, slower: 1.00 s → 9.00 s") for line in told) == 2


def test_another_port_of_this_machine_is_no_news() -> None:
    before, after = bundle(base_url="http://127.0.0.1:4711/shop"), bundle(base_url="http://127.0.0.1:4712/shop")
    assert compare_runs(before, after).facts == ()
    (fact,) = compare_runs(before, bundle(base_url="http://localhost:4711/shop")).facts
    assert (fact.before, fact.after) == ("http://127.0.0.1:4711/shop", "http://localhost:4711/shop")


@pytest.mark.parametrize(
    ("other", "names", "words"),
    [
        (bundle(app="blog"), (), "the bundles are of two apps, acorn and blog"),
        (bundle(), ("ordr",), r"neither run has a flow called 'ordr', did you mean 'order'\?"),
        (bundle(), ("zzz",), "neither run has a flow called 'zzz'; there are order"),
    ],
)
def test_what_cannot_be_compared_is_bad_input(other: Bundle, names: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        compare_runs(bundle(), other, names)


def sealed(out: Path, name: str, *flows: Result) -> Path:
    made = bundle(*flows, id=name)
    folder = Folder.create(out, name, Secrets({}))
    assert isinstance(made.files, Held)
    for path, data in {**made.files.held, "flows/order/network.har": har("https://acorn.example")}.items():
        folder.write(path, data)
    return seal(folder, made.run, {}).path


def test_the_command_verifies_first_and_judges_nothing(smoke: Smoke, home: Path) -> None:
    one = sealed(home, "acorn-live-1")
    two = sealed(home, "acorn-live-2", flow(outcome="failed", message="It broke."))
    done = smoke("compare", one, two.with_suffix(".zip"))
    assert (done.exit_code, done.err) == (0, "")
    assert "✗ order: passed → failed" in done.out
    assert "why: It broke." in done.out
    found = json.loads(smoke("compare", one, two, "--json").out)
    assert found["flows"][0]["after"] == "failed"
    assert smoke("compare", one, two, "--flow", "nothing").exit_code == 2
    assert smoke("compare", one, home / "nowhere").exit_code == 2
    picture = one / "flows/order/01.png"
    picture.write_bytes(drawn((1, 1, 90, 90)))
    changed = smoke("compare", one, two)
    assert changed.exit_code == 3
    assert "acorn-live-1: does not verify: flows/order/01.png" in changed.err
    assert "✗ order: passed → failed" in changed.out
