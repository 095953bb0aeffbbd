"""Faults that people make in a template, one each: what was done, and who notices."""

from typing import Any

from lottery_assets_tests.deploy.planting import Fault, Template, add, both, drop, put, renamed, without


def of(role: str, sid: str, policy: int = 0) -> str:
    return f"{role}/Policies/{policy}/PolicyDocument/Statement/[Sid={sid}]"


def container(task: str) -> str:
    return f"{task}TaskDefinition/ContainerDefinitions/0"


def arn(resource: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [resource, "Arn"]}


def twice_a_subnet(template: Template) -> None:
    template["Resources"]["PrivateSubnetB"]["Properties"]["CidrBlock"]["Fn::Select"][0] = 0


OIDC = {"OidcIssuer": "https://login.example.com"}
SAGEMAKER = {"ModelRegistry": "sagemaker"}
ENDPOINTS = {"Egress": "endpoints", "S3PrefixListId": "pl-6da54004"}
CLOUDWATCH = "Key/KeyPolicy/Statement/[Sid=AlarmsToEncryptedTopic]"
WORLD = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "0.0.0.0/0"}
PASSWORD_IN_PLAIN_VIEW = {
    "Name": "DAGSTER_POSTGRES_PASSWORD",
    "Value": {"Fn::Sub": "{{resolve:secretsmanager:${DatabaseSecret}:SecretString:password}}"},
}
OBJECTS_OF_LOGS = {"Fn::Sub": "${LogsBucket.Arn}/*"}
EVERY_TABLE = {"Id": "old", "Status": "Enabled", "ExpirationInDays": 400}

FOUND_BY_CFN_LINT = [
    Fault("a property is misspelt", "E3002", renamed("Database/StorageEncrypted", "StorageEncryptd")),
    Fault(
        "a reference names nothing",
        "E1010",
        put("WebserverTaskDefinition/TaskRoleArn", {"Fn::GetAtt": ["Role", "Arn"]}),
    ),
    Fault("an attribute does not exist", "E1010", put("Database/KmsKeyId", {"Fn::GetAtt": ["Key", "Name"]})),
    Fault("a parameter that is not there", "E1020", put(f"{container('Run')}/Image", {"Ref": "Image"})),
    Fault("an action is misspelt", "W3037", put(f"{of('DaemonRole', 'Alert', 1)}/Action", "sns:Publsh")),
    Fault("bridge network on Fargate", "E3048", put("RunTaskDefinition/NetworkMode", "bridge")),
    Fault("resources wait for each other", "E3004", put("Cluster!/DependsOn", "DaemonService")),
    Fault("there is no such database class", "E3025", put("Database/DBInstanceClass", "db.t4g.tiny")),
    Fault("a retention that logs do not have", "E3030", put("RunLogs/RetentionInDays", 100)),
    Fault("a type that does not exist", "E3006", put("DeadLetters!/Type", "AWS::SQS::Queues")),
    Fault("a required property is missing", "E3003", drop("WebserverSecurityGroup/GroupDescription")),
    Fault("a deletion policy that does not exist", "E3035", put("Database!/DeletionPolicy", "Snapshots")),
]

