FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /srv/nguongoc nguongoc && install -d -o nguongoc -g nguongoc /data
COPY --from=build /venv /venv
WORKDIR /srv/nguongoc
COPY app app
COPY migrations migrations
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/srv/nguongoc \
    PYTHONDONTWRITEBYTECODE=1 \
    NGUONGOC_DATA_DIR=/data \
    NGUONGOC_HOST=0.0.0.0 \
    NGUONGOC_LOG_FORMAT=json
USER nguongoc
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["up", "--no-demo"]
