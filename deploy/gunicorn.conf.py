"""gunicorn behind a proxy: `gunicorn --config deploy/gunicorn.conf.py "crm:create_app()"`.

The settings are those of `crm serve`; they are kept in one place. Only the address and the number of processes are said
here, and may be said by the environment: CRM_BIND_HOST, CRM_BIND_PORT, CRM_WORKERS, CRM_THREADS.
"""

import os

from crm.commands.serve import gunicorn_options

globals().update(
    gunicorn_options(
        os.environ.get("CRM_BIND_HOST", "0.0.0.0"),  # noqa: S104
        int(os.environ.get("CRM_BIND_PORT", "8000")),
        workers=int(os.environ.get("CRM_WORKERS", "2")),
        threads=int(os.environ.get("CRM_THREADS", "8")),
    )
)
