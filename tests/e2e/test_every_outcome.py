"""Every row of the table of outcomes, each seen in a real run with a real browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.replay.probing import has_default_route
from tests.e2e.outcome_site import Answer, Replayed, Site, free_port, patched, replay, write

pytestmark = pytest.mark.e2e

FAILED, WARNED, PASSED, SKIPPED = Outcome.FAILED, Outcome.WARNED, Outcome.PASSED, Outcome.SKIPPED
INCONCLUSIVE, ERROR = Outcome.INCONCLUSIVE, Outcome.ERROR


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def _page(*parts: str) -> str:
    return "<!doctype html><title>Page</title><h1>Page</h1>" + "".join(parts)


_KEEP = """<script>
    localStorage.place = 'local'; sessionStorage.place = 'session'; document.cookie = 'place=cookie';
    const opening = indexedDB.open('shop', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('cart');
    opening.onsuccess = () => {
        const change = opening.result.transaction('cart', 'readwrite');
        change.objectStore('cart').put('indexed', 'place');
        change.oncomplete = () => { document.body.append('kept') };
    };
</script>"""
_FOUND = """<p id=found></p><script>
    const seen = [localStorage.place, sessionStorage.place, document.cookie];
    const opening = indexedDB.open('shop', 1);
    opening.onsuccess = () => {
        const asking = opening.result.transaction('cart').objectStore('cart').get('place');
        asking.onsuccess = () => { found.textContent = [...seen, asking.result].join(' ') };
    };
</script>"""

_WITHIN = """
  warns:
    steps:
      - goto: /
      - read: {css: .nothing}
        timeout: 200ms
        on_failure: warn
        save: {ticket: text}
      - goto: /ticket/${ticket}
      - expect: {visible: {heading: Home}}
  warns-inconclusive:
    steps:
      - goto: ELSEWHERE/done
        on_failure: warn
  warns-error:
    steps:
      - mail: {to: somebody@example.test}
        on_failure: warn
  unclean:
    steps:
      - goto: /
    cleanup:
      - goto: /broken
      - goto: /done
  bad-and-unclean:
    steps:
      - goto: /
        save: {here: {url: {matches: '(http.*)/'}}}
      - goto: /broken
    cleanup:
      - api: {delete: '/left-by-bad?from=${here}'}
      - goto: /broken
  make:
    variables: {number: "n-${unique}"}
    steps:
      - goto: /made/${number}
        status: 404
    cleanup:
      - api: {delete: '/made?n=${number}'}
  middle:
    needs: make
    steps:
      - goto: /
  last:
    needs: middle
    steps:
      - pause: 600ms
      - goto: /last?n=${number}
  stranger:
    variables: {number: default}
    steps:
      - goto: /stranger?n=${number}
  broken:
    steps:
      - goto: /broken
  child:
    needs: broken
    steps:
      - goto: /
  grandchild:
    needs: [make, child]
    steps:
      - goto: /
  leaves:
    steps:
      - goto: /keep
      - expect: {visible: {text: kept}}
  finds:
    starts_from: leaves
    steps:
      - goto: /found
      - expect: {text_of: {of: {css: '#found'}, reads: {is: local session place=cookie indexed}}}
  lost-picture:
    steps:
      - goto: /in-the-way
  hangs:
    steps:
      - goto: /
      - goto: /slow?seconds=90
        timeout: 300ms
    cleanup:
      - goto: /
  hangs-on-submit:
    steps:
      - goto: /to-slow
      - click: {button: Send}
        timeout: 2s
  slow-step:
    steps:
      - goto: /
      - pause: 30ms
        time_target: 10ms
  slow-flow:
    time_target: 10ms
    steps:
      - goto: /
  free:
    steps:
      - goto: /embeds
      - expect:
          visible: {text: all arrived}
          requests: {url: ELSEWHERE/picture, status: 200}
  tolerated:
    steps:
      - goto: /beacon
      - expect: {visible: {text: sent}}
  stop-goto:
    steps:
      - goto: ELSEWHERE/done
      - goto: /
  stop-link:
    steps:
      - goto: /leads-away
      - click: {link: Away}
  stop-form:
    steps:
      - goto: /leads-away
      - click: {button: Send away}
  stop-fetch:
    steps:
      - goto: /leads-away
      - click: {button: Fetch away}
      - expect: {visible: {text: fetched}}
  stop-redirect:
    steps:
      - goto: /go?to=ELSEWHERE/done
  stop-api:
    steps:
      - api: {post: ELSEWHERE/done}
"""


def _furnish(site: Site) -> None:
    away = site.elsewhere
    site.pages |= {
        "/made": "deleted",
        "/last": _page(),
        "/stranger": _page(),
        "/left-by-bad": "deleted",
        "/keep": _page(_KEEP),
        "/found": _page(_FOUND),
        "/to-slow": _page("<form action=/slow><input name=seconds value=90><button>Send</button></form>"),
        "/picture": Answer("<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/svg+xml"),
        "/embeds": _page(
            f"<img src={away}/picture><iframe src={away}/done></iframe><script>"
            f"onload = () => fetch('{away}/done').then(() => document.body.append('all arrived'))</script>"
        ),
        "/beacon": _page(
            f"<script>fetch('{away}/beacon', {{method: 'POST'}}).catch(() => 0)"
            ".then(() => document.body.append('sent'))</script>"
        ),
        "/leads-away": _page(
            f"<a href={away}/done>Away</a><form method=post action={away}/done><button>Send away</button></form>"
            f"<button onclick=\"fetch('{away}/done', {{method: 'POST', body: 'x'}}).catch(() => 0)"
            ".then(() => document.body.append('fetched'))\">Fetch away</button>"
        ),
    }


@pytest.fixture(scope="module")
def within(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """One run in which no flow is tried twice."""
    folder = tmp_path_factory.mktemp("within")
    _furnish(site)

    def stand_in_the_way(_: object) -> Answer:
        (unfinished,) = (folder / "evidence").glob(".*.partial")
        (unfinished / "flows" / "lost-picture" / "01-goto-in-the-way.png").mkdir(parents=True)
        return Answer(_page())

    site.pages["/in-the-way"] = stand_in_the_way
    noise = f"{{requests: ['{site.elsewhere}/beacon'], console: [{{matches: ERR_BLOCKED_BY_CLIENT}}]}}"
    head = f"secrets: [WORD]\ntolerate: {noise}"
    write(folder, _WITHIN.replace("ELSEWHERE", site.elsewhere), head=head)
    # With a secret there is more to look at before each picture.
    with patched({"WORD": "a word that nobody says"}):
        return replay(folder, site)


def _step(flow: Result, number: int) -> Result:
    return flow.steps[number - 1]


def test_a_bad_run_exits_1_and_says_so(within: Replayed) -> None:
    assert within.exit_code == 1
    assert "ROLL BACK" in within.out
    assert within.err == ""


def test_a_failure_that_only_warns_lets_the_flow_go_on(within: Replayed) -> None:
    flow = within.flow("warns")
    assert [step.outcome for step in flow.steps] == [PASSED, WARNED, SKIPPED, PASSED]
    assert flow.outcome is WARNED
    assert "failed, but only a warning here" in _step(flow, 2).warnings[0]


def test_a_step_without_the_variable_it_needs_is_skipped_and_says_so(within: Replayed) -> None:
    assert _step(within.flow("warns"), 3).message == "${ticket} was never saved"


def test_an_inconclusive_step_may_only_warn(within: Replayed) -> None:
    flow = within.flow("warns-inconclusive")
    assert flow.outcome is WARNED
    assert "inconclusive, but only a warning here" in _step(flow, 1).warnings[0]


def test_an_error_stays_an_error_even_where_failures_only_warn(within: Replayed) -> None:
    flow = within.flow("warns-error")
    assert flow.outcome is ERROR
    assert "no mailbox is configured" in flow.message


def test_a_failing_cleanup_warns_and_goes_on(within: Replayed) -> None:
    flow = within.flow("unclean")
    assert flow.outcome is WARNED
    cleanup = flow.children[-1]
    assert (cleanup.kind, cleanup.outcome) == ("cleanup", WARNED)
    assert [step.outcome for step in cleanup.children] == [FAILED, PASSED]
    assert "cleanup did not work" in flow.warnings[0]


def test_cleanup_runs_after_a_failure_with_what_was_saved(within: Replayed, site: Site) -> None:
    flow = within.flow("bad-and-unclean")
    assert flow.outcome is FAILED
    assert flow.message.startswith("step 2 ")
    assert site.asked_for("/left-by-bad")[0].query == {"from": site.base_url}


def test_cleanup_waits_for_the_last_flow_that_needs_the_data(within: Replayed, site: Site) -> None:
    (deleted,), (used,) = site.asked_for("/made"), site.asked_for("/last")
    assert deleted.at > used.at
    assert deleted.query == used.query


def test_only_dependents_see_a_flow_s_variables(within: Replayed, site: Site) -> None:
    assert site.asked_for("/last")[0].query["n"].startswith("n-")
    assert site.asked_for("/stranger")[0].query["n"] == "default"


def test_dependents_of_a_failed_flow_are_skipped_and_name_it(within: Replayed) -> None:
    child, grandchild = within.flow("child"), within.flow("grandchild")
    assert (child.outcome, child.root, child.message) == (SKIPPED, "broken", "needs broken, which failed")
    assert (grandchild.outcome, grandchild.root) == (SKIPPED, "broken")
    assert grandchild.message == "needs child, which needs broken"


def test_a_flow_starts_from_all_that_another_left_in_the_browser(within: Replayed) -> None:
    assert within.flow("finds").outcome is PASSED, within.flow("finds").message


def test_a_lost_picture_is_a_warning(within: Replayed) -> None:
    flow = within.flow("lost-picture")
    assert flow.outcome is WARNED
    assert _step(flow, 1).picture is None
    assert "its picture was lost: cannot write evidence to" in _step(flow, 1).warnings[0]


@pytest.mark.parametrize("name", ["hangs", "hangs-on-submit"])
def test_an_app_that_never_answers_fails_its_step_and_holds_nothing_up(within: Replayed, name: str) -> None:
    flow = within.flow(name)
    assert flow.outcome is FAILED
    assert flow.message.startswith("step 2 ")
    assert "the page did not finish loading (waited " in flow.message
    assert _step(flow, 2).picture is not None, "the page before it is still there"
    assert within.seconds < 80, "nothing waited for the answer"


def test_cleanup_after_an_app_that_never_answered(within: Replayed) -> None:
    assert within.flow("hangs").children[-1].outcome is PASSED


@pytest.mark.parametrize("name", ["slow-step", "slow-flow"])
def test_over_its_time_target_is_a_warning(within: Replayed, name: str) -> None:
    flow = within.flow(name)
    assert flow.outcome is WARNED
    assert "over its time target of 10 ms" in flow.warnings[0]


def test_sub_resources_of_other_hosts_are_free(within: Replayed) -> None:
    assert within.flow("free").outcome is PASSED, within.flow("free")


def test_what_is_tolerated_is_not_reported(within: Replayed, site: Site) -> None:
    assert within.flow("tolerated").outcome is PASSED, within.flow("tolerated")
    assert site.asked_for("/beacon")[0].method == "GET"


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("stop-goto", "GET"),
        ("stop-link", "GET"),
        ("stop-form", "POST"),
        ("stop-fetch", "POST"),
        ("stop-redirect", "GET"),
        ("stop-api", "POST"),
    ],
)
def test_another_host_is_inconclusive_and_named(within: Replayed, site: Site, name: str, method: str) -> None:
    flow = within.flow(name)
    assert flow.outcome is INCONCLUSIVE, flow.message
    assert f"allow_hosts does not name localhost:{site.port}: {method} {site.elsewhere}/done" in flow.message


def test_nothing_was_sent_to_another_host(within: Replayed, site: Site) -> None:
    sent = [asked.line for asked in site.seen if asked.headers["Host"].startswith("localhost")]
    # Sub-resources are free: what /embeds shows and fetches.
    assert set(sent) <= {"GET /picture", "GET /done"}
    assert sent.count("GET /done") <= 2, "no redirect came through"


_AGAIN = """
  second-time:
    steps:
      - goto: /second?u=${unique}
    cleanup:
      - api: {delete: '/second?u=${unique}'}
  never:
    steps:
      - goto: /broken
  worst:
    steps:
      - goto: /worst
  real:
    effects: real
    steps:
      - goto: /broken-real
  real-but-safe:
    effects: real
    repeatable: yes
    steps:
      - goto: /safe
  once:
    repeatable: no
    steps:
      - goto: /broken-once
"""


@pytest.fixture(scope="module")
def again(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """One run with --retries."""
    folder = tmp_path_factory.mktemp("again")
    bad, good = Answer("<h1>Not yet</h1>", 503), Answer(_page())
    away = Answer(status=302, headers={"Location": f"{site.elsewhere}/done"})
    site.pages |= {
        "/second": site.once(bad, good),
        "/worst": site.once(bad, away),
        "/safe": site.once(bad, good),
        "/broken-real": bad,
        "/broken-once": bad,
    }
    write(folder, _AGAIN)
    return replay(folder, site, "--retries", 1)


def test_one_good_attempt_after_a_bad_one_is_warned_and_both_are_kept(again: Replayed) -> None:
    flow = again.flow("second-time")
    assert flow.outcome is WARNED
    assert [attempt.outcome for attempt in flow.attempts] == [FAILED, PASSED]
    assert flow.warnings[0].startswith("passed on attempt 2; before that: step 1 ")
    pictures = [step.picture for attempt in flow.attempts for step in attempt.steps]
    assert all(picture is not None and (again.bundle / picture.path).is_file() for picture in pictures)
    assert len({picture.path for picture in pictures if picture}) == 2


def test_unique_is_new_for_each_attempt_and_the_same_for_its_cleanup(again: Replayed, site: Site) -> None:
    asked = [(one.method, one.query["u"]) for one in site.asked_for("/second")]
    first, second = asked[0][1], asked[2][1]
    assert first != second
    assert asked == [("GET", first), ("DELETE", first), ("GET", second), ("DELETE", second)]


def test_without_a_good_attempt_the_worst_one_counts(again: Replayed) -> None:
    never, worst = again.flow("never"), again.flow("worst")
    assert [attempt.outcome for attempt in never.attempts] == [FAILED, FAILED]
    assert [attempt.outcome for attempt in worst.attempts] == [FAILED, INCONCLUSIVE]
    assert worst.outcome is FAILED
    assert "503" in worst.message


@pytest.mark.parametrize("name", ["real", "once"])
def test_what_is_not_safe_to_repeat_is_not_repeated(again: Replayed, site: Site, name: str) -> None:
    assert again.flow(name).outcome is FAILED
    assert len(again.flow(name).attempts) == 1
    assert len(site.asked_for(f"/broken-{name}")) == 1


def test_real_effects_that_are_declared_repeatable_are_repeated(again: Replayed) -> None:
    assert len(again.flow("real-but-safe").attempts) == 2


_CONSOLE = """
  console:
    steps:
      - goto: /console
  tolerated:
    steps:
      - goto: /tolerated
  foreign:
    steps:
      - goto: /foreign
"""


def test_a_console_error_warns_until_a_run_has_passed_with_it(site: Site, tmp_path: Path) -> None:
    numbers = iter(range(9))
    site.pages |= {
        "/console": lambda _: Answer(_page(f"<script>console.error('row {next(numbers)}\\n  is  odd')</script>")),
        "/tolerated": _page("<script>console.error('known noise')</script>"),
        "/shouts.js": Answer("console.error('from elsewhere')", kind="text/javascript"),
        "/foreign": _page(f"<script src={site.elsewhere}/shouts.js></script>"),
    }
    write(tmp_path, _CONSOLE, head="tolerate: {console: known noise}")
    first = replay(tmp_path, site, "--fail-on-warned")
    assert first.outcomes == {"console": "warned", "tolerated": "passed", "foreign": "passed"}
    assert first.exit_code == 3
    assert "new console error: row 0 is odd" in first.flow("console").warnings[0]
    second = replay(tmp_path, site, "--fail-on-warned")
    assert second.outcomes == {"console": "passed", "tolerated": "passed", "foreign": "passed"}
    assert second.exit_code == 0
    assert [line.text for line in _step(second.flow("console"), 1).console] == ["row 1\n  is  odd"]


def test_a_history_that_breaks_keeps_no_run_from_its_evidence(site: Site, tmp_path: Path) -> None:
    history = tmp_path / ".smokerunner" / "history.sqlite"

    def spoil(_: object) -> Answer:
        history.write_bytes(b"not a database at all" * 100)
        return Answer(_page())

    site.pages["/spoil"] = spoil
    flows = """
  spoils:
    steps:
      - goto: /spoil
"""
    write(tmp_path, flows)
    for _ in range(2):
        ran = replay(tmp_path, site)
        assert (ran.outcomes, ran.exit_code) == ({"spoils": "passed"}, 0)
        assert ran.out.count("cannot use the history in") == 1


_LIMITED = """
  reads:
    effects: none
    steps:
      - goto: /writes
      - click: {button: Post}
      - expect: {visible: {heading: Done}}
  allowed:
    steps:
      - goto: /writes
      - click: {button: Search}
      - expect: {visible: {heading: Done}}
  posts:
    steps:
      - goto: /writes
      - click: {button: Post}
  fetches:
    steps:
      - goto: /writes
      - click: {button: Delete}
      - expect: {visible: {text: asked}}
  beside:
    steps:
      - api: {delete: /thing}
  real:
    effects: real
    steps:
      - goto: /
  needs-real:
    needs: real
    steps:
      - goto: /
"""
_PLACES = """
      guarded: {production: yes, read_only: yes, allow_post: [/search]}
      production: {production: yes}
"""


@pytest.fixture(scope="module")
def limited(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """One run in a place that is production and only read."""
    folder = tmp_path_factory.mktemp("limited")
    site.pages |= {
        "/writes": _page(
            "<form method=post action=/done><button>Post</button></form>"
            "<form method=post action=/search><button>Search</button></form>"
            "<button onclick=\"fetch('/thing', {method: 'DELETE'}).catch(() => 0)"
            ".then(() => document.body.append('asked'))\">Delete</button>"
        ),
        "/search": "<h1>Done</h1>",
        "/thing": "gone",
    }
    write(folder, _LIMITED, config=_PLACES)
    return replay(folder, site, "--env", "guarded")


@pytest.mark.parametrize(
    ("name", "request_"), [("posts", "POST {}/done"), ("fetches", "DELETE {}/thing"), ("beside", "DELETE {}/thing")]
)
def test_read_only_stops_writes_and_names_them(limited: Replayed, site: Site, name: str, request_: str) -> None:
    assert limited.flow(name).outcome is INCONCLUSIVE
    assert f"read_only stopped {request_.format(site.base_url)}" in limited.flow(name).message
    assert not [asked for asked in site.asked_for("/thing") if asked.method != "GET"]


@pytest.mark.parametrize("name", ["reads", "allowed"])
def test_read_only_lets_pass_what_only_reads(limited: Replayed, name: str) -> None:
    assert limited.flow(name).outcome is PASSED, limited.flow(name).message


def test_real_effects_are_skipped_on_production(limited: Replayed, site: Site) -> None:
    real, needs = limited.flow("real"), limited.flow("needs-real")
    assert (real.outcome, needs.outcome) == (SKIPPED, SKIPPED)
    assert "--allow-real runs it" in real.message
    assert (needs.root, needs.message) == ("real", "needs real, which was skipped")
    assert limited.exit_code == 3


def test_production_is_no_reason_to_stop_a_pipeline(limited: Replayed, site: Site) -> None:
    there = (limited.folder, site, "--env", "production")
    some = replay(*there, "--flow", "reads", "--flow", "real")
    assert (some.outcomes, some.exit_code) == ({"reads": "passed", "real": "skipped"}, 0)
    assert (replay(*there, "--flow", "real").exit_code, "skipped alone") == (3, "skipped alone")
    allowed = replay(*there, "--flow", "real", "--allow-real")
    assert (allowed.outcomes, allowed.exit_code) == ({"real": "passed"}, 0)


def test_mail_that_does_not_come_fails_and_a_mailbox_that_does_not_answer_is_an_error(
    site: Site, tmp_path: Path
) -> None:
    flows = """
  waits:
    steps:
      - mail: {to: somebody@example.test}
        timeout: 500ms
"""
    places = f"""
      empty: {{mailbox: {{embedded: {{port: {free_port()}}}}}}}
      gone: {{mailbox: {{maildev: {{url: 'http://127.0.0.1:{free_port()}'}}}}}}
"""
    write(tmp_path, flows, config=places)
    empty = replay(tmp_path, site, "--env", "empty")
    assert (empty.outcomes, empty.exit_code) == ({"waits": "failed"}, 1)
    assert "no message to somebody@example.test" in empty.flow("waits").message
    gone = replay(tmp_path, site, "--env", "gone")
    assert (gone.outcomes, gone.exit_code) == ({"waits": "error"}, 3)
    assert "could not ask the mailbox" in gone.flow("waits").message


_TWO = """
  one:
    steps:
      - goto: /
  two:
    steps:
      - goto: /
"""


def test_an_app_that_is_not_there_is_one_failure(tmp_path: Path) -> None:
    write(tmp_path, _TWO)
    ran = replay(tmp_path, f"http://127.0.0.1:{free_port()}")
    assert ran.exit_code == 1
    assert [(result.kind, result.outcome) for result in ran.run.results] == [
        ("reach", FAILED),
        ("flow", SKIPPED),
        ("flow", SKIPPED),
    ]
    assert "is not reachable: " in ran.other("reach").message
    assert "refused" in ran.other("reach").message
    assert {(flow.message, flow.root) for flow in ran.run.flows} == {("app not reachable", "reach")}
    assert ran.run.browser is None, "no browser was needed to know"


def test_an_address_that_cannot_be_asked_is_not_the_app_s_fault(tmp_path: Path) -> None:
    write(tmp_path, _TWO)
    ran = replay(tmp_path, f"http://{'a' * 70}.example.test")
    assert (ran.exit_code, ran.other("reach").outcome) == (3, ERROR)


def _own_address() -> str:
    """This machine's address in its network; nobody is asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.99", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(probe.getsockname()[0])


@pytest.mark.parametrize(
    ("online", "outcome"), [(None, FAILED), (True, FAILED), (False, INCONCLUSIVE)], ids=["unknown", "online", "offline"]
)
def test_a_refused_connection_is_judged_by_whether_this_machine_is_online(
    site: Site, tmp_path: Path, online: bool | None, outcome: Outcome
) -> None:
    app = f"http://{_own_address()}:{free_port()}"
    hosts = {None: [], True: [f"http://127.0.0.1:{free_port()}", site.base_url], False: [f"127.0.0.1:{free_port()}"]}
    write(tmp_path, _TWO, config=f"      local: {{connectivity: {hosts[online]}}}")
    if not has_default_route():
        outcome = INCONCLUSIVE
    ran = replay(tmp_path, app)
    assert ran.other("reach").outcome is outcome
    assert ran.exit_code == (1 if outcome is FAILED else 3)
    said = "refused" if outcome is FAILED else "this machine is offline"
    assert said in ran.other("reach").message


@pytest.mark.parametrize(
    ("errno", "outcome", "said"),
    [
        (socket.EAI_NONAME, FAILED, "is not reachable"),
        (socket.EAI_AGAIN, INCONCLUSIVE, "the name service does not answer for app.example.test"),
    ],
)
def test_no_such_name_is_a_failure_and_no_answer_to_the_question_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errno: int, outcome: Outcome, said: str
) -> None:
    def answer(*_: object, **__: object) -> None:
        raise socket.gaierror(errno, "as the test has it")

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    if not has_default_route():
        outcome, said = INCONCLUSIVE, "this machine is offline"
    write(tmp_path, _TWO)
    ran = replay(tmp_path, "http://app.example.test")
    assert (ran.other("reach").outcome, ran.exit_code) == (outcome, 1 if outcome is FAILED else 3)
    assert said in ran.other("reach").message


