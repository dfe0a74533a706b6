//! The template reader with a small template and with the real one.

mod mail;

use std::collections::BTreeMap;

use super::{Template, TemplateError, TemplateInputs};
use crate::schedule::Expression;

const SMALL: &str = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Grace: {Type: Number, Default: 60}
  Where: {Type: String}
Globals:
  Function:
    Environment: {Variables: {TABLE_NAME: !Ref Table}}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
  Work:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "${AWS::StackName}-Work.fifo"
      FifoQueue: true
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Dead:
    Type: AWS::SQS::Queue
    Properties: {QueueName: Dead.fifo, FifoQueue: true}
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Token
        Authorizers:
          Token:
            FunctionArn: !GetAtt WhoIsFunction.Arn
            AuthorizerPayloadFormatVersion: "2.0"
            EnableSimpleResponses: true
  Key: {Type: AWS::SecretsManager::Secret}
  WhoIsFunction:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {KEY_SECRET: !Ref Key}}
  WorkHardFunction:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {GRACE: !Ref Grace, WORK_URL: !Ref Work}}
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: post, Path: "/work/{id}"}}
        Look: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /work, Auth: {Authorizer: NONE}}}
        Queue:
          Type: SQS
          Properties: {Queue: !GetAtt Work.Arn, BatchSize: 5, FunctionResponseTypes: [ReportBatchItemFailures]}
        Changes: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: TRIM_HORIZON}}
        Daily: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), Input: '{"time":"now"}'}}
"#;

fn read(text: &str) -> Result<Template, TemplateError> {
    Template::read(text, &TemplateInputs { services_url: "http://127.0.0.1:1".to_owned(), ..TemplateInputs::default() })
}

/// Replaces one text of the template by another in each case. The error must name the resource.
fn assert_each_refused(template: &str, cases: &[(&str, &str, &str)]) {
    for (from, to, at) in cases {
        assert!(template.contains(from), "{from}");
        let error = read(&template.replacen(from, to, 1)).unwrap_err();
        assert!(error.at.starts_with(at), "{to}: {error}");
    }
}

#[test]
fn a_template_is_read_with_everything_filled_in() {
    let template = read(SMALL).unwrap();
    assert_eq!((template.table.name.as_str(), template.table.stream.as_deref()), ("Table", Some("NEW_AND_OLD_IMAGES")));
    let work = template.queue("local-Work.fifo").unwrap();
    assert_eq!(work.url, "http://127.0.0.1:1/000000000000/local-Work.fifo");
    assert_eq!(work.redrive.as_ref().unwrap().dead_letters, "Dead.fifo");
    let function = template.function("work-hard").unwrap();
    assert_eq!(function.environment.get("GRACE").unwrap(), "60");
    assert_eq!(function.environment.get("TABLE_NAME").unwrap(), "Table");
    assert_eq!(function.environment.get("WORK_URL").unwrap(), &work.url);
    let routes: Vec<_> = function.routes.iter().map(|r| (r.method.as_str(), r.path.as_str(), &r.authorizer)).collect();
    assert_eq!(routes, [("GET", "/work", &None), ("POST", "/work/{id}", &Some("who-is".to_owned()))]);
    assert_eq!((function.queues.first().unwrap().batch_size, function.streams.len()), (5, 1));
    assert_eq!(template.function("who-is").unwrap().environment.get("KEY_SECRET").unwrap(), "Key");
    assert_eq!(template.dead_letter_queues().map(|queue| queue.name.as_str()).collect::<Vec<_>>(), ["Dead.fifo"]);
    assert!(matches!(template.schedules.first().unwrap().expression, Expression::Rate(86_400)));
}

#[test]
fn what_is_not_understood_names_its_resource() {
    let cases = [
        ("BatchSize: 5", "BatchSises: 5", "WorkHardFunction.Events.Queue.BatchSises"),
        ("Type: SQS", "Type: Kinesis", "WorkHardFunction.Events.Queue"),
        ("BatchSize: 5", "BatchSize: 50", "WorkHardFunction.Events.Queue.BatchSize"),
        ("FifoQueue: true\n", "FifoQueues: true\n", "Work"),
        ("!GetAtt Dead.Arn", "!GetAtt Deaf.Arn", "Work.RedrivePolicy.deadLetterTargetArn"),
        ("!Ref Grace", "!Ref Where", "WorkHardFunction.Environment.GRACE"),
        ("!Ref Grace", "!ImportValue Grace", "WorkHardFunction.Environment.GRACE"),
        ("rate(1 day)", "rate(1 dog)", "WorkHardFunction.Events.Daily.ScheduleExpression"),
        ("FunctionArn: !GetAtt WhoIsFunction.Arn", "Fun: 1", "Api.Auth.Authorizers.Token.Fun"),
        ("WorkHardFunction:", "WorkHard:", "WorkHard"),
        ("Type: AWS::SQS::Queue\n    Properties: {Q", "Type: AWS::EC2::Host\n    Properties: {Q", "Dead"),
    ];
    assert_each_refused(SMALL, &cases);
}

#[test]
fn a_parameter_that_does_not_exist_cannot_be_given() {
    let parameters = BTreeMap::from([("Grave".to_owned(), "3".to_owned())]);
    let error = Template::read(SMALL, &TemplateInputs { parameters, ..TemplateInputs::default() }).unwrap_err();
    assert!(error.to_string().contains("Grave"), "{error}");
}

#[test]
fn the_real_template_is_understood() {
    let parameters = crate::options::local_parameters("http://127.0.0.1:9", "http://127.0.0.1:1", None);
    let inputs = TemplateInputs { parameters, services_url: "http://127.0.0.1:1".to_owned() };
    let template = Template::read(crate::options::TEMPLATE, &inputs).unwrap();
    let dispatch = template.function("dispatch").unwrap();
    assert_eq!(dispatch.streams.len(), 1);
    assert_eq!(template.function("fill").unwrap().environment.get("HOLE_GRACE_SECONDS").unwrap(), "3");
    let place = template.function("place-order").unwrap().routes.first().unwrap();
    assert_eq!((place.path.as_str(), place.authorizer.as_deref()), ("/orders", Some("authorize")));
    assert_eq!(template.function("availability").unwrap().routes.first().unwrap().authorizer, None);
    assert!(template.schedules.len() >= 3);
    assert_eq!(template.mail_configurations.first().unwrap().published.len(), 6);
    assert!(template.receipt_rules.first().unwrap().takes("reply+x@reply.shop.example"));
    let published: Vec<_> = template.event_rules.iter().flat_map(|rule| &rule.queues).collect();
    assert_eq!(published, ["InboundQueue", "MailEventsQueue"]);
}
