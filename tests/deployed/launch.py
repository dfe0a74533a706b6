"""Runs ministack or microburst for `cargo deployed`, and never outlives it.

The caller starts it in a process group of its own and holds its standard input open. When that closes, for whatever reason, the whole
group ends, with the functions that ministack started.

It corrects ministack in two points. Ministack does not know receipt rules for inbound mail: creating one succeeds and does nothing. And a
stream's consumer that answers with batchItemFailures gets the batch again, as on Lambda. (dispatch names the first record of its batch, so
the whole batch is repeated.) Without this, a fault between dispatch and a queue would lose the mails, fills and refunds that follow from a
change. AWS does not lose them.
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
    take_receipt_rules()
    from ministack.app import main
else:
    from microburst.cli import main
sys.exit(main())
