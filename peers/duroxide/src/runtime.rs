//! duroxide's runtime and SQLite provider, with the worker left to the harness.

use crate::clock::{Clock, milliseconds};
use crate::orchestration::{NAME, Options, TIMED_OUT, activities, orchestrations};
use duroxide::providers::sqlite::SqliteProvider;
use duroxide::providers::{Provider, ProviderError, TagFilter, WorkItem};
use duroxide::runtime::{OrchestrationStatus, Runtime, RuntimeOptions};
use duroxide::{AppErrorKind, Client, ErrorDetails};
use serde_json::{Value, json};
use sqlx::SqlitePool;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A runtime that orchestrates, and its database.
pub(crate) struct Orchestrator {
    provider: Arc<SqliteProvider>,
    client: Client,
    /// Orchestrates as long as it is held.
    _runtime: Arc<Runtime>,
    clock: Clock,
    /// What each token was given out for.
    held: HashMap<String, WorkItem>,
    /// Where its database is, as long as it is held.
    _folder: TempDir,
}

/// A worker's queue is one for all; so that a poll can be of one activity, each has a tag of its own.
const TAGS: &str = "CREATE TRIGGER tags AFTER INSERT ON worker_queue \
     BEGIN UPDATE worker_queue SET tag = NEW.instance_id WHERE id = NEW.id; END";

/// Whether the runtime has nothing to do now.
const IDLE: &str = "SELECT (SELECT COUNT(*) FROM orchestrator_queue WHERE visible_at <= ?1) \
     + (SELECT COUNT(*) FROM instance_locks)";

/// What was asked for; or why it cannot go on.
pub(crate) type Asked<T> = Result<T, String>;

impl Orchestrator {
    pub(crate) async fn start() -> Asked<Self> {
        let folder = tempfile::tempdir().map_err(text)?;
        let file = format!("sqlite:{}?mode=rwc", folder.path().join("duroxide.db").display());
        let provider = Arc::new(SqliteProvider::new(&file, None).await.map_err(text)?);
        sqlx::query(TAGS).execute(provider.get_pool()).await.map_err(text)?;
        let options = RuntimeOptions {
            dispatcher_min_poll_interval: Duration::from_millis(2),
            worker_tag_filter: TagFilter::None,
            worker_concurrency: 1,
            orchestration_concurrency: 1,
            ..RuntimeOptions::default()
        };
        let runtime =
            Runtime::start_with_options(provider.clone(), activities(), orchestrations(), options);
        Ok(Orchestrator {
            client: Client::new(provider.clone()),
            _runtime: runtime.await,
            provider,
            clock: Clock::default(),
            held: HashMap::new(),
            _folder: folder,
        })
    }

    fn pool(&self) -> &SqlitePool {
        self.provider.get_pool()
    }

    async fn go_on(&mut self) -> Asked<()> {
        self.clock.go_on(self.provider.get_pool()).await
    }

