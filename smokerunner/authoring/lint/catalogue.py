"""All rules, in the order in which they are documented."""

from __future__ import annotations

from smokerunner.authoring.lint.effects import untrue_none
from smokerunner.authoring.lint.order import duplicate_title, idle_person, unused_secret, unused_variable
from smokerunner.authoring.lint.places import absolute_host, css_path
from smokerunner.authoring.lint.proof import no_cleanup, no_expectation, pause, shared_logout
from smokerunner.authoring.lint.rule import Rule
from smokerunner.authoring.lint.values import literal_email, literal_password, secret_as_name

RULES: tuple[Rule, ...] = (
    Rule(
        "no-expectation",
        "A flow, or a submit before the flow goes elsewhere, whose outcome nobody looks at.",
        no_expectation,
    ),
    Rule("literal-password", "A password that stands in the file instead of among the secrets.", literal_password),
    Rule("secret-as-name", "A secret in a title, a step's name, a file's name or an address.", secret_as_name),
    Rule("literal-email", "An e-mail address that no flow registered and that may be somebody's.", literal_email),
    Rule("absolute-host", "A whole address where a path would follow base_url.", absolute_host, fixes=True),
    Rule("css-path", "A CSS selector or XPath by position, or too long to read.", css_path),
    Rule("pause", "A pause, where an expectation would wait just long enough.", pause),
    Rule("shared-logout", "A flow that starts from a shared session and ends it.", shared_logout),
    Rule("unused-variable", "A variable that nothing uses.", unused_variable, fixes=True),
    Rule("unused-secret", "A secret that nothing uses.", unused_secret, fixes=True),
    Rule("idle-person", "Somebody among a flow's people who does none of its steps.", idle_person),
    Rule("duplicate-title", "Two flows with the same title.", duplicate_title),
    Rule("untrue-none", "A flow that says `effects: none` and changes something.", untrue_none),
    Rule("no-cleanup", "A flow that opens an account in every run and leaves it.", no_cleanup, level="info"),
)
