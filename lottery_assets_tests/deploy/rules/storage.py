"""What is stored: encrypted with a key that those who must can use, closed to everybody else, and still there when the stack is gone."""

from collections.abc import Iterator
from typing import Any

from lottery_assets_tests.deploy.rules.stack import Stack, listed, named

OF_THE_SERVICE = {"AccessLogsBucket"}
"""A load balancer writes only to a bucket that has S3's own key."""
KEY_USERS = (
    {"AWS": "arn:aws:iam::111111111111:root"},
    {"Service": "cloudwatch.amazonaws.com"},
    {"Service": "sns.amazonaws.com"},
    {"Service": "logs.eu-west-1.amazonaws.com"},
)
KEPT = {
    "AWS::RDS::DBInstance": {"Snapshot"},
    "AWS::S3::Bucket": {"Retain", "RetainExceptOnCreate"},
    "AWS::KMS::Key": {"Retain", "RetainExceptOnCreate"},
    "AWS::Logs::LogGroup": {"Retain", "RetainExceptOnCreate"},
}


def what_is_stored_outlives_the_stack(stack: Stack) -> Iterator[str]:
    for name, its in stack.resources.items():
        policies = {its.get("DeletionPolicy"), its.get("UpdateReplacePolicy")}
        if not policies <= KEPT.get(its["Type"], policies):
            yield f"{name} is lost with the stack or its replacement: {policies}"


