// A small honest service of Activity Executions that speaks the harness's JSON lines, on a virtual
// clock. With BUG=gives_twice or BUG=retries_at_the_deadline it is wrong.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strconv"
	"strings"
)

var bug = os.Getenv("BUG")

type object = map[string]any

// Timeouts in the order in which they are settled at one instant; a retry or a start moves the
// second to the front.
var order = []string{"ScheduleToStart", "ScheduleToClose", "StartToClose", "Heartbeat"}

type activity struct {
	options              options
	request, state, poll string
	worker, details      *string
	attempt, heartbeats  int64
	started, dispatch    int64
	retried              bool
	deadlines            map[string]int64
	cancel, terminate    *call
	lastFailure, outcome object
}

type options struct {
	StartToCloseTimeout, ScheduleToCloseTimeout, ScheduleToStartTimeout, HeartbeatTimeout, StartDelay int64
	RetryPolicy                                                                                       struct {
		InitialInterval, MaximumAttempts int64
		NonRetryableErrorTypes           []string
	}
}

type call struct {
	ID                                        int64
	Do, Activity, RequestID, IDConflictPolicy string
	Token, Identity, Details, Result, Reason  *string
	Options                                   options
	Failure                                   object
	NextRetryDelay                            *int64
	HeartbeatDetails                          json.RawMessage
	Now, By                                   int64
}

type service struct {
	now        int64
	activities map[string]*activity
}

func (a *activity) arm(name string, from int64) {
	timeout := map[string]int64{"ScheduleToStart": a.options.ScheduleToStartTimeout,
		"ScheduleToClose": a.options.ScheduleToCloseTimeout, "Heartbeat": a.options.HeartbeatTimeout,
		"StartToClose": a.options.StartToCloseTimeout}[name]
	if timeout > 0 {
		a.deadlines[name] = from + timeout
	}
}

func (a *activity) close(kind string, how object) {
	how["kind"] = kind
	a.state, a.outcome, a.deadlines = "Closed", how, nil
}

// Lets every deadline up to now take effect, the earliest first, each at its own instant.
func (a *activity) settle(now int64) {
	for {
		name, due, found := "", int64(0), false
		for place := range order {
			it := order[place]
			if (a.retried || a.state == "Started") && place < 2 {
				it = order[1-place]
			}
			if at, armed := a.deadlines[it]; armed && (!found || at < due) {
				name, due, found = it, at, true
			}
		}
		if !found || due > now {
			return
		}
		a.timeOut(name, due)
	}
}

func (a *activity) timeout(name string) object {
	return object{"timeoutType": name, "lastHeartbeatDetails": a.details, "cause": a.lastFailure}
}

func (a *activity) timeOut(name string, now int64) {
	if strings.HasPrefix(name, "Schedule") {
		why := "Timeout"
		if a.cancel != nil {
			why = "CancelRequested"
		}
		a.close("TimedOut", object{"retryState": why, "failure": a.timeout(name)})
		return
	}
	whole, shown, backoff := a.timeout(name), a.timeout("ScheduleToClose"), &a.options.RetryPolicy.InitialInterval
	for _, final := range a.options.RetryPolicy.NonRetryableErrorTypes {
		if final == "TemporalTimeout:"+name {
			backoff = nil
		}
	}
	if why := a.retry(now, backoff, object{"timeoutType": name}); why != "" {
		a.lastFailure = whole
		if shown["notEnoughTime"] = true; why != "Timeout" {
			shown = whole
		}
		a.close("TimedOut", object{"retryState": why, "failure": shown})
	}
}

// Schedules the next attempt, or says why none follows.
func (a *activity) retry(now int64, backoff *int64, failure object) string {
	maximum := a.options.RetryPolicy.MaximumAttempts
	end, bounded := a.deadlines["ScheduleToClose"]
	if bug == "retries_at_the_deadline" {
		end++
	}
	switch {
	case a.cancel != nil:
		return "CancelRequested"
	case backoff == nil:
		return "NonRetryableFailure"
	case maximum > 0 && a.attempt >= maximum:
		return "MaximumAttemptsReached"
	case bounded && now+*backoff >= end:
		return "Timeout"
	}
	a.state, a.attempt, a.retried = "Scheduled", a.attempt+1, true
	a.dispatch, a.lastFailure = now+*backoff, failure
	delete(a.deadlines, "StartToClose")
	delete(a.deadlines, "Heartbeat")
	a.arm("ScheduleToStart", a.dispatch)
	return ""
}

func (a *activity) beat(now int64, details *string) {
	a.details, a.heartbeats = details, a.heartbeats+1
	a.arm("Heartbeat", now)
}

// The current attempt that a report speaks about, if it does.
func (s *service) held(c *call) *activity {
	a := s.activities[c.Activity]
	if a == nil || a.state != "Started" {
		return nil
	}
	if c.Token != nil && *c.Token != c.Activity+"/"+strconv.FormatInt(a.attempt, 10) {
		return nil
	}
	return a
}

