"""`tls.https`, `tls.expiry`, `tls.protocols`: what a handshake tells."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from smokerunner.checks.tls.certificate import Validity
from smokerunner.checks.tls.handshake import PROTOCOLS, look, offer
from smokerunner.checks.tls.origins import https_origins
from smokerunner.model.check import Check, CheckContext, Finding, Silence
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_OLD, _GOOD = ("TLS 1.0", "TLS 1.1"), ("TLS 1.2", "TLS 1.3")
_LONG = 100
"""Days beyond which a certificate is of the kind that people renew by hand."""


class Https(Check):
    """Shakes hands with every https origin at each of its addresses."""

    id: ClassVar[str] = "tls.https"
    asks: ClassVar[str] = "Does a browser trust the certificate of every host?"
    passes: ClassVar[str] = "at each address a chain to a trusted authority, for this host, in its time"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook"

    async def run(self, ctx: CheckContext) -> Finding:
        """Shake hands."""
        readings = []
        for origin in https_origins(ctx):
            try:
                shown = await look(ctx, origin)
            except Silence as silence:
                # Who does not answer in time may be behind a firewall of ours; who refuses is not there.
                outcome = Outcome.FAILED if silence.kind in ("tls", "refused") else Outcome.INCONCLUSIVE
                readings.append(Reading(what=origin, outcome=outcome, seen=str(silence), wanted="a TLS connection"))
                continue
            for one in shown:
                what = f"{origin} at {one.address}"
                if one.unverified:
                    wanted = "a chain that the system's authorities vouch for, with its intermediate certificates"
                    readings.append(Reading(what=what, outcome=Outcome.FAILED, seen=one.unverified, wanted=wanted))
                else:
                    seen = f"verified, {one.protocol.replace('v', ' ')}"
                    readings.append(Reading(what=what, outcome=Outcome.PASSED, seen=seen))
        return Finding.of(readings)


class Expiry(Check):
    """Reads until when each certificate is good."""

    id: ClassVar[str] = "tls.expiry"
    asks: ClassVar[str] = "Are the certificates good for long enough?"
    passes: ClassVar[str] = (
        "more than 30 days left, or 15 (at most a third of its time) of one made for at most 100 days; "
        "fails at 7 days, or a sixth of its time"
    )
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "testssl.sh"

    warn_days: float | None = Field(default=None, gt=0, description="Days left below which it is warned.")
    fail_days: float | None = Field(default=None, gt=0, description="Days left below which it fails.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warn_days is not None and self.fail_days is not None and self.warn_days < self.fail_days:
            raise ValueError("`warn_days` must not be less than `fail_days`: it would fail before it warns")
        return self

    async def run(self, ctx: CheckContext) -> Finding:
        """Read every certificate."""
        readings, severity = [], None
        now = ctx.clock.now()
        for origin in https_origins(ctx):
            try:
                shown = await look(ctx, origin)
            except Silence as silence:
                readings.append(Reading(what=origin, outcome=Outcome.INCONCLUSIVE, seen=str(silence)))
                continue
            for one in shown:
                left = one.validity.left(now)
                warn, fail = self._limits(one.validity)
                day = f"{one.validity.until:%Y-%m-%d %H:%M} UTC"
                wanted = f"more than {warn:.3g} days; renew it, and see why that was not done by itself"
                if now < one.validity.begins:
                    outcome, seen = Outcome.FAILED, f"not good before {one.validity.begins:%Y-%m-%d %H:%M} UTC"
                elif left <= 0:
                    outcome, seen, severity = Outcome.FAILED, f"expired since {day}", Severity.CRITICAL
                else:
                    seen = f"{left:.0f} days left, until {day}" if left >= 2 else f"{left * 24:.0f} hours left, {day}"
                    outcome = Outcome.FAILED if left <= fail else Outcome.WARNED if left <= warn else Outcome.PASSED
                readings.append(Reading(what=f"{origin} at {one.address}", outcome=outcome, seen=seen, wanted=wanted))
        return Finding.of(readings, severity=severity)

    def _limits(self, validity: Validity) -> tuple[float, float]:
        """Days left at which to warn and to fail: what is made for a short time is renewed late."""
        warn = 30.0 if validity.days > _LONG else min(15.0, validity.days / 3)
        fail = min(7.0, validity.days / 6)
        fail = self.fail_days or fail
        return max(self.warn_days or warn, fail), fail


class Protocols(Check):
    """Offers one protocol at a time."""

    id: ClassVar[str] = "tls.protocols"
    asks: ClassVar[str] = "Are only protocols spoken that are still safe?"
    passes: ClassVar[str] = "TLS 1.2 or 1.3 is spoken; 1.0 and 1.1 are refused"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "testssl.sh"

    async def run(self, ctx: CheckContext) -> Finding:
        """Try all protocols with all https origins."""
        readings: list[Reading] = []
        unknown = set()
        for origin in https_origins(ctx):
            offers = {protocol: await offer(ctx, origin, protocol) for protocol in PROTOCOLS}
            good = [protocol for protocol in _GOOD if offers[protocol].spoken]
            if good:
                readings.append(Reading(what=origin, outcome=Outcome.PASSED, seen=f"speaks {' and '.join(good)}"))
            else:
                told = all(offers[protocol].spoken is False for protocol in _GOOD)
                outcome = Outcome.FAILED if told else Outcome.INCONCLUSIVE
                seen = f"speaks neither: {offers[_GOOD[-1]].said}"
                readings.append(Reading(what=origin, outcome=outcome, seen=seen, wanted=" or ".join(_GOOD)))
            for protocol in _OLD:
                tried = offers[protocol]
                if tried.spoken is None:
                    unknown.add(f"{protocol} could not be tried: {tried.said}")
                    continue
                outcome = Outcome.FAILED if tried.spoken else Outcome.PASSED
                seen = "spoken" if tried.spoken else "refused"
                wanted = "refused; nginx: ssl_protocols TLSv1.2 TLSv1.3"
                readings.append(Reading(what=f"{protocol} at {origin}", outcome=outcome, seen=seen, wanted=wanted))
        return Finding.of(readings, weak="; ".join(sorted(unknown)))
