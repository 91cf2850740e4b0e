# The application: packages as they are locked, our own code, and a user who may change none of it.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/crm
COPY deploy/requirements.lock deploy/requirements.lock
RUN /opt/crm/bin/pip install --no-cache-dir --require-hashes --requirement deploy/requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY crm crm
COPY importers importers
RUN /opt/crm/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
# Pango draws the PDF files.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin crm && install -d -o crm -g crm /data
COPY --from=build /opt/crm /opt/crm
COPY deploy/gunicorn.conf.py /etc/crm/gunicorn.conf.py
ENV PATH=/opt/crm/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CRM_DATA_DIR=/data
WORKDIR /data
VOLUME /data
USER 10001
EXPOSE 8000
CMD ["gunicorn", "--config", "/etc/crm/gunicorn.conf.py", "crm:create_app()"]
