//! Outgoing and incoming mail through the real clients of AWS: outcomes, events, stored objects.

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag};
use serde_json::{Value, json};

use crate::testing::{account, directory, send, stack, start};
use crate::{Options, Stack};

/// A stack that does not deliver the messages of its queues.
async fn still() -> Stack {
    let stack = stack(|_, _| Ok(Value::Null)).await;
    stack.delivery().pause();
    stack
}

fn published_events(stack: &Stack) -> Vec<EventBridgeEvent<Value>> {
    let messages = stack.state().messages("Plain").unwrap();
    messages.iter().map(|message| serde_json::from_str(&message.body).unwrap()).collect()
}

fn kinds(stack: &Stack) -> Vec<String> {
    published_events(stack).into_iter().map(|event| event.detail_type).collect()
}

/// Sends a mail as `send-email` does.
async fn mail(stack: &Stack, to: &str, set: Option<&str>) -> Result<String, aws_sdk_sesv2::Error> {
    let content = |data: &str| Content::builder().data(data).build().unwrap();
    let header = MessageHeader::builder().name("Auto-Submitted").value("auto-generated").build().unwrap();
    let message = Message::builder()
        .subject(content("Größe: your order"))
        .body(Body::builder().text(content("Hello\nthere")).build())
        .headers(header)
        .build();
    let tag = |name: &str, value: &str| MessageTag::builder().name(name).value(value).build().unwrap();
    let sent = aws_sdk_sesv2::Client::new(&account(stack))
        .send_email()
        .from_email_address("\"The shop\" <orders@shop.example>")
        .reply_to_addresses("reply+1@in.example")
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().simple(message).build())
        .email_tags(tag("kind", "shipped"))
        .email_tags(tag("order_id", "7K3M-9Q2X-WT4P-ABC4"))
        .set_configuration_set_name(set.map(str::to_owned))
        .send()
        .await;
    Ok(sent?.message_id.unwrap())
}

#[tokio::test]
async fn a_mail_that_is_delivered_is_told_to_the_queue_of_the_rule() {
    let stack = still().await;
    let id = mail(&stack, "ann@example.com", Some("Sent")).await.unwrap();
    let inbox = send("GET", &format!("{}/_local/inbox", stack.url()), &[], "").await.body;
    assert_eq!((&inbox[0]["message_id"], &inbox[0]["reply_to"]), (&json!(id), &json!("reply+1@in.example")));
    assert_eq!(inbox[0]["headers"], json!({ "Auto-Submitted": "auto-generated" }));
    assert_eq!((&inbox[0]["outcome"], &inbox[0]["kind"]), (&json!("delivered"), &json!("shipped")));
    let event = published_events(&stack).remove(0);
    assert_eq!((event.detail_type.as_str(), event.source.as_str()), ("Email Delivered", "aws.ses"));
    assert_eq!(event.detail["eventType"], "Delivery");
    assert_eq!(event.detail["delivery"]["recipients"], json!(["ann@example.com"]));
    let mail = &event.detail["mail"];
    assert_eq!((&mail["messageId"], &mail["destination"]), (&json!(id), &json!(["ann@example.com"])));
    assert_eq!(mail["tags"]["kind"], json!(["shipped"]));
    assert_eq!(mail["tags"]["ses:configuration-set"], json!(["Sent"]));
    assert_eq!(mail["commonHeaders"]["replyTo"], json!(["reply+1@in.example"]));
}

#[tokio::test]
async fn the_recipient_decides_what_becomes_of_a_mail() {
    let cases: [(&str, &[&str]); 8] = [
        ("success@simulator.amazonses.com", &["Email Delivered"]),
        ("bounce+a@simulator.amazonses.com", &["Email Bounced"]),
        ("Complaint@Simulator.AmazonSES.com", &["Email Delivered", "Email Complaint Received"]),
        ("delay@any.simulator.example", &["Email Delivery Delayed", "Email Delivered"]),
        ("reject@simulator.example", &["Email Rejected"]),
        ("ooto@simulator.amazonses.com", &["Email Delivered", "Object Created"]),
        ("bounce@notsimulator.example", &["Email Delivered"]),
        ("bounce@example.com", &["Email Delivered"]),
    ];
    for (to, expected) in cases {
        let stack = still().await;
        mail(&stack, to, Some("Sent")).await.unwrap();
        assert_eq!(kinds(&stack), expected, "{to}");
    }
    for (to, kind, sub) in [
        ("bounce@a.simulator.example", "Permanent", "General"),
        ("softbounce@a.simulator.example", "Transient", "MailboxFull"),
        ("suppressionlist@a.simulator.example", "Permanent", "Suppressed"),
    ] {
        let stack = still().await;
        mail(&stack, to, Some("Sent")).await.unwrap();
        let bounce = published_events(&stack).remove(0).detail["bounce"].clone();
        assert_eq!((&bounce["bounceType"], &bounce["bounceSubType"]), (&json!(kind), &json!(sub)));
        assert_eq!(bounce["bouncedRecipients"][0]["emailAddress"], to);
    }
}

