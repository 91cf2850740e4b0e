"""How sign-ins are written for their owner: "Firefox on Windows", "12 minutes ago"."""

import time
from datetime import UTC, datetime

from flask import Flask
from markupsafe import Markup

from crm.views.formatting import plural

# Looked for in this order: Edge and Opera also say Chrome, Chrome also says Safari, Android also says Linux.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Android", "Android"),
    ("Linux", "Linux"),
)
STEPS = ((60, 60, "minute"), (3600, 24, "hour"), (86400, 10_000, "day"))


def device_name(user_agent: str) -> str:
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def instant_ago(seconds: int) -> Markup:
    """A <time> element for an instant in seconds since 1970: the distance in words, the instant (UTC) on hover."""
    passed = max(0, int(time.time()) - seconds)
    words = "just now"
    for size, most, name in STEPS:
        if passed >= size and passed // size < most:
            words = f"{plural(passed // size, name)} ago"
    at = datetime.fromtimestamp(seconds, UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), f"{at:%Y-%m-%d %H:%M} UTC", words)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(device_name=device_name, instant_ago=instant_ago)
