//! Mail and the event bus in a template, read or refused by name.

use crate::template::{Template, TemplateError, TemplateInputs};

const SMALL: &str = r#"
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
  Told: {Type: AWS::SQS::Queue}
  Sent:
    Type: AWS::SES::ConfigurationSet
    Properties: {SuppressionOptions: {SuppressedReasons: []}}
  SentTold:
    Type: AWS::SES::ConfigurationSetEventDestination
    Properties:
      ConfigurationSetName: !Ref Sent
      EventDestination:
        Enabled: true
        MatchingEventTypes: [bounce, renderingFailure]
        EventBridgeDestination: {EventBusArn: !Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"}
  Outcomes:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.ses], detail: {mail: {tags: {"ses:configuration-set": [!Ref Sent]}}}}
      Targets: [{Id: q, Arn: !GetAtt Told.Arn}]
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
        Actions: [{S3Action: {BucketName: !Ref Letters, ObjectKeyPrefix: in/}}]
"#;

fn read(text: &str) -> Result<Template, TemplateError> {
    Template::read(text, &TemplateInputs::default())
}

#[test]
fn mail_both_ways_is_read() {
    let template = read(SMALL).unwrap();
    let sent = template.mail_configurations.first().unwrap();
    assert_eq!((sent.name.as_str(), sent.published.len(), sent.published.contains("Bounce")), ("Sent", 2, true));
    let letters = template.buckets.first().unwrap();
    assert_eq!((letters.name.as_str(), letters.tells), ("local-letters", true));
    let receipt = template.receipt_rules.first().unwrap();
    assert_eq!((receipt.bucket.as_str(), receipt.prefix.as_str()), ("local-letters", "in/"));
    for (address, taken) in
        [("a@IN.example", true), ("a@sub.in.example", false), ("One@other.example", true), ("b@other.example", false)]
    {
        assert_eq!(receipt.takes(address), taken, "{address}");
    }
    let rule = template.event_rules.first().unwrap();
    assert_eq!(rule.queues, ["Told"]);
    let tagged = |set: &str| serde_json::json!({ "source": "aws.ses", "detail": { "mail": { "tags": { "ses:configuration-set": [set] } } } });
    assert!(rule.pattern.wants(&tagged("Sent")) && !rule.pattern.wants(&tagged("Others")));
}

#[test]
fn what_is_switched_off_does_nothing() {
    let off = SMALL.replace("Enabled: true\n        M", "Enabled: false\n        M");
    assert!(read(&off).unwrap().mail_configurations.first().unwrap().published.is_empty());
    let off = SMALL.replace("Enabled: true\n        S", "Enabled: false\n        S");
    assert!(read(&off).unwrap().receipt_rules.is_empty());
    assert!(
        !read(&SMALL.replace("EventBridgeEnabled: true", "EventBridgeEnabled: false"))
            .unwrap()
            .buckets
            .first()
            .unwrap()
            .tells
    );
}

#[test]
fn what_is_not_understood_names_its_resource() {
    let cases = [
        ("SuppressionOptions:", "SuppresionOptions:", "Sent.SuppresionOptions"),
        ("ConfigurationSetName: !Ref Sent", "ConfigurationSetName: Sent2", "SentTold.ConfigurationSetName"),
        ("[bounce,", "[bounces,", "SentTold.EventDestination.MatchingEventTypes"),
        ("event-bus/default", "event-bus/mine", "SentTold.EventDestination"),
        ("EventBridgeDestination:", "SnsDestination:", "SentTold.EventDestination.SnsDestination"),
        ("source: [aws.ses]", "source: aws.ses", "Outcomes.EventPattern"),
        ("[!Ref Sent]}}}}", "[{cidr: 10.0.0.0/8}]}}}}", "Outcomes.EventPattern"),
        ("!GetAtt Told.Arn", "!GetAtt Letters.Arn", "Outcomes.Targets"),
        ("{Id: q, Arn", "{Id: q, InputPath: $.detail, Arn", "Outcomes.Targets.InputPath"),
        ("EventBridgeConfiguration:", "QueueConfigurations:", "Letters.NotificationConfiguration.QueueConfigurations"),
        ("ScanEnabled: true", "ScanEnabled: false", "Receipt.Rule.ScanEnabled"),
        ("[in.example, one@other.example]", "[]", "Receipt.Rule.Recipients"),
        ("[in.example,", "[.in.example,", "Receipt.Rule.Recipients"),
        ("S3Action", "LambdaAction", "Receipt.Rule.Actions.LambdaAction"),
        ("!Ref Letters", "Lettres", "Receipt.Rule.Actions"),
        ("AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptFilter", "Rules"),
        ("Type: AWS::SQS::Queue}", "Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}", "Outcomes.Targets"),
    ];
    for (from, to, at) in cases {
        assert!(SMALL.contains(from), "{from}");
        let error = read(&SMALL.replacen(from, to, 1)).unwrap_err();
        assert!(error.at.starts_with(at), "{to}: {error}");
    }
}
