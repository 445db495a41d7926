"""A name server on loopback that knows TXT, A and AAAA records, and says NXDOMAIN to everything else."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@contextmanager
def name_server(records: Mapping[str, Sequence[str]], *, broken: bool = False) -> Iterator[str]:
    """address:port while the context is open; a `broken` one answers SERVFAIL."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(listening, records, broken), daemon=True)
    thread.start()
    host, port = listening.getsockname()
    try:
        yield f"{host}:{port}"
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (host, port))
        thread.join()
        listening.close()


def _serve(listening: socket.socket, records: Mapping[str, Sequence[str]], broken: bool) -> None:
    while True:
        data, sender = listening.recvfrom(4096)
        if not data:
            return
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        if broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name in records and question.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA):
            kind = dns.rdatatype.to_text(question.rdtype)
            found = [one for one in records[name] if _is_address(one) and (":" in one) == (kind == "AAAA")]
            if found:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        elif name in records and question.rdtype == dns.rdatatype.TXT:
            # A record longer than 255 characters comes in several strings.
            texts = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in records[name]]
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", *texts))
        elif not any(known == name or known.endswith(f".{name}") for known in records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        listening.sendto(answer.to_wire(), sender)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