def test_an_app_on_this_machine_is_never_offline(tmp_path: Path) -> None:
    closed = free_port()
    local = f"""
      local: {{connectivity: '127.0.0.1:{closed}'}}
      mapped: {{connectivity: '127.0.0.1:{closed}', resolve: {{app.example.test: '127.0.0.1:{closed}'}}}}
"""
    write(tmp_path, _TWO, config=local)
    for environment, app in (("local", f"http://localhost:{closed}"), ("mapped", "http://app.example.test")):
        ran = replay(tmp_path, app, "--env", environment)
        assert (ran.other("reach").outcome, ran.exit_code) == (FAILED, 1)


@pytest.mark.parametrize(
    ("four", "six", "found"),
    [
        ("eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0", "", True),
        ("eth0 0000000A 00000000 0001 0 0 0 00FFFFFF 0 0 0", "", False),
        ("", "0" * 32 + " 00 " + "0" * 32 + " 00 " + "fe" * 16 + " 0 0 0 0 eth0", True),
        ("", "0" * 32 + " 00 " + "0" * 32 + " 00 " + "0" * 32 + " 0 0 0 0 lo", False),
        ("", "fe80" + "0" * 28 + " 40 " + "0" * 32 + " 00 " + "0" * 32 + " 0 0 0 0 eth0", False),
    ],
)
def test_the_way_out_is_read_from_the_routing_tables(tmp_path: Path, four: str, six: str, found: bool) -> None:
    (tmp_path / "route").write_text(f"Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n{four}\n")
    (tmp_path / "ipv6_route").write_text(f"{six}\n")
    assert has_default_route(tmp_path) is found


