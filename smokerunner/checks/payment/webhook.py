"""The provider's webhook: `pay.webhook-unsigned`, `pay.webhook-stale`, `pay.webhook-signed`.

Only inert events are sent: a payment that was begun, with a random id, in test mode. No app does anything with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import ClassVar

from pydantic import Field

from smokerunner.checks.api.call import require_harmless
from smokerunner.checks.api.judging import judged, summary
from smokerunner.checks.payment.keys import SecretKey
from smokerunner.model.check import Answer, Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Inconclusive
from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Effects, Severity
from smokerunner.model.template import Template

_REFUSED = (400, 401, 403)
_STALE = 3600
"""Seconds; Stripe's libraries refuse what is older than 300."""
_WRONG = {
    404: "there is no such route, so every real webhook is lost",
    405: "the route takes no POST, so every real webhook is lost",
    419: "it is behind CSRF, so every real webhook is refused; exclude this route from it",
}


class Webhook(Frozen):
    """Where the provider's events go."""

    path: Template = Field(default=Template("/stripe/webhook"), description="The route of the webhook.")

    async def deliver(
        self, ctx: CheckContext, *, secret: str | None = None, age: int = 0, timeout: float = 10.0
    ) -> Answer:
        """Send an inert event, signed as Stripe does when there is a secret; `age` in seconds."""
        now = int(ctx.clock.now().timestamp()) - age
        body = inert_event(now)
        headers = {"content-type": "application/json; charset=utf-8", "accept": "*/*; q=0.5, application/xml"}
        if secret is not None:
            headers["stripe-signature"] = signature(secret, body, now)
        url = join(ctx.base_url, self.path)
        return await ctx.web.ask(url, method="POST", headers=headers, body=body, timeout=timeout)

    async def require_open(self, ctx: CheckContext, refusal: Answer) -> None:
        """Raises Inconclusive when a route that is not there is refused like this one: then it was not the app's."""
        if refusal.status not in _REFUSED:
            return
        elsewhere = self.model_copy(update={"path": Template.literal(f"{self.path}-{secrets.token_hex(8)}")})
        answer = await elsewhere.deliver(ctx)
        if answer.status == refusal.status:
            raise Inconclusive(
                f"POST {refusal.url}: {refusal.status}, and so is {answer.url}, which is no route: something in front "
                "of the app refuses every POST"
            )


def inert_event(now: int) -> bytes:
    """A payment that was begun, which nobody waits for."""
    mark = secrets.token_hex(12)
    event = {
        "id": f"evt_smokerunner{mark}",
        "object": "event",
        "api_version": "2024-06-20",
        "created": now,
        "data": {
            "object": {
                "id": f"pi_smokerunner{mark}",
                "object": "payment_intent",
                "amount": 100,
                "currency": "usd",
                "customer": None,
                "livemode": False,
                "metadata": {"smokerunner": "inert"},
                "status": "requires_payment_method",
            }
        },
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "payment_intent.created",
    }
    return json.dumps(event, indent=2).encode()


def signature(secret: str, body: bytes, now: int) -> str:
    """Stripe's header: HMAC-SHA256 of time and body with the endpoint's secret."""
    digest = hmac.new(secret.encode(), b"%d.%s" % (now, body), hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"


class Unsigned(Webhook, Check):
    """Sends an event that nobody signed."""

    id: ClassVar[str] = "pay.webhook-unsigned"
    asks: ClassVar[str] = "Does the app refuse events that the payment provider did not sign?"
    passes: ClassVar[str] = "400, 401 or 403 for an inert event without a signature"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "Stripe: test your webhooks; laravel/cashier: VerifyWebhookSignature"

    async def run(self, ctx: CheckContext) -> Finding:
        """Send one. A right app refuses it, so it is sent on production as well."""
        answer = await self.deliver(ctx)
        await self.require_open(ctx, answer)
        return _refused(ctx, answer, "without a signature", "forged payments are accepted; set the webhook's secret")


class Stale(Webhook, Check):
    """Sends an event that was signed an hour ago, as who recorded one might."""

    id: ClassVar[str] = "pay.webhook-stale"
    asks: ClassVar[str] = "Does the app refuse events that were signed long ago?"
    passes: ClassVar[str] = "400, 401 or 403 for an inert event whose signature is right and an hour old"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "stripe-python: Webhook.DEFAULT_TOLERANCE, 300 s"

    secret: SecretKey = Field(description="The endpoint's signing secret: ${secrets.STRIPE_WEBHOOK_SECRET}.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Send one."""
        answer = await self.deliver(ctx, secret=str(self.secret), age=_STALE)
        await self.require_open(ctx, answer)
        finding = _refused(ctx, answer, "signed an hour ago", "recorded events can be sent again")
        weak = "an app with another secret refuses it as well; pay.webhook-signed tells them apart"
        return Finding(finding.outcome, finding.message, finding.readings, None, weak)


class Signed(Webhook, Check):
    """Sends an event as the provider does."""

    id: ClassVar[str] = "pay.webhook-signed"
    asks: ClassVar[str] = "Does the app take the events that the payment provider signed?"
    passes: ClassVar[str] = "2xx within `within` for an inert event that is signed now"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "Stripe: test your webhooks"
    effects: ClassVar[Effects] = Effects.TEST_DATA

    secret: SecretKey = Field(description="The endpoint's signing secret: ${secrets.STRIPE_WEBHOOK_SECRET}.")
    within: Seconds = Field(default=10.0, description="How long the app may take.")
    effects_: Effects | None = Field(
        default=None, alias="effects", description="`none`: the app keeps no events, and one may be sent on production."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Send one."""
        require_harmless(ctx, "POST", str(self.path), self.effects_)
        answer = await self.deliver(ctx, secret=str(self.secret), timeout=max(self.within, 10.0))
        what, seen = f"POST {answer.url}, signed", summary(answer, ctx.secrets.scrub)
        if answer.status in _REFUSED:
            seen += ": the app has another secret, or its clock is wrong; real webhooks are refused"
        elif answer.status in _WRONG:
            seen += f": {_WRONG[answer.status]}"
        readings = [judged(what, seen, "2xx", good=200 <= answer.status < 300)]
        took = answer.phases.total
        readings.append(judged(what, spell(took), f"within {spell(self.within)}", good=took <= self.within))
        if answer.content_type == "text/html" and answer.status == 200 and answer.body.strip():
            # Whatever takes every POST, such as the page of a single-page app, says 200 as well.
            weak = "it answered with a page, as an app does that takes any POST; pay.webhook-unsigned tells them apart"
            return Finding.of(readings, weak=weak)
        return Finding.of(readings)


def _refused(ctx: CheckContext, answer: Answer, how: str, harm: str) -> Finding:
    what, wanted = f"POST {answer.url}, {how}", "400, 401 or 403"
    seen = summary(answer, ctx.secrets.scrub)
    if answer.status in _REFUSED:
        return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen=seen, wanted=wanted)])
    if answer.status == 429:
        return Finding.of([Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)])
    if 200 <= answer.status < 300:
        seen += f": {harm}"
        return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)])
    seen += f": {_WRONG.get(answer.status, 'no webhook answers like that, so real ones are lost')}"
    reading = Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)
    return Finding.of([reading], severity=Severity.HIGH)
