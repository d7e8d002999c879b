"""From fields to bytes in which every field carries its type and length, and from bytes to a digest. No
values here.

Tokens are self-delimiting: a sequence of them can be cut in one way only, so equal bytes mean equal meaning.
"""

from __future__ import annotations

from xxhash import xxh3_128_digest, xxh3_128_hexdigest

# counts into every digest; raised whenever a rule changes what it writes, so that no old digest matches
FORMAT = b"helix-digest 4;"


def frame(kind: str, body: bytes) -> bytes:
    """``body`` with its kind and length (bytes) in front."""
    return b"%s:%d:%s" % (kind.encode(), len(body), body)


def seal(kind: str, body: bytes) -> bytes:
    """A token of constant size that stands for ``body``; short bodies are kept as they are."""
    return frame(kind, body) if len(body) <= 48 else b"%s#%d:%s" % (kind.encode(), len(body), xxh3_128_digest(body))


def hexadecimal(body: bytes) -> str:
    """The digest of a token: 32 hexadecimal digits of XXH3-128."""
    return xxh3_128_hexdigest(FORMAT + body)


def digest_fields(*fields: str) -> str:
    """The digest of some texts, in order."""
    bodies = [field.encode("utf-8", "surrogatepass") for field in fields]
    return hexadecimal(b"".join([b"str:%d:%s" % (len(body), body) for body in bodies]))
