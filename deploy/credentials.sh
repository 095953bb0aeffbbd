#!/usr/bin/env bash
# In a workflow: the run's own identity for an hour of the role AWS_DEPLOY_ROLE. No key is stored anywhere; the job needs the
# permission `id-token: write`, and the role trusts one environment of this repository.
set -euo pipefail
umask 077

token=$RUNNER_TEMP/identity credentials=$RUNNER_TEMP/credentials
curl --fail --silent --show-error --retry 3 --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" | jq --exit-status --raw-output --join-output .value >"$token"
aws sts assume-role-with-web-identity --role-arn "$AWS_DEPLOY_ROLE" --role-session-name "github-$GITHUB_RUN_ID" \
  --web-identity-token "file://$token" --duration-seconds 3600 --output json |
  jq --exit-status --raw-output '.Credentials | "[default]",
    "aws_access_key_id = \(.AccessKeyId)", "aws_secret_access_key = \(.SecretAccessKey)", "aws_session_token = \(.SessionToken)"' \
    >"$credentials"
rm "$token"
printf 'AWS_SHARED_CREDENTIALS_FILE=%s\n' "$credentials" >>"$GITHUB_ENV"
aws --version
AWS_SHARED_CREDENTIALS_FILE=$credentials aws sts get-caller-identity --query Arn --output text
