"""Security headers on every answer, and no caching of personal pages."""

from flask import Flask, Response, request

DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CONTENT_POLICY = "; ".join(DIRECTIVES)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000; includeSubDomains"
A_YEAR = 31_536_000


def install_headers(app: Flask, *, over_https: bool) -> None:
    """Set the headers on every answer; files under /static may be kept, everything else is `no-store`."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if over_https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if request.endpoint == "static":
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR if request.args.get('v') else 300}"
        else:
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("HX-Request")
        return response
