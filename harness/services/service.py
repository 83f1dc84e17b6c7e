#!/usr/bin/env python3
"""A small honest service of Activity Executions that speaks the harness's JSON lines.

Virtual clock. Durable if ACTIVITY_STATE names a folder: what was asked is journaled before it is
answered, and played again after a crash. With BUG=stale_token or BUG=forgets_details it is wrong.
"""
import json
import os
import sys

BUG = os.environ.get("BUG", "")
CAN = ["furtherStarts", "repeatedPoll", "heartbeat", "heartbeatDetails", "tokens", "byId", "failures",
       "nonRetryableFailures", "nextRetryDelay", "detailsWithFailures", "cancellation", "termination",
       "requestIds", "scheduleToClose", "scheduleToStart", "heartbeatTimeout", "startDelay",
       "maximumAttempts", "nonRetryableTimeouts", "standalone"]


class Refused(Exception):
    """A call that changes nothing."""


class Activity:
    def __init__(self, now, request, options):
        policy = options["retryPolicy"]
        self.options, self.request, self.backoff = options, request, policy["initialInterval"]
        self.maximum, self.final = policy["maximumAttempts"], policy["nonRetryableErrorTypes"]
        self.state, self.attempt, self.retried = "Scheduled", 1, False
        self.started, self.dispatch = now, now + options.get("startDelay", 0)
        self.deadlines = {}
        self.arm("ScheduleToStart", self.dispatch)
        self.arm("ScheduleToClose", self.dispatch)
        self.cancel = self.terminate = self.poll = self.worker = self.outcome = None
        self.details, self.heartbeats, self.last_failure = None, 0, None

    def arm(self, name, start):
        timeout = self.options.get(name[0].lower() + name[1:] + "Timeout")
        if timeout:
            self.deadlines[name] = start + timeout

    def close(self, kind, **how):
        self.state, self.outcome, self.deadlines = "Closed", {"kind": kind, **how}, {}

    def settle(self, now):
        """Lets every deadline up to now take effect, the earliest first, each at its instant."""
        order = ["ScheduleToStart", "ScheduleToClose", "StartToClose", "Heartbeat"]
        if self.retried or self.state == "Started":
            order = ["ScheduleToClose", "ScheduleToStart", "StartToClose", "Heartbeat"]
        while self.deadlines:
            due, name = min(((at, name) for name, at in self.deadlines.items()),
                            key=lambda it: (it[0], order.index(it[1])))
            if due > now:
                return
            self.time_out(name, due)
            order = ["ScheduleToClose", "ScheduleToStart", "StartToClose", "Heartbeat"]

    def time_out(self, name, now):
        if name.startswith("Schedule"):
            why = "CancelRequested" if self.cancel else "Timeout"
            self.close("TimedOut", retryState=why, failure=self.timeout(name))
            return
        if BUG == "forgets_details" and name == "Heartbeat" and self.attempt > 1:
            self.details = None
        whole, before = self.timeout(name), self.timeout("ScheduleToClose")
        final = "TemporalTimeout:" + name in self.final
        short = {"timeoutType": name, "lastHeartbeatDetails": None, "cause": None}
        why = self.retry(now, None if final else self.backoff, short)
        if why:
            self.last_failure = whole
            shown = {**before, "notEnoughTime": True} if why == "Timeout" else whole
            self.close("TimedOut", retryState=why, failure=shown)

    def timeout(self, name):
        return {"timeoutType": name, "lastHeartbeatDetails": self.details,
                "cause": self.last_failure}

    def retry(self, now, backoff, failure):
        """Schedules the next attempt, or says why none follows."""
        if self.cancel:
            return "CancelRequested"
        if backoff is None:
            return "NonRetryableFailure"
        if self.maximum and self.attempt >= self.maximum:
            return "MaximumAttemptsReached"
        if now + backoff >= self.deadlines.get("ScheduleToClose", float("inf")):
            return "Timeout"
        self.state, self.attempt, self.retried = "Scheduled", self.attempt + 1, True
        self.dispatch, self.last_failure = now + backoff, failure
        for name in ("StartToClose", "Heartbeat"):
            self.deadlines.pop(name, None)
        self.arm("ScheduleToStart", self.dispatch)
        return None

    def beat(self, now, details):
        self.details, self.heartbeats = details, self.heartbeats + 1
        self.arm("Heartbeat", now)


