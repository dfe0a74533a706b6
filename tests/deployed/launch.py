"""Runs ministack or microburst for `cargo deployed`, and never outlives it.

Whoever starts this holds its standard input open: when that closes, for whatever reason, the whole process group ends, the
functions that ministack started included. The caller puts it into a group of its own.

Three things are mended in ministack on the way. Rules for mail that comes in, which it does not know, are taken as made. The transforms of a nested template are applied, as those of the outer one are. And a
stream's consumer that answers with batchItemFailures is given the batch again, as Lambda does. (dispatch names the first record of
its batch, so the whole batch is what comes again.) Without this a fault between dispatch and a queue would lose what follows from a
change, which AWS does not.
"""

import os
import signal
import sys
import threading


def end_with_the_caller():
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)


def honour_failures_of_streams():
    from ministack.services import lambda_svc

    execute = lambda_svc._execute_function

    def executed(func, event, *args, **kwargs):
        result = execute(func, event, *args, **kwargs)
        records = event.get("Records") if isinstance(event, dict) else None
        body = result.get("body")
        from_a_stream = bool(records) and records[0].get("eventSource") == "aws:dynamodb"
        if from_a_stream and isinstance(body, dict) and body.get("batchItemFailures"):
            return {**result, "error": True, "body": {"errorType": "batchItemFailures", "errorMessage": str(body)}}
        return result

    lambda_svc._execute_function = executed


def transform_nested_templates():
    from ministack.services.cloudformation import engine

    parse = engine._parse_template

    # Only nested stacks look it up here; all else has imported it by now.
    def parsed(body):
        template = parse(body)
        values = [{"Key": name, "Value": ""} for name in template.get("Parameters", {})]
        return engine._apply_transforms(template, values)

    import ministack.services.cloudformation.handlers
    engine._parse_template = parsed


def take_receipt_rules():
    from ministack.services.cloudformation import provisioners

    for kind in ("AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule"):
        provisioners._RESOURCE_HANDLERS[kind] = {
            "create": lambda logical_id, props, stack_name: (f"{stack_name}-{logical_id}", {}),
            "delete": lambda physical_id, props: None,
        }


threading.Thread(target=end_with_the_caller, daemon=True).start()
program = sys.argv.pop(1)
if program == "ministack":
    honour_failures_of_streams()
    transform_nested_templates()
    take_receipt_rules()
    from ministack.app import main
else:
    from microburst.cli import main
sys.exit(main())
