"""How reports put durations, times, numbers and history into words, so that all of them say the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.flow import Severity
from smokerunner.model.number import counted as number_of_things
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Past, Release, Run

ATTENTION = (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.WARNED, Outcome.SKIPPED, Outcome.PASSED)
"""Outcomes in the order in which a reader wants to see them."""


_SEVERITIES = tuple(Severity)
# Named by what is taken out: a class of what may stay takes ten times as long to compile.
_UNPRINTED = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
# GitHub takes `::` at the beginning of a line; it, Azure and TeamCity take `##[`, `##vso[`, `##teamcity[` anywhere.
_AT_START = re.compile(r"((?:^|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029])\s*:)(?=:)")
_ANYWHERE = re.compile(r"#(?=#[A-Za-z]*\[)")


def legible(text: str) -> str:
    """Text without a terminal's colours and without the characters that neither XML nor HTML may hold."""
    return _UNPRINTED.sub("", text)


def harmless(text: str) -> str:
    """Text that a pipeline reading the output takes for no command of its own: `::set-output`, `##[…]`, `##vso[…]`.

    They are cut apart by a blank, so that a person still reads them.
    """
    return _ANYWHERE.sub("# ", _AT_START.sub(r"\1 ", text))


def one_line(text: str) -> str:
    """Text without line breaks and other signs that are not seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in legible(text)).split())


def shortened(url: str, base: str) -> str:
    """An address without its host where that is the app's own, as for nearly every step."""
    origin, wanted = origin_of(url), origin_of(base)
    return url[len(origin) :] or "/" if origin and origin.casefold() == wanted.casefold() else url


def origin_of(url: str) -> str:
    """Scheme and host of an address; empty when it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def duration(seconds: float) -> str:
    """Seconds as people say them: `0.35 s`, `12.3 s`, `2 min 05 s`."""
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s"


def moment(at: datetime) -> str:
    """A time in UTC to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def title_of(result: Result) -> str:
    """What a result is called for people."""
    return result.title or result.name


def done_of(step: Result) -> str:
    """What a step is called, and who did it when that was not the flow's own user."""
    return f"{title_of(step)} (as {step.person})" if step.person else title_of(step)


def number_of(step: Result, attempt: Result) -> str:
    """A step's number as in its picture's name; a step within a step is `02.01`."""
    return step.id.removeprefix(f"{attempt.id}/").replace("/", ".")


def file_of(artifact: Artifact) -> str | None:
    """The path of an artifact's file in the bundle; None when it is withheld."""
    return None if artifact.withheld else artifact.same_as or artifact.path


def others_of(run: Run) -> tuple[Result, ...]:
    """The results that are neither flows nor checks: of the release, reachability and the run itself."""
    return tuple(result for result in run.results if result.kind not in ("flow", "check"))


def by_attention(flows: tuple[Result, ...]) -> list[Result]:
    """Flows or checks, worst outcome first; of those to look at the most severe first, then what held others up.

    Else they stand in the order they ran.
    """
    roots = {flow.root for flow in flows if flow.root is not None}

    def rank(flow: Result) -> tuple[int, int, bool]:
        if flow.outcome in (Outcome.PASSED, Outcome.SKIPPED):
            return ATTENTION.index(flow.outcome), 0, False
        return ATTENTION.index(flow.outcome), _SEVERITIES.index(flow.severity or Severity.HIGH), flow.name not in roots

    return sorted(flows, key=rank)


def blocked_by(run: Run, result: Result) -> str:
    """What was skipped because of a result, in a sentence; empty when nothing was."""
    said = held_up(run, result)
    return f"{said}." if said else ""


def held_up(run: Run, *results: Result) -> str:
    """How many flows and checks were skipped because of these: `1 flow was skipped because of it`."""
    names = [result.name for result in results]
    numbers = [(sum(names.count(one.root or "") for one in them), what) for them, what in _parts_of(run)]
    said = " and ".join(number_of_things(number, what) for number, what in numbers if number)
    verb = "was" if sum(number for number, _ in numbers) == 1 else "were"
    return f"{said} {verb} skipped because of it" if said else ""


def _parts_of(run: Run) -> tuple[tuple[tuple[Result, ...], str], ...]:
    """What a run consists of, with the word for one of each; a run of checks alone has no flows to speak of."""
    flows, checks = (run.flows, "flow"), (run.checks, "check")
    if not run.checks:
        return (flows,)
    return (flows, checks) if run.flows else (checks,)


def nouns_of(run: Run, form: str = "{}s", between: str = " and ") -> str:
    """What a run consists of: `flows`, `checks` or `flows and checks`."""
    return between.join(form.format(what) for _, what in _parts_of(run))


def repeats(text: str, said: str) -> bool:
    """Whether all lines of a text have been said already, whatever the case, the marks and where they were cut."""
    known = _words(said)
    return all(_words(line) in known for line in text.splitlines())


def beside(found: Diagnosis, message: str) -> Diagnosis:
    """A cause without the proofs that only say again what a message says."""
    return found.model_copy(update={"proof": tuple(p for p in found.proof if not repeats(p.text, message))})