FOUND_BY_OUR_RULES = [
    # network
    Fault("daemon and runs cannot reach the database", "tasks_reach_the_database", without("DatabaseFromDaemon")),
    Fault(
        "runs may not send to the database",
        "tasks_reach_the_database",
        drop("DaemonSecurityGroup/SecurityGroupEgress/0"),
    ),
    Fault("the database listens elsewhere", "tasks_reach_the_database", put("Database/Port", "5433")),
    Fault("no route to NAT", "tasks_reach_aws_through_nat", without("NatRoute")),
    Fault("NAT without a route to the internet", "tasks_reach_aws_through_nat", without("PublicRoute")),
    Fault(
        "the endpoint of SageMaker is missing",
        "tasks_reach_aws_through_endpoints",
        without("SageMakerApiEndpoint"),
        ENDPOINTS | SAGEMAKER,
    ),
    Fault("an endpoint is missing", "tasks_reach_aws_through_endpoints", without("SecretsEndpoint"), ENDPOINTS),
    Fault(
        "an endpoint without its name",
        "tasks_reach_aws_through_endpoints",
        put("EcsEndpoint/PrivateDnsEnabled", False),
        ENDPOINTS,
    ),
    Fault("endpoints let nobody in", "tasks_reach_aws_through_endpoints", without("EndpointFromDaemon"), ENDPOINTS),
    Fault(
        "S3 by way of NAT", "s3_is_reached_inside_of_aws", put("S3Endpoint/RouteTableIds", [{"Ref": "DatabaseRoutes"}])
    ),
    Fault(
        "the webserver lets the load balancer in elsewhere",
        "the_load_balancer_reaches_the_webserver",
        both(put("WebserverFromLoadBalancer/FromPort", 80), put("WebserverFromLoadBalancer/ToPort", 80)),
    ),
    Fault(
        "the database is open to the world",
        "nothing_is_open_to_everybody",
        put("DatabaseSecurityGroup/SecurityGroupIngress", [WORLD]),
    ),
    Fault(
        "every port of the webserver is open", "only_what_flows_comes_in", put("WebserverFromLoadBalancer/FromPort", 0)
    ),
    Fault(
        "a group without egress has all of it",
        "groups_send_only_what_they_say",
        drop("DatabaseSecurityGroup/SecurityGroupEgress"),
    ),
    Fault("two subnets overlap", "subnets_lie_apart", twice_a_subnet),
    Fault(
        "both subnets in one zone",
        "private_subnets_are_in_two_zones",
        put("PrivateSubnetB/AvailabilityZone", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
    ),
    Fault(
        "tasks have public addresses",
        "tasks_have_no_address_of_their_own",
        put("DaemonService/NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp", "ENABLED"),
    ),
    Fault(
        "the database has a way out",
        "nothing_leads_from_the_internet_to_tasks_or_database",
        put("DatabaseSubnetARoutes/RouteTableId", {"Ref": "PrivateRoutes"}),
    ),
    Fault("names of endpoints are not found", "everything_is_in_one_network", drop("Vpc/EnableDnsHostnames")),
    Fault(
        "the database has the network's own group",
        "everything_has_a_group_of_its_own",
        drop("Database/VPCSecurityGroups/0"),
    ),
    Fault("the internet is not attached", "tasks_reach_aws_through_nat", without("InternetGatewayAttachment")),
    Fault(
        "an endpoint in one zone",
        "private_subnets_are_in_two_zones",
        drop("LogsEndpoint/SubnetIds/1"),
        ENDPOINTS,
    ),
    Fault(
        "the load balancer cannot ask who it is",
        "the_load_balancer_reaches_the_identity_provider",
        drop("LoadBalancerSecurityGroup/SecurityGroupEgress/1"),
        OIDC,
    ),
    # tasks and services
    Fault("two daemons", "there_is_one_daemon", put("DaemonService/DesiredCount", 2)),
    Fault(
        "two daemons during a deployment",
        "there_is_one_daemon",
        put("DaemonService/DeploymentConfiguration/MaximumPercent", 200),
    ),
    Fault(
        "two daemons while it moves", "there_is_one_daemon", put("DaemonService/AvailabilityZoneRebalancing", "ENABLED")
    ),
    Fault("memory that Fargate does not have", "fargate_has_the_size", put("DaemonTaskDefinition/Memory", "512")),
    Fault("a container's own memory", "fargate_has_the_size", put(f"{container('Run')}/Memory", 512)),
    Fault("runs as root", "containers_are_locked_down", drop(f"{container('Run')}/User")),
    Fault(
        "the root file system is writable",
        "containers_are_locked_down",
        put(f"{container('Webserver')}/ReadonlyRootFilesystem", False),
    ),
    Fault("nowhere to write", "containers_are_locked_down", drop(f"{container('Run')}/MountPoints")),
    Fault(
        "another image",
        "every_role_is_the_same_image_by_digest",
        put(f"{container('Daemon')}/Image", "111111111111.dkr.ecr.eu-west-1.amazonaws.com/lottery:latest"),
    ),
    Fault(
        "nobody reaps a run's children",
        "somebody_reaps_and_passes_signals_on",
        put(f"{container('Run')}/LinuxParameters/InitProcessEnabled", False),
    ),
    Fault(
        "the log group is misspelt",
        "logs_are_kept",
        put(f"{container('Run')}/LogConfiguration/Options/awslogs-group", "/lottery/runs"),
    ),
    Fault(
        "no health check of the daemon",
        "services_say_whether_they_are_well",
        drop(f"{container('Daemon')}/HealthCheck"),
    ),
    Fault(
        "the launcher's container has another name",
        "dagster_finds_its_environment",
        put(f"{container('Run')}/Name", "worker"),
    ),
    Fault(
        "dagster.yaml reads what is not set",
        "dagster_finds_its_environment",
        drop(f"{container('Run')}/Environment/[Name=DAGSTER_LOG_BUCKET]"),
    ),
    Fault(
        "boto3 does not know the region",
        "dagster_finds_its_environment",
        drop(f"{container('Daemon')}/Environment/[Name=AWS_DEFAULT_REGION]"),
    ),
    Fault(
        "sensors are cut off after a minute",
        "sensors_have_time_for_every_country",
        drop(f"{container('Daemon')}/Environment/[Name=DAGSTER_SENSOR_GRPC_TIMEOUT_SECONDS]"),
    ),
    Fault(
        "runs of whatever revision is newest",
        "runs_start_from_the_stacks_own_revision",
        put(f"{container('Daemon')}/Environment/[Name=DAGSTER_RUN_TASK_DEFINITION]/Value", "lottery-run"),
    ),
    Fault(
        "a setting that nothing reads",
        "the_code_finds_its_environment",
        put(f"{container('Run')}/Environment/[Name=LOTTERY_DATA]/Name", "LOTTERY_SALES"),
    ),
    Fault(
        "the digest from the template",
        "the_code_finds_its_environment",
        add(f"{container('Run')}/Environment", {"Name": "LOTTERY_IMAGE_DIGEST", "Value": "sha256:0"}),
    ),
    Fault(
        "the password in the environment",
        "no_secret_is_in_an_environment",
        add(f"{container('Run')}/Environment", PASSWORD_IN_PLAIN_VIEW),
    ),
    Fault(
        "the key of a secret without its colons",
        "secrets_have_the_keys_that_tasks_ask_for",
        put(
            f"{container('Run')}/Secrets/[Name=DAGSTER_POSTGRES_PASSWORD]/ValueFrom",
            {"Fn::Sub": "${DatabaseSecret}:password"},
        ),
    ),
    Fault(
        "a key that the secret does not have",
        "secrets_have_the_keys_that_tasks_ask_for",
        put("DatabaseSecret/GenerateSecretString/GenerateStringKey", "passphrase"),
    ),
    Fault(
        "a failed deployment stays",
        "services_go_back_by_themselves",
        drop("WebserverService/DeploymentConfiguration/DeploymentCircuitBreaker"),
    ),
    Fault("a daemon without its command", "services_do_what_they_are_called", drop(f"{container('Daemon')}/Command/3")),
    Fault("a service on another cluster", "services_do_what_they_are_called", put("DaemonService/Cluster", "default")),
    Fault(
        "a family that bootstrap does not know",
        "names_are_those_that_bootstrap_allows",
        put("DaemonTaskDefinition/Family", "daemon"),
    ),
    Fault("the key has no name", "names_are_those_that_bootstrap_allows", without("KeyAlias")),
    Fault(
        "the token of Slack elsewhere",
        "secrets_are_where_the_code_looks",
        put("SlackSecret/Name", "lottery/slack-token"),
        {"SlackChannel": "#lottery"},
    ),
    Fault(
        "alerts lead nowhere",
        "the_ui_has_its_address",
        drop(f"{container('Daemon')}/Environment/[Name=LOTTERY_UI_URL]"),
    ),
    Fault("the name leads nowhere", "the_ui_has_its_address", without("Address"), {"HostedZoneId": "Z0"}),
    # the UI
    Fault("people knock elsewhere", "people_reach_the_load_balancer", put("Listener/Port", 8443)),
    Fault("the UI faces the internet", "the_load_balancer_is_internal", put("LoadBalancer/Scheme", "internet-facing")),
    Fault(
        "the UI without TLS",
        "listeners_speak_tls_alone",
        both(put("Listener/Protocol", "HTTP"), put("Listener/Port", 80)),
    ),
    Fault("old versions of TLS", "listeners_speak_tls_alone", put("Listener/SslPolicy", "ELBSecurityPolicy-2016-08")),
    Fault(
        "nobody signs in",
        "who_opens_the_ui_signs_in_where_asked",
        drop("Listener/DefaultActions/0"),
        OIDC,
    ),
    Fault("targets by instance", "the_load_balancer_finds_the_webserver", put("TargetGroup/TargetType", "instance")),
    Fault(
        "another health path", "the_load_balancer_finds_the_webserver", put("TargetGroup/HealthCheckPath", "/health")
    ),
    Fault(
        "another container port",
        "the_load_balancer_finds_the_webserver",
        put("WebserverService/LoadBalancers/0/ContainerPort", 3001),
    ),
    Fault(
        "another container name",
        "the_load_balancer_finds_the_webserver",
        put("WebserverService/LoadBalancers/0/ContainerName", "ui"),
    ),
    # permissions
    Fault(
        "ListBucket on objects",
        "roles_may_do_what_their_tasks_do",
        put(f"{of('WebserverRole', 'FindLogsOfRuns')}/Resource", OBJECTS_OF_LOGS),
    ),
    Fault(
        "any role is passed on",
        "roles_pass_on_exactly_the_two_of_a_run",
        put(f"{of('DaemonRole', 'WithTheirRoles')}/Resource", "*"),
    ),
    Fault(
        "roles are passed on to anybody",
        "roles_pass_on_exactly_the_two_of_a_run",
        drop(f"{of('DaemonRole', 'WithTheirRoles')}/Condition"),
    ),
    Fault(
        "the webserver passes roles on too",
        "roles_pass_on_exactly_the_two_of_a_run",
        put(f"{of('WebserverRole', 'StopRuns')}/Action", ["ecs:DescribeTasks", "ecs:StopTask", "iam:PassRole"]),
    ),
    Fault(
        "the execution role may not read a secret",
        "tasks_are_started_with_all_they_name",
        put(f"{of('ExecutionRole', 'ReadPasswordOfDatabase')}/Resource", {"Ref": "SlackSecret"}),
    ),
    Fault(
        "the execution role may not decrypt",
        "tasks_are_started_with_all_they_name",
        drop(of("ExecutionRole", "DecryptIt")),
    ),
    Fault("no execution role", "tasks_are_started_with_all_they_name", drop("RunTaskDefinition/ExecutionRoleArn")),
    Fault(
        "another family of runs",
        "the_daemon_starts_runs_and_nothing_else",
        put("RunTaskDefinition/Family", "lottery-worker"),
    ),
    Fault(
        "tasks on any cluster",
        "the_daemon_starts_runs_and_nothing_else",
        drop(f"{of('DaemonRole', 'StartRuns')}/Condition"),
    ),
    Fault(
        "everything in S3",
        "nothing_is_allowed_by_wildcard",
        both(
            put(f"{of('RunRole', 'ReadSales')}/Action", "s3:*"),
            put(f"{of('RunRole', 'ReadSales')}/Resource", "*"),
        ),
    ),
    Fault(
        "the cash of nobody",
        "roles_may_do_what_their_tasks_do",
        put(f"{of('RunRole', 'ReadCash')}/Resource", {"Ref": "DatabaseSecret"}),
    ),
    Fault(
        "what is published can be deleted",
        "runs_delete_nothing",
        put(f"{of('RunRole', 'WriteArtifactsAndLogs')}/Action", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]),
    ),
    Fault(
        "versions of models may not be found",
        "roles_may_do_what_their_tasks_do",
        put("RunRole/Policies/0/PolicyDocument/Statement/6/Fn::If/1/Action", "sagemaker:ListModelPackageGroups"),
        SAGEMAKER,
    ),
    Fault(
        "a run may approve its own model",
        "runs_approve_no_model",
        put(
            "RunRole/Policies/0/PolicyDocument/Statement/5/Fn::If/1/Action",
            ["sagemaker:CreateModelPackageGroup", "sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"],
        ),
        SAGEMAKER,
    ),
    Fault(
        "a role for two tasks",
        "every_task_has_a_role_of_its_own",
        put("WebserverTaskDefinition/TaskRoleArn", arn("RunRole")),
    ),
    Fault(
        "no task can take its role",
        "tasks_alone_have_the_roles",
        drop("RunRole/AssumeRolePolicyDocument/Statement/0"),
    ),
    Fault(
        "the daemon renames what runs",
        "the_daemon_starts_runs_and_nothing_else",
        drop(f"{of('DaemonRole', 'WithTheirTags')}/Condition"),
    ),
    Fault("a role without the boundary", "roles_stay_inside_the_boundary", drop("RunRole/PermissionsBoundary")),
    Fault(
        "anybody takes a role",
        "tasks_alone_have_the_roles",
        put("RunRole/AssumeRolePolicyDocument/Statement/0/Principal", {"AWS": "*"}),
    ),
    # what is stored
    Fault("the database goes with the stack", "what_is_stored_outlives_the_stack", drop("Database!/DeletionPolicy")),
    Fault(
        "a replaced bucket is lost", "what_is_stored_outlives_the_stack", drop("ArtifactsBucket!/UpdateReplacePolicy")
    ),
    Fault("the key goes with the stack", "what_is_stored_outlives_the_stack", put("Key!/DeletionPolicy", "Delete")),
    Fault("the database is public", "the_database_is_closed_and_kept", put("Database/PubliclyAccessible", True)),
    Fault("the database is not encrypted", "the_database_is_closed_and_kept", put("Database/StorageEncrypted", False)),
    Fault("no backups", "the_database_is_closed_and_kept", put("Database/BackupRetentionPeriod", 0)),
    Fault(
        "a password in the template", "the_database_is_closed_and_kept", put("Database/MasterUserPassword", "dagster")
    ),
    Fault("a database without TLS", "the_database_is_closed_and_kept", drop("Database/DBParameterGroupName")),
    Fault("a bucket can be made public", "buckets_are_closed", drop("LandingBucket/PublicAccessBlockConfiguration")),
    Fault("a bucket answers without TLS", "buckets_are_closed", without("LandingBucketPolicy")),
    Fault("a bucket forgets", "buckets_keep_what_they_had", drop("ArtifactsBucket/VersioningConfiguration")),
    Fault(
        "no lock where one was asked for",
        "buckets_keep_what_they_had",
        drop("ArtifactsBucket/ObjectLockConfiguration"),
        {"ArtifactsLock": "COMPLIANCE"},
    ),
    Fault(
        "recommendations expire",
        "buckets_keep_what_they_had",
        add("ArtifactsBucket/LifecycleConfiguration/Rules", EVERY_TABLE),
    ),
    Fault(
        "the load balancer cannot write its log",
        "the_load_balancer_may_write_its_log",
        drop("AccessLogsBucketPolicy/PolicyDocument/Statement/[Sid=LoadBalancerWrites]"),
    ),
    Fault(
        "the snapshot is not restored",
        "a_snapshot_is_restored_where_asked",
        drop("Database/DBSnapshotIdentifier"),
        {"DatabaseSnapshot": "lottery-1"},
    ),
    Fault(
        "S3's own key",
        "everything_is_encrypted_with_the_key",
        put(
            "LandingBucket/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault",
            {"SSEAlgorithm": "AES256"},
        ),
    ),
    Fault(
        "nobody looks after the key",
        "the_key_is_for_this_account_and_three_services",
        drop("Key/KeyPolicy/Statement/0"),
    ),
    Fault("a bucket with another's key", "everything_is_encrypted_with_the_key", drop("DvcBucket/BucketEncryption")),
    Fault("a topic in the clear", "everything_is_encrypted_with_the_key", drop("AlertsTopic/KmsMasterKeyId")),
    Fault("the topic's key is not for CloudWatch", "services_may_use_the_key", drop(CLOUDWATCH)),
    Fault(
        "the key is not for logs",
        "services_may_use_the_key",
        drop("Key/KeyPolicy/Statement/[Sid=LogGroups]"),
    ),
    Fault(
        "the key is anybody's", "the_key_is_for_this_account_and_three_services", put(f"{CLOUDWATCH}/Principal", "*")
    ),
    Fault("logs for ever", "logs_are_kept_as_long_as_asked", drop("RunLogs/RetentionInDays")),
    # alarms
    Fault("nobody watches the daemon", "what_matters_is_watched", without("DaemonAlarm")),
    Fault(
        "an alarm that rings when all is well",
        "what_matters_is_watched",
        put("DatabaseStorageAlarm/ComparisonOperator", "GreaterThanThreshold"),
    ),
    Fault("an alarm that tells nobody", "alarms_are_heard", drop("HeartbeatAlarm/AlarmActions")),
    Fault("nobody listens to alarms", "alarms_are_heard", without("AlarmsSubscription")),
    Fault(
        "the topic takes nothing from CloudWatch",
        "alarms_are_heard",
        drop("AlarmsTopicPolicy/PolicyDocument/Statement/[Sid=Alarms]"),
    ),
    Fault("an alarm that never ends", "alarms_are_heard", drop("DaemonAlarm/OKActions")),
    Fault("an alarm that never rings", "what_matters_is_watched", put("DaemonAlarm/Threshold", 0)),
    Fault(
        "messages in the clear",
        "messages_travel_by_tls_alone",
        drop("AlertsTopicPolicy/PolicyDocument/Statement/[Sid=TlsOnly]/Condition"),
    ),
    Fault("silence is taken for health", "silence_is_an_alarm", drop("HeartbeatAlarm/TreatMissingData")),
    Fault("a metric that nobody writes", "the_daemons_heartbeat_is_heard", put("HeartbeatAlarm/Namespace", "lottery")),
    Fault(
        "a line that nobody prints",
        "the_daemons_heartbeat_is_heard",
        put("Heartbeat/FilterPattern", '{ $.heartbeat = "weakly" }'),
    ),
    Fault(
        "the heartbeat of another log",
        "the_daemons_heartbeat_is_heard",
        put("Heartbeat/LogGroupName", {"Ref": "RunLogs"}),
    ),
    Fault(
        "an alarm about another's database",
        "alarms_measure_what_is_there",
        put("DatabaseStorageAlarm/Dimensions/0/Value", "lottery"),
    ),
    Fault(
        "an alarm that looks back too far",
        "alarms_look_back_no_further_than_they_can",
        both(put("HeartbeatAlarm/Period", 86400), put("HeartbeatAlarm/EvaluationPeriods", 8)),
    ),
    Fault("what is not taken is lost", "what_is_not_taken_is_kept", drop("AlarmsSubscription/RedrivePolicy")),
    Fault(
        "the queue takes nothing from topics",
        "what_is_not_taken_is_kept",
        drop("DeadLettersPolicy/PolicyDocument/Statement/[Sid=Topics]"),
    ),
]
