#!/usr/bin/env bash
# The image: deploy/image.sh [build | check | pin]; without an argument, build and check.
#
#   build  from the last commit (changes that are not committed stay out), with docker, podman or buildah, whichever works here
#   check  as in production: not root, read-only root file system; and without any network: definitions, a recommendation
#          for every country on the embedded sales, the health checks of webserver and daemon
#   pin    looks up the digest of the base image and writes it into the Dockerfile, and fetches deploy/rds-ca.pem, the authorities
#          that sign the certificates of databases in AWS_REGION; commit both
#
# IMAGE names the image (default: lottery:<commit>), REQUIRE_PINS=1 refuses to build what `pin` has not completed, BUILD_FLAGS
# and RUN_FLAGS are passed on to the builder.
set -euo pipefail
cd "$(dirname "$0")/.."

commit=$(git rev-parse HEAD)
image=${IMAGE:-lottery:${commit:0:12}}
read -ra build_flags <<<"${BUILD_FLAGS:-}"
read -ra run_flags <<<"${RUN_FLAGS:-}"
started=()
trap 'for container in "${started[@]}"; do "$engine" rm --force "$container" >/dev/null 2>&1 || true; done; rm -rf "${context:-}"' EXIT

say() { printf '%s\n' "$*" >&2; }
die() { say "deploy/image.sh: $*"; exit 1; }

engine_among() {
  local candidate
  for candidate in "$@"; do
    if command -v "$candidate" >/dev/null && "$candidate" info >/dev/null 2>&1; then
      printf '%s' "$candidate"
      return
    fi
  done
  return 1
}

unpinned() {
  [[ -z ${REQUIRE_PINS:-} ]] || die "$1; run \`deploy/image.sh pin\`, commit Dockerfile and deploy/rds-ca.pem and push again"
  say "$1 yet: \`deploy/image.sh pin\` puts it there; a deployment refuses to build without"
}

base() { sed -n 's/^ARG BASE=//p' Dockerfile; }

build() {
  engine=$(engine_among docker podman buildah) ||
    die "no docker, podman or buildah works here, so no image is built; CI builds and checks it on every push"
  if [[ $(base) != *@sha256:* ]]; then
    unpinned "the base image $(base) has no digest"
  fi
  if [[ $(git show HEAD:deploy/rds-ca.pem) != *"BEGIN CERTIFICATE"* ]]; then
    unpinned "deploy/rds-ca.pem has no authority by which a database could be known"
  fi
  [[ -z $(git status --porcelain) ]] || say "there are changes that are not committed; they are not in the image"
  context=$(mktemp -d)
  git archive HEAD | tar -x -C "$context"
  say "building $image with $engine"
  # Attestations of BuildKit would make an index of the image, with another digest.
  BUILDX_NO_DEFAULT_ATTESTATIONS=1 "$engine" build "${build_flags[@]}" --tag "$image" --build-arg "GIT_COMMIT=$commit" \
    --build-arg "COMMITTED_AT=$(git log -1 --format=%cI)" --file "$context/Dockerfile" "$context"
}

hardened=(--read-only --network none --cap-drop ALL --security-opt no-new-privileges 
  --env DAGSTER_HOME=/tmp --env DAGSTER_DISABLE_TELEMETRY=1)

run() { "$engine" run --rm "${hardened[@]}" "${run_flags[@]}" "$image" tini -- "$@"; }

# healthy ROLE SECONDS HEALTH_COMMAND -- COMMAND: starts the role and asks until the health check agrees. The role and its check
# would both set up the empty SQLite that stands for Postgres here, and spoil it: it is set up first.
healthy() {
  local role=$1 seconds=$2 health=$3 container since=$SECONDS
  shift 4
  container=$("$engine" run --detach "${hardened[@]}" "${run_flags[@]}" "$image" tini -- \
    sh -c 'dagster instance info >/dev/null && touch /tmp/ready && exec "$@"' "$role" "$@")
  started+=("$container")
  until "$engine" exec "$container" sh -c "test -e /tmp/ready && $health" >/dev/null 2>&1; do
    if ((SECONDS - since > seconds)); then
      "$engine" logs "$container" >&2
      die "$role is not healthy after $seconds s"
    fi
    sleep 5
  done
  say "  $role is healthy after $((SECONDS - since)) s"
  since=$SECONDS
  "$engine" stop -t 30 "$container" >/dev/null
  say "  $role stopped in $((SECONDS - since)) s, exit code $("$engine" inspect --format '{{.State.ExitCode}}' "$container")"
}

check() {
  local told
  engine=$(engine_among docker podman) || die "no docker or podman works here to run the image; CI runs it on every push"
  say "checking $image with $engine"
  [[ $(run id -u) == 10001 ]] || die "the image does not run as user 10001"
  ! run touch /app/written 2>/dev/null || die "the root file system can be written"
  say "  runs as user 10001 on a read-only root"
  run dagster definitions validate -w /app/workspace.yaml >&2 || die "the definitions do not load"
  say "  definitions load"
  told=$(run sh -c 'lottery recommend --artifacts /tmp/artifacts && cat /tmp/artifacts/recommendations/*/*/metadata.json') ||
    die "not every country has its recommendation"
  [[ $(grep -c "\"git_commit\": \"$commit\"" <<<"$told") == "$(find configs -name '*.yaml' ! -name treasury.yaml | wc -l)" ]] ||
    die "not every metadata.json names the commit $commit: $told"
  say "  every country has its recommendation, of commit $commit"
  healthy webserver 180 "python -c \"import urllib.request as u; u.urlopen('http://127.0.0.1:3000/server_info', timeout=4)\"" \
    -- dagster-webserver -h 0.0.0.0 -p 3000 -w /app/workspace.yaml
  healthy daemon 180 "dagster-daemon liveness-check" -- dagster-daemon run -w /app/workspace.yaml
  say "$image is sound"
}

# The digest of a manifest is the SHA-256 of its bytes as the registry has them.
manifest() {
  if command -v skopeo >/dev/null; then
    skopeo inspect --raw "docker://$1"
  elif command -v docker >/dev/null; then
    docker buildx imagetools inspect --raw "$1"
  else
    die "skopeo or docker is needed to look up the base image"
  fi
}

pin() {
  local name digest authorities region=${AWS_REGION:-} source
  [[ -n $region ]] || die "AWS_REGION is missing: every region's databases have authorities of their own"
  source=https://truststore.pki.rds.amazonaws.com/$region/$region-bundle.pem  # that of all regions costs each connection 20 ms
  name=$(base)
  name=${name%@*}
  digest=$(manifest "$name" | sha256sum)
  authorities=$(curl --fail --silent --show-error --proto '=https' "$source")
  [[ $authorities == *"BEGIN CERTIFICATE"* ]] || die "$source holds no certificate"
  sed -i "s|^ARG BASE=.*|ARG BASE=$name@sha256:${digest%% *}|" Dockerfile
  printf '%s\n' "$authorities" >deploy/rds-ca.pem
  say "$(grep '^ARG BASE=' Dockerfile)"
  say "deploy/rds-ca.pem: $(grep --count 'BEGIN CERTIFICATE' <<<"$authorities") certificates"
}

case ${1:-all} in
  all)
    build
    check
    ;;
  build | check | pin) "$1" ;;
  *) die "there is no '$1'; see the first lines of this file" ;;
esac
