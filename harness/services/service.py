#!/usr/bin/env python3
"""A small honest service of Activity Executions that speaks the harness's JSON lines.

Its clock is virtual. It is durable where ACTIVITY_STATE names a folder: a line is journaled before
it is answered, and read again after a crash. BUG=stale_token or BUG=forgets_details is wrong.
"""
import json
import os
import sys

BUG = os.environ.get("BUG")
CAN = """standalone tokens failures nonRetryableFailures nextRetryDelay heartbeat heartbeatDetails
         detailsWithFailures cancellation termination scheduleToClose scheduleToStart crash
         heartbeatTimeout startDelay maximumAttempts nonRetryableTimeouts"""


class Activity:
    def __init__(self, now, options):
        self.options, self.policy = options, options["retryPolicy"]
        self.begun = self.now = now
        self.dispatch = now + options.get("startDelay", 0)
        self.state, self.attempt, self.heartbeats = "Scheduled", 1, 0
        self.cancel = self.worker = self.details = self.last_failure = self.outcome = None
        self.deadlines = {}  # Of those at one instant, the one that was armed first takes effect.
        self.arm(self.dispatch, "ScheduleToStart", "ScheduleToClose")

    def arm(self, start, *names):
        for name in names:
            timeout = self.options.get(name[0].lower() + name[1:] + "Timeout")
            if timeout:
                self.deadlines[name] = start + timeout

    def advance(self, to):
        """Lets each deadline on the way take effect at its own instant."""
        while self.deadlines and min(self.deadlines.values()) <= to:
            name = min(self.deadlines, key=self.deadlines.get)
            self.now = self.deadlines[name]
            self.time_out(name)
        self.now = to

    def time_out(self, name):
        if BUG == "forgets_details" and name == "Heartbeat" and self.attempt > 1:
            self.details = None
        why = "CancelRequested" if self.cancel else "Timeout"
        failure = {"lastHeartbeatDetails": self.details, "cause": self.last_failure}
        if name in ("StartToClose", "Heartbeat"):
            final = f"TemporalTimeout:{name}" in self.policy["nonRetryableErrorTypes"]
            why = self.retry({"timeoutType": name}, final, self.policy["initialInterval"])
            if why:
                self.last_failure = {"timeoutType": name, **failure}
            if why == "Timeout":  # No time is left for another attempt.
                name, failure["notEnoughTime"] = "ScheduleToClose", True
        if why:
            self.close("TimedOut", failure={"timeoutType": name, **failure}, retryState=why)

    def retry(self, failure, final, backoff):
        """Schedules the next attempt, or says why there is none."""
        if self.cancel:
            return "CancelRequested"
        if final:
            return "NonRetryableFailure"
        if self.attempt == self.policy["maximumAttempts"]:
            return "MaximumAttemptsReached"
        if self.now + backoff >= self.deadlines.get("ScheduleToClose", float("inf")):
            return "Timeout"
        self.state, self.attempt, self.last_failure = "Scheduled", self.attempt + 1, failure
        self.dispatch = self.now + backoff
        self.deadlines.pop("StartToClose")
        self.deadlines.pop("Heartbeat", None)
        self.arm(self.dispatch, "ScheduleToStart")
        return None

    def record(self, details):
        self.details, self.heartbeats = details, self.heartbeats + 1
        self.arm(self.now, "Heartbeat")

    def close(self, kind, **how):
        self.state, self.outcome, self.deadlines = None, {"kind": kind, **how}, {}

    def answer(self, call):
        token = f"{call['activity']}, attempt {self.attempt}"
        stale = call.get("token", token) != token and BUG != "stale_token"
        waits = self.state == "Scheduled" and self.now < self.dispatch
        match call["do"]:
            case "Describe":
                return {"status": self.outcome["kind"] if self.outcome else "Running",
                        "runState": self.state, "attempt": self.attempt, "outcome": self.outcome,
                        "nextAttemptScheduleTime": self.dispatch - self.begun if waits else None,
                        "heartbeatDetails": self.details, "totalHeartbeatCount": self.heartbeats,
                        "canceledReason": self.cancel and self.cancel["reason"],
                        "lastFailure": self.last_failure, "lastWorkerIdentity": self.worker}
            case "Poll" if waits or self.state != "Scheduled":
                return {"task": None}
            case "Poll":
                self.state, self.worker = "Started", call["identity"]
                self.deadlines.pop("ScheduleToStart", None)
                self.arm(self.now, "StartToClose", "Heartbeat")
                return {"task": {"token": token, "attempt": self.attempt,
                                 "heartbeatDetails": self.details}}
            case "RequestCancel" | "Terminate" if self.outcome:
                return "AlreadyClosed"
            case "RequestCancel" if self.cancel:
                return "CancelAlreadyRequested"
            case "RequestCancel" if self.state == "Started":
                self.state, self.cancel = "CancelRequested", call
            case "RequestCancel":
                self.cancel = call
                self.close("Canceled", details=call["reason"], identity=call["identity"])
            case "Terminate":
                self.close("Terminated", reason=call["reason"], identity=call["identity"])
            case _ if stale or self.state not in ("Started", "CancelRequested"):
                return "NotFound"
            case "Heartbeat":
                self.record(call["details"])
                return {"cancelRequested": self.cancel is not None}
            case "RespondCompleted":
                self.worker = call["identity"]
                self.close("Completed", result=call["result"])
            case "RespondCanceled" if not self.cancel:
                return "CancelNotRequested"
            case "RespondCanceled":
                self.close("Canceled", details=call["details"], identity=self.cancel["identity"])
            case "RespondFailed":
                if "heartbeatDetails" in call:
                    self.record(call["heartbeatDetails"])
                failure, delay = call["failure"], self.policy["initialInterval"]
                final = failure and failure["nonRetryable"]
                why = self.retry(failure, final, call.get("nextRetryDelay", delay))
                if why:
                    self.last_failure = failure or {"message": "no failure given"}
                    self.worker = call["identity"]
                    self.close("Failed", failure=self.last_failure, retryState=why)
        return {}


class Service:
    def __init__(self):
        self.now, self.activities = 0, {}

    def do(self, call):
        """What there is to say, or in a word why the call is refused."""
        match call["do"]:
            case "Hello":
                self.now = call["now"]
                return {"protocol": 1, "name": "service.py", "clock": "virtual",
                        "observes": "describe", "can": CAN.split(), "batches": True}
            case "StartActivityExecution":
                self.activities[call["activity"]] = Activity(self.now, call["options"])
                return {"started": True}
            case "Advance":
                self.now += call["by"]
                for activity in self.activities.values():
                    activity.advance(self.now)
            case "Forget":
                del self.activities[call["activity"]]
            case _:
                return self.activities[call["activity"]].answer(call)
        return {}

    def answer(self, read):
        if isinstance(read, list):
            return [self.answer(call) for call in read]
        told = self.do(read)
        return {"id": read["id"], "refused" if isinstance(told, str) else "ok": told}


def main():
    service, state = Service(), os.environ.get("ACTIVITY_STATE")
    with open(os.path.join(state, "journal") if state else os.devnull, "a+") as journal:
        journal.seek(0)
        for line in journal:
            service.answer(json.loads(line))
        for line in sys.stdin:
            print(line, end="", file=journal, flush=True)
            print(json.dumps(service.answer(json.loads(line))), flush=True)


main()
