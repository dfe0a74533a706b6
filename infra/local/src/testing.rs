//! A stack with a small template and with functions from a test, and a client for it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_smithy_runtime_api::client::http::http_client_fn;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::invoke::Functions;
use crate::options::Options;
use crate::stack::{Bindings, Stack};

pub(crate) const SMALL: &str = r#"
Parameters: {Unused: {Type: String, Default: x}}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
  Orderly:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: Orderly.fifo
      FifoQueue: true
      RedrivePolicy: {deadLetterTargetArn: !GetAtt OrderlyDead.Arn, maxReceiveCount: 3}
  OrderlyDead: {Type: AWS::SQS::Queue, Properties: {QueueName: OrderlyDead.fifo, FifoQueue: true}}
  Plain:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt PlainDead.Arn, maxReceiveCount: 2}}
  PlainDead: {Type: AWS::SQS::Queue}
  Sent: {Type: AWS::SES::ConfigurationSet, Properties: {SuppressionOptions: {SuppressedReasons: []}}}
  SentTold:
    Type: AWS::SES::ConfigurationSetEventDestination
    Properties:
      ConfigurationSetName: !Ref Sent
      EventDestination:
        Enabled: true
        MatchingEventTypes: [bounce, complaint, delivery, deliveryDelay, reject, renderingFailure]
        EventBridgeDestination: {EventBusArn: !Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"}
  Outcomes:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.ses], detail: {mail: {tags: {"ses:configuration-set": [!Ref Sent]}}}}
      Targets: [{Id: q, Arn: !GetAtt Plain.Arn}]
  Letters:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}}
  Rules: {Type: AWS::SES::ReceiptRuleSet}
  Receipt:
    Type: AWS::SES::ReceiptRule
    Properties:
      RuleSetName: !Ref Rules
      Rule:
        Enabled: true
        ScanEnabled: true
        Recipients: [in.example, one@other.example]
        Actions: [{S3Action: {BucketName: !Ref Letters, ObjectKeyPrefix: mails/}}]
  Arrivals:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [!Ref Letters]}}}
      Targets: [{Id: q, Arn: !GetAtt Plain.Arn}]
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Who
        Authorizers:
          Who:
            FunctionArn: !GetAtt WhoFunction.Arn
            AuthorizerPayloadFormatVersion: "2.0"
            EnableSimpleResponses: true
  WhoFunction: {Type: AWS::Serverless::Function}
  OrderlyFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Q:
          Type: SQS
          Properties: {Queue: !GetAtt Orderly.Arn, BatchSize: 10, FunctionResponseTypes: [ReportBatchItemFailures]}
  PlainFunction:
    Type: AWS::Serverless::Function
    Properties: {Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Plain.Arn, BatchSize: 1}}}}
  ChangesFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        S:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: TRIM_HORIZON
            BisectBatchOnFunctionError: true
            MaximumRetryAttempts: 1
            FunctionResponseTypes: [ReportBatchItemFailures]
            DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt PlainDead.Arn}}
  EchoFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: "/things/{id}"}}
        Open: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /open, Auth: {Authorizer: NONE}}}
  DailyFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Daily:
          Type: ScheduleV2
          Properties:
            ScheduleExpression: cron(0 0 * * ? *)
            Input: '{"time":"<aws.scheduler.scheduled-time>"}'
"#;

type InvocationResult = Result<Value, String>;

/// A stack with the template [`SMALL`]. Its functions call `answer` with a name and an event.
pub(crate) async fn stack(answer: impl Fn(&str, &Value) -> InvocationResult + Send + Sync + 'static) -> Stack {
    start(Options::default(), answer).await
}

pub(crate) async fn start(
    mut options: Options,
    answer: impl Fn(&str, &Value) -> InvocationResult + Send + Sync + 'static,
) -> Stack {
    static FILES: AtomicU32 = AtomicU32::new(0);
    let number = FILES.fetch_add(1, Ordering::SeqCst);
    let path = std::env::temp_dir().join(format!("local-stack-{}-{number}.yaml", std::process::id()));
    std::fs::write(&path, SMALL).unwrap();
    options.template = Some(path.clone());
    options.silent_schedules = true;
    let answer = Arc::new(answer);
    let stack = Stack::start(options, |_| async move {
        let functions = Functions::new(move |name, event| {
            let (name, answer) = (name.to_owned(), Arc::clone(&answer));
            Box::pin(async move { answer(&name, &event) }) as BoxFuture<'static, InvocationResult>
        });
        let token = |_| Box::pin(async { Ok("t".to_owned()) }) as BoxFuture<'static, Result<String, String>>;
        Ok(Bindings { functions, token: Box::new(token), audit: Box::new(|| Box::pin(async { Ok(Vec::new()) })) })
    });
    let stack = stack.await.unwrap();
    std::fs::remove_file(path).unwrap();
    stack
}

pub(crate) fn directory(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("local-stack-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

/// A response. `headers` has lower-case names.
pub(crate) struct Reply {
    pub status: u16,
    pub headers: String,
    pub body: Value,
}

pub(crate) async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut request = format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    let host = host.to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(host).unwrap();
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()));
    Reply { status, headers: head.to_ascii_lowercase(), body }
}

/// The AWS configuration of a client of the stack.
pub(crate) fn account(stack: &Stack) -> aws_config::SdkConfig {
    let environment = [
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL", stack.services_url()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let connect = aws::http_connector::plain_connector();
    let client = http_client_fn(move |_, _| connect.clone());
    aws::account::sdk_config(&environment).unwrap().into_builder().http_client(client).build()
}

/// Puts an item directly into the table.
pub(crate) fn put(stack: &Stack, pk: &str) {
    let request = json!({ "TableName": "Table", "Item": { "pk": { "S": pk } } });
    stack.database().put_item(serde_json::from_value(request).unwrap()).unwrap();
}
