"""Requests from the line to the service: signed, bounded in time, tried again as Twilio would."""

import time
import uuid
from dataclasses import dataclass

import requests
import urllib3

from helpline.simulator.account import Account
from helpline.simulator.wire.faults import Faults
from helpline.simulator.wire.fetch_policy import FetchPolicy, FetchPolicyRejected, split_overrides
from helpline.simulator.wire.journal import Journal, WebhookRecord
from helpline.simulator.wire.signature import sign

HTTP_RETRIEVAL_FAILURE = 11200
HTTP_CONNECTION_FAILURE = 11205
REDIRECTED = 11215
BAD_RETRY_POLICY = 11243
# How long a request is held back so that the next one overtakes it, in seconds on the line.
OVERTAKEN_AFTER_S = 3.0


class WebhookFailed(Exception):
    """The service gave no usable answer; `code` is Twilio's error number, `reason` the retry class."""

    def __init__(self, code: int, url: str, reason: str, status: int | None = None):
        super().__init__(f"{code} {reason} {url}")
        self.code, self.url, self.reason, self.status = code, url, reason, status


@dataclass(frozen=True)
class Reply:
    """What the service answered."""

    status: int
    content_type: str
    body: str


class WebhookClient:
    """Sends webhooks and writes each into the journal, answered or not."""

    def __init__(self, account: Account, journal: Journal, faults: Faults):
        self._account = account
        self._journal = journal
        self._faults = faults

    def ask(self, kind: str, url: str, params: dict[str, str], method: str = "POST") -> Reply:
        """A request whose answer is obeyed. A fault may lose it on the way, or let it arrive twice."""
        fault = self._faults.take_callback_fault(kind, None)
        token = str(uuid.uuid4())
        if fault and fault.fault == "drop":
            raise WebhookFailed(HTTP_CONNECTION_FAILURE, url, "ct")
        if fault and fault.fault == "delay":
            time.sleep(self._account.real_seconds(fault.delay_s))
        if fault and fault.fault == "reorder":
            time.sleep(self._account.real_seconds(OVERTAKEN_AFTER_S))
        if fault and fault.fault == "duplicate":
            self.request(kind, url, params, method, token=token)
        return self.request(kind, url, params, method, token=token)

    def request(
        self,
        kind: str,
        url: str,
        params: dict[str, str],
        method: str = "POST",
        event: str | None = None,
        token: str | None = None,
    ) -> Reply:
        """Ask the service; raises WebhookFailed after the last try.

        `token` names the request: retries and deliberate duplicates carry the same one.
        """
        record = WebhookRecord(kind, url, method, dict(params), event, token or str(uuid.uuid4()))
        began = time.monotonic()
        try:
            reply = self._try_until_answered(record, params)
            record.status, record.body = reply.status, reply.body
            return reply
        except WebhookFailed as failure:
            record.status, record.error = failure.status, str(failure)
            raise
        finally:
            record.ms = round((time.monotonic() - began) * 1000)
            self._journal.webhooks.append(record)

    def _try_until_answered(self, record: WebhookRecord, params: dict[str, str]) -> Reply:
        try:
            url, policy = split_overrides(record.url)
        except FetchPolicyRejected as rejected:
            raise WebhookFailed(BAD_RETRY_POLICY, record.url, str(rejected)) from rejected
        deadline = time.monotonic() + policy.total_s
        while True:
            record.attempts += 1
            try:
                return self._try_once(record, url, params, policy, deadline - time.monotonic())
            except WebhookFailed as failure:
                out_of_tries = record.attempts > policy.retries or time.monotonic() >= deadline
                if out_of_tries or not policy.retries_after(failure.reason):
                    raise

    def _try_once(self, record, url: str, params, policy: FetchPolicy, left_s: float) -> Reply:
        fields = {"params": params} if record.method == "GET" else {"data": params}
        prepared = requests.Request(record.method, url, **fields).prepare()
        signed_fields = {} if record.method == "GET" else params
        prepared.headers["X-Twilio-Signature"] = sign(self._account.token, prepared.url, signed_fields)
        prepared.headers["I-Twilio-Idempotency-Token"] = record.idempotency_token
        prepared.headers["User-Agent"] = "TwilioProxy/1.1"
        timeout = (min(policy.connect_s, left_s), min(policy.read_s, left_s))
        return _send(prepared, url, timeout)


def _send(prepared, url: str, timeout: tuple[float, float]) -> Reply:
    with requests.Session() as session:
        session.trust_env = False  # a proxy in the environment must not come between line and service
        try:
            answer = session.send(prepared, timeout=timeout)
        except requests.ConnectTimeout as error:
            raise WebhookFailed(HTTP_CONNECTION_FAILURE, url, "ct") from error
        except requests.Timeout as error:
            raise WebhookFailed(HTTP_RETRIEVAL_FAILURE, url, "rt") from error
        except requests.TooManyRedirects as error:
            raise WebhookFailed(REDIRECTED, url, "redirects") from error
        except requests.ConnectionError as error:
            raise _connection_failure(error, url) from error
    if answer.status_code >= 400:
        reason = "4xx" if answer.status_code < 500 else "5xx"
        raise WebhookFailed(HTTP_RETRIEVAL_FAILURE, url, reason, answer.status_code)
    return Reply(answer.status_code, answer.headers.get("Content-Type", ""), answer.content.decode("utf-8", "replace"))


def _connection_failure(error: requests.ConnectionError, url: str) -> WebhookFailed:
    """A connection that broke after it stood was perhaps heard: Twilio does not retry it by default."""
    broke_midway = bool(error.args) and isinstance(error.args[0], urllib3.exceptions.ProtocolError)
    if broke_midway:
        return WebhookFailed(HTTP_RETRIEVAL_FAILURE, url, "rt")
    return WebhookFailed(HTTP_CONNECTION_FAILURE, url, "ct")
