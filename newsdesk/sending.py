"""How a file is sent: named, encoded as its reader likes it, and not at all if it is there."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import zstandard
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header

GZIP_LEVEL, ZSTD_LEVEL = 5, 3
#: Of zlib: the largest window, with gzip's head and tail.
GZIP = 31
#: What an archive has been spared of already.
CLOSED = {"application/zip", "application/octet-stream"}


class Compressor(Protocol):
    """What zlib and zstandard have in common."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def send_file(
    request: HttpRequest,
    pieces: Callable[[], Iterator[bytes]],
    *,
    name: str,
    media_type: str,
    state: str,
) -> HttpResponseBase:
    """A file of the name, or 304 if its reader has it as it would be now.

    ``state`` changes whenever the bytes may change. ``pieces`` is called when they are sent; if
    they fail on the way the connection breaks off, so that half a file does not look like a whole
    one.
    """
    etag = f'W/"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
    known = get_conditional_response(request, etag=etag)
    encoding = "" if media_type in CLOSED else accepted(request.headers.get("Accept-Encoding", ""))
    response: HttpResponseBase
    if known is not None:
        response = known
    else:
        # Whoever asks for the head alone does not wait for what is not sent.
        content = iter(()) if request.method == "HEAD" else encoded(pieces(), encoding)
        response = StreamingHttpResponse(content, content_type=media_type)
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        response["Accept-Ranges"] = "none"
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Authorization", "Cookie"])
    # What is decided here is not decided again above: the middleware would gzip archives, too.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return response


def accepted(header: str) -> str:
    """The encoding that ``Accept-Encoding`` likes best: ``zstd``, ``gzip`` or none, in this order
    if it likes them alike.

    Source: RFC 9110, 12.5.3.
    """
    liked: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        try:
            liked[name.strip()] = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
    rest = liked.get("*", 0.0)
    offers = [(liked.get("zstd", rest), "zstd"), (liked.get("gzip", rest), "gzip")]
    best, name = max(offers, key=lambda offer: offer[0])
    return name if best > 0 and best >= liked.get("identity", 0.0) else ""


def encoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """``pieces`` as they come, in the encoding."""
    if encoding == "zstd":
        return _compressed(pieces, zstandard.ZstdCompressor(ZSTD_LEVEL).compressobj())
    if encoding == "gzip":
        return _compressed(pieces, zlib.compressobj(GZIP_LEVEL, wbits=GZIP))
    return pieces


def _compressed(pieces: Iterable[bytes], by: Compressor) -> Iterator[bytes]:
    for piece in pieces:
        if ready := by.compress(piece):
            yield ready
    yield by.flush()