class Service:
    def __init__(self):
        self.now, self.activities = 0, {}

    def held(self, call):
        """The activity whose current attempt the call speaks about."""
        name, attempt = call["activity"], None
        if "token" in call:
            name, _, attempt = call["token"].rpartition("/")
        activity = self.activities.get(name)
        stale = attempt and activity and attempt != str(activity.attempt) and BUG != "stale_token"
        if activity is None or activity.state != "Started" or stale:
            raise Refused("NotFound")
        return activity

    def do(self, call):
        do = call["do"]
        if do == "Hello":
            self.now = call["now"]
            return {"protocol": 1, "name": "service.py", "clock": "virtual", "observes": "describe",
                    "can": CAN + ["crash"], "batches": True}
        if do == "Advance":
            self.now += call["by"]
            for activity in self.activities.values():
                activity.settle(self.now)
            return {}
        if do == "Forget":
            self.activities.pop(call["activity"], None)
            return {}
        activity = self.activities.get(call["activity"])
        if do == "StartActivityExecution":
            return self.start(activity, call)
        if do == "RespondCompleted" and "token" not in call:
            if activity.state == "Closed":
                raise Refused("AlreadyClosed")
        elif do in ("Heartbeat", "RespondCompleted", "RespondFailed", "RespondCanceled"):
            activity = self.held(call)
        return getattr(self, do)(activity, call)

    def start(self, activity, call):
        if activity is None:
            self.activities[call["activity"]] = Activity(self.now, call["requestId"], call["options"])
            return {"started": True}
        if call["requestId"] != activity.request:
            if activity.state == "Closed":
                raise Refused("AlreadyClosed")
            if call["idConflictPolicy"] == "Fail":
                raise Refused("AlreadyStarted")
        return {"started": False}

    def Poll(self, it, call):
        if not (it.state == "Started" and it.poll == call["requestId"]):
            if it.state != "Scheduled" or it.dispatch > self.now:
                return {"task": None}
            it.state, it.poll, it.worker = "Started", call["requestId"], call["identity"]
            it.deadlines.pop("ScheduleToStart", None)
            it.arm("StartToClose", self.now)
            it.arm("Heartbeat", self.now)
        token = f"{call['activity']}/{it.attempt}"
        return {"task": {"token": token, "attempt": it.attempt, "heartbeatDetails": it.details}}

    def Heartbeat(self, it, call):
        it.beat(self.now, call["details"])
        return {"cancelRequested": it.cancel is not None}

    def RespondCompleted(self, it, call):
        it.worker = call["identity"]
        it.close("Completed", result=call["result"])
        return {}

    def RespondFailed(self, it, call):
        failure = call["failure"]
        if "heartbeatDetails" in call:
            it.beat(self.now, call["heartbeatDetails"])
        backoff = call.get("nextRetryDelay", it.backoff)
        why = it.retry(self.now, None if failure and failure["nonRetryable"] else backoff, failure)
        if why:
            it.worker, it.last_failure = call["identity"], failure or {"message": "no failure given"}
            it.close("Failed", failure=it.last_failure, retryState=why)
        return {}

    def RespondCanceled(self, it, call):
        if it.cancel is None:
            raise Refused("CancelNotRequested")
        it.close("Canceled", details=call["details"], identity=it.cancel["identity"])
        return {}

    def RequestCancel(self, it, call):
        if it.cancel and it.cancel["requestId"] == call["requestId"]:
            return {}
        if it.state == "Closed":
            raise Refused("AlreadyClosed")
        if it.cancel:
            raise Refused("CancelAlreadyRequested")
        it.cancel = call
        if it.state == "Scheduled":
            it.close("Canceled", details=call["reason"], identity=call["identity"])
        return {}

    def Terminate(self, it, call):
        if it.terminate == call["requestId"]:
            return {}
        if it.state == "Closed":
            raise Refused("AlreadyClosed")
        it.terminate = call["requestId"]
        it.close("Terminated", reason=call["reason"], identity=call["identity"])
        return {}

    def Describe(self, it, _call):
        waits = it.state == "Scheduled" and it.dispatch > self.now
        run_state = it.state if it.state != "Closed" else None
        if it.state == "Started" and it.cancel:
            run_state = "CancelRequested"
        return {"status": it.outcome["kind"] if it.outcome else "Running", "runState": run_state,
                "attempt": it.attempt, "heartbeatDetails": it.details,
                "nextAttemptScheduleTime": it.dispatch - it.started if waits else None,
                "canceledReason": it.cancel["reason"] if it.cancel else None,
                "totalHeartbeatCount": it.heartbeats, "lastFailure": it.last_failure,
                "lastWorkerIdentity": it.worker, "outcome": it.outcome}


def answer(service, call):
    try:
        return {"id": call["id"], "ok": service.do(call)}
    except Refused as why:
        return {"id": call["id"], "refused": str(why)}


STATE = os.environ.get("ACTIVITY_STATE")


def main():
    service, journal = Service(), None
    if STATE:
        path = os.path.join(STATE, "journal")
        if os.path.exists(path):
            for line in open(path):
                for call in json.loads(line):
                    answer(service, call)
        journal = open(path, "a")
    for line in sys.stdin:
        calls = json.loads(line)
        batch = calls if isinstance(calls, list) else [calls]
        if journal:
            journal.write(json.dumps(batch) + "\n")
            journal.flush()
        answers = [answer(service, call) for call in batch]
        print(json.dumps(answers if isinstance(calls, list) else answers[0]), flush=True)


main()
