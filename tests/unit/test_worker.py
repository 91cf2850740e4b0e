"""What a worker knows: in a process of its own, because here other tests have imported everything already."""

import json
import os
import subprocess
import sys

from crm.commands.worker import NICE

KNOWN = "import json; from crm.services.jobs import HANDLERS; print(json.dumps(sorted(HANDLERS)))"
EVERY_MODULE = """
import importlib, pkgutil
for package in ("crm.services", "importers"):
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)
"""


def list_known(before: str) -> list[str]:
    """The kinds of jobs that a process can do which has run these lines."""
    said = subprocess.run([sys.executable, "-c", f"{before}\n{KNOWN}"], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def test_a_worker_knows_every_kind_of_job_that_any_module_can_do() -> None:
    known = list_known("from crm.commands.worker import learn_jobs; learn_jobs()")
    assert {"import", "matching", "preview", "survey", "undo"} <= set(known)
    assert known == list_known(EVERY_MODULE)


def test_a_worker_lets_the_web_and_the_engine_go_first() -> None:
    code = (
        "import os; from crm.commands.worker import let_pages_go_first; let_pages_go_first(attached=True); "
        "print(os.getpriority(os.PRIO_PROCESS, 0), os.getsid(0) == os.getpid())"
    )
    before = os.getpriority(os.PRIO_PROCESS, 0)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(min(before + NICE, 19)), "True"]
