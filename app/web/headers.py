"""Security headers on every answer, and no caching of personal pages."""

from flask import Flask, Response, request

DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CONTENT_POLICY = "; ".join(DIRECTIVES)
PREVIEW_POLICY = CONTENT_POLICY.replace("img-src 'self'", "img-src 'self' blob:").replace(
    "media-src 'self'", "media-src 'self' blob:"
)
WITHIN_POLICY = CONTENT_POLICY.replace("img-src 'self'", "img-src 'self' data:")
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
}
HEARS = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
HSTS = "max-age=31536000; includeSubDomains"
A_YEAR = 31_536_000


def allow_previews(response: Response, *, microphone: bool = False) -> Response:
    """Let one page show what has not been sent yet (`blob:`), and hear the microphone where it asks for it."""
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    if microphone:
        response.headers["Permissions-Policy"] = HEARS
    return response


def allow_pictures_within(response: Response) -> Response:
    """Let one page show a picture that it carries itself (`data:`), for a reader whom no second request knows."""
    response.headers["Content-Security-Policy"] = WITHIN_POLICY
    return response


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
