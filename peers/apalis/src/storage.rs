//! The database of apalis-sqlite, asked by its public queries in the order in which a worker asks.

use crate::clock::{Clock, second};
use crate::worker::{Attempt, Queue, Report};
use apalis_core::backend::{TaskResult, WaitForCompletion, WorkerFilter};
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::status::Status;
use apalis_core::task::task_id::TaskId;
use apalis_core::worker::context::WorkerContext;
use apalis_sqlite::queries::{
    ack_tasks, fetch_next, keep_alive, lock_tasks, push_tasks, reenqueue_orphaned, register_worker,
};
use apalis_sqlite::{Config, Error, SqliteStorage};
use serde_json::{Value, json};
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{SqliteConnection, SqlitePool};
use std::time::Duration;
use ulid::Ulid;

/// What an attempt fails with that `timeout` has ended.
pub(crate) const TIMED_OUT: &str = "request timed out";

/// The database.
pub(crate) struct Storage {
    pool: SqlitePool,
    clock: Clock,
}

impl Storage {
    pub(crate) async fn open() -> Result<Self, Error> {
        let pool = SqlitePoolOptions::new().max_connections(1).connect(":memory:").await?;
        SqliteStorage::setup(&pool).await?;
        Ok(Storage { pool, clock: Clock::new() })
    }

    /// The time of the harness.
    pub(crate) fn milliseconds(&self) -> i64 {
        self.clock.milliseconds
    }

    pub(crate) async fn pass(&mut self, elapsed: i64) -> Result<(), Error> {
        self.clock.milliseconds += elapsed;
        self.at_once(async |_| Ok(())).await
    }

    /// Does something within one second of this machine: if the second ends meanwhile, nothing of it
    /// has happened, and it is done again.
    async fn at_once<T>(
        &mut self,
        work: impl AsyncFn(&mut SqliteConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        loop {
            let begun = second();
            let mut transaction = self.pool.begin().await?;
            let clock = self.clock.set(&mut transaction, begun).await?;
            let done = work(&mut transaction).await?;
            if second() == begun {
                transaction.commit().await?;
                self.clock = clock;
                return Ok(done);
            }
            transaction.rollback().await?;
        }
    }

    pub(crate) async fn push(&mut self, queue: &Queue) -> Result<(), Error> {
        self.at_once(async |database| {
            let mut task = TaskBuilder::new(b"null".to_vec())
                .task_id(task_id(queue))
                .max_attempts(queue.maximum_attempts);
            if queue.start_delay > 0 {
                task = task.run_after(span(queue.start_delay));
            }
            push_tasks(database, &queue.name, &[task.build()]).await
        })
        .await
    }

    /// What a worker does that has room: it shows itself, fetches, and says that it begins. How many
    /// attempts there were before, of the task that it was given.
    pub(crate) async fn fetch(
        &mut self,
        queue: &Queue,
        worker: &str,
        is_new: bool,
    ) -> Result<Option<i64>, Error> {
        let (config, context) = (config(queue), context(queue, worker));
        self.at_once(async |database| {
            if is_new {
                register_worker(&mut *database, &config, &context, "SqliteStorage").await?;
            } else {
                keep_alive(&mut *database, &config, &context).await?;
            }
            let fetched = fetch_next(&mut *database, &config, &context).await?;
            let Some(task) = fetched.first() else { return Ok(None) };
            let ids = [task_id(queue).to_string()];
            lock_tasks(&mut *database, &ids, context.name()).await?;
            Ok(Some(i64::try_from(task.attempt()).expect("attempts have room")))
        })
        .await
    }

    pub(crate) async fn keep_alive(&mut self, queue: &Queue, worker: &str) -> Result<(), Error> {
        let (config, context) = (config(queue), context(queue, worker));
        self.at_once(async |database| Ok(keep_alive(database, &config, &context).await?)).await
    }

    /// What a worker does whose handler has returned; how many tasks that changed.
    pub(crate) async fn acknowledge(
        &mut self,
        queue: &Queue,
        attempt: &Attempt,
        report: Report,
    ) -> Result<u64, Error> {
        let (status, result) = match report {
            Report::Done(result) => (Status::Done, Ok(result)),
            Report::Failed(message) => (Status::Failed, Err(message)),
            Report::Aborted(message) => (Status::Killed, Err(message)),
            Report::RetryAfter(message) => (Status::Pending, Err(message)),
        };
        let task_id = task_id(queue);
        let number = usize::try_from(attempt.number).expect("attempts are counted from one");
        let result = TaskResult { task_id, attempt: number, status, result };
        let context = context(queue, &attempt.worker);
        self.at_once(async |database| Ok(ack_tasks(database, &[&result], context.name()).await?))
            .await
    }

    /// What each other worker does when it shows that it is alive.
    pub(crate) async fn sweep(&mut self, queue: &Queue) -> Result<(), Error> {
        let config = config(queue);
        let dead_for = i64::try_from(config.orphaned_duration().as_secs()).expect("it is short");
        let others = WorkerFilter::AllExcept(context(queue, "another").name().to_owned());
        self.at_once(async |database| {
            reenqueue_orphaned(database, dead_for, &queue.name, &others).await?;
            Ok(())
        })
        .await
    }

    /// How the task of a queue ended, as `check_status` tells; null if it has not.
    pub(crate) async fn outcome(&mut self, queue: &Queue) -> Result<Value, Error> {
        let mut storage = SqliteStorage::<()>::new(&self.pool);
        let ended: Vec<TaskResult<Value>> = storage.check_status([task_id(queue)]).await?;
        let Some(task) = ended.into_iter().next() else { return Ok(Value::Null) };
        // It does not say why no attempt follows, but a task that is killed is so for good.
        let why = match task.status {
            Status::Killed => "NonRetryableFailure",
            _ => "MaximumAttemptsReached",
        };
        Ok(match task.result {
            Ok(result) => json!({"kind": "Completed", "result": result}),
            Err(message) if message == TIMED_OUT => {
                let failure = json!({"timeoutType": "StartToClose"});
                json!({"kind": "TimedOut", "failure": failure, "retryState": why})
            }
            Err(message) => {
                let failure = json!({"message": message});
                json!({"kind": "Failed", "failure": failure, "retryState": why})
            }
        })
    }

    pub(crate) async fn forget(&mut self, queue: &str) -> Result<(), Error> {
        self.at_once(async |database| {
            for statement in
                ["DELETE FROM Jobs WHERE job_type = ?", "DELETE FROM Workers WHERE worker_type = ?"]
            {
                sqlx::query(statement).bind(queue).execute(&mut *database).await?;
            }
            Ok(())
        })
        .await
    }
}

/// The one task of a queue.
fn task_id(queue: &Queue) -> TaskId {
    let number: u128 = queue.name.trim_start_matches('a').parse().unwrap_or_default();
    TaskId::from_ulid(Ulid::from(number))
}

/// A worker in the database; names are those of the whole table.
fn context(queue: &Queue, worker: &str) -> WorkerContext {
    WorkerContext::new(&format!("{}/{worker}", queue.name))
}

/// The configuration of a worker: a sign of life each second, so many of which may be missed.
fn config(queue: &Queue) -> Config {
    let missed = queue.heartbeat.map_or(1, |timeout| span(timeout).as_secs());
    Config::default()
        .queue(&queue.name)
        .heartbeat_interval(Duration::from_secs(1))
        .missed_heartbeats(usize::try_from(missed).expect("it is short"))
}

fn span(milliseconds: i64) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds).expect("durations are not negative"))
}