def the_database_is_closed_and_kept(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("RDS::DBInstance").items():
        if its.get("PubliclyAccessible") is not False:
            yield f"{name} is public"
        fresh = "DBSnapshotIdentifier" not in its
        if fresh and (its.get("StorageEncrypted") is not True or named(its.get("KmsKeyId")) != "Key"):
            yield f"{name} is not encrypted with the stack's key"
        if int(its.get("BackupRetentionPeriod", 0)) < 7:
            yield f"{name} is backed up for less than a week"
        if str(stack.one(its.get("DBParameterGroupName")).get("Parameters", {}).get("rds.force_ssl")) != "1":
            yield f"{name} takes connections without TLS"
        if stack.parameters["EnvironmentName"] == "production" and not its.get("DeletionProtection"):
            yield f"{name} can be deleted by mistake"
        if "{{resolve:secretsmanager:${DatabaseSecret}" not in its["MasterUserPassword"]:
            yield f"{name}: its password is not taken from its secret"
        if not set(stack.one(its.get("DBSubnetGroupName"))["SubnetIds"]) <= {
            "${DatabaseSubnetA}",
            "${DatabaseSubnetB}",
        }:
            yield f"{name} is not in its own subnets"


def _tls_only(stack: Stack, bucket: str) -> bool:
    return any(
        its["Effect"] == "Deny"
        and its["Principal"] == "*"
        and its["Action"] == "s3:*"
        and its["Resource"] == [f"${{{bucket}.Arn}}", f"${{{bucket}.Arn}}/*"]
        and its.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for policy in stack.of("S3::BucketPolicy").values()
        if named(policy["Bucket"]) == bucket
        for its in policy["PolicyDocument"]["Statement"]
    )


def buckets_are_closed(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("S3::Bucket").items():
        blocked = its.get("PublicAccessBlockConfiguration", {})
        if len(blocked) != 4 or not all(value is True for value in blocked.values()):
            yield f"{name} can be made public"
        if its.get("OwnershipControls") != {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}:
            yield f"{name} takes access lists"
        if not _tls_only(stack, name):
            yield f"{name} answers without TLS"
    for name, policy in stack.of("S3::BucketPolicy").items():
        for its in policy["PolicyDocument"]["Statement"]:
            if its["Effect"] == "Allow" and "Service" not in (
                its["Principal"] if isinstance(its["Principal"], dict) else {}
            ):
                yield f"{name} lets {its['Principal']} in"


def the_load_balancer_may_write_its_log(stack: Stack) -> Iterator[str]:
    written = {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "${AccessLogsBucket.Arn}/AWSLogs/111111111111/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}},
    }
    policies = [its for its in stack.of("S3::BucketPolicy").values() if named(its["Bucket"]) == "AccessLogsBucket"]
    statements = [its for policy in policies for its in policy["PolicyDocument"]["Statement"]]
    if written not in [{key: value for key, value in its.items() if key != "Sid"} for its in statements]:
        yield "AccessLogsBucket takes nothing from the load balancer, or from those of others too"


def a_snapshot_is_restored_where_asked(stack: Stack) -> Iterator[str]:
    asked = stack.parameters["DatabaseSnapshot"]
    for name, its in stack.of("RDS::DBInstance").items():
        if its.get("DBSnapshotIdentifier", "") != asked:
            yield f"{name} is made from {its.get('DBSnapshotIdentifier')}, not from {asked}"
        if {"DBName", "MasterUsername"} & its.keys() != (set() if asked else {"DBName", "MasterUsername"}):
            yield f"{name}: name and owner are given where a snapshot brings none, and only there"


def buckets_keep_what_they_had(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("S3::Bucket").items():
        if its.get("VersioningConfiguration") != {"Status": "Enabled"}:
            yield f"{name} forgets what is overwritten"
        if not its.get("LifecycleConfiguration", {}).get("Rules"):
            yield f"{name} keeps leftovers for ever"
    lock = stack.of("S3::Bucket")["ArtifactsBucket"]
    mode, asked = lock.get("ObjectLockConfiguration", {}), stack.parameters["ArtifactsLock"]
    if asked != "no" and (
        lock.get("ObjectLockEnabled") is not True
        or mode.get("ObjectLockEnabled") != "Enabled"
        or mode.get("Rule", {}).get("DefaultRetention")
        != {"Mode": asked, "Days": stack.parameters["ArtifactsLockDays"]}
    ):
        yield "ArtifactsBucket is not locked, though it was asked for"
    for rule in lock.get("LifecycleConfiguration", {}).get("Rules", []):
        if "AbortIncompleteMultipartUpload" not in rule and not rule.get("Prefix"):
            yield f"ArtifactsBucket: the rule {rule['Id']} reaches recommendations"


def everything_is_encrypted_with_the_key(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("S3::Bucket").items():
        [rule] = its.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [{}])
        way = rule.get("ServerSideEncryptionByDefault", {})
        ours = way.get("SSEAlgorithm") == "aws:kms" and named(way.get("KMSMasterKeyID")) in stack.of("KMS::Key")
        if not ours and (name not in OF_THE_SERVICE or way != {"SSEAlgorithm": "AES256"}):
            yield f"{name} is not encrypted with the stack's key"
    for kind, key in (
        ("Logs::LogGroup", "KmsKeyId"),
        ("SNS::Topic", "KmsMasterKeyId"),
        ("SQS::Queue", "KmsMasterKeyId"),
        ("SecretsManager::Secret", "KmsKeyId"),
    ):
        for name, its in stack.of(kind).items():
            if named(its.get(key)) not in stack.of("KMS::Key"):
                yield f"{name} is not encrypted with the stack's key"


def _grants(stack: Stack, key: str | None, service: str) -> set[str]:
    key_policy = stack.of("KMS::Key").get(key or "", {}).get("KeyPolicy", {"Statement": []})
    return {
        action
        for its in key_policy["Statement"]
        if its["Effect"] == "Allow" and its["Principal"] == {"Service": service}
        for action in listed(its["Action"])
    }


def _unable(stack: Stack, key: Any, service: str) -> bool:
    return not {"kms:Decrypt", "kms:GenerateDataKey*"} <= _grants(stack, named(key), service)


def services_may_use_the_key(stack: Stack) -> Iterator[str]:
    """A topic's publishers, a queue's senders and the keeper of logs use the key themselves."""
    for alarm in stack.of("CloudWatch::Alarm").values():
        for topic in alarm.get("AlarmActions", []):
            if _unable(stack, stack.one(topic).get("KmsMasterKeyId"), "cloudwatch.amazonaws.com"):
                yield f"no alarm gets into {named(topic)}: its key is not for CloudWatch"
    for subscription in stack.of("SNS::Subscription").values():
        queue = subscription.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        if queue and _unable(stack, stack.one(queue).get("KmsMasterKeyId"), "sns.amazonaws.com"):
            yield f"no dead letter gets into {named(queue)}: its key is not for SNS"
    for name, group in stack.of("Logs::LogGroup").items():
        if _unable(stack, group.get("KmsKeyId"), "logs.eu-west-1.amazonaws.com"):
            yield f"{name} cannot be made: its key is not for CloudWatch Logs"
        if not group["LogGroupName"].startswith("/lottery/"):
            yield f"{name} cannot be made: the key is for logs below /lottery/"


def the_key_is_for_this_account_and_three_services(stack: Stack) -> Iterator[str]:
    for name, key in stack.of("KMS::Key").items():
        if key.get("EnableKeyRotation") is not True:
            yield f"{name} is not rotated"
        if (key["KeyPolicy"]["Statement"] or [{}])[0].get("Principal") != KEY_USERS[0]:
            yield f"{name} cannot be looked after by the account"
        for its in key["KeyPolicy"]["Statement"]:
            if its["Principal"] == KEY_USERS[3] and "kms:EncryptionContext:aws:logs:arn" not in str(
                its.get("Condition")
            ):
                yield f"{name} can be used by the logs of others"
            if its["Principal"] not in KEY_USERS:
                yield f"{name} can be used by {its['Principal']}"


def logs_are_kept_as_long_as_asked(stack: Stack) -> Iterator[str]:
    for name, group in stack.of("Logs::LogGroup").items():
        if not group.get("RetentionInDays"):
            yield f"{name} has no retention"


RULES = (
    what_is_stored_outlives_the_stack,
    the_database_is_closed_and_kept,
    buckets_are_closed,
    the_load_balancer_may_write_its_log,
    a_snapshot_is_restored_where_asked,
    buckets_keep_what_they_had,
    everything_is_encrypted_with_the_key,
    services_may_use_the_key,
    the_key_is_for_this_account_and_three_services,
    logs_are_kept_as_long_as_asked,
)