def test_without_routing_tables_nobody_is_called_offline(tmp_path: Path) -> None:
    assert has_default_route(tmp_path)


_RELEASED = """
  look:
    steps:
      - goto: /
  deploy:
    steps:
      - goto: /deploy
"""
_SHOWN = """
      marked: {release: {path: /version, json: $.release}}
      silent: {release: {path: /, header: X-Release}}
"""


@pytest.fixture
def released(site: Site, tmp_path: Path) -> Path:
    def deploy(_: object) -> Answer:
        site.release = "8"
        return Answer(_page())

    site.release = "7"
    site.pages["/deploy"] = deploy
    site.pages["/version"] = lambda _: Answer(f'{{"release": "{site.release}"}}', kind="application/json")
    write(tmp_path, _RELEASED, config=_SHOWN)
    return tmp_path


def test_the_expected_release_passes_and_a_wrong_one_fails(released: Path, site: Site) -> None:
    right = replay(released, site, "--env", "marked", "--release", "7", "--flow", "look")
    assert (right.exit_code, right.other("release").outcome) == (0, PASSED)
    assert (right.run.release.before, right.run.release.after) == ("7", "7")
    wrong = replay(released, site, "--env", "marked", "--release", "8", "--flow", "look")
    assert (wrong.exit_code, wrong.other("release").outcome) == (1, FAILED)
    assert "wrong release served: 7, expected 8" in wrong.other("release").message


