"""One hand-written run that has everything a report must show: every outcome, nesting, retries, artifacts, a script
in a message, other alphabets, a fallback with its mend. Times are literal, so reports of it are always the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smokerunner.model.comparison import Comparison
from smokerunner.model.diagnosis import Diagnosis, Proof
from smokerunner.model.flow import Severity
from smokerunner.model.geometry import Box, Point
from smokerunner.model.mending import Mend
from smokerunner.model.observation import Observation
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, ConsoleMessage, RequestSeen, Result
from smokerunner.model.run import Browser, Machine, Past, Release, Run, Source, Tool
from smokerunner.model.vitals import Vitals

AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def at(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def picture(flow: str, name: str, **more: str) -> Artifact:
    return Artifact(kind="picture", path=f"flows/{flow}/{name}.png", **more)


def vitals(path: str, began: datetime, lcp: float, inp: float | None = None, cls: float = 0) -> Vitals:
    return Vitals(url=f"https://shop.acorn.example{path}", began=began, lcp=lcp, inp=inp, cls=cls)


def before(flow: str, name: str, same_as: str | None = None) -> Artifact:
    """The page before a step; by default the picture of an earlier step."""
    return Artifact(
        kind="before", path=f"flows/{flow}/{name}-before.png", same_as=same_as and f"flows/{flow}/{same_as}.png"
    )


FINDINGS = (
    Diagnosis(
        id="server-error",
        title="POST /api/session answered 503 Service Unavailable",
        explanation="The server could not answer. Look at its own log around 20:15:09 UTC, and at its load.",
        severity=Severity.CRITICAL,
        proof=(
            Proof(label="the answer", text='{"error": "Too many attempts <b>at</b> once"}\nRetry-After: 30'),
            Proof(label="the page", text="Too many attempts, try again later."),
        ),
        step="flows/login/2/03",
        app="acorn",
        flow="login",
        environment="production",
    ),
    Diagnosis(
        id="javascript-error",
        title="The page's own script stopped: session is undefined",
        explanation="Something that the page does by script did not happen.",
        severity=Severity.HIGH,
        proof=(Proof(label="the console", text="Uncaught TypeError: session is undefined"),),
        mend=Mend(found="button 'Sign in'", instead={"button": "Sign in again"}),
        step="flows/login/2/03",
    ),
)


LOGIN = Result(
    id="flows/login",
    kind="flow",
    name="login",
    title="A customer signs in",
    outcome=Outcome.FAILED,
    message="Step 03: expected the page /dashboard, but it is still /login.",
    started=at(2),
    seconds=17.482,
    severity=Severity.CRITICAL,
    tags=("auth", "core"),
    source="flows/acorn.yaml:12",
    diagnoses=FINDINGS,
    worker=2,
    artifacts=(
        Artifact(kind="sheet", path="flows/login/sheet.jpg"),
        Artifact(kind="animation", path="flows/login/flow.webp"),
    ),
    children=(
        Result(
            id="flows/login/1",
            kind="attempt",
            name="1",
            outcome=Outcome.ERROR,
            message="The browser went away.",
            started=at(2),
            seconds=3.21,
            artifacts=(Artifact(kind="traceback", path="flows/login/1/traceback.txt"),),
            children=(
                Result(
                    id="flows/login/1/01",
                    kind="step",
                    name="goto /login",
                    outcome=Outcome.ERROR,
                    message="The browser went away.",
                    started=at(2),
                    seconds=3.2,
                    action="goto",
                ),
            ),
        ),
        Result(
            id="flows/login/2",
            kind="attempt",
            name="2",
            outcome=Outcome.FAILED,
            message="Step 03: expected the page /dashboard, but it is still /login.",
            started=at(6),
            seconds=14.2,
            artifacts=(
                Artifact(kind="trace", path="flows/login/trace.zip"),
                Artifact(kind="console", path="flows/login/console.jsonl"),
                Artifact(kind="websockets", path="flows/login/websockets.jsonl"),
                Artifact(
                    kind="network",
                    path="flows/login/network.har",
                    withheld="a secret stands in its bytes and it is not text, so it was left out",
                ),
            ),
            children=(
                Result(
                    id="flows/login/2/01",
                    kind="step",
                    name="goto /login",
                    outcome=Outcome.PASSED,
                    started=at(6),
                    seconds=0.734,
                    action="goto",
                    url="https://shop.acorn.example/login",
                    source="flows/acorn.yaml:16",
                    vitals=vitals("/login", at(6), 412),
                    artifacts=(
                        picture("login", "01-goto-login"),
                        Artifact(kind="download", path="flows/login/01-download-terms.pdf", title="terms.pdf"),
                    ),
                ),
                Result(
                    id="flows/login/2/02",
                    kind="step",
                    name="fill Password",
                    outcome=Outcome.WARNED,
                    started=at(7),
                    seconds=1.105,
                    action="fill",
                    url="https://shop.acorn.example/login",
                    locator="placeholder 'Your password'",
                    value="***SMOKE_PASSWORD***",
                    warnings=("label 'Password' was not found; its fallback placeholder 'Your password' was used",),
                    mend=Mend(found="label 'Password'", instead={"placeholder": "Your password", "nth": 2}),
                    box=Box(x=440, y=300, width=400, height=44),
                    source="flows/acorn.yaml:17",
                    artifacts=(before("login", "02", "01-goto-login"), picture("login", "02-fill-password")),
                ),
                Result(
                    id="flows/login/2/03",
                    kind="step",
                    name="click Sign in",
                    title="Sign in <with> | `ticks` & Ünïcödé 登录",
                    outcome=Outcome.FAILED,
                    message=(
                        "Expected the page /dashboard, but it is still /login.\n"
                        "The page says: <script>alert('x')</script> | Too many attempts"
                    ),
                    started=at(8),
                    seconds=10.02,
                    action="click",
                    url="https://shop.acorn.example/login?error=1",
                    locator="button 'Sign in'",
                    box=Box(x=440, y=372, width=400, height=48),
                    point=Point(x=640, y=396),
                    source="flows/acorn.yaml:19",
                    artifacts=(
                        before("login", "03", "02-fill-password"),
                        picture("login", "03-click-sign-in"),
                        Artifact(kind="earlier", path="flows/login/earlier/03-click-sign-in.png"),
                        Artifact(kind="difference", path="flows/login/03-difference.png"),
                        Artifact(kind="thumbnail", path="flows/login/03-thumbnail.webp"),
                    ),
                    comparison=Comparison(
                        against="last passed",
                        verdict="differs",
                        message="A line of text came below the button.",
                        earlier="flows/login/earlier/03-click-sign-in.png",
                        difference="flows/login/03-difference.png",
                        changed=0.0042,
                        areas=(Box(x=440, y=426, width=330, height=32),),
                        run="acorn-production-20261120T201500Z-11aa22",
                    ),
                    observation=Observation(
                        url="https://shop.acorn.example/login?error=1", title="Sign in <b>here</b>", status=200
                    ),
                    console=(
                        ConsoleMessage(
                            level="error",
                            text="Uncaught TypeError: session is undefined",
                            url="https://shop.acorn.example/static/app.js",
                            line=214,
                            counts=True,
                            at=at(9),
                        ),
                    ),
                    requests=(
                        RequestSeen(
                            method="POST",
                            url="https://shop.acorn.example/api/session",
                            kind="fetch",
                            status=503,
                            seconds=0.31,
                            at=at(9),
                        ),
                        RequestSeen(
                            method="GET",
                            url="https://cdn.example/beacon.gif",
                            kind="image",
                            failure="net::ERR_NAME_NOT_RESOLVED",
                            at=at(9),
                        ),
                    ),
                ),
                Result(
                    id="flows/login/2/04",
                    kind="step",
                    name="expect",
                    title="The dashboard is there",
                    outcome=Outcome.SKIPPED,
                    message="step 03 failed",
                    started=at(18),
                    action="expect",
                ),
            ),
        ),
    ),
)

REGISTER = Result(
    id="flows/register",
    kind="flow",
    name="register",
    title="A visitor opens an account",
    outcome=Outcome.WARNED,
    message="Passed on attempt 2.",
    warnings=("attempt 1 was inconclusive", "slower than its time target of 5s"),
    worker=1,
    started=at(20),
    seconds=9.4,
    severity=Severity.HIGH,
    tags=("auth",),
    children=(
        Result(
            id="flows/register/1",
            kind="attempt",
            name="1",
            outcome=Outcome.INCONCLUSIVE,
            message="A firewall asks whether we are human.",
            started=at(20),
            seconds=2.1,
            children=(
                Result(
                    id="flows/register/1/01",
                    kind="step",
                    name="goto /register",
                    outcome=Outcome.INCONCLUSIVE,
                    message="A firewall asks whether we are human.",
                    started=at(20),
                    seconds=2.0,
                    url="https://shop.acorn.example/register",
                    artifacts=(picture("register", "1-01-goto-register"),),
                ),
            ),
        ),
        Result(
            id="flows/register/2",
            kind="attempt",
            name="2",
            outcome=Outcome.PASSED,
            started=at(23),
            seconds=7.2,
            children=(
                Result(
                    id="flows/register/2/01",
                    kind="step",
                    name="goto /register",
                    outcome=Outcome.PASSED,
                    started=at(23),
                    seconds=0.6,
                    url="https://shop.acorn.example/register",
                    vitals=vitals("/register", at(23), 900),
                    artifacts=(picture("register", "01-goto-register"),),
                ),
                Result(
                    id="flows/register/2/02",
                    kind="step",
                    name="click Terms",
                    outcome=Outcome.PASSED,
                    started=at(24),
                    seconds=2.4,
                    action="click",
                    url="https://shop.acorn.example/register",
                    locator="link 'Terms'",
                    vitals=vitals("/register", at(23), 2860.4, 264, 0.004),
                    point=Point(x=300, y=500),
                    box=Box(x=260, y=490, width=80, height=20),
                    artifacts=(before("register", "02"), picture("register", "02-click-terms")),
                    children=(
                        Result(
                            id="flows/register/2/02/01",
                            kind="step",
                            name="expect",
                            title="The terms open in a new tab",
                            outcome=Outcome.PASSED,
                            started=at(25),
                            seconds=0.2,
                            url="https://shop.acorn.example/terms",
                            artifacts=(picture("register", "02-01-expect"),),
                        ),
                    ),
                ),
                Result(
                    id="flows/register/2/03",
                    kind="step",
                    name="click Create account",
                    outcome=Outcome.PASSED,
                    started=at(27),
                    seconds=4.1,
                    vitals=vitals("/welcome?<b>new</b>", at(28), 4210, None, 0.31),
                    url="https://shop.acorn.example/dashboard",
                    locator="button 'Create account'",
                    artifacts=(
                        picture("register", "03-click-create-account", same_as="flows/register/02-click-terms.png"),
                    ),
                ),
            ),
        ),
        Result(
            id="flows/register/cleanup",
            kind="cleanup",
            name="api DELETE /api/me",
            outcome=Outcome.FAILED,
            message="Answered 500.",
            started=at(31),
            seconds=0.1,
        ),
    ),
)

SEARCH = Result(
    id="flows/search",
    kind="flow",
    name="search",
    title="Somebody looks for a product",
    outcome=Outcome.PASSED,
    started=at(32),
    seconds=2.25,
    severity=Severity.MEDIUM,
    children=(
        Result(
            id="flows/search/1",
            kind="attempt",
            name="1",
            outcome=Outcome.PASSED,
            started=at(32),
            seconds=2.2,
            children=(
                Result(
                    id="flows/search/1/01",
                    kind="step",
                    name="goto /",
                    outcome=Outcome.PASSED,
                    started=at(32),
                    seconds=0.5,
                    url="https://shop.acorn.example/",
                    artifacts=(picture("search", "01-goto"),),
                ),
                Result(
                    id="flows/search/1/02",
                    kind="step",
                    name="fill Search",
                    outcome=Outcome.PASSED,
                    started=at(33),
                    seconds=1.6,
                    url="https://shop.acorn.example/?q=oak",
                    locator="textbox 'Search'",
                    value="oak",
                    artifacts=(
                        picture(
                            "search",
                            "02-fill-search",
                            withheld="a secret stands in its bytes and it is not text, so it was left out",
                        ),
                    ),
                ),
            ),
        ),
    ),
)

EXPORT = Result(
    id="flows/export",
    kind="flow",
    name="export",
    title="Orders as a spreadsheet",
    outcome=Outcome.INCONCLUSIVE,
    message="POST https://pay.example/charge was stopped: this environment is read-only.",
    started=at(35),
    seconds=1.0,
    severity=Severity.LOW,
    children=(
        Result(
            id="flows/export/1",
            kind="attempt",
            name="1",
            outcome=Outcome.INCONCLUSIVE,
            message="POST https://pay.example/charge was stopped: this environment is read-only.",
            started=at(35),
            seconds=1.0,
        ),
    ),
)

RESET = Result(
    id="flows/reset",
    kind="flow",
    name="reset",
    title="A forgotten password",
    outcome=Outcome.ERROR,
    message="The mailbox at 127.0.0.1:1080 cannot be reached.",
    started=at(36),
    seconds=0.4,
    severity=Severity.CRITICAL,
    children=(
        Result(
            id="flows/reset/1",
            kind="attempt",
            name="1",
            outcome=Outcome.ERROR,
            started=at(36),
            seconds=0.4,
            children=(
                Result(
                    id="flows/reset/1/01",
                    kind="step",
                    name="mail",
                    outcome=Outcome.ERROR,
                    message="The mailbox at 127.0.0.1:1080 cannot be reached.\x1b[31m\x00",
                    started=at(36),
                    seconds=0.4,
                ),
            ),
        ),
    ),
)

INVOICE = Result(
    id="flows/invoice",
    kind="flow",
    name="invoice",
    title="An invoice",
    outcome=Outcome.SKIPPED,
    message="login failed",
    root="login",
    started=at(37),
    severity=Severity.HIGH,
    prerequisite=True,
)

RUN = Run(
    id="acorn-production-20261122T201500Z-7f3a9c",
    app="acorn",
    environment="production",
    base_url="https://shop.acorn.example/",
    started=AT,
    ended=at(41.5),
    release=Release(expected="2026.11.2", before="2026.11.2", after="2026.11.2", read_from="header X-Release"),
    browser=Browser(kind="chromium-headless-shell", version="142.0.7444.59", path="chromium-headless-shell"),
    tool=Tool(smokerunner="0.1.0", playwright="1.65.2", python="3.11.7", platform="Linux x86_64"),
    machine=Machine(cores=2, memory_megabytes=7952, clock="system, synchronised"),
    sources=(Source(path="flows/acorn.yaml", sha256="9f86d081884c7d65" * 4),),
    options={"--retries": "1", "--tags": "core"},
    results=(
        Result(id="reach", kind="reach", name="reach", outcome=Outcome.PASSED, started=AT, seconds=0.08),
        Result(
            id="release",
            kind="release",
            name="release",
            outcome=Outcome.WARNED,
            message="The release could be read only on the second try.",
            started=AT,
            seconds=1.2,
        ),
        SEARCH,
        LOGIN,
        REGISTER,
        EXPORT,
        RESET,
        INVOICE,
    ),
    history={
        "login": Past(
            last_passed_run="acorn-production-20261120T201500Z-11aa22",
            last_passed_at=AT - 2 * DAY,
            last_passed_release="2026.11.1",
            failing_since_run="acorn-production-20261121T201500Z-33bb44",
            failing_since_at=AT - DAY,
            failing_since_release="2026.11.2",
            median_seconds=4.2,
        ),
        "search": Past(
            last_passed_run="acorn-production-20261121T201500Z-33bb44",
            last_passed_at=AT - DAY,
            last_passed_release="2026.11.1",
            median_seconds=2.0,
        ),
        "register": Past(),
    },
)


def read(path: str) -> bytes | None:
    """The sample has no files."""
    return None
