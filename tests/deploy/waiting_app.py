"""A WSGI application for tests of the server: it waits for `?seconds=` and says in which process, and how many were."""

import json
import os
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from crm.commands.door import Door

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_lock = threading.Lock()
_inside = 0


def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    global _inside
    with _lock:
        _inside += 1
        inside = _inside
    time.sleep(float(parse_qs(environ["QUERY_STRING"])["seconds"][0]))
    with _lock:
        _inside -= 1
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"process": os.getpid(), "inside": inside}).encode()]


class PatientDoor(Door):
    """One whose patience outlasts a slow machine."""

    patience = 20.0
