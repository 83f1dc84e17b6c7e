#!/usr/bin/env node
// A small honest job queue that speaks the harness's JSON lines, and has a part of what there is:
// failures, retries, a maximum of attempts and a timeout; no heartbeats and no cancellation.
import { createInterface } from "node:readline";

let now = 0;
const jobs = new Map();

// Whether the attempt that is over was the last one; if not, the next one waits its backoff.
function retries(job, at, failure) {
  const { initialInterval, maximumAttempts } = job.options.retryPolicy;
  job.held = false;
  if (maximumAttempts && job.attempt >= maximumAttempts) return false;
  job.attempt += 1;
  job.ready = at + initialInterval;
  job.last = failure;
  return true;
}

function close(job, kind, how) {
  job.held = false;
  job.outcome = { kind, retryState: "MaximumAttemptsReached", ...how };
}

// A deadline takes effect at its own instant, which may be before now.
function settle(job) {
  if (!job.held || job.due > now) return;
  const failure = { timeoutType: "StartToClose" };
  if (!retries(job, job.due, failure)) close(job, "TimedOut", { failure: { ...failure, cause: job.last } });
}

function held(call) {
  const job = jobs.get(call.activity);
  if (!job || !job.held || call.token !== `${call.activity}#${job.attempt}`) throw "NotFound";
  return job;
}

const does = {
  Hello: () => ({ protocol: 1, name: "queue.mjs", version: "1", clock: "virtual", observes: "outcome",
                  can: ["standalone", "tokens", "failures", "maximumAttempts"], batches: true }),
  Advance: ({ by }) => { now += by; for (const job of jobs.values()) settle(job); return {}; },
  Forget: ({ activity }) => { jobs.delete(activity); return {}; },
  StartActivityExecution: ({ activity, options }) => {
    jobs.set(activity, { options, attempt: 1, ready: now, held: false, last: null, outcome: null });
    return { started: true };
  },
  Poll: ({ activity }) => {
    const job = jobs.get(activity);
    if (job.outcome || job.held || job.ready > now) return { task: null };
    job.held = true;
    job.due = now + job.options.startToCloseTimeout;
    return { task: { token: `${activity}#${job.attempt}`, attempt: job.attempt } };
  },
  RespondCompleted: (call) => { close(held(call), "Completed", { result: call.result }); return {}; },
  RespondFailed: (call) => {
    const job = held(call), failure = call.failure ?? { message: "no failure given" };
    if (!retries(job, now, call.failure)) close(job, "Failed", { failure });
    return {};
  },
  Describe: ({ activity }) => ({ outcome: jobs.get(activity).outcome }),
};

function answer(call) {
  try { return { id: call.id, ok: does[call.do](call) }; }
  catch (reason) {
    if (typeof reason === "string") return { id: call.id, refused: reason };
    throw reason;
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const calls = JSON.parse(line);
  console.log(JSON.stringify(Array.isArray(calls) ? calls.map(answer) : answer(calls)));
});
