#!/usr/bin/env bash
# A release: deploy/release.sh COMMAND, in a checkout of the commit. ENVIRONMENT is staging or production, AWS_REGION the region.
#
#   image    staging: build, check and push the image of this commit's content, unless it is there already
#   promote  production: copy the image of the same content, digest and all, from staging's account (STAGING_ACCOUNT_ID)
#   changes  show what CloudFormation would change
#   apply    change it; where that fails CloudFormation goes back by itself, and the reasons are shown
#   smoke    services run this image and are healthy, the load balancer reaches the UI
#   passed   staging: note on the image that it passed; production takes no other
#
# An image is found by the content of its commit (git's tree), not by the commit: a merge that changes nothing is the same image.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "deploy/release.sh: $*"; exit 1; }

tree=$(git rev-parse 'HEAD^{tree}')
account=$(aws sts get-caller-identity --query Account --output text)
repository=lottery stack=lottery
summary=${GITHUB_STEP_SUMMARY:-/dev/null}

registry() { printf '%s.dkr.ecr.%s.amazonaws.com' "$1" "$AWS_REGION"; }

# digest ACCOUNT TAG: prints nothing where there is no such image.
digest() {
  local answer
  if answer=$(aws ecr describe-images --registry-id "$1" --repository-name "$repository" --image-ids "imageTag=$2" \
    --query 'imageDetails[0].imageDigest' --output text 2>&1); then
    printf '%s' "$answer"
  elif [[ $answer != *ImageNotFoundException* ]]; then
    die "$answer"
  fi
}

image_uri() {
  local its
  its=$(digest "$account" "tree-$tree")
  [[ -n $its ]] || die "account $account has no image of this content; run \`deploy/release.sh image\` or \`promote\` first"
  printf '%s/%s@%s' "$(registry "$account")" "$repository" "$its"
}

image() {
  local name its
  name=$(registry "$account")/$repository:tree-$tree
  its=$(digest "$account" "tree-$tree")
  if [[ -z $its ]]; then
    IMAGE=$name REQUIRE_PINS=1 deploy/image.sh
    aws ecr get-login-password | docker login --username AWS --password-stdin "$(registry "$account")"
    docker push --quiet "$name"
    scanned
  else
    say "$name was built before, it is $its"
  fi
}

# What is known against the packages of the base; shown, for Debian leaves some without a remedy.
scanned() {
  local image=(--repository-name "$repository" --image-id "imageTag=tree-$tree")
  if aws ecr wait image-scan-complete "${image[@]}"; then
    say "what ECR's scan found, by severity:"
    aws ecr describe-image-scan-findings "${image[@]}" --query imageScanFindings.findingSeverityCounts --output table |
      tee -a "$summary"
  else
    say "ECR has not scanned the image"
  fi
}

promote() {
  local its account_id
  its=$(digest "$STAGING_ACCOUNT_ID" "passed-$tree")
  [[ -n $its ]] || die "nothing with the content of this commit has passed staging (tree $tree): production runs what staging ran;
merge this into develop, or start deploy.yml by hand on the release branch, and let it pass; then run this again"
  if [[ -z $(digest "$account" "tree-$tree") ]]; then
    REGISTRY_AUTH_FILE=$(mktemp --directory)/auth.json
    export REGISTRY_AUTH_FILE
    for account_id in "$STAGING_ACCOUNT_ID" "$account"; do
      aws ecr get-login-password | skopeo login --username AWS --password-stdin "$(registry "$account_id")"
    done
    skopeo copy --quiet --all --preserve-digests "docker://$(registry "$STAGING_ACCOUNT_ID")/$repository@$its" \
      "docker://$(registry "$account")/$repository:tree-$tree"
  fi
  [[ $(digest "$account" "tree-$tree") == "$its" ]] || die "production's image of this content is not $its, which passed staging"
  say "production has $its, which passed staging"
}

