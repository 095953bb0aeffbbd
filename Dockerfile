# One image for every role: webserver, daemon, run, command line. The role is the command. There is no ENTRYPOINT: Dagster's
# launcher gives a run its whole command. deploy/image.sh builds it from the last commit and passes the arguments.

# The only place that names the base; `deploy/image.sh pin` writes its digest here.
ARG BASE=docker.io/library/python:3.12.12-slim-bookworm

FROM ${BASE} AS build
WORKDIR /app
RUN apt-get update \
    && apt-get install --yes --no-install-recommends "tini=0.19.*" \
    && rm -rf /var/lib/apt/lists/*
# The packages change less often than the code: a layer of their own. pip stays behind in this stage.
COPY requirements/run.txt requirements/
RUN python -m venv --without-pip .venv \
    && pip --python .venv/bin/python install --no-cache-dir --no-deps --require-hashes --requirement requirements/run.txt
COPY . .
# The layout of a checkout, so settings.py finds configs, data and lock where it finds them on a laptop.
RUN pip --python .venv/bin/python install --no-cache-dir --no-deps --no-build-isolation --no-index --editable . \
    && .venv/bin/python -m compileall -q lottery_assets \
    && .venv/bin/dvc config --local core.no_scm true \
    && .venv/bin/dvc pull --quiet \
    && rm -rf .dvc data/.store \
    && install -D --mode 644 deploy/dagster.yaml dagster_home/dagster.yaml \
    && install --mode 644 deploy/rds-ca.pem dagster_home/rds-ca.pem \
    && rm -r deploy

FROM ${BASE}
RUN groupadd --gid 10001 lottery \
    && useradd --uid 10001 --gid lottery --home-dir /tmp --no-create-home --shell /usr/sbin/nologin lottery
COPY --from=build /usr/bin/tini /usr/bin/tini
COPY --from=build /app /app
WORKDIR /app

ARG BASE
ARG GIT_COMMIT
ARG COMMITTED_AT
# A recommendation must be able to say which code made it.
RUN test -n "${GIT_COMMIT}" || { echo "GIT_COMMIT is missing: build with deploy/image.sh" >&2; exit 1; }
LABEL org.opencontainers.image.title="lottery" \
      org.opencontainers.image.description="Recommends which jackpot a lottery should announce" \
      org.opencontainers.image.revision="${GIT_COMMIT}" \
      org.opencontainers.image.created="${COMMITTED_AT}" \
      org.opencontainers.image.base.name="${BASE}"
ENV PATH=/app/.venv/bin:$PATH \
    HOME=/tmp \
    DAGSTER_HOME=/app/dagster_home \
    PGSSLROOTCERT=/app/dagster_home/rds-ca.pem \
    LOTTERY_GIT_COMMIT=${GIT_COMMIT} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

# Everything that is written goes to /tmp; the root file system may be read-only. A volume keeps its owner and mode on Fargate.
VOLUME ["/tmp"]
USER 10001:10001
CMD ["tini", "--", "lottery", "--help"]
