// A small honest service of Activity Executions that speaks the harness's JSON lines, on a virtual
// clock: starts, polls and terminations may be repeated under their request ids; no heartbeats, no
// cancellation. BUG=gives_twice or BUG=retries_at_the_deadline makes it wrong.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"strings"
)

const can = `standalone tokens byId failures nonRetryableFailures termination requestIds repeatedPoll
	furtherStarts scheduleToClose scheduleToStart startDelay maximumAttempts`

var (
	bug        = os.Getenv("BUG")
	now        int64
	activities = map[string]*activity{}
)

type object = map[string]any

type call struct {
	ID, Now, By                                      int64
	Do, Activity, Token, RequestID, IDConflictPolicy string
	Identity, Result, Reason                         *string
	Failure                                          object
	Options                                          options
}

type options struct {
	StartDelay, StartToCloseTimeout, ScheduleToCloseTimeout, ScheduleToStartTimeout int64
	RetryPolicy                                                                     struct {
		InitialInterval, MaximumAttempts int64
	}
}

type activity struct {
	options
	accepted     map[string]string // Request ids, by the name of the call.
	state        string            // Scheduled, Started or Closed.
	attempt, now int64
	dispatch     int64 // When the attempt may be given to a worker.
	due, end     int64 // When the state times out, and when the whole activity does.
	last         any   // The failure of the attempt before.
	outcome      object
}

// The deadline that a timeout sets; zero stands for none.
func deadline(from, timeout int64) int64 {
	if timeout == 0 {
		return math.MaxInt64
	}
	return from + timeout
}

func start(c *call) *activity {
	dispatch, accepted := now+c.Options.StartDelay, map[string]string{c.Do: c.RequestID}
	return &activity{options: c.Options, accepted: accepted, state: "Scheduled", attempt: 1, now: now,
		dispatch: dispatch, due: deadline(dispatch, c.Options.ScheduleToStartTimeout),
		end: deadline(dispatch, c.Options.ScheduleToCloseTimeout)}
}

// Lets each deadline on the way take effect at its own instant.
func (a *activity) advance(to int64) {
	for a.state != "Closed" && min(a.due, a.end) <= to {
		a.now = min(a.due, a.end)
		a.timeOut()
	}
	a.now = to
}

func (a *activity) timeOut() {
	name := map[string]string{"Scheduled": "ScheduleToStart", "Started": "StartToClose"}[a.state]
	isFirstWait := a.state == "Scheduled" && a.attempt == 1
	if a.end < a.due || a.end == a.due && !isFirstWait {
		name = "ScheduleToClose"
	}
	why, failure := "Timeout", object{"timeoutType": name, "cause": a.last}
	if name == "StartToClose" {
		why = a.retry(object{"timeoutType": name})
		if why == "Timeout" { // No time is left for another attempt.
			failure["timeoutType"], failure["notEnoughTime"] = "ScheduleToClose", true
		}
	}
	if why != "" {
		a.close("TimedOut", object{"failure": failure, "retryState": why})
	}
}

// Schedules the next attempt, or says why there is none.
func (a *activity) retry(failure object) string {
	next := a.now + a.RetryPolicy.InitialInterval
	switch {
	case failure["nonRetryable"] == true:
		return "NonRetryableFailure"
	case a.attempt == a.RetryPolicy.MaximumAttempts:
		return "MaximumAttemptsReached"
	case next > a.end, next == a.end && bug != "retries_at_the_deadline":
		return "Timeout"
	}
	a.state, a.attempt, a.last, a.dispatch = "Scheduled", a.attempt+1, failure, next
	a.due = deadline(next, a.ScheduleToStartTimeout)
	return ""
}

func (a *activity) close(kind string, how object) {
	how["kind"] = kind
	a.state, a.outcome = "Closed", how
}

// What there is to say, or in a word why the call is refused.
func (a *activity) answer(c *call) any {
	token := fmt.Sprintf("%s, attempt %d", c.Activity, a.attempt)
	task := object{"task": object{"token": token, "attempt": a.attempt}}
	isNew, isReady := a.accepted[c.Do] != c.RequestID, a.state == "Scheduled" && a.dispatch <= a.now
	isHeld := a.state == "Started" && (c.Token == token || c.Token == "")
	switch {
	case c.Do == "Describe":
		return object{"outcome": a.outcome}
	case c.Do == "Poll" && isReady:
		a.state, a.accepted["Poll"] = "Started", c.RequestID
		a.due = deadline(a.now, a.StartToCloseTimeout)
		return task
	case c.Do == "Poll" && a.state == "Started" && (!isNew || bug == "gives_twice" && a.attempt > 1):
		return task
	case c.Do == "Poll":
		return object{"task": nil}
	case a.state == "Closed" && (isNew || c.Do == "RespondCompleted" && c.Token == ""):
		return "AlreadyClosed"
	case c.Do == "StartActivityExecution" && isNew && c.IDConflictPolicy == "Fail":
		return "AlreadyStarted"
	case c.Do == "StartActivityExecution":
		return object{"started": false}
	case c.Do == "Terminate" && isNew:
		a.accepted["Terminate"] = c.RequestID
		a.close("Terminated", object{"reason": c.Reason, "identity": c.Identity})
	case c.Do == "RespondCompleted" && (isHeld || c.Token == ""):
		a.close("Completed", object{"result": c.Result})
	case c.Do == "RespondFailed" && isHeld:
		if why := a.retry(c.Failure); why != "" {
			if c.Failure == nil {
				c.Failure = object{"message": "no failure given"}
			}
			a.close("Failed", object{"failure": c.Failure, "retryState": why})
		}
	case c.Do != "Terminate":
		return "NotFound"
	}
	return object{}
}

// The answer to any call: about an activity it is the activity's own.
func answer(c *call) any {
	known := activities[c.Activity]
	switch {
	case c.Do == "Hello":
		now = c.Now
		return object{"protocol": 1, "name": "service.go", "clock": "virtual", "observes": "outcome",
			"can": strings.Fields(can)}
	case c.Do == "Advance":
		now += c.By
		for _, each := range activities {
			each.advance(now)
		}
	case c.Do == "Forget":
		delete(activities, c.Activity)
	case known != nil:
		return known.answer(c)
	default:
		activities[c.Activity] = start(c)
		return object{"started": true}
	}
	return object{}
}

func main() {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for in.Scan() {
		var c call
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			log.Fatal(err)
		}
		told, key := answer(&c), "ok"
		if _, isRefused := told.(string); isRefused {
			key = "refused"
		}
		if err := out.Encode(object{"id": c.ID, key: told}); err != nil {
			log.Fatal(err)
		}
	}
}
