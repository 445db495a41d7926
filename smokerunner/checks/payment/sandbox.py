"""`pay.sandbox-charge`: with a test key, a good card is charged and a bad one is declined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from pydantic import Field, StringConstraints

from smokerunner.checks.api.call import require_harmless
from smokerunner.checks.api.judging import document, judged, quoted, summary
from smokerunner.checks.payment.keys import SecretKey, require_harmless_key
from smokerunner.checks.payment.provider import ask_provider
from smokerunner.model.check import Answer, Check, CheckContext, Finding
from smokerunner.model.errors import Inconclusive
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Effects, Severity
from smokerunner.model.template import Template

_PATH = "/v1/payment_intents"
Hide = Callable[[str], str]
"""Takes out of a text what must not be shown."""
_TEST_KEYS = ("sk_test_", "rk_test_")
_PATIENCE = 25.0
"""Seconds for one charge; a bank may take its time, in a sandbox as well."""


class SandboxCharge(Check):
    """Creates and confirms two payments in the provider's test mode."""

    id: ClassVar[str] = "pay.sandbox-charge"
    asks: ClassVar[str] = "Can a card be charged in the sandbox, and is a bad one declined?"
    passes: ClassVar[str] = "the good card's payment is `succeeded`, the bad one's is answered 402 card_declined"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "Stripe: POST /v1/payment_intents; testing, cards by PaymentMethods"
    effects: ClassVar[Effects] = Effects.TEST_DATA

    key: SecretKey = Field(description="A secret or restricted test key: ${secrets.STRIPE_TEST_KEY}.")
    url: Annotated[Template, StringConstraints(pattern="^https?://")] = Field(
        default=Template("https://api.stripe.com"), description="Where the provider's API is."
    )
    amount: int = Field(default=100, ge=1, description="What is charged, in the currency's smallest unit.")
    currency: Annotated[str, StringConstraints(pattern="^[A-Za-z]{3}$")] = Field(
        default="usd", description="Three letters."
    )
    good: str = Field(default="pm_card_visa", min_length=1, description="The PaymentMethod that must be charged.")
    bad: str = Field(
        default="pm_card_visa_chargeDeclined", min_length=1, description="The PaymentMethod that must be declined."
    )
    effects_: Effects | None = Field(
        default=None, alias="effects", description="`none`: test payments bother nobody, even on production."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Charge one card, then the other. A live key is never used."""
        require_harmless_key(str(self.key))
        if not self.key.startswith(_TEST_KEYS):
            raise Inconclusive(f"the key begins with neither {' nor '.join(_TEST_KEYS)}: only test keys are used here")
        require_harmless(ctx, "POST", _PATH, self.effects_)
        hide = self._hiding(ctx)
        readings = await self._charged(ctx, hide)
        if all(reading.outcome is Outcome.PASSED for reading in readings):
            readings.append(await self._declined(ctx, hide))
        return Finding.of(readings)

    def _hiding(self, ctx: CheckContext) -> Hide:
        """Takes secrets out of a text, and the key, which the provider may repeat and which may be no secret here."""
        return lambda text: ctx.secrets.scrub(text.replace(str(self.key), f"{self.key[:8]}…"))

    async def _charged(self, ctx: CheckContext, hide: Hide) -> list[Reading]:
        answer, told = await self._pay(ctx, self.good, hide)
        what = f"the payment with {self.good}"
        status, live = told.get("status"), told.get("livemode")
        if answer.status != 200 or not isinstance(status, str):
            return [judged(what, _seen(answer, told, hide), "200, status succeeded", good=False)]
        seen = f"200, status {quoted(status, hide)}"
        if status == "requires_action":
            seen += ": this card wants 3-D Secure"
        wanted_mode = "false: no real money"
        return [
            judged(what, seen, 'status "succeeded"', good=status == "succeeded"),
            judged(f"{what}, livemode", quoted(live, hide), wanted_mode, good=live is False),
        ]

    async def _declined(self, ctx: CheckContext, hide: Hide) -> Reading:
        answer, told = await self._pay(ctx, self.bad, hide)
        seen = _seen(answer, told, hide)
        if answer.status == 200:
            seen = f"200, status {quoted(told.get('status'), hide)}: this card was not declined"
        good = answer.status == 402 and _error(told).get("code") == "card_declined"
        return judged(f"the payment with {self.bad}", seen, "402, error.code card_declined", good=good)

    async def _pay(self, ctx: CheckContext, card: str, hide: Hide) -> tuple[Answer, dict[str, Any]]:
        """The answer and its JSON. Raises Inconclusive when the provider does not get to the payment."""
        form = {
            "amount": self.amount,
            "currency": self.currency.lower(),
            "payment_method": card,
            "payment_method_types[]": "card",
            "confirm": "true",
            "metadata[smokerunner]": ctx.run_id,
        }
        url = join(str(self.url), _PATH)
        answer = await ask_provider(
            url,
            check=self.id,
            method="POST",
            headers={
                "accept": "application/json",
                "content-type": "application/x-www-form-urlencoded",
                "authorization": f"Bearer {self.key}",
            },
            body=urlencode(form).encode(),
            timeout=_PATIENCE,
        )
        if answer.status == 429 or answer.status >= 500:
            raise Inconclusive(f"POST {url}: {summary(answer, hide)}; the provider has no time for us now")
        try:
            told = document(answer)
        except ValueError as wrong:
            raise Inconclusive(f"POST {url}: {answer.status}, {wrong}; is this the provider's API?") from wrong
        if not isinstance(told, dict):
            raise Inconclusive(f"POST {url}: {answer.status}, JSON that is no object; is this the provider's API?")
        return answer, told


def _seen(answer: Answer, told: dict[str, Any], hide: Hide) -> str:
    """The answer in a few words, with what it says about an error."""
    error = _error(told)
    said = [f"{name} {quoted(error[name], hide)}" for name in ("type", "code", "message") if error.get(name)]
    seen = ", ".join([summary(answer, hide), *said])
    if answer.status in (401, 403):
        seen += ": the provider does not accept this key, or it may not create payments"
    return seen


def _error(told: dict[str, Any]) -> dict[str, Any]:
    error = told.get("error")
    return error if isinstance(error, dict) else {}
