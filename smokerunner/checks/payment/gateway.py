"""`pay.gateway`: the payment provider can be reached and knows the key."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from smokerunner.checks.api.judging import Condition, JsonPath, document, judged, judged_json, summary
from smokerunner.checks.payment.keys import SecretKey, require_harmless_key
from smokerunner.checks.payment.provider import ask_provider
from smokerunner.model.check import Check, CheckContext, Finding, Silence
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template

_BALANCE = "https://api.stripe.com/v1/balance"


class Gateway(Check):
    """Asks the provider for something that can only be read."""

    id: ClassVar[str] = "pay.gateway"
    asks: ClassVar[str] = "Does the payment provider answer, and does it know our key?"
    passes: ClassVar[str] = "200 to a GET with the key, with the declared mode"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "Stripe: GET /v1/balance"

    url: Annotated[Template, StringConstraints(pattern="^https?://")] = Field(
        default=Template(_BALANCE), description="What is asked, by GET; by default Stripe's balance."
    )
    key: SecretKey | None = Field(
        default=None, description="Sent as a bearer token: a test key, or a restricted one: ${secrets.STRIPE_KEY}."
    )
    headers: dict[str, Template] = Field(default={}, description="Other headers to send.")
    livemode: bool | None = Field(default=None, description="What the answer's `livemode` must be.")
    json_: dict[JsonPath, Condition] = Field(
        default={}, alias="json", description="JSONPath: matcher for text, or a value that must be equal."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once; a live key that could do more than read is not used."""
        headers = {"accept": "application/json", **self.headers}
        if self.key is not None:
            require_harmless_key(str(self.key), restricted=True)
            headers["authorization"] = f"Bearer {self.key}"
        what = f"GET {self.url}"
        try:
            answer = await ask_provider(str(self.url), check=self.id, headers=headers)
        except Silence as silence:
            return Finding.of([judged(what, f"{silence}, from here", "200", good=False)])
        seen = summary(answer, ctx.secrets.scrub)
        if answer.status in (401, 403):
            seen += ": the provider does not accept this key, or it may not read this"
        readings = [judged(what, seen, "200", good=answer.status == 200)]
        wanted = {**self.json_, **({} if self.livemode is None else {"$.livemode": self.livemode})}
        if answer.status == 200 and wanted:
            try:
                readings += judged_json(what, document(answer), wanted, ctx.secrets.scrub)
            except ValueError as wrong:
                readings.append(judged(what, str(wrong), "JSON", good=False))
        weak = "" if self.key is not None else "asked without a key, it only shows that the provider is there"
        return Finding.of(readings, weak=weak)
