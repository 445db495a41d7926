"""What a browser or a socket says when the app cannot be asked. No cause itself: several causes ask here."""

from __future__ import annotations

import re

_TLS = re.compile(r"ERR_CERT|ERR_SSL|certificate|\bTLS\b|\bSSL\b|CERTIFICATE_VERIFY_FAILED", re.IGNORECASE)
_DNS = re.compile(
    r"ERR_NAME_NOT_RESOLVED|there is no such host|Name or service not known|nodename nor servname|"
    r"No address associated|getaddrinfo|name service does not answer|Temporary failure in name resolution"
)
_OFFLINE = re.compile(r"machine is offline|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_PROXY_CONNECTION_FAILED")
_AWAY = re.compile(
    r"is not reachable|cannot be asked|ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_ADDRESS_UNREACHABLE|"
    r"the connection was (?:refused|reset|closed)|the address cannot be reached|connection refused|"
    r"ERR_TIMED_OUT|the connection timed out|ERR_TOO_MANY_REDIRECTS|ERR_INVALID_HTTP_RESPONSE"
)


def trouble_in(message: str) -> str:
    """`offline`, `tls`, `dns`, `away`, or nothing, for what a message says of the way to the app."""
    for name, sign in (("offline", _OFFLINE), ("tls", _TLS), ("dns", _DNS), ("away", _AWAY)):
        if sign.search(message):
            return name
    return ""
