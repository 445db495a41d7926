"""A message that should have come did not."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Cause, Finding
from smokerunner.diagnosis.wording import line, proof


def _look(case: Case) -> Finding | None:
    if case.step.action != "mail" or not case.failed:
        return None
    mails = case.seen.mails
    came = "\n".join(f'to {mail.to}: "{mail.subject}" at {mail.at:%H:%M:%S} UTC' for mail in mails or ())
    if mails:
        explanation = (
            "Other messages came meanwhile, so the mailbox works: this one was not sent, or it says something else."
        )
    elif mails is None:
        explanation = "Nobody knows what else came meanwhile."
    else:
        explanation = "Nothing at all came meanwhile: the app does not send, or it sends somewhere else."
    return Finding(
        CERTAIN,
        line(case.message.partition(";")[0]),
        explanation,
        (*proof("what came", came or ("nothing" if mails is not None else "")), *proof("the step", case.message)),
    )


CAUSE = Cause(
    id="mail-missing",
    meaning="A message did not come in time.",
    advice="Look at the app's mail settings, the queue that sends, and the mail server's log.",
    look=_look,
)
