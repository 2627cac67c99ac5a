"""What every page tells the browser: run only our own scripts, show us in nobody's frame, keep nothing."""

from collections.abc import Mapping

from flask import Response

PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # data: for the code that an authenticator app scans
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def write_policy(policy: Mapping[str, str]) -> str:
    """A policy as browsers read it."""
    return "; ".join(f"{kind} {allowed}" for kind, allowed in policy.items())


def add_headers(response: Response) -> Response:
    """For pages, fragments and errors alike. A page that needs more has said so itself."""
    response.headers.setdefault("Content-Security-Policy", write_policy(PAGE_POLICY))
    response.headers["Cache-Control"] = "no-store"
    return add_static_headers(response)


def add_static_headers(response: Response) -> Response:
    """For scripts and styles, which may be kept."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
    return response
