"""`crm serve`: the web application, under gunicorn where there is one (not on Windows)."""

import os
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from crm.commands.output import command, say, show
from crm.errors import EngineUnavailable, Refused

if TYPE_CHECKING:
    from flask import Flask

    from crm.config import Settings
    from crm.services.demo import SignIn

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


@command("serve", example="crm serve --port 8000", store=False, draw=lambda _: None)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Threads a process.")
@click.option("--demo", is_flag=True, help="Load the demo region first, if the graph is empty, and print its sign-ins.")
def serve(*, host: str, port: int, workers: int, threads: int, demo: bool) -> None:
    """Run the web application until it is stopped with Ctrl-C."""
    from crm.config import read_settings

    settings = read_settings()
    if host not in (*EVERYWHERE, *settings.trusted_hosts):
        settings = replace(settings, trusted_hosts=(*settings.trusted_hosts, host))
    check_port(host, port)
    prepare(settings, url=f"http://{host}:{port}", demo=demo)
    if os.name == "nt":
        _run_simple(settings, host, port)
    else:
        _run_gunicorn(settings, gunicorn_options(host, port, workers=workers, threads=threads))


def check_port(host: str, port: int) -> None:
    """Say in words that the port is taken, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(f"Cannot listen on {host}:{port} ({error.strerror}). Choose another with --port.") from error


def prepare(settings: "Settings", *, url: str, demo: bool) -> None:
    """What comes before the first request: schema, demo, the first set-up's code. All connections are closed again.

    (A connection that is open when gunicorn forks its workers would be shared by them, and break.)
    """
    from crm.graph import users
    from crm.graph.schema import open_store
    from crm.services import accounts

    db = open_store(settings.graph)
    try:
        if demo:
            from crm.commands.demo import make_with_bar

            say_sign_ins(make_with_bar(db).sign_ins)
        if not users.has_users(db):
            say(f"Create the first administrator at {url}/setup?code={accounts.get_setup_code(db)}")
    except EngineUnavailable as away:
        say(f"{away} Serving anyway: the pages work as soon as it answers.")
    finally:
        db.close()


def say_sign_ins(people: "list[SignIn]") -> None:
    """Who may sign in to the demo."""
    say("Sign in as:")
    for person in people:
        say(f"  {person.email}   password: {person.password}   ({person.agency})")


def gunicorn_options(host: str, port: int, *, workers: int, threads: int) -> dict[str, Any]:
    """One place for what the server needs, wherever it is started from."""
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "worker_class": "crm.commands.door.Door",
        "workers": workers,
        "threads": threads,
        "preload_app": False,
        "control_socket_disable": True,
        # Longer than the slowest upload; threads keep the worker's own heartbeat going meanwhile.
        "timeout": 60,
        "graceful_timeout": 15,
        # Whoever has been answered stands in line again (crm.commands.door).
        "keepalive": 0,
        "loglevel": "warning",
        "proc_name": "crm",
        # Only ProxyFix decides what a proxy may say (CRM_BEHIND_PROXY).
        "forwarded_allow_ips": "",
    }


def _run_gunicorn(settings: "Settings", options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    from crm import logs

    class JsonLogger(Logger):
        """What gunicorn itself has to say, in the form of everything else in the log."""

        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            for handler in self.error_log.handlers:
                handler.setFormatter(logs.json_formatter())

    class Server(BaseApplication):
        """gunicorn with our options and nobody else's files."""

        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)
            self.cfg.set("logger_class", JsonLogger)
            self.cfg.set("when_ready", lambda server: announce(server.LISTENERS[0]))

        def load(self) -> Any:
            return load_app(settings)

    Server().run()


def load_app(settings: "Settings") -> "Flask":
    """The application, in a worker process: its log is JSON from here on."""
    from crm import create_app, logs

    logs.configure(settings.log_level)
    return create_app(settings)


def announce(listener: Any) -> None:
    show(f"Serving on {listener} (stop with Ctrl-C)", as_json=False)


def _run_simple(settings: "Settings", host: str, port: int) -> None:
    from werkzeug.serving import run_simple

    show(f"Serving on http://{host}:{port} (stop with Ctrl-C)", as_json=False)
    run_simple(host, port, load_app(settings), threaded=True)
