"""Answers compressed with gzip, where nobody else can have caused the request (docs/decisions, BREACH)."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST = 500
KINDS = frozenset(
    {
        "application/json",
        "application/manifest+json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
OUR_OWN = frozenset({"same-origin", "none"})
STATIC = "static"


def install_compression(app: Flask) -> None:
    """Compress what is text; a page with secrets only for a browser that says that no other site asked for it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in KINDS or response.status_code in {204, 206, 304}:
            return response
        response.vary.add("Accept-Encoding")
        if not _may_compress(response):
            return response
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < SMALLEST:
            return response
        response.set_data(_kept(body) if request.endpoint == STATIC else gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag is not None:
            response.set_etag(etag, weak=True)
        return response


def _may_compress(response: Response) -> bool:
    """Say whether the browser takes gzip, and this answer holds no secret or was asked for by our own pages."""
    takes_gzip = request.accept_encodings.quality("gzip") > 0 and request.method != "HEAD"
    if not takes_gzip or "Content-Encoding" in response.headers:
        return False
    return request.endpoint == STATIC or request.headers.get("Sec-Fetch-Site") in OUR_OWN


@lru_cache(maxsize=128)
def _kept(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