// What a call is answered: what there is to say, or why it is refused.
func (s *service) answer(c *call) (object, string) {
	a := s.activities[c.Activity]
	switch c.Do {
	case "Hello":
		s.now = c.Now
		can := "furtherStarts repeatedPoll heartbeat heartbeatDetails tokens byId failures " +
			"nonRetryableFailures nextRetryDelay detailsWithFailures cancellation termination requestIds " +
			"scheduleToClose scheduleToStart heartbeatTimeout startDelay maximumAttempts " +
			"nonRetryableTimeouts standalone"
		return object{"protocol": 1, "name": "service.go", "clock": "virtual", "observes": "describe",
			"can": strings.Fields(can), "batches": true}, ""
	case "Advance":
		s.now += c.By
		for _, a := range s.activities {
			a.settle(s.now)
		}
	case "Forget":
		delete(s.activities, c.Activity)
	case "StartActivityExecution":
		return s.start(a, c)
	case "Poll":
		return s.poll(a, c), ""
	case "Heartbeat":
		if a = s.held(c); a == nil {
			return nil, "NotFound"
		}
		a.beat(s.now, c.Details)
		return object{"cancelRequested": a.cancel != nil}, ""
	case "RespondCompleted":
		if c.Token == nil && a.state == "Closed" {
			return nil, "AlreadyClosed"
		}
		if c.Token != nil && s.held(c) == nil {
			return nil, "NotFound"
		}
		a.worker = c.Identity
		a.close("Completed", object{"result": c.Result})
	case "RespondFailed":
		if a = s.held(c); a == nil {
			return nil, "NotFound"
		}
		s.fail(a, c)
	case "RespondCanceled":
		if a = s.held(c); a == nil {
			return nil, "NotFound"
		}
		if a.cancel == nil {
			return nil, "CancelNotRequested"
		}
		a.close("Canceled", object{"details": c.Details, "identity": a.cancel.Identity})
	case "RequestCancel", "Terminate":
		return object{}, s.end(a, c)
	case "Describe":
		return s.describe(a), ""
	}
	return object{}, ""
}

func (s *service) start(a *activity, c *call) (object, string) {
	if a == nil {
		a = &activity{options: c.Options, request: c.RequestID, state: "Scheduled", attempt: 1,
			started: s.now, dispatch: s.now + c.Options.StartDelay, deadlines: map[string]int64{}}
		a.arm("ScheduleToStart", a.dispatch)
		a.arm("ScheduleToClose", a.dispatch)
		s.activities[c.Activity] = a
		return object{"started": true}, ""
	}
	if c.RequestID != a.request && a.state == "Closed" {
		return nil, "AlreadyClosed"
	}
	if c.RequestID != a.request && c.IDConflictPolicy == "Fail" {
		return nil, "AlreadyStarted"
	}
	return object{"started": false}, ""
}

func (s *service) poll(a *activity, c *call) object {
	again := a.state == "Started" && (a.poll == c.RequestID || bug == "gives_twice" && a.attempt > 1)
	if !again {
		if a.state != "Scheduled" || a.dispatch > s.now {
			return object{"task": nil}
		}
		a.state, a.poll, a.worker = "Started", c.RequestID, c.Identity
		delete(a.deadlines, "ScheduleToStart")
		a.arm("StartToClose", s.now)
		a.arm("Heartbeat", s.now)
	}
	token := c.Activity + "/" + strconv.FormatInt(a.attempt, 10)
	return object{"task": object{"token": token, "attempt": a.attempt, "heartbeatDetails": a.details}}
}

func (s *service) fail(a *activity, c *call) {
	if c.HeartbeatDetails != nil {
		var details *string
		_ = json.Unmarshal(c.HeartbeatDetails, &details)
		a.beat(s.now, details)
	}
	backoff := &a.options.RetryPolicy.InitialInterval
	if c.NextRetryDelay != nil {
		backoff = c.NextRetryDelay
	}
	if c.Failure["nonRetryable"] == true {
		backoff = nil
	}
	if why := a.retry(s.now, backoff, c.Failure); why != "" {
		if a.worker, a.lastFailure = c.Identity, c.Failure; a.lastFailure == nil {
			a.lastFailure = object{"message": "no failure given"}
		}
		a.close("Failed", object{"failure": a.lastFailure, "retryState": why})
	}
}

// A cancel request or a termination.
func (s *service) end(a *activity, c *call) string {
	accepted := a.cancel
	if c.Do == "Terminate" {
		accepted = a.terminate
	}
	switch {
	case accepted != nil && accepted.RequestID == c.RequestID:
		return ""
	case a.state == "Closed":
		return "AlreadyClosed"
	case accepted != nil:
		return "CancelAlreadyRequested"
	case c.Do == "Terminate":
		a.terminate = c
		a.close("Terminated", object{"reason": c.Reason, "identity": c.Identity})
	default:
		if a.cancel = c; a.state == "Scheduled" {
			a.close("Canceled", object{"details": c.Reason, "identity": c.Identity})
		}
	}
	return ""
}

func (s *service) describe(a *activity) object {
	shown := object{"status": "Running", "runState": a.state, "attempt": a.attempt,
		"heartbeatDetails": a.details, "totalHeartbeatCount": a.heartbeats,
		"lastFailure": a.lastFailure, "lastWorkerIdentity": a.worker, "outcome": a.outcome}
	if a.outcome != nil {
		shown["status"], shown["runState"] = a.outcome["kind"], nil
	} else if a.state == "Started" && a.cancel != nil {
		shown["runState"] = "CancelRequested"
	}
	if a.state == "Scheduled" && a.dispatch > s.now {
		shown["nextAttemptScheduleTime"] = a.dispatch - a.started
	}
	if a.cancel != nil {
		shown["canceledReason"] = a.cancel.Reason
	}
	return shown
}

func main() {
	s := &service{activities: map[string]*activity{}}
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var calls []*call
		batch := line[0] == '['
		if !batch {
			line = append(append([]byte{'['}, line...), ']')
		}
		if err := json.Unmarshal(line, &calls); err != nil {
			panic(err)
		}
		answers := make([]object, len(calls))
		for i, c := range calls {
			if ok, refused := s.answer(c); refused != "" {
				answers[i] = object{"id": c.ID, "refused": refused}
			} else {
				answers[i] = object{"id": c.ID, "ok": ok}
			}
		}
		if batch {
			_ = out.Encode(answers)
		} else {
			_ = out.Encode(answers[0])
		}
	}
}