def told_once(found: Diagnosis, message: str, step: Result | None = None) -> tuple[Diagnosis, str]:
    """A cause and a message to be shown together, so that nothing stands there twice.

    A title that the message begins with gives way to the message's first line, which says more.
    """
    rest = beside(found, message)
    if repeats(message, found.title):
        return rest, ""
    wholes = [message, *([f"Step {step.number} ({title_of(step)}): {message}"] if step is not None else [])]
    for whole in wholes:
        first, _, more = whole.partition("\n")
        if repeats(found.title, first):
            return rest.model_copy(update={"title": f"{first[:1].upper()}{first[1:]}".removesuffix(".")}), more
    return rest, message


def _words(text: str) -> str:
    """The words in lower case, with a blank before each."""
    return "".join(f" {word}" for word in re.findall(r"\w+", text.casefold()))


def blamed_step(flow: Result) -> Result | None:
    """The first bad step of the attempt that decided."""
    return next((step for step in flow.steps if step.outcome.is_bad), None)


def diagnoses_of(result: Result) -> tuple[Diagnosis, ...]:
    """Why something failed, the likeliest first: what was found for it, its deciding attempt and the step to blame."""
    deciding, blamed = result.deciding, blamed_step(result)
    places = [place for place in (result, deciding, blamed) if place is not None]
    found = {(item.id, item.title): item for place in places for item in place.diagnoses}
    return tuple(found.values())


def source_of(result: Result) -> tuple[str, int]:
    """The file and the line of the step to blame, else of the result; nothing and 0 when they are not known."""
    blamed = blamed_step(result)
    places = [] if blamed is None else [innermost(blamed).source, blamed.source]
    places += [result.source, *(step.source for step in result.walk())]
    path, _, line = next((place for place in places if place), "").rpartition(":")
    return (path, int(line)) if path and line.isdecimal() else ("", 0)


def files_of(result: Result, *kinds: str) -> list[str]:
    """The paths of a result's own files of these kinds, without those that are withheld."""
    found = (file_of(artifact) for artifact in result.artifacts if artifact.kind in kinds)
    return [path for path in dict.fromkeys(found) if path]


def innermost(step: Result) -> Result:
    """The step within this one that went wrong first, or the step itself."""
    inside = next((child for child in step.children if child.kind == "step" and child.outcome.is_bad), None)
    return step if inside is None else innermost(inside)


def counted(run: Run) -> str:
    """All counts in one line, zero included: `7 flows, 31 checks: 1 failed, 0 error, …`."""
    counts = ", ".join(f"{run.counts[outcome]} {outcome}" for outcome in ATTENTION)
    whole = ", ".join(number_of_things(len(them), what) for them, what in _parts_of(run))
    return f"{whole}: {counts}"


def reason_of(run: Run) -> str:
    """Why the verdict is what it is, in a sentence."""
    if run.interrupted:
        return "The run was interrupted before it was done."
    outcome = run.outcome
    if outcome is Outcome.SKIPPED:
        return "Nothing ran."
    if outcome is Outcome.PASSED:
        return "Everything that ran passed."
    ranked = by_attention((*run.flows, *run.checks))
    names = [_named(item, outcome) for item in (*ranked, *others_of(run)) if item.outcome is outcome]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    if outcome is Outcome.WARNED:
        return f"Everything that ran passed, but look at {shown}."
    if outcome is Outcome.ERROR:
        return f"Nothing failed, but something went wrong on our side: {shown}."
    if outcome is Outcome.INCONCLUSIVE:
        return f"Nothing failed, but it cannot be told for {shown}."
    failed = [(sum(one.outcome is outcome for one in them), them, what) for them, what in _parts_of(run)]
    told = [f"{number} of {len(them)} {what}s" for number, them, what in failed if number]
    if told:
        return f"{' and '.join(told)} failed: {shown}."
    # Only the run as a whole is wrong: the app is not there, or another release is.
    said = next(result.message for result in run.results if result.outcome is outcome)
    return f"{said[:1].upper()}{said[1:]}." if said else f"Failed: {shown}."


def _named(result: Result, outcome: Outcome) -> str:
    """A name; of a check that failed also what that means, for its id does not tell."""
    grave = result.kind == "check" and outcome is Outcome.FAILED and result.severity is not None
    return f"{result.name} ({result.severity})" if grave else result.name


def release_of(release: Release) -> str:
    """Which build was tested, in words; empty when nothing is known of it."""
    served = release.before or release.after
    if release.before and release.after and release.before != release.after:
        served = f"{release.before}, then {release.after}"
    if served and release.expected and served != release.expected:
        return f"{served} (expected {release.expected})"
    return served or (f"{release.expected} expected, not read" if release.expected else "")


def history_of(flow: Result, past: Past | None) -> str:
    """Since when a flow or a check fails and when it last passed; empty when no history was kept."""
    if past is None:
        return ""
    if past.last_passed_run is None and past.failing_since_run is None:
        return "Never passed before on record." if flow.outcome.is_bad else "No earlier run on record."
    passed = (
        f"last passed {_when(past.last_passed_at, past.last_passed_release, past.last_passed_run)}"
        if past.last_passed_run
        else "never passed on record"
    )
    if past.failing_since_run is None:
        return f"New: {passed}." if flow.outcome is Outcome.FAILED else f"{passed[0].upper()}{passed[1:]}."
    since = _when(past.failing_since_at, past.failing_since_release, past.failing_since_run)
    return f"{'Failing' if flow.outcome is Outcome.FAILED else 'It was failing'} since {since}; {passed}."


def _when(at: datetime | None, release: str | None, run: str) -> str:
    told = moment(at) if at else run
    return f"{told} (release {release})" if release else told