def test_a_release_that_changes_during_the_run_is_inconclusive(released: Path, site: Site) -> None:
    ran = replay(released, site, "--env", "marked", "--flow", "deploy")
    assert (ran.exit_code, ran.other("release").outcome) == (3, INCONCLUSIVE)
    assert "changed during the run: 7 before, 8 after" in ran.other("release").message


def test_a_release_that_cannot_be_read_is_told_by_whether_one_is_expected(released: Path, site: Site) -> None:
    ran = replay(released, site, "--env", "silent", "--flow", "look")
    assert (ran.exit_code, ran.other("release").outcome) == (0, WARNED)
    ran = replay(released, site, "--env", "silent", "--flow", "look", "--release", "7")
    assert (ran.exit_code, ran.other("release").outcome) == (3, INCONCLUSIVE)


def test_a_release_is_waited_for(released: Path, site: Site) -> None:
    answers = iter(["6", "6"])
    site.pages["/version"] = lambda _: Answer(f'{{"release": "{next(answers, "7")}"}}', kind="application/json")
    ran = replay(released, site, "--env", "marked", "--release", "7", "--wait-release", "20s", "--flow", "look")
    assert (ran.exit_code, ran.run.release.before) == (0, "7")
    assert len(site.asked_for("/version")) >= 3


