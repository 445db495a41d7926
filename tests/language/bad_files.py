"""Bad flow files: what is wrong, where it is reported, in which words, and whether a schema can see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bad:
    """A file and the whole complaint about it, path left out."""

    text: str
    said: str
    beyond_schema: bool = False


HEAD = "app: acorn\nflows:\n  login:\n    steps:\n"


def step(text: str, said: str, *, beyond_schema: bool = False) -> Bad:
    """One step; its first line is line 5, its first key column 9. `said` begins after `login, step 1`."""
    lines = text.splitlines()
    body = "".join(f"      {'- ' if index == 0 else '  '}{line}\n" for index, line in enumerate(lines))
    place, _, message = said.partition(" ")
    return Bad(HEAD + body, f"{place} login, step 1: {message}", beyond_schema)


def head(line: str, said: str, *, beyond_schema: bool = False) -> Bad:
    """One line before all others."""
    return Bad(f"{line}\n{HEAD}      - goto: /\n", said, beyond_schema)


def flow(line: str, said: str, *, beyond_schema: bool = False) -> Bad:
    """One line in the head of a flow: line 4, column 5."""
    text = f"app: acorn\nflows:\n  login:\n    {line}\n    steps:\n      - goto: /\n"
    return Bad(text, said, beyond_schema)


def syntax(text: str, said: str) -> Bad:
    """A file that is not even YAML, or holds what no flow file may."""
    return Bad(text, said, beyond_schema=True)


NO_DURATION = "is not a duration; write a number and a unit, such as 500ms, 60s or 2m"
A_NAME = "is not a name; use letters, digits, - and _, beginning with a letter or digit"
A_VARIABLE = "is not a name; use letters, digits, - and _, beginning with a letter or _"
QUOTE = "put quotes around text that starts with"

BAD: dict[str, Bad] = {
    # The head of the file
    "no app": Bad("flows:\n  login:\n    steps:\n      - goto: /\n", "1:1: 'app' is missing"),
    "no flows": Bad("app: acorn\n", "1:1: 'flows' is missing"),
    "flows empty": Bad("app: acorn\nflows: {}\n", "2:8: flows: 'flows' is empty; it needs at least 1"),
    "app with blanks": Bad(f"app: my app\n{HEAD[11:]}      - goto: /\n", f"1:6: app: 'my app' {A_NAME}"),
    "unknown key": head("bas_url: http://x", "1:1: no key called 'bas_url' in a flow file, did you mean 'base_url'?"),
    "base_url without scheme": head(
        "base_url: acorn.test",
        "1:11: base_url: 'acorn.test' is not an address; write http://… or https://… without ? or #",
    ),
    "viewport": head("viewport: large", "1:11: viewport: 'large' is not a size; write it as 1280x720"),
    "visual unknown": head("visual: stric", "1:9: visual: 'stric' does not fit 'visual'; one of off, warn, strict"),
    "visual with another mode": head(
        "visual: {mode: fail}", "1:16: visual: 'fail' does not fit 'mode'; one of off, warn, strict"
    ),
    "tolerance without a percent sign": head(
        "visual: {tolerance: 0.5}", "1:21: visual: '0.5' is no part of a picture; write it as 0.5%"
    ),
    "tolerance over all": head(
        "visual: {tolerance: 120%}", "1:21: visual: '120%' is no part of a picture; write it as 0.5%"
    ),
    "visual misspelt": flow(
        "visual: {tolerence: 1%}",
        "4:14: login: no key called 'tolerence' in 'visual', did you mean 'tolerance'?",
    ),
    "timeout without unit": head("timeout: 60", f"1:10: timeout: '60' {NO_DURATION}"),
    "secrets as mapping": head("secrets: {A: b}", "1:10: secrets: expected a list for 'secrets', found a mapping"),
    "secret with a value": head(
        "secrets: [{name: A, value: b}]", "1:21: secrets: no key called 'value' in 'secrets'; there are name, weak"
    ),
    "variables as list": head("variables: [a]", "1:12: variables: expected a mapping for 'variables', found a list"),
    "variable with a mapping": head(
        "variables: {a: {b: c}}", "1:16: variables: expected text for 'a', found a mapping"
    ),
    "variable's name": head("variables: {1a: b}", f"1:13: variables: '1a' {A_VARIABLE}"),
    "taken name": head(
        "variables: {unique: b}",
        "1:13: variables: 'unique' cannot be the name of a variable; ${unique} has its own meaning",
    ),
    "tolerate": head(
        "tolerate: {consol: x}", "1:12: tolerate: no key called 'consol' in 'tolerate', did you mean 'console'?"
    ),
    "mask as text": head(
        "mask: .clock",
        "1:7: mask: a target is a mapping such as {button: .clock} or {text: .clock}, not plain text",
    ),
    # Flows
    "flow's name": Bad(
        "app: acorn\nflows:\n  log in:\n    steps:\n      - goto: /\n", f"3:3: flows: 'log in' {A_NAME}"
    ),
    "flow as list": Bad(
        "app: acorn\nflows:\n  login:\n    - goto: /\n", "4:5: login: expected a mapping for 'login', found a list"
    ),
    "flow without steps": Bad(
        "app: acorn\nflows:\n  login:\n    title: x\n", "4:5: login: 'steps' is missing in 'login'"
    ),
    "no steps": Bad(
        "app: acorn\nflows:\n  login:\n    steps: []\n", "4:12: login: 'steps' is empty; it needs at least 1"
    ),
    "severity": flow("severity: urgent", "4:15: login: 'urgent' is not a severity; one of critical, high, medium, low"),
    "effects": flow("effects: some", "4:14: login: 'some' is not an effect; one of none, test-data, real"),
    "flow key": flow("nedes: x", "4:5: login: no key called 'nedes' in a flow, did you mean 'needs'?"),
    "tag with blank": flow("tags: [ok, not ok]", f"4:16: login: 'not ok' {A_NAME}"),
    "repeatable": flow(
        "repeatable: perhaps", "4:17: login: expected true or false for 'repeatable', found the text 'perhaps'"
    ),
    "time target": flow("time_target: fast", f"4:18: login: 'fast' {NO_DURATION}"),
    "cleanup as mapping": flow("cleanup: {goto: /}", "4:14: login: expected a list for 'cleanup', found a mapping"),
    # Steps
    "unknown action": step("clik: {button: Save}", "5:9: no action called 'clik', did you mean 'click'?"),
    "two actions": step("goto: /\nclick: {button: Save}", "6:9: a step has one action; 'click' stands beside 'goto'"),
    "no action": step("name: Save", "5:9: a step needs an action, such as goto, click, fill or expect"),
    "text as step": step(
        "click the button", "5:9: a step is a mapping such as {click: {button: Save}}, not the text 'click the button'"
    ),
    "list as step": step("[goto]", "5:9: a step is a mapping such as {click: {button: Save}}, not a list"),
    "todo": step("todo: drag and drop", "5:9: still to do: drag and drop; replace it by a step"),
    "with is missing": step("fill: {label: Email}", "5:9: 'with' is missing beside 'fill'"),
    "with does not go": step(
        "click: {button: Save}\nwith: x",
        "6:9: 'with' does not go with 'click'; it goes with fill, select, upload, use",
    ),
    "misspelt option": step(
        "click: {button: Save}\ntimout: 5s", "6:9: no key called 'timout' beside 'click', did you mean 'timeout'?"
    ),
    "Python's spelling": step("fill: {label: Email}\nwith_: x", "6:9: no key called 'with_', did you mean 'with'?"),
    "with a list": step("fill: {label: Email}\nwith: [x]", "6:15: expected text for 'with', found a list"),
    "bad timeout": step("goto: /\ntimeout: 5 parsecs", f"6:18: '5 parsecs' {NO_DURATION}"),
    "on_failure": step("goto: /\non_failure: ignore", "6:21: 'ignore' does not fit 'on_failure'; one of fail, warn"),
    "picture": step("goto: /\npicture: never", "6:18: 'never' is not a picture; write false or full_page"),
    "switch": step("reload: no", "5:17: 'no' says nothing here; write true"),
    "mouse": step("click: {button: Save}\nmouse: lft", "6:16: 'lft' does not fit 'mouse'; one of left, middle, right"),
    "click count": step("click: {button: Save}\ncount: 4", "6:16: '4' does not fit 'count'; one of 1, 2, 3"),
    "modifier in a list": step(
        "click: {button: Save}\nmodifiers: [Shift, Ctrl]",
        "6:28: 'Ctrl' does not fit 'modifiers'; one of Alt, Control, ControlOrMeta, Meta, Shift",
    ),
    "status too small": step("goto: /\nstatus: 42", "6:17: 42 does not fit 'status'; it must be at least 100"),
    "status too large": step("goto: /\nstatus: 700", "6:17: 700 does not fit 'status'; it must be at most 599"),
    "status as word": step("goto: /\nstatus: ok", "6:17: expected a whole number for 'status', found the text 'ok'"),
    "name in popup": Bad(
        HEAD
        + "      - click: {link: Invoice}\n        popup:\n          - goto: /\n          - clik: {button: Print}\n",
        "8:13: login, step 1.2: no action called 'clik', did you mean 'click'?",
    ),
    "in cleanup": Bad(
        HEAD + "      - goto: /\n    cleanup:\n      - goto: /\n      - gotoo: /\n",
        "8:9: login, cleanup step 2: no action called 'gotoo', did you mean 'goto'?",
    ),
    "step 4": Bad(
        HEAD + "      - goto: /a\n" * 3 + "      - clik: {button: Save}\n",
        "8:9: login, step 4: no action called 'clik', did you mean 'click'?",
    ),
    "repeated step": step(
        "repeat: {relod: true}\nuntil: {url: /x}", "5:18: no action called 'relod', did you mean 'reload'?"
    ),
    "repeat without until": step("repeat: {reload: true}", "5:9: 'until' is missing beside 'repeat'"),
    # Targets and matchers
    "text as target": step(
        "click: Save", "5:16: a target is a mapping such as {button: Save} or {text: Save}, not plain text"
    ),
    "list as target": step("click: [Save]", "5:16: expected a target such as {button: Save} for 'click', found a list"),
    "two finders": step(
        "click: {button: Save, text: x}", "5:31: a target has exactly one finder; 'text' stands beside 'button'"
    ),
    "no finder": step(
        "click: {nth: 2}", "5:16: a target needs one finder, such as button, link, label, text, test_id or css"
    ),
    "unknown finder": step("click: {buton: Save}", "5:17: no key called 'buton' in 'click', did you mean 'button'?"),
    "name without role": step("click: {button: Save, name: x}", "5:31: 'name' goes only with 'role'"),
    "nth": step("click: {button: Save, nth: 0}", "5:36: '0' is not a position; write first, last or a number from 1"),
    "deep target": step(
        "click: {button: Save, within: {row: A, has: {lnk: x}}}",
        "5:54: no key called 'lnk' in 'has', did you mean 'link'?",
    ),
    "unknown matcher": step(
        "click: {button: {equals: Save}}", "5:26: no key called 'equals' in 'button'; there are is, matches"
    ),
    "two matchers": step(
        "click: {button: {is: Save, matches: S}}",
        "5:25: a text is matched by a plain string, {is: …} or {matches: …}",
    ),
    "regular expression": step(
        "click: {button: {matches: '(Save'}}",
        "5:35: '(Save' is not a regular expression: missing ), unterminated subpattern at position 0",
        beyond_schema=True,
    ),
    "matcher as list": step(
        "click: {button: [Save]}", "5:25: expected text, {is: …} or {matches: …} for 'button', found a list"
    ),
    # Facts
    "no facts": step("expect: {}", "5:17: expects nothing; name at least one fact, such as url, visible or text_of"),
    "unknown fact": step(
        "expect: {visble: {text: x}}", "5:18: no key called 'visble' in 'expect', did you mean 'visible'?"
    ),
    "lone fact": step(
        "expect: {visible: {headin: x}}", "5:28: no key called 'headin' in 'visible', did you mean 'heading'?"
    ),
    "second of several": step(
        "expect: {visible: [{text: x}, {tex: y}]}", "5:40: no key called 'tex' in 'visible', did you mean 'text'?"
    ),
    "fallbacks under hidden": step(
        "expect: {hidden: {text: x, fallbacks: {text: y}}}",
        "5:36: fallbacks are not allowed here: they would hide what is asked",
    ),
    "fallbacks under shows": step(
        "click: {button: x}\nshows: {text: x, fallbacks: {text: y}}",
        "6:26: fallbacks are not allowed here: they would hide what is asked",
    ),
    "shows as text": step(
        "click: {button: x}\nshows: Saved",
        "6:16: a target is a mapping such as {button: Saved} or {text: Saved}, not plain text",
    ),
    "shows beside what does not act": step(
        "expect: {url: /}\nshows: {text: x}",
        "6:9: 'shows' does not go with 'expect'; it goes with goto, back, reload, click, hover, drag, scroll, fill, "
        "select, check, uncheck, upload, type, press",
    ),
    "socket without url": step("expect: {websockets: {sent: x}}", "5:30: 'url' is missing in 'websockets'"),
    "sum that is none": step(
        "click: {link: x}\ndownload: {sha256: abc}", "6:28: 'abc' is not what fits here; it must match ^[0-9a-f]{64}$"
    ),
    "count without number": step("expect: {count: {of: {row: x}}}", "5:25: a count needs is, at_least or at_most"),
    "count as word": step(
        "expect: {count: {of: {row: x}, is: many}}",
        "5:44: expected a whole number for 'is', found the text 'many'",
    ),
    "reading without reads": step("expect: {value: {of: {label: x}}}", "5:25: 'reads' is missing in 'value'"),
    "console": step("expect: {console: {errors: 0, says: x}}", "5:27: console needs one of errors or says"),
    "method": step(
        "expect: {requests: {url: /x, method: get}}",
        "5:46: 'get' does not fit 'method'; one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
    ),
    "when": step(
        "goto: /\nwhen: {visable: {text: x}}", "6:16: no key called 'visable' in 'when', did you mean 'visible'?"
    ),
    # Saving
    "no part": step(
        "goto: /\nsave: {a: txt}",
        "6:19: 'txt' is no part to save; write text, value, url or a mapping such as "
        "{url: {matches: …}}, {attribute: href}, {header: …}, {json: $.id}, {anchor: …}",
    ),
    "two parts": step("goto: /\nsave: {a: {text: x, url: y}}", "6:29: 'url' stands beside 'text'; save one part"),
    "part that is not there": step("goto: /\nsave: {a: value}", "6:19: 'goto' has no value to save; it has text, url"),
    "matches beside url": step(
        "goto: /\nsave: {a: {url: x, matches: y}}",
        "6:28: write it as {url: {matches: …}}; 'matches' goes with attribute, header and json",
    ),
    "saved as unique": step("goto: /\nsave: {unique: url}", "6:16: 'unique' cannot be the name of a variable"),
    "json number": step(
        "api: {get: /x}\nsave: {id: {json: 12}}",
        "6:27: expected text for 'json', found the number 12",
        beyond_schema=True,
    ),
    # Particular actions
    "mail without to": step("mail: {subject: x}", "5:15: 'to' is missing in 'mail'"),
    "cookies": step("cookies: {set: x}", "5:24: expected a mapping for 'set', found the text 'x'"),
    "dialog": step(
        "click: {button: x}\ndialog: ignore", "6:17: 'ignore' does not fit 'dialog'; one of accept, dismiss"
    ),
    "option": step(
        "select: {label: x}\nwith: {vlue: y}", "6:16: no key called 'vlue' in 'with', did you mean 'value'?"
    ),
    "scroll": step("scroll: {headng: x}", "5:18: no key called 'headng' in 'scroll', did you mean 'heading'?"),
    # Templates
    "open reference": step(
        "goto: ${email", "5:15: '${' without its '}' in '${email'; a literal one is written '$${'", beyond_schema=True
    ),
    "odd reference": step(
        "goto: ${a b}",
        "5:15: ${a b} is not understood; write ${name}, ${unique}, ${run.id}, "
        "${today(+7d)}, ${secrets.NAME} or ${totp(secrets.NAME)}",
        beyond_schema=True,
    ),
    "no day": step(
        "goto: /${today(+7days)}",
        "5:15: ${today(+7days)}: '+7days' is no time from today; write +7d, -1w, +2m or +1y",
        beyond_schema=True,
    ),
    # Nothing, and twice the same
    "empty value": step("goto:", "5:14: nothing stands here; write '' for empty text"),
    "null": step("goto: null", "5:15: null is nothing; write '' for empty text, or quotes around the word"),
    "comment": step(
        "click: {css: x}\nname: #1",
        "6:14: what follows '#' is a comment; put quotes around text that starts with '#'",
    ),
    "comma in braces": step(
        "click: {button: Save, then leave}",
        "5:31: 'then leave' has no value; put quotes around text with ', ' inside braces",
    ),
    "key twice": Bad(
        HEAD + "      - goto: /a\n        goto: /b\n",
        "6:9: login, step 1: 'goto' stands here a second time; the first is in line 5",
        True,
    ),
    "flow twice": Bad(
        HEAD + "      - goto: /a\n  login:\n    steps:\n      - goto: /b\n",
        "6:3: flows: 'login' stands here a second time; the first is in line 3",
        True,
    ),
    # What is not YAML
    "template in braces": syntax(
        "a: {to: ${email}}\n", '1:9: put quotes around text with ${…} inside braces, such as {to: "${email}"}'
    ),
    "two braces": syntax(
        "a: {{ email }}\n", "1:5: a key is plain text; put quotes around text that starts with '{' or '['"
    ),
    "at sign": syntax("a: @b\n", f"1:4: {QUOTE} '@'"),
    "star": syntax("a: *test\n", "1:4: there is no anchor '&test'; put quotes around text that starts with '*'"),
    "star alone": syntax("a: * b\n", f"1:4: {QUOTE} '*'"),
    "ampersand": syntax("a: & b\n", f"1:4: {QUOTE} '&'"),
    "percent": syntax("a: %b\n", f"1:4: {QUOTE} '%'"),
    "exclamation mark": syntax("a: !b c\n", f"1:4: no tags such as !b here; {QUOTE} '!'"),
    "Python tag": syntax(
        "a: !!python/object:os.system x\n", f"1:4: no tags such as !!python/object:os.system here; {QUOTE} '!'"
    ),
    "colon": syntax("title: Step one: log in\n", "1:16: put quotes around text with ': ' in it"),
    "bracket": syntax("css: [data-x] a\n", f"1:15: {QUOTE} '['"),
    "quote goes on": syntax(
        "a: 'Don't'\nb: c\n", "1:9: text goes on after the closing quote; put quotes around all of it"
    ),
    "open quote": syntax('a: "b\nc: d\n', "1:4: the quote that opens here is never closed"),
    "escape": syntax('a: "\\d"\n', "1:5: inside double quotes a backslash is written twice; or use single quotes"),
    "open brace": syntax("a: {b: c\nd: e\n", "1:4: the '{' that opens here is never closed"),
    "tab": syntax("a:\n\tb: c\n", "2:1: a tab; indent with blanks"),
    "indentation": syntax("a:\n   b: c\n  d: e\n", "3:3: the indentation does not fit the lines above"),
    "no colon": syntax("a: b\nc\nd: e\n", "2:1: this line lacks ': ' (a colon and a blank)"),
    "two documents": syntax("a: b\n---\nc: d\n", "2:1: a second document ('---') begins; a flow file holds one"),
    "merge key": syntax("a: &x {b: c}\nd: {<<: *x}\n", "2:5: merge keys ('<<') are not understood; write the keys out"),
    "alias in itself": syntax("a: &x [*x]\n", "1:8: '*x' stands inside what it repeats"),
    "control character": syntax(
        "a: b\x07\n", "1:5: the character U+0007 cannot stand here; write it as \\u0007 in double quotes"
    ),
}

NAMES: dict[str, Bad] = {
    "needs nobody": flow("needs: [logn]", "4:13: login: no flow called 'logn', did you mean 'login'?"),
    "locale": flow(
        "browser: {locale: german of Berlin}",
        "4:23: login: 'german of Berlin' is not a locale; write it as de-DE",
    ),
    "time zone": flow(
        "browser: {timezone: Europe/Berln}",
        "4:25: login: there is no time zone called 'Europe/Berln', did you mean 'Europe/Berlin'?",
        beyond_schema=True,
    ),
    "permission": flow(
        "browser: {permissions: [geo]}",
        "4:29: login: 'geo' does not fit 'permissions'; one of camera, clipboard-read, clipboard-write, geolocation, "
        "microphone, midi, "
        "notifications, storage-access",
    ),
    "certificate without key": flow(
        "browser: {client_certificates: {certificate: a.pem}}",
        "4:36: login: a PEM certificate needs its `key`",
        beyond_schema=True,
    ),
    "certificate that is not there": flow(
        "browser: {client_certificates: {certificate: a.p12}}",
        "4:50: login: there is no file 'a.p12' beside the flow file",
        beyond_schema=True,
    ),
    "header": flow("browser: {headers: {'X A': 1}}", "4:25: login: 'X A' is not the name of a header"),
    "north of the pole": flow(
        "browser: {geolocation: {latitude: 91, longitude: 0}}",
        "4:39: login: 91 does not fit 'latitude'; it must be at most 90",
    ),
    "session of nobody": flow("people: {admin: nobody}", "4:21: login: no flow called 'nobody'", beyond_schema=True),
    "step of nobody": step(
        "goto: /\nas: admin",
        "6:13: nobody called 'admin' is among the flow's people; add it to the flow: people: {admin: {}}",
        beyond_schema=True,
    ),
    "network": step("network: of", "5:18: 'of' does not fit 'network'; one of offline, online"),
    "starts from nobody": flow("starts_from: nobody", "4:18: login: no flow called 'nobody'"),
    "after nobody": flow("after: nobody", "4:12: login: no flow called 'nobody'"),
    "needs itself": flow("needs: login", "4:12: login: 'login' waits for itself: login → login"),
    "uses nobody": step("use: logn", "5:14: no flow called 'logn', did you mean 'login'?"),
    "uses itself": step("use: login", "5:14: 'login' uses itself: login → login"),
    "no such variable": step("goto: /${emial}", "5:15: nothing defines ${emial}"),
    "variable in a list": step("expect: {visible: [{text: x}, {text: '${y}'}]}", "5:46: nothing defines ${y}"),
    "variable in a header": step("api: {get: /, headers: {X-Id: '${id}'}}", "5:39: nothing defines ${id}"),
    "variable in json": step("api: {post: /, json: {a: [1, '${id}']}}", "5:38: nothing defines ${id}"),
    "no such secret": step(
        "goto: /${secrets.TOKEN}",
        "5:15: 'TOKEN' is not among the secrets; add it to `secrets` at the head of the file",
    ),
    "no such seed": step(
        "goto: /${totp(secrets.SEED)}",
        "5:15: 'SEED' is not among the secrets; add it to `secrets` at the head of the file",
    ),
    "no such standard": step(
        "accessibility: {standard: wcag3}",
        "5:35: 'wcag3' does not fit 'standard'; one of wcag2a, wcag2aa, wcag21aa, wcag22aa, best-practice",
    ),
    "an audit that is none": step(
        "accessibility: all", "5:24: expected a mapping for 'accessibility', found the text 'all'"
    ),
    "an unknown key of an audit": step(
        "accessibility: {ignor: x}", "5:25: no key called 'ignor' in 'accessibility', did you mean 'ignore'?"
    ),
    "no such file": step("upload: {label: x}\nwith: a.png", "6:15: there is no file 'a.png' beside the flow file"),
    "head variable": head("variables: {a: '${b}'}", "1:16: variables: nothing defines ${b}"),
    "head circle": head("variables: {a: '${b}', b: '${a}'}", "1:16: variables: 'a' is made of itself: a → b → a"),
}
"""Files in which something names what is not there; no schema can see that."""
