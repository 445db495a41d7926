"""Good flow files: everything that the language allows, and the short and the long way of saying it."""

from __future__ import annotations

HEAD = "app: acorn\nvariables: {email: a@example.test}\nsecrets: [PASSWORD, {name: PIN, weak: true}]\n"


def steps(text: str) -> str:
    """A file whose one flow has these steps."""
    lines = "".join(f"      {line}\n" for line in text.strip("\n").splitlines())
    return f"{HEAD}flows:\n  login:\n    steps:\n{lines}"


GOOD: dict[str, str] = {
    "the head": """
app: acorn
base_url: https://acorn.test/shop/
secrets: [PASSWORD, {name: PIN, weak: yes}]
variables: {email: "smoke+${unique}@example.test", zip: 000123, price: 12.50, day: 2027-02-03}
tolerate: {console: [{matches: favicon}, deprecated], requests: "https://cdn.example/**"}
dismiss: {button: Accept cookies}
mask: [{css: .clock}, {test_id: 12}]
viewport: 800x600
timeout: 1m 30s
visual: {mode: warn, tolerance: 0.5%}
flows:
  register:
    title: "Hello ${email}"
    severity: critical
    tags: auth
    effects: none
    repeatable: no
    exclusive: [one, two]
    time_target: 2s
    timeout: 500ms
    visual: strict
    variables: {a: 1}
    steps: [{goto: /}]
    cleanup: [{goto: "/${a}"}]
  login: {needs: register, after: [register], steps: [{goto: "/${a}"}]}
  order: {starts_from: login, needs: [register], steps: [{goto: //root}]}
""",
    "beside any step": steps("""
- goto: /
  name: Start
  timeout: 5s
  time_target: 2s
  when: {visible: {text: x}}
  on_failure: warn
  mask: {css: .clock}
  picture: full_page
  save: {here: url, there: {url: {matches: 'id=(.*)'}}, all: text}
- back: true
  picture: no
  visual: off
- reload: true
  visual: {tolerance: "100 %"}
- reload: yes
  status: 200
"""),
    "targets": steps("""
- click: {button: Save}
- click: {button: {is: Save}, nth: 2}
- click: {nth: last, within: {row: {matches: ^A}, has: {text: 12}}, link: Edit}
- click: {role: treeitem, name: Root}
- click: {label: Terms, frame: {title: Card}, has_text: I agree}
- click: {test_id: 12.50, fallbacks: [{css: .a}, {xpath: //a}]}
  mouse: right
  count: 2
  modifiers: Shift
"""),
    "forms": steps("""
- fill: {label: Email}
  with: ${email}
- fill: {label: PIN}
  with: ${secrets.PIN}
- fill: {label: Code}
  with: ${totp(secrets.PIN)}
- fill: {placeholder: Postcode}
  with: 000123
- fill: {label: Empty}
  with: ''
- select: {label: Country}
  with: Norway
- select: {label: Countries}
  with: [Norway, {is: Sweden}, {value: dk}]
- check: {label: Terms}
- uncheck: {label: News}
- type: hello
  in: {searchbox: Search}
- press: Control+S
"""),
    "facts": steps("""
- expect:
    url: [/a?x=1, {matches: 'b$'}]
    title: 404
    visible: [{heading: Welcome}, {text: Check}]
    hidden: {text: Error}
    count: [{of: {row: x}, is: 3}, {of: {listitem: y}, at_least: 1, at_most: 5}]
    value: {of: {label: Email}, reads: {is: '${email}'}}
    text_of: [{of: {test_id: total}, reads: 12.50}]
    checked: [{label: Terms}, {of: {label: News}, is: no}]
    enabled: {button: Save}
    focused: {label: Email}
    status: 200
    aria: ['- heading "Welcome"', {of: {main: ''}, snapshot: '- list'}]
    console: {errors: 0}
    requests: {url: /api/*, method: POST, status: 201, times: 1}
    websockets: [{url: /live, sent: hello, is_open: yes}, {url: 'wss://live.example/x', received: {matches: '^\\d+$'}}]
    download: {name: a.csv, at_least: 10, contains: total}
- expect: {console: {says: ready}}
"""),
    "what an action causes": steps("""
- click: {link: Invoice}
  popup:
    - expect: {visible: {heading: Invoice}}
    - click: {link: More}
      popup: [{read: {text: No}, save: {number: text}}]
- click: {button: Delete}
  dialog: accept
- click: {button: 'Delete ${number}'}
  dialog: {answer: dismiss, says: Sure, text: yes}
- click: {link: Report}
  download: true
- click: {link: Report}
  download: {contains: x}
- click: {link: Report}
  download: {at_most: 99, sha256: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'}
  shows: [{role: status, has_text: Saved}, {text: '${email}'}]
- goto: /
  shows: {alert: ''}
- fill: {label: Email}
  with: x
  shows: {text: Kept}
"""),
    "others": steps("""
- read: {test_id: order}
  save: {a: text, b: {attribute: href}, c: {attribute: id, matches: '\\d+', secret: true}, d: {anchor: Link}}
- mail: {to: '${email}', subject: {is: Hello}, from: shop, text: x}
  save: {link: {anchor: Confirm}, code: {text: {matches: '\\d{6}'}}}
- goto: ${link}
- api: {post: /orders, headers: {X: 1}, json: {a: 12, b: 1.5, c: no, d: null, e: [true, '${email}'], f: {}}}
  answer: {status: 201, headers: {Location: /orders}, json: {$.id: {matches: '\\d'}, $.n: 12, $.ok: true, $.no: null}}
  save: {id: {json: $.id}, etag: {header: ETag}}
- api: {get: '/orders/${id}'}
- api: {put: /x, form: {a: 1}}
- cookies: {set: {consent: 1}, remove: [a], clear: true}
- storage: {set: {tour: done}, area: session}
- screenshot: price-list
- accessibility: true
- accessibility: {standard: wcag22aa, within: {main: ''}, ignore: [color-contrast, region]}
- accessibility: {ignore: region}
- repeat: {reload: true}
  until: {visible: {text: Done}}
  every: 500ms
  times: 10
- scroll: {heading: Reviews}
- scroll: {to: bottom}
- scroll: {by: -200}
- scroll: {option: Norway}
  in: {role: listbox, name: Countries}
- scroll: {to: bottom}
  in: {role: listbox}
- fill: {label: Delivery}
  with: ${today} ${today(+7d)} ${today(%d.%m.%Y)} ${today(+1m -1d, %A %-d %B %Y)}
- hover: {button: Menu}
- drag: {listitem: Draft}
  to: {region: Done}
- pause: 500ms
"""),
    "use": f"""{HEAD}
flows:
  login:
    variables: {{user: a}}
    steps: [{{goto: "/${{user}}"}}, {{read: {{text: x}}, save: {{token: text}}}}]
  other:
    steps:
      - use: login
        with: {{user: b}}
      - goto: /${{token}}
      - use: login
    cleanup:
      - use: login
""",
    "browser": """
app: acorn
variables: {lang: de}
secrets: [GATE_PASSWORD]
browser:
  device: iPhone 15
  locale: de-DE
  timezone: Europe/Berlin
  color_scheme: dark
  reduced_motion: yes
  geolocation: {latitude: 52.5, longitude: 13.4, accuracy: 20}
  permissions: [notifications, clipboard-read]
  http_credentials: {username: staff, password: "${secrets.GATE_PASSWORD}"}
  headers: {X-Lang: "${lang}"}
  block: ["https://stats.example/**", /beacon]
  service_workers: block
  passkeys: true
flows:
  login: {viewport: 390x844, browser: {permissions: camera, block: /ads/**, passkeys: no}, steps: [{goto: /}]}
""",
    "people": f"""{HEAD}
flows:
  staff-login:
    steps: [{{goto: /}}]
  approve:
    people: {{admin: staff-login, guest: {{}}, clerk: {{starts_from: staff-login, browser: {{locale: fr}}}}}}
    steps:
      - goto: /
      - goto: /admin
        as: admin
      - click: {{button: Approve}}
        as: admin
        popup: [{{expect: {{visible: {{text: Sure}}}}}}]
      - use: staff-login
        as: guest
      - network: offline
        as: clerk
      - network: online
        as: clerk
    cleanup:
      - goto: /admin
        as: admin
""",
    "aliases": steps("""
- click: &save {button: Save}
- click: *save
"""),
    "a flow called json": "app: a\nflows:\n  json: {variables: {json: 12}, steps: [{goto: '/${json}', status: 200}]}\n",
    "a name that is a number": "app: 12\nflows:\n  27: {steps: [{goto: /}]}\n  1: {needs: 27, steps: [{goto: /}]}\n",
}