def test_a_wait_for_a_release_ends_with_the_time_for_the_run(released: Path, site: Site) -> None:
    ran = replay(released, site, "--env", "marked", "--release", "9", "--wait-release", "60s", "--max-time", "1s")
    assert ran.exit_code == 3
    assert {flow.message for flow in ran.run.flows} == {"time is up (--max-time 1 s)"}


_TIMED = """
  sleeps:
    steps:
      - goto: /
      - pause: 30s
  waits:
    after: sleeps
    steps:
      - goto: /
"""


def test_when_time_is_up_the_rest_is_skipped_with_that_reason(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _TIMED)
    ran = replay(tmp_path, site, "--max-time", "4s")
    assert ran.exit_code == 3
    assert "CANNOT TELL" in ran.out
    assert ran.outcomes == {"sleeps": "skipped", "waits": "skipped"}
    assert {flow.message for flow in ran.run.flows} == {"time is up (--max-time 4 s)"}


def test_the_environment_may_limit_the_time_too(site: Site, tmp_path: Path) -> None:
    flows = """
  sleeps:
    steps:
      - pause: 30s
"""
    write(tmp_path, flows, config="      local: {max_time: 2s}\n")
    ran = replay(tmp_path, site)
    assert (ran.exit_code, ran.outcomes) == (3, {"sleeps": "skipped"})
    assert "time is up" in ran.flow("sleeps").message


