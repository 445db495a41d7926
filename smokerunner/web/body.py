"""The body of an answer, decoded and bounded: neither a flood nor a small file that unpacks into one fills memory."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator


class Undecodable(Exception):
    """The body is not in the encoding that its head names."""


async def read_body(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> tuple[bytes, bool]:
    """At most `limit` bytes, decoded, and whether there was more. Raises Undecodable.

    `encoding` is what the head says: empty, identity, gzip or deflate; nothing else is asked for.
    """
    unpack = _unpacker(encoding.strip().lower())
    found = bytearray()
    async for chunk in chunks:
        room = limit + 1 - len(found)
        if unpack is None:
            found += chunk[:room]
        else:
            try:
                found += unpack.decompress(chunk, room)
            except zlib.error as wrong:
                raise Undecodable(f"the body is no {encoding}: {wrong}") from wrong
        if len(found) > limit:
            return bytes(found[:limit]), True
    if unpack is not None and found and not unpack.eof:
        raise Undecodable(f"the {encoding} body breaks off")
    return bytes(found), False


def _unpacker(encoding: str) -> zlib._Decompress | None:
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip", "deflate"):
        # 32: the head of the data says whether it is gzip or zlib.
        return zlib.decompressobj(zlib.MAX_WBITS | 32)
    raise Undecodable(f"the body is encoded as {encoding}, which was not asked for")
