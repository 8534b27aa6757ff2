# Two stages: the first installs and trains, the second runs as an unprivileged user.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir uv==0.13.9
COPY requirements.lock ./
RUN /venv/bin/uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements.lock
COPY handlers ./handlers
COPY storage ./storage
COPY nlp ./nlp
COPY bot ./bot
RUN LOTSEN_DATA_DIR=/app/trained /venv/bin/python -m bot train

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /data lotsen
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY deploy/entrypoint.sh /app/deploy/entrypoint.sh
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 LOTSEN_DATA_DIR=/data LOTSEN_HOST=0.0.0.0
USER lotsen
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"
ENTRYPOINT ["/bin/sh", "/app/deploy/entrypoint.sh"]
CMD ["serve"]
