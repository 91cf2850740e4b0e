"""What docker-compose.yml runs, without Docker: nginx in front of gunicorn, with the same configuration files.

The graph is given by `environment` (`engine_env` of the tests, or a Neo4j server's). Everything listens on loopback
only, and is stopped at the end.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
START_SECONDS = 60.0


@dataclass(frozen=True)
class Stack:
    """A running stack: the proxy's plain and https ports, and gunicorn's own."""

    port: int
    https_port: int
    application_port: int
    folder: Path


@contextmanager
def run_stack(folder: Path, environment: dict[str, str], *, https: bool = False) -> Generator[Stack]:
    """Run gunicorn and nginx; `https` with a certificate that is made here."""
    stack = Stack(_free_port(), _free_port(), _free_port(), folder)
    with ExitStack() as running:
        running.enter_context(run_gunicorn(stack.application_port, folder, environment))
        if https:
            make_certificate(folder / "conf" / "tls")
        running.enter_context(_run_nginx(stack))
        yield stack


def write_config(stack: Stack) -> Path:
    """The product's nginx configuration, with this stack's ports and folder in place of the containers'."""
    conf = stack.folder / "conf"
    (conf / "tls").mkdir(parents=True, exist_ok=True)
    text = (DEPLOY / "nginx.conf").read_text()
    for theirs, ours in (
        ("server app:8000", f"server 127.0.0.1:{stack.application_port}"),
        ("listen 8080 ", f"listen 127.0.0.1:{stack.port} "),
        ("/etc/nginx/", f"{conf}/"),
        ("/tmp/nginx", f"{stack.folder}/nginx"),
        ("access_log /dev/stdout", f"access_log {stack.folder}/access.log"),
        # Started by root, it would become a user who may not look into the folder.
        ("worker_processes auto;", "worker_processes 2; user root;" if os.geteuid() == 0 else "worker_processes 2;"),
    ):
        assert theirs in text
        text = text.replace(theirs, ours)
    (conf / "nginx.conf").write_text(text)
    shutil.copy(DEPLOY / "site.conf", conf)
    shutil.copy("/etc/nginx/mime.types", conf)
    return conf / "nginx.conf"


def make_certificate(folder: Path) -> None:
    """A certificate for localhost that nobody has signed, and the product's https configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    shutil.copy(DEPLOY / "tls" / "https.conf.example", folder / "https.conf")


@contextmanager
def run_gunicorn(port: int, folder: Path, environment: dict[str, str]) -> Generator["subprocess.Popen[bytes]"]:
    """Run the application alone, with as many workers and threads as deployed; its log is in the folder."""
    settings = {
        "CRM_BIND_HOST": "127.0.0.1",
        "CRM_BIND_PORT": str(port),
        "CRM_BEHIND_PROXY": "true",
        "CRM_LOG_LEVEL": "warning",
    }
    path = folder / "gunicorn.log"
    log = path.open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", str(DEPLOY / "gunicorn.conf.py"), "crm:create_app()"],
        cwd=ROOT,
        env=os.environ | environment | settings,
        stdout=log,
        stderr=log,
    )
    with log, _stopping(process):
        _wait_for(lambda: _answers(port, "/readyz"), process, path)
        yield process


@contextmanager
def _run_nginx(stack: Stack) -> Generator[None]:
    config = write_config(stack)
    https = config.parent / "tls" / "https.conf"
    if https.exists():
        https.write_text(https.read_text().replace("listen 8443 ", f"listen 127.0.0.1:{stack.https_port} "))
    log = (stack.folder / "nginx.log").open("wb")
    process = subprocess.Popen(
        ["nginx", "-p", str(stack.folder), "-c", str(config), "-e", "stderr", "-g", "daemon off;"],
        stdout=log,
        stderr=log,
    )
    with log, _stopping(process):
        _wait_for(lambda: _listens(stack.port), process, stack.folder / "nginx.log")
        yield


@contextmanager
def _stopping(process: "subprocess.Popen[bytes]") -> Generator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(is_there: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_there():
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.1)


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