#[tokio::test]
async fn without_a_configuration_nothing_is_told_and_an_unknown_one_is_refused() {
    let stack = still().await;
    mail(&stack, "ann@example.com", None).await.unwrap();
    assert_eq!(kinds(&stack).len(), 0);
    let refused = mail(&stack, "ann@example.com", Some("Other")).await.unwrap_err();
    assert!(matches!(refused, aws_sdk_sesv2::Error::NotFoundException(_)), "{refused:?}");
    assert_eq!(stack.state().mails(None).unwrap().len(), 1);
}

#[tokio::test]
async fn the_account_says_how_much_it_may_send() {
    let stack = still().await;
    let rate = async || {
        let account = aws_sdk_sesv2::Client::new(&account(&stack)).get_account().send().await.unwrap();
        account.send_quota.unwrap().max_send_rate
    };
    assert!(rate().await > 1_000.0);
    stack.set_mails_a_second(14.0);
    assert!((rate().await - 14.0).abs() < f64::EPSILON);
}

const RAW: &str = "From: Ann <ann@example.com>\nTo: Shop <Reply+1@IN.example>\nSubject: hi\n\nCancel it.\n";

#[tokio::test]
async fn a_mail_that_comes_in_is_kept_with_the_head_of_ses_and_told() {
    let stack = still().await;
    let accepted_mail = send("POST", &format!("{}/_local/mail?dkim=fail&dmarc=gray", stack.url()), &[], RAW).await;
    assert_eq!(accepted_mail.status, 200, "{}", accepted_mail.body);
    let event = published_events(&stack).remove(0);
    assert_eq!((event.detail_type.as_str(), event.source.as_str()), ("Object Created", "aws.s3"));
    assert_eq!(event.detail["bucket"]["name"], "local-letters");
    assert_eq!(event.detail["object"]["key"], accepted_mail.body["key"]);
    let key = accepted_mail.body["key"].as_str().unwrap();
    assert_eq!(key, format!("mails/{}", accepted_mail.body["message_id"].as_str().unwrap()));
    let s3 = aws_sdk_s3::Client::new(&account(&stack));
    let got = s3.get_object().bucket("local-letters").key(key).send().await.unwrap();
    assert_eq!(got.content_length, event.detail["object"]["size"].as_i64());
    let text = String::from_utf8(got.body.collect().await.unwrap().to_vec()).unwrap();
    assert!(text.ends_with(&RAW.replace('\n', "\r\n")), "{text}");
    for line in [
        "Return-Path: <ann@example.com>\r\nReceived: from mail.example.com (",
        "\r\n for Reply+1@IN.example;\r\n ",
        "X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\nReceived-SPF: pass (",
        "Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: example.com) ",
        "\r\n dkim=fail header.i=@example.com;\r\n dmarc=none header.from=example.com;\r\nFrom: Ann",
    ] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
}

#[tokio::test]
async fn mail_to_somebody_else_or_without_sense_is_refused() {
    let stack = still().await;
    for (query, field) in [("to=ann@example.com", "to"), ("to=x@sub.in.example", "to"), ("spf=maybe", "spf")] {
        let refused = send("POST", &format!("{}/_local/mail?{query}", stack.url()), &[], RAW).await;
        assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (422, &json!(field)), "{}", refused.body);
    }
    assert_eq!(send("POST", &format!("{}/_local/mail", stack.url()), &[], "").await.status, 422);
    assert_eq!(kinds(&stack).len(), 0);
}