    /// Waits until the runtime has done what there is to do, at this instant of the harness.
    async fn settle(&mut self) -> Asked<()> {
        loop {
            let idle = sqlx::query_scalar::<_, i64>(IDLE).bind(milliseconds());
            if idle.fetch_one(self.pool()).await.map_err(text)? == 0 {
                return self.clock.stand(self.provider.get_pool()).await;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Lets time pass, from one timer to the next.
    pub(crate) async fn pass(&mut self, by: i64) -> Asked<()> {
        let mut left = by;
        while left > 0 {
            left -= self.clock.pass(self.provider.get_pool(), left).await?;
            self.go_on().await?;
            self.settle().await?;
        }
        Ok(())
    }

    pub(crate) async fn begin(&mut self, activity: &str, options: &Options) -> Asked<()> {
        self.go_on().await?;
        let started = self.client.start_orchestration(activity, NAME, options.input());
        started.await.map_err(text)?;
        self.settle().await
    }

    pub(crate) async fn cancel(&mut self, activity: &str, reason: String) -> Asked<()> {
        self.go_on().await?;
        self.client.cancel_instance(activity, reason).await.map_err(text)?;
        self.settle().await
    }

    /// The token of the task of an activity, locked for so long; none if there is none to give.
    pub(crate) async fn fetch(&mut self, activity: &str, lock: Duration) -> Asked<Option<String>> {
        self.go_on().await?;
        let tags = TagFilter::tags([activity]);
        let fetched = self.provider.fetch_work_item(lock, Duration::ZERO, None, &tags);
        let fetched = fetched.await.map_err(text)?;
        self.clock.stand(self.provider.get_pool()).await?;
        Ok(fetched.map(|(item, token, _)| {
            self.held.insert(token.clone(), item);
            token
        }))
    }

    /// Renews a lock, as the runtime does for a handler that runs; false if it is lost.
    pub(crate) async fn renew(&mut self, token: &str, lock: Duration) -> Asked<bool> {
        self.go_on().await?;
        let renewed = is_done(self.provider.renew_work_item_lock(token, lock).await)?;
        self.clock.stand(self.provider.get_pool()).await?;
        Ok(renewed)
    }

    /// Acknowledges a task, as the runtime does when its handler returns; false if it cannot be.
    pub(crate) async fn acknowledge(
        &mut self,
        token: &str,
        returned: Result<String, String>,
    ) -> Asked<bool> {
        let Some(WorkItem::ActivityExecute { instance, execution_id, id, .. }) =
            self.held.get(token).cloned()
        else {
            return Ok(false);
        };
        self.go_on().await?;
        let completion = match returned {
            Ok(result) => WorkItem::ActivityCompleted { instance, execution_id, id, result },
            Err(message) => WorkItem::ActivityFailed {
                instance,
                execution_id,
                id,
                details: ErrorDetails::Application {
                    kind: AppErrorKind::ActivityFailed,
                    message,
                    retryable: false,
                },
            },
        };
        let recorded = is_done(self.provider.ack_work_item(token, Some(completion)).await)?;
        self.settle().await?;
        Ok(recorded)
    }

    /// How the orchestration of an activity ended; null if it has not. It does not say why no attempt
    /// follows one that timed out, so that is told here.
    pub(crate) async fn outcome(&mut self, activity: &str, why: &str) -> Asked<Value> {
        let status = self.client.get_orchestration_status(activity).await.map_err(text)?;
        Ok(match status {
            OrchestrationStatus::NotFound | OrchestrationStatus::Running { .. } => Value::Null,
            OrchestrationStatus::Completed { output, .. } => {
                let result: Value = serde_json::from_str(&output).map_err(text)?;
                json!({"kind": "Completed", "result": result})
            }
            OrchestrationStatus::Failed { details, .. } => failed(&details, why)?,
        })
    }

    /// Deletes all that there is of an activity.
    pub(crate) async fn forget(&mut self, activity: &str) -> Asked<()> {
        self.held.retain(|_, item| {
            !matches!(item, WorkItem::ActivityExecute { instance, .. } if instance == activity)
        });
        for table in TABLES {
            let statement = format!("DELETE FROM {table} WHERE instance_id = ?");
            sqlx::query(&statement).bind(activity).execute(self.pool()).await.map_err(text)?;
        }
        Ok(())
    }
}

/// The tables that know an instance.
const TABLES: [&str; 5] =
    ["orchestrator_queue", "worker_queue", "history", "executions", "instances"];

fn failed(details: &ErrorDetails, why: &str) -> Asked<Value> {
    if let ErrorDetails::Application { kind: AppErrorKind::Cancelled { reason }, .. } = details {
        let told: Value = serde_json::from_str(reason).map_err(text)?;
        return Ok(json!({"kind": "Terminated", "reason": told[0], "identity": told[1]}));
    }
    let message = details.display_message();
    Ok(if message == TIMED_OUT {
        let failure = json!({"timeoutType": "StartToClose"});
        json!({"kind": "TimedOut", "failure": failure, "retryState": why})
    } else {
        let why = "MaximumAttemptsReached";
        json!({"kind": "Failed", "failure": {"message": message}, "retryState": why})
    })
}

/// Whether it was done; not, if the lock was lost, which is no fault.
fn is_done(answer: Result<(), ProviderError>) -> Asked<bool> {
    match answer {
        Ok(()) => Ok(true),
        Err(error) if error.is_retryable() => Err(text(error)),
        Err(_) => Ok(false),
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