# stack_deploy ARGUMENT...: with the image of this content and the parameters of the environment. (`exit`, since bash does not stop
# at errors in a function that is followed by `||`.)
stack_deploy() {
  local uri parameters
  uri=$(image_uri) || exit 1
  parameters=$(mktemp) || exit 1
  jq --arg image "$uri" '. + [{ParameterKey: "ImageUri", ParameterValue: $image}]' \
    "deploy/parameters/$ENVIRONMENT.json" >"$parameters" || exit 1
  aws cloudformation deploy --stack-name "$stack" --template-file deploy/template.yaml \
    --s3-bucket "lottery-templates-$account-$AWS_REGION" --parameter-overrides "file://$parameters" \
    --capabilities CAPABILITY_IAM --role-arn "arn:aws:iam::$account:role/lottery-cloudformation" \
    --no-fail-on-empty-changeset "$@"
}

changes() {
  local told change_set
  told=$(stack_deploy --no-execute-changeset)
  change_set=$(grep --only-matching --extended-regexp 'arn:[^ ]+:changeSet/[^ ]+' <<<"$told" || true)
  if [[ -z $change_set ]]; then
    say "$told"
    return
  fi
  {
    printf '### What changes in %s\n\n```\n' "$ENVIRONMENT"
    aws cloudformation describe-change-set --change-set-name "$change_set" --output table \
      --query 'Changes[].ResourceChange.[Action, LogicalResourceId, ResourceType, Replacement]'
    printf '```\n'
  } | tee -a "$summary"
  aws cloudformation delete-change-set --change-set-name "$change_set"
}

apply() {
  stack_deploy || {
    # shellcheck disable=SC2016 # the backquotes are JMESPath's
    aws cloudformation describe-stack-events --stack-name "$stack" --output table --max-items 100 \
      --query 'StackEvents[?contains(ResourceStatus, `FAILED`)].[Timestamp, LogicalResourceId, ResourceStatusReason]'
    die "the stack was not changed; the reasons stand above"
  }
}

output() { aws cloudformation describe-stacks --stack-name "$stack" --output text --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"; }

smoke() {
  local uri cluster service services tasks
  uri=$(image_uri)
  cluster=$(output ClusterName)
  services=("$(output WebserverServiceName)" "$(output DaemonServiceName)")
  aws ecs wait services-stable --cluster "$cluster" --services "${services[@]}"
  for service in "${services[@]}"; do
    read -ra tasks <<<"$(aws ecs list-tasks --cluster "$cluster" --service-name "$service" --query taskArns --output text)"
    aws ecs describe-tasks --cluster "$cluster" --tasks "${tasks[@]}" --output json |
      jq --exit-status --arg image "$uri" \
        '.tasks | length > 0 and all(.[]; .healthStatus == "HEALTHY" and all(.containers[]; .image == $image))' >/dev/null ||
      die "not every task of $service is healthy and runs $uri"
    say "$service is healthy and runs $uri"
  done
  aws elbv2 wait target-in-service --target-group-arn "$(output WebserverTargetGroupArn)"
  say "the load balancer reaches the UI"
}

passed() {
  local image manifest
  [[ -z $(digest "$account" "passed-$tree") ]] || return 0
  image=$(aws ecr batch-get-image --repository-name "$repository" --image-ids "imageTag=tree-$tree" --output json)
  manifest=$(mktemp)
  jq --exit-status --join-output '.images[0].imageManifest' <<<"$image" >"$manifest" # to the byte: its SHA-256 is the digest
  aws ecr put-image --repository-name "$repository" --image-tag "passed-$tree" --image-manifest "file://$manifest" \
    --image-manifest-media-type "$(jq --raw-output '.images[0].imageManifestMediaType' <<<"$image")" \
    --image-digest "$(jq --raw-output '.images[0].imageId.imageDigest' <<<"$image")" >/dev/null
  say "tree $tree has passed $ENVIRONMENT"
}

case ${1:-} in
  image | promote | changes | apply | smoke | passed) "$1" ;;
  *) die "there is no '${1:-}'; see the first lines of this file" ;;
esac
