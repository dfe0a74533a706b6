//! Tests how the reader handles mail and the event bus, and that its errors name the refused part.

use super::{assert_each_refused, read};
use crate::testing::SMALL;

#[test]
fn mail_both_ways_is_read() {
    let template = read(SMALL).unwrap();
    let sent = template.mail_configurations.first().unwrap();
    assert_eq!((sent.name.as_str(), sent.published.len(), sent.published.contains("Bounce")), ("Sent", 6, true));
    let letters = template.buckets.first().unwrap();
    assert_eq!((letters.name.as_str(), letters.tells), ("local-letters", true));
    let receipt = template.receipt_rules.first().unwrap();
    assert_eq!((receipt.bucket.as_str(), receipt.prefix.as_str()), ("local-letters", "mails/"));
    let addresses =
        [("a@IN.example", true), ("a@sub.in.example", false), ("One@other.example", true), ("b@other.example", false)];
    for (address, taken) in addresses {
        assert_eq!(receipt.takes(address), taken, "{address}");
    }
    assert!(template.event_rules.iter().all(|rule| rule.queues == ["Plain"]));
    let tagged = |set: &str| serde_json::json!({ "source": "aws.ses", "detail": { "mail": { "tags": { "ses:configuration-set": [set] } } } });
    let wanted = |set| template.event_rules.iter().any(|rule| rule.pattern.wants(&tagged(set)));
    assert!(wanted("Sent") && !wanted("Others"));
}

#[test]
fn what_is_switched_off_does_nothing() {
    let off = SMALL.replace("Enabled: true\n        M", "Enabled: false\n        M");
    assert!(read(&off).unwrap().mail_configurations.first().unwrap().published.is_empty());
    let off = SMALL.replace("Enabled: true\n        S", "Enabled: false\n        S");
    assert!(read(&off).unwrap().receipt_rules.is_empty());
    let off = SMALL.replace("EventBridgeEnabled: true", "EventBridgeEnabled: false");
    assert!(!read(&off).unwrap().buckets.first().unwrap().tells);
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
        ("Arn: !GetAtt Plain.Arn}]", "Arn: !GetAtt Letters.Arn}]", "Outcomes.Targets"),
        ("{Id: q, Arn", "{Id: q, InputPath: $.detail, Arn", "Outcomes.Targets.InputPath"),
        ("EventBridgeConfiguration:", "QueueConfigurations:", "Letters.NotificationConfiguration.QueueConfigurations"),
        ("ScanEnabled: true", "ScanEnabled: false", "Receipt.Rule.ScanEnabled"),
        ("[in.example, one@other.example]", "[]", "Receipt.Rule.Recipients"),
        ("[in.example,", "[.in.example,", "Receipt.Rule.Recipients"),
        ("S3Action", "LambdaAction", "Receipt.Rule.Actions.LambdaAction"),
        ("!Ref Letters", "Lettres", "Receipt.Rule.Actions"),
        ("AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptFilter", "Rules"),
        ("Arn: !GetAtt Plain.Arn}]", "Arn: !GetAtt Orderly.Arn}]", "Outcomes.Targets"),
    ];
    assert_each_refused(SMALL, &cases);
}