#[tokio::test]
async fn a_reply_goes_where_the_mail_wants_it_and_quotes_it() {
    let stack = still().await;
    let id = mail(&stack, "ann@example.com", None).await.unwrap();
    let reply = format!("{}/_local/reply?message_id={id}", stack.url());
    let accepted_mail = send("POST", &reply, &[], "Bitte stornieren. Grüße").await;
    assert_eq!(accepted_mail.status, 200, "{}", accepted_mail.body);
    let kept = stack.state().object("local-letters", accepted_mail.body["key"].as_str().unwrap()).unwrap().unwrap();
    let text = String::from_utf8(kept.body).unwrap();
    let about = format!("\r\nIn-Reply-To: <{id}@email.amazonses.com>\r\n");
    for line in [
        "\r\nFrom: ann@example.com\r\nTo: reply+1@in.example\r\n",
        "\r\nSubject: =?UTF-8?B?UmU6IEdyw7bDn2U6IHlvdXIgb3JkZXI=?=\r\n",
        &about,
        "\r\n\r\nBitte stornieren. Grüße\r\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
    assert!(text.ends_with("wrote:\r\n\r\n> Hello\r\n> there\r\n"), "{text}");
    assert_eq!(send("POST", &format!("{}/_local/reply?message_id=x", stack.url()), &[], "?").await.status, 422);
}

#[tokio::test]
async fn an_event_can_be_told_again_and_without_its_mail() {
    let stack = still().await;
    mail(&stack, "ann@example.com", Some("Sent")).await.unwrap();
    let url = format!("{}/_local/mail-events", stack.url());
    let whole = stack.state().messages("Plain").unwrap().remove(0).body;
    assert_eq!(send("POST", &url, &[], &whole).await.status, 200);
    let tags = json!({ "ses:configuration-set": ["Sent"] });
    let bare = json!({ "eventType": "Bounce", "mail": { "tags": tags }, "bounce": {} });
    assert_eq!(send("POST", &url, &[], &bare.to_string()).await.body["queues"], json!(["Plain"]));
    assert_eq!(kinds(&stack), ["Email Delivered", "Email Delivered", "Email Bounced"]);
    let foreign = json!({ "eventType": "Bounce", "mail": {}, "bounce": {} });
    assert_eq!(send("POST", &url, &[], &foreign.to_string()).await.status, 422);
}

#[tokio::test]
async fn an_object_is_read_whole_in_part_or_by_a_signed_address_and_outlives_a_restart() {
    let data = directory("letters");
    let options = || Options { data: Some(data.clone()), ..Options::default() };
    let first = start(options(), |_, _| Ok(Value::Null)).await;
    let accepted_mail = send("POST", &format!("{}/_local/mail", first.url()), &[], RAW).await;
    first.shutdown().await;
    let stack = start(options(), |_, _| Ok(Value::Null)).await;
    let key = accepted_mail.body["key"].as_str().unwrap();
    let s3 = aws_sdk_s3::Client::new(&account(&stack));
    let get = || s3.get_object().bucket("local-letters").key(key);
    let part = get().range("bytes=0-11").send().await.unwrap();
    assert_eq!(part.content_length, Some(12));
    assert_eq!(part.body.collect().await.unwrap().to_vec(), b"Return-Path:");
    let head = s3.head_object().bucket("local-letters").key(key).send().await.unwrap();
    assert!(head.content_length.unwrap() > 500 && head.e_tag.is_some());
    let lasts = PresigningConfig::expires_in(std::time::Duration::from_secs(60)).unwrap();
    let link = get().presigned(lasts).await.unwrap();
    let shown = send("GET", link.uri(), &[], "").await;
    assert!(shown.status == 200 && shown.body.as_str().unwrap().ends_with("Cancel it.\r\n"), "{}", shown.body);
    let missing = s3.get_object().bucket("local-letters").key("mails/none").send().await.unwrap_err();
    assert!(missing.into_service_error().is_no_such_key());
    let elsewhere = s3.get_object().bucket("other").key(key).send().await.unwrap_err().into_service_error();
    assert_eq!(elsewhere.meta().code(), Some("NoSuchBucket"));
    stack.reset().await.unwrap();
    assert!(get().send().await.is_err(), "a reset takes it away");
    stack.shutdown().await;
    std::fs::remove_dir_all(data).unwrap();
}
