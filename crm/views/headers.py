"""Headers that every answer carries: what a browser may load and keep, and how long."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # The own pages still send a referrer to each other, which the CSRF check over https asks for.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
YEAR = 365 * 24 * 3600
DAY = 24 * 3600


def init_app(app: Flask) -> None:
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    response.headers["Cache-Control"] = caching(response)
    return response


def caching(response: Response) -> str:
    """Pages hold what not everybody may see, so no cache keeps them. A file named by its content: for ever."""
    if request.endpoint != "static" or response.status_code not in (200, 206, 304):
        return "no-store"
    if "v" in request.args:
        return f"public, max-age={YEAR}, immutable"
    return f"public, max-age={DAY}"
