# One image for the hub, its migrations and its commands. The data folder is the only place it writes to besides /tmp.
FROM python:3.12-slim-bookworm AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements-build.lock requirements-runtime.lock ./
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --requirement requirements-build.lock \
    && python -m venv --without-pip /opt/expert-hub \
    && /opt/build/bin/uv pip install --no-cache --compile-bytecode --require-hashes \
        --python /opt/expert-hub/bin/python --requirement requirements-runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
COPY evaluation ./evaluation
COPY scheduling ./scheduling
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /tmp/dist . \
    && /opt/build/bin/uv pip install --no-cache --no-deps --offline --compile-bytecode \
        --python /opt/expert-hub/bin/python /tmp/dist/*.whl

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="Expert Hub" org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 hub \
    && useradd --uid 10001 --gid hub --no-create-home --home-dir /tmp --shell /usr/sbin/nologin hub \
    && install --directory --owner hub --group hub --mode 0700 /var/lib/expert-hub
COPY --from=builder /opt/expert-hub /opt/expert-hub
COPY alembic /opt/expert-hub/alembic
ENV PATH=/opt/expert-hub/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    EXPERT_HUB_HOST=0.0.0.0 \
    EXPERT_HUB_PORT=8000 \
    EXPERT_HUB_VAR_DIR=/var/lib/expert-hub \
    EXPERT_HUB_NOTIFIER=file \
    EXPERT_HUB_MIGRATIONS_DIR=/opt/expert-hub/alembic
USER 10001:10001
WORKDIR /var/lib/expert-hub
VOLUME /var/lib/expert-hub
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['EXPERT_HUB_PORT'] + '/health/live', timeout=4)"]
ENTRYPOINT ["expert-hub"]
CMD ["serve"]
