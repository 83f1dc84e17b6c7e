//! All rules, each with its stable name and its explanation; how they judge stands elsewhere.

use super::Severity::{Error, Information, Warning};
use super::{Rule, Severity, attempts, heartbeats, limits, policy, refused};

/// The rule about what a server refuses, beside which no other has anything to say.
pub(super) const REFUSED: &str = "options-refused";

/// All rules, those first to which others yield.
pub static ALL: [Rule; 29] = [
    rule(
        REFUSED,
        "A server refuses these options",
        "The request to start the activity, or the whole workflow task, fails with \
         InvalidArgument, every time.\n\n\
         Example: neither start_to_close_timeout nor schedule_to_close_timeout; maximum_interval \
         1s with initial_interval 5s; backoff_coefficient 0.5.\n\n\
         Mend what the message names.",
        Some(Error),
    )
    .judged_by(refused::JUDGES),
    rule(
        "option-invalid",
        "The value of an option is not what the option needs",
        "It cannot be a duration, a number or a list of names, so that the program fails when it \
         gets there.\n\n\
         Example: start_to_close_timeout=60 in Python, which needs a timedelta; 'PT5M' in \
         TypeScript, whose durations are those of the package ms.",
        Some(Error),
    ),
    rule(
        "backoff-exceeds-total",
        "The first wait between attempts is longer than the time for all of them",
        "schedule_to_close_timeout is over before the first retry could start, so that nothing is \
         ever retried, not even a failure that comes at once.\n\n\
         Example: schedule_to_close_timeout 5m, initial_interval 10m.\n\n\
         Raise the one or lower the other. If no retry is meant, say maximum_attempts 1.",
        Some(Warning),
    )
    .judged_by(attempts::BACKOFF_EXCEEDS_TOTAL),
    rule(
        "never-retries",
        "An attempt that times out leaves no time for another one",
        "If a worker dies or hangs, its attempt is timed out by start_to_close_timeout (or \
         heartbeat_timeout), and only then retried. Where that comes as late as \
         schedule_to_close_timeout, there is no retry, whatever maximum_attempts says: the \
         execution ends as timed out.\n\n\
         Example: start_to_close_timeout 30m, schedule_to_close_timeout 30m, maximum_attempts 3; \
         or schedule_to_close_timeout alone, which one attempt may use up.\n\n\
         Give schedule_to_close_timeout room for as many attempts as are meant, shorten \
         start_to_close_timeout, or set a heartbeat_timeout. An error where more attempts are \
         asked for, a warning where they are the default. Where one attempt is meant, say \
         maximum_attempts 1.",
        Some(Warning),
    )
    .judged_by(attempts::NEVER_RETRIES)
    .yielding_to(&["backoff-exceeds-total"]),
    rule(
        "attempts-unreachable",
        "Some of the attempts that are allowed can never start",
        "The waits between attempts use up schedule_to_close_timeout before maximum_attempts is \
         reached, even if each attempt fails at once.\n\n\
         Example: schedule_to_close_timeout 1m, initial_interval 10s, maximum_attempts 10: the \
         fourth would start after 70s.\n\n\
         Raise schedule_to_close_timeout, shorten the waits, or say how many attempts there are.",
        Some(Warning),
    )
    .judged_by(attempts::ATTEMPTS_UNREACHABLE)
    .yielding_to(&["backoff-exceeds-total"]),
    rule(
        "attempt-truncated",
        "An attempt is cut short, or cannot start, if those before it hang",
        "If attempts hang or their workers die, each takes its whole timeout, and \
         schedule_to_close_timeout then ends one of those that are allowed in the middle, or \
         before it starts.\n\n\
         Example: start_to_close_timeout 2m, schedule_to_close_timeout 5m, maximum_attempts 3: \
         the third has 56s left.\n\n\
         Raise schedule_to_close_timeout to the value that the fix names, or lower \
         maximum_attempts.",
        Some(Warning),
    )
    .judged_by(attempts::ATTEMPT_TRUNCATED)
    .yielding_to(&["backoff-exceeds-total", "never-retries", "attempts-unreachable"]),
    rule(
        "run-timeout-cuts",
        "The workflow ends before its activity can have used its attempts",
        "A workflow's run timeout caps every timeout of its activities, and ends them with the \
         workflow.\n\n\
         Example: three attempts of 10m in a workflow that may run 15m.\n\n\
         Looks only where the run timeout is known: in a document beside the options, or declared \
         in activity.toml.",
        Some(Warning),
    )
    .judged_by(attempts::RUN_TIMEOUT_CUTS),
    rule(
        "max-interval-unreachable",
        "No wait grows as long as the maximum interval",
        "maximum_interval bounds waits that grow; with so few attempts, or so little time, none \
         comes near it. It makes no difference, and whoever reads it expects waits that never \
         come.\n\n\
         Example: maximum_interval 10m, maximum_attempts 3: the waits are 1s and 2s.\n\n\
         Leave it out, or allow for more attempts.",
        Some(Warning),
    )
    .judged_by(policy::MAX_INTERVAL_UNREACHABLE)
    .yielding_to(&["backoff-exceeds-total"]),
    rule(
        "no-heartbeat",
        "A long attempt has no heartbeat timeout",
        "Without heartbeats a worker that dies is noticed only after start_to_close_timeout, and a \
         cancel, which is delivered in answer to heartbeats, may never reach the running \
         attempt.\n\n\
         Example: start_to_close_timeout 2h and no heartbeat_timeout.\n\n\
         Set heartbeat_timeout, and heartbeat from the function at least twice as often. The \
         threshold is 10m unless activity.toml says otherwise.",
        Some(Warning),
    )
    .judged_by(heartbeats::NO_HEARTBEAT),
    rule(
        "heartbeat-clipped",
        "The heartbeat timeout is not shorter than an attempt may take",
        "A server silently shortens it to start_to_close_timeout, which ends the attempt at that \
         very instant: it never notices anything.\n\n\
         Example: heartbeat_timeout 15m, start_to_close_timeout 10m.",
        Some(Warning),
    )
    .judged_by(heartbeats::CLIPPED),
    rule(
        "heartbeat-too-tight",
        "The heartbeat timeout is less than twice the interval of heartbeats",
        "One heartbeat that comes late then kills an attempt that is well.\n\n\
         Example: heartbeat_timeout 30s where the function heartbeats every 20s.\n\n\
         Looks only where heartbeats-every is declared in activity.toml.",
        Some(Warning),
    )
    .judged_by(heartbeats::TOO_TIGHT),
    rule(
        "cancel-undeliverable",
        "The workflow waits for a cancel to be accepted that cannot be delivered",
        "A worker learns of a cancel from the answer to a heartbeat. Where the workflow waits for \
         the activity to accept it, and there is no heartbeat_timeout, it waits until the attempt \
         ends by itself.\n\n\
         Example: cancellationType WAIT_CANCELLATION_COMPLETED without heartbeatTimeout.\n\n\
         Looks only where waits-for-cancellation is declared in activity.toml, not at the options \
         in code: these do not show whether the function heartbeats all the same, which no timeout \
         is needed for.",
        Some(Error),
    )
    .judged_by(heartbeats::CANCEL_UNDELIVERABLE),
    rule(
        "schedule-to-start-longer-than-total",
        "The schedule-to-start timeout is longer than the whole execution may take",
        "A server shortens it to schedule_to_close_timeout, which ends everything anyway.\n\n\
         Example: schedule_to_start_timeout 1h, schedule_to_close_timeout 10m.",
        Some(Warning),
    )
    .judged_by(limits::SCHEDULE_TO_START_LONGER),
    rule(
        "non-retryable-unknown",
        "A non-retryable error type matches nothing",
        "Types are compared with the name of an application error, letter for letter. A timeout of \
         the service has another name, and an empty text matches nothing.\n\n\
         Example: non_retryable_error_types [\"StartToClose\"], where \
         TemporalTimeout:StartToClose is meant.",
        Some(Warning),
    )
    .judged_by(policy::NON_RETRYABLE_UNKNOWN),
    rule(
        "gives-up-early",
        "Retries stop well before the time is used up",
        "A retry that would start after schedule_to_close_timeout is not waited for: the execution \
         fails as soon as the last attempt that fits does.\n\n\
         Example: schedule_to_close_timeout 60s, initial_interval 1s: waits of 1, 2, 4, 8 and 16s, \
         and the next of 32s does not fit, so that it is over after 31s.",
        Some(Information),
    )
    .judged_by(attempts::GIVES_UP_EARLY)
    .yielding_to(&["attempts-unreachable"]),
    rule(
        "unbounded",
        "Retries go on without end",
        "Neither maximum_attempts nor schedule_to_close_timeout bounds them, which is the default: \
         an error that does not go away is retried for ever.",
        Some(Information),
    )
    .judged_by(limits::UNBOUNDED)
    .yielding_to(&["coefficient-1-forever"]),
    rule(
        "one-attempt",
        "Nothing is retried",
        "maximum_attempts 1 counts the first attempt: a failure, a timeout or a lost task ends the \
         execution. Right for what must not happen twice, although even then a late worker may \
         still be at work.",
        Some(Information),
    )
    .judged_by(limits::ONE_ATTEMPT),
    rule(
        "coefficient-1-forever",
        "Retries come at a constant pace without end",
        "backoff_coefficient 1 keeps waits as they are, and nothing bounds the attempts.\n\n\
         Example: initial_interval 1s, backoff_coefficient 1: an error that stays is retried \
         86,400 times a day.",
        Some(Information),
    )
    .judged_by(policy::COEFFICIENT_1_FOREVER),
    rule(
        "schedule-to-start-terminal",
        "A task that waits too long for a worker ends the execution",
        "schedule_to_start_timeout is never retried, and counts anew for every attempt. Right for \
         sending work elsewhere if a host is gone; otherwise schedule_to_close_timeout says \
         better what is meant.",
        Some(Information),
    )
    .judged_by(limits::SCHEDULE_TO_START_TERMINAL),
    rule(
        "zero-means-default",
        "Zero is the same as leaving an option out",
        "heartbeat_timeout 0 is no heartbeat timeout, initial_interval 0 is one second, and \
         maximum_attempts 0 is without limit, not none.",
        Some(Information),
    )
    .judged_by(limits::ZERO_MEANS_DEFAULT),
    rule(
        "timeout-type-non-retryable",
        "Timeouts are among the non-retryable error types",
        "An attempt whose worker dies or hangs is then the last, however many are allowed.",
        Some(Information),
    )
    .judged_by(policy::TIMEOUT_TYPE_NON_RETRYABLE),
    rule(
        "task-loss-stuck",
        "Nothing bounds the wait for a worker",
        "start_to_close_timeout counts from the start of an attempt. A task that nobody polls, or \
         that is lost on the way, stays for ever unless schedule_to_close_timeout or \
         schedule_to_start_timeout is given. Most code gives start_to_close_timeout alone: off \
         unless asked for.",
        None,
    )
    .judged_by(limits::TASK_LOSS_STUCK),
    rule(
        "max-interval-implicit",
        "Waits grow to a hundred times the first one",
        "Without maximum_interval it is 100 times initial_interval, which few expect: 100 minutes \
         for a first wait of one.",
        None,
    )
    .judged_by(policy::MAX_INTERVAL_IMPLICIT),
    rule(
        "attempts-vs-retries",
        "The number of attempts counts the first one",
        "maximum_attempts 3 is two retries.",
        None,
    )
    .judged_by(limits::ATTEMPTS_VS_RETRIES),
    rule(
        "overlap-possible",
        "Two attempts can run at once",
        "A worker is not told that its attempt has timed out; the next attempt starts while the \
         function may still be running. True of nearly all options: off unless asked for.",
        None,
    )
    .judged_by(limits::OVERLAP_POSSIBLE),
    rule(
        "detection-latency",
        "How long a dead worker goes unnoticed",
        "heartbeat_timeout where it is given, else start_to_close_timeout. Off unless asked for.",
        None,
    )
    .judged_by(heartbeats::DETECTION_LATENCY),
    rule(
        "worst-case",
        "How long it can take until the execution has ended",
        "Over everything that can happen, explored exactly, which takes up to a second for each \
         set of options. Off unless asked for.",
        None,
    )
    .judged_by(attempts::WORST_CASE),
    rule(
        "unused-suppression",
        "A suppression that suppresses nothing",
        "There is no such finding on its line any more, or there is no such rule: remove it.",
        Some(Warning),
    ),
    rule(
        "suppression-without-reason",
        "A suppression that does not say why",
        "Write the reason after a colon: activity-lint: allow(no-heartbeat): the report is cheap \
         to repeat.",
        Some(Warning),
    ),
];

const fn rule(
    id: &'static str,
    summary: &'static str,
    explanation: &'static str,
    severity: Option<Severity>,
) -> Rule {
    Rule { id, summary, explanation, severity, judges: &[], yields_to: &[] }
}

impl Rule {
    const fn judged_by(mut self, judges: &'static [super::Judge]) -> Self {
        self.judges = judges;
        self
    }

    const fn yielding_to(mut self, rules: &'static [&'static str]) -> Self {
        self.yields_to = rules;
        self
    }
}