def test_fail_fast_skips_the_rest_and_exits_1(site: Site, tmp_path: Path) -> None:
    site.pages["/fails-first"] = site.once(
        Answer(status=302, headers={"Location": f"{site.elsewhere}/done"}), Answer("no", 500)
    )
    flows = """
  bad:
    steps:
      - goto: /fails-first
  other:
    after: bad
    steps:
      - goto: /
"""
    write(tmp_path, flows)
    ran = replay(tmp_path, site, "--fail-fast", "--retries", 1)
    assert ran.exit_code == 1
    assert [attempt.outcome for attempt in ran.flow("bad").attempts] == [INCONCLUSIVE, FAILED]
    assert (ran.flow("other").outcome, ran.flow("other").message) == (SKIPPED, "--fail-fast: bad failed")


_ORDERED = """
  first:
    exclusive: account
    steps: [{goto: /}, {pause: 300ms}]
    cleanup: [{pause: 300ms}]
  second:
    exclusive: [account, cart]
    steps: [{goto: /}, {pause: 300ms}]
  third:
    exclusive: account
    steps: [{goto: /}, {pause: 300ms}]
  fourth:
    exclusive: cart
    steps: [{goto: /}, {pause: 300ms}]
  late:
    after: early
    steps: [{goto: /}]
  early:
    steps: [{goto: /}, {pause: 500ms}]
  needy:
    needs: early
    steps: [{goto: /}]
"""


