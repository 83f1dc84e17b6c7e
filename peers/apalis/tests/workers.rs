//! What the queries do when they are asked one by one, workers do that run: by the clock of this
//! machine, with the library's own loop, as its users run them.

use apalis_core::backend::TaskSink as _;
use apalis_core::error::{BoxDynError, RetryAfterError};
use apalis_core::task::builder::TaskBuilder;
use apalis_core::worker::builder::WorkerBuilder;
use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime;

/// A queue whose workers show each second that they are alive.
fn config() -> Config {
    Config::default().queue("queue").heartbeat_interval(Duration::from_secs(1)).missed_heartbeats(2)
}

async fn pool(file: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(10));
    let pool = SqlitePoolOptions::new().connect_with(options).await.expect("a database opens");
    SqliteStorage::setup(&pool).await.expect("it is set up");
    pool
}

fn storage(pool: &SqlitePool) -> SqliteStorage<String> {
    SqliteStorage::new(pool).with_config(config())
}

async fn push(pool: &SqlitePool, job: &str) {
    let task = TaskBuilder::new(job.to_owned()).max_attempts(3).build();
    storage(pool).push_task(task).await.expect("it is pushed");
}

/// How a job stands: its status, who holds it, and its last result.
async fn row(pool: &SqlitePool, job: &str) -> (String, Option<String>, Option<String>) {
    let row = "SELECT status, lock_by, last_result FROM Jobs WHERE job = ?";
    let bytes = serde_json::to_vec(job).expect("a text is JSON");
    sqlx::query_as(row).bind(bytes).fetch_one(pool).await.expect("the job is there")
}

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "these workers run by the clock of the machine")]
    Instant::now()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_are_retried_at_once_and_what_asks_for_a_delay_never() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder.path().join("queue.db")).await;
    push(&pool, "fails").await;
    push(&pool, "asks for a delay").await;
    let runs: Arc<Mutex<Vec<(String, Instant)>>> = Arc::default();
    let seen = runs.clone();
    let handler = move |job: String| {
        seen.lock().expect("nobody panics").push((job.clone(), now()));
        async move {
            let failure: BoxDynError = match job.as_str() {
                "fails" => "it fails".into(),
                _ => RetryAfterError::new("in a second", Duration::from_secs(1)).into(),
            };
            Err::<String, BoxDynError>(failure)
        }
    };
    let worker = WorkerBuilder::new("worker").backend(storage(&pool)).build(handler);
    let ended = tokio::time::timeout(Duration::from_secs(5), worker.run()).await;
    assert!(ended.is_err(), "the worker runs on: {ended:?}");
    let runs = runs.lock().expect("nobody panics").clone();
    let of = |job: &str| runs.iter().filter(|it| it.0 == job).map(|it| it.1).collect::<Vec<_>>();
    let (fails, asks) = (of("fails"), of("asks for a delay"));
    assert_eq!(fails.len(), 3, "as often as it may");
    let gaps: Vec<Duration> = fails.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.iter().all(|gap| *gap < Duration::from_millis(1_500)), "no backoff: {gaps:?}");
    assert_eq!(asks.len(), 1, "it asked to be retried after a second, and is not");
    let (status, holder, _) = row(&pool, "asks for a delay").await;
    assert_eq!((status.as_str(), holder.as_deref()), ("Pending", Some("worker")));
}

/// Runs a worker of this name in a thread of its own, which a handler may block.
fn spawn<F, R>(file: &Path, handler: F) -> thread::JoinHandle<()>
where
    F: Fn(String) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<String, BoxDynError>> + Send + 'static,
{
    let file = file.to_owned();
    thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let pool = pool(&file).await;
            let worker = WorkerBuilder::new("worker").backend(storage(&pool)).build(handler);
            let _ = tokio::time::timeout(Duration::from_secs(11), worker.run()).await;
        });
    })
}

#[tokio::test]
async fn a_worker_that_stood_still_closes_what_its_namesake_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("queue.db");
    let pool = pool(&file).await;
    let (begun, stands) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (counts, shows) = (begun.clone(), stands.clone());
    let first = spawn(&file, move |job: String| {
        counts.fetch_add(1, Ordering::SeqCst);
        let stands = shows.clone();
        async move {
            if job == "blocks" {
                stands.store(true, Ordering::SeqCst);
                thread::park_timeout(Duration::from_secs(6));
                return Ok(String::new());
            }
            while !stands.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            Ok("first".to_owned())
        }
    });
    push(&pool, "works").await;
    while begun.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    push(&pool, "blocks").await;
    while !stands.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The process stands still; after three seconds it is started once more, under its name.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let second = spawn(&file, |_: String| async { Ok("second".to_owned()) });
    let closed_by = async |result: &str| {
        let wanted = format!("{{\"Ok\":{result:?}}}");
        loop {
            let (status, _, last) = row(&pool, "works").await;
            if status == "Done" && last.as_deref() == Some(wanted.as_str()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let limit = Duration::from_secs(8);
    tokio::time::timeout(limit, closed_by("second")).await.expect("the second attempt closes it");
    tokio::time::timeout(limit, closed_by("first"))
        .await
        .expect("and the first one closes it again");
    first.join().expect("the first worker ends");
    second.join().expect("and the second");
}
