"""What an action causes stands beside it: dialogs, new pages, downloads."""

from __future__ import annotations

import pytest
from cases import Replayed, alone, fails, passes, replay, warns
from server import Site

CASES = {
    "dialog-accept": passes("""
        - goto: /causing
        - click: {button: Delete}
          dialog: accept
        - expect: {text_of: {of: {test_id: said}, reads: deleted}}
        """),
    "dialog-dismiss": passes("""
        - goto: /causing
        - click: {button: Delete}
          dialog: dismiss
        - expect: {text_of: {of: {test_id: said}, reads: kept}}
        """),
    "dialog-alert-says": passes("""
        - goto: /causing
        - click: {button: {is: Alert}}
          dialog: {answer: accept, says: saved for good}
        """),
    "dialog-says-otherwise": fails(
        'the dialog said "Delete order 17?", not "order 18"',
        """
        - goto: /causing
        - click: {button: Delete}
          dialog: {answer: accept, says: order 18}
        """,
    ),
    "dialog-prompt": passes("""
        - goto: /causing
        - click: {button: Rename}
          dialog: {answer: accept, says: "Your name?", text: Kim}
        - expect: {text_of: {of: {test_id: said}, reads: {is: Kim}}}
        """),
    "dialog-prompt-as-it-stands": passes("""
        - goto: /causing
        - click: {button: Rename}
          dialog: accept
        - expect: {text_of: {of: {test_id: said}, reads: {is: Robin}}}
        """),
    "dialog-prompt-dismissed": passes("""
        - goto: /causing
        - click: {button: Rename}
          dialog: dismiss
        - expect: {text_of: {of: {test_id: said}, reads: {is: "null"}}}
        """),
    "dialog-after-a-while": passes("""
        - goto: /causing
        - click: {button: Alert later}
          dialog: {answer: accept, says: Much later}
        """),
    "dialog-never": fails(
        "no dialog came (waited …)",
        """
        - goto: /causing
        - click: {button: Quiet}
          dialog: accept
        """,
    ),
    "dialog-by-select": passes("""
        - goto: /causing
        - select: {label: Kind}
          with: Large
          dialog: accept
        - expect: {text_of: {of: {test_id: said}, reads: kind Large}}
        """),
    "dialog-by-check": passes("""
        - goto: /causing
        - check: {label: Really}
          dialog: dismiss
        - expect: {text_of: {of: {test_id: said}, reads: {is: "no"}}}
        """),
    "dialog-by-press": passes("""
        - goto: /causing
        - press: F2
          dialog: {answer: accept, text: second}
        - expect: {text_of: {of: {test_id: said}, reads: second}}
        """),
    "dialog-unexpected": warns(
        'a dialog came that no step answers, and was dismissed: confirm "Delete order 17?"',
        """
        - goto: /causing
        - click: {button: Delete}
        - expect: {text_of: {of: {test_id: said}, reads: kept}}
        """,
    ),
    "dialog-unexpected-and-late": warns(
        'a dialog came that no step answers, and was dismissed: alert "Much later"',
        """
        - goto: /causing
        - click: {button: Alert later}
        - pause: 300ms
        """,
    ),
    "popup": passes("""
        - goto: /causing
        - click: {button: Open plain}
          popup:
            - expect: {url: /plain, status: 200, visible: {heading: A plain page}}
            - click: {link: Somewhere else}
            - expect: {url: /links}
        - expect: {url: /causing}
        """),
    "popup-without-opener": passes("""
        - goto: /causing
        - click: {link: Plain in a new tab}
          popup:
            - expect: {title: A plain page}
        """),
    "popup-saves": passes("""
        - goto: /causing
        - click: {button: Open plain}
          popup:
            - read: {test_id: lead}
              save: {kind: {attribute: data-kind}}
        - goto: /plain?kind=${kind}
        - expect: {url: /plain?kind=intro}
        """),
    "popup-answers-a-dialog": passes("""
        - goto: /causing
        - click: {button: Sign in elsewhere}
          popup:
            - click: {button: Alert here}
              dialog: {answer: accept, says: in the window}
        """),
    "popup-closes-itself": passes("""
        - goto: /causing
        - click: {button: Sign in elsewhere}
          popup:
            - click: {button: Allow}
        - expect: {text_of: {of: {test_id: said}, reads: message signed in}}
        """),
    "popup-fails-inside": fails(
        'step …1: heading "Invoice" is not there; headings here: "A plain page" (waited 300 ms)',
        """
        - goto: /causing
        - click: {button: Open plain}
          popup:
            - expect: {visible: {heading: Invoice}}
              timeout: 300ms
          timeout: 20s
        """,
    ),
    "popup-never": fails(
        "no new page opened (waited …)",
        """
        - goto: /causing
        - click: {button: Quiet}
          popup:
            - expect: {url: /plain}
          timeout: 2s
        """,
    ),
    "popup-of-a-disabled-button": fails(
        "it is disabled (waited …)",
        """
        - goto: /causing
        - click: {button: Frozen}
          popup:
            - expect: {url: /plain}
          timeout: 2s
        """,
    ),
    "popup-status": warns(
        "new console error: Failed to load resource: … 404 (Not Found)",
        """
        - goto: /causing
        - click: {button: Open lost}
          popup:
            - expect: {status: 404}
        """,
    ),
    "download": passes("""
        - goto: /causing
        - click: {link: {is: Report}}
          download: true
        - expect: {url: /causing, status: 200}
        """),
    "download-as-it-should-be": passes("""
        - goto: /causing
        - click: {link: {is: Report}}
          download: {name: {is: report.csv}, at_least: 20, contains: "A-17,12.50"}
        """),
    "download-contains-a-pattern": passes("""
        - goto: /causing
        - click: {link: {is: Report}}
          download: {contains: {matches: "(?m)^B-4,[0-9.]+$"}}
        """),
    "download-by-another-name": fails(
        'the downloaded file is called "report.csv", not "invoice"',
        """
        - goto: /causing
        - click: {link: {is: Report}}
          download: {name: invoice}
          timeout: 20s
        """,
    ),
    "download-too-small": fails(
        "report.csv has 32 bytes, not at least 1000",
        """
        - goto: /causing
        - click: {link: {is: Report}}
          download: {at_least: 1000}
          timeout: 20s
        """,
    ),
    "download-without-that": fails(
        'report.csv does not contain "C-9"',
        """
        - goto: /causing
        - click: {link: {is: Report}}
          download: {contains: C-9}
          timeout: 20s
        """,
    ),
    "download-never": fails(
        "nothing was downloaded (waited …)",
        """
        - goto: /causing
        - click: {button: Quiet}
          download: true
        """,
    ),
    "download-of-a-disabled-button": fails(
        "it is disabled (waited …)",
        """
        - goto: /causing
        - click: {button: Frozen}
          download: true
        """,
    ),
    "download-keeps-the-status": passes("""
        - goto: /status/404
          status: 404
        - click: {link: Report}
          download: true
        - expect: {status: 404}
        """),
    "download-seen-later": alone(
        passes("""
        - goto: /causing
        - click: {link: Report again}
        - expect: {download: {name: report.csv, contains: A-17}, text_of: {of: {test_id: said}, reads: report asked}}
        """)
    ),
    "download-not-seen": alone(
        fails(
            "nothing was downloaded (waited …)",
            """
        - goto: /causing
        - expect: {download: {name: report.csv}}
        """,
        )
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("causing"))


@pytest.mark.parametrize("name", CASES)
def test_causing(name: str, replayed: Replayed) -> None:
    replayed.check(name)


def test_steps_of_a_popup_stand_below_the_one_that_opened_it(replayed: Replayed) -> None:
    step = replayed.step("popup", 2)
    assert [child.title for child in step.children] == [
        'expect url /plain; visible heading "A plain page"; status 200',
        'click link "Somewhere else"',
        "expect url /links",
    ]
    assert [int(child.name.split(".")[1]) for child in step.children] == [1, 2, 3]
    assert all(child.picture is not None for child in step.children)