def _overlaps(results: list[Result]) -> list[tuple[str, str]]:
    def ends(result: Result) -> float:
        return result.started.timestamp() + result.seconds

    return [
        (one.name, other.name)
        for one, other in combinations(results, 2)
        if one.started.timestamp() < ends(other) and other.started.timestamp() < ends(one)
    ]


def test_flows_keep_their_order_and_off_each_other_s_accounts(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _ORDERED)
    many = replay(tmp_path, site, "--workers", 4)
    assert set(many.outcomes.values()) == {"passed"}
    held = [many.flow(name) for name in ("first", "second", "third")]
    assert _overlaps([*held, held[0].children[-1]]) == [], "cleanup uses the account, too"
    cleaned = held[0].children[-1].started
    assert all(cleaned < flow.started for flow in held[1:] if flow.started > held[0].started), "nobody finds it unclean"
    assert _overlaps([many.flow("second"), many.flow("fourth")]) == []
    early, late, needy = (many.flow(name) for name in ("early", "late", "needy"))
    assert _overlaps([early, late]) == _overlaps([early, needy]) == []
    assert early.started < min(late.started, needy.started)
    assert _overlaps(list(many.run.flows)), "four workers work at the same time"


def test_one_worker_does_one_thing_at_a_time_and_brings_along_what_is_needed(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _ORDERED)
    one = replay(tmp_path, site, "--workers", 1, "--flow", "needy", "--flow", "late", "--flow", "fourth")
    assert _overlaps(list(one.run.flows)) == []
    assert {flow.name: flow.prerequisite for flow in one.run.flows} == {
        "early": True,
        "fourth": False,
        "late": False,
        "needy": False,
    }
    assert "prerequisite" in one.out
    alone = replay(tmp_path, site, "--no-needs", "--flow", "needy")
    assert alone.outcomes == {"needy": "passed"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--flow", "sekond"), "no flow called 'sekond', did you mean 'second'?"),
        (("--tag", "nothing"), "no tag called 'nothing'"),
        (("--flow", "first", "--severity", "low"), "nothing is selected"),
        (("--release", "7"), "--release needs to know how site shows its release"),
        (("--wait-release", "7"), "--wait-release"),
        (("--env", "moon"), "there is no smokerunner.yaml"),
        (("--var", "novalue"), "--var novalue"),
        (("--browser-path", "/nowhere/chromium"), "/nowhere/chromium"),
        (("nosuchapp",), "no flow file and no app called 'nosuchapp'"),
        (("--base-url", "nonsense"), "--base-url nonsense"),
    ],
)
def test_bad_input_exits_2_and_runs_nothing(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    write(tmp_path, _ORDERED)
    ran = replay(tmp_path, "http://127.0.0.1:9", *options)
    assert ran.exit_code == 2
    assert said in ran.err
    assert not (tmp_path / "evidence").exists()
