//! The clock of the database, which is the harness's: all that duroxide knows of time are the
//! instants that it wrote down and the present one, so moving what was written moves time.
//!
//! Between calls time stands still: what was written down is moved into the far future, so that the
//! runtime, which looks all the time, finds nothing to do. A unit of the harness is stretched, so
//! that a call is short beside it however busy the machine is.

use sqlx::SqlitePool;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Time that stands still, or the instant of this machine at which it began to go on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    begun: Option<i64>,
}

/// How many milliseconds of duroxide are one of the harness.
const STRETCH: i64 = 100;

/// What instants are multiples of, counted from the present.
const GRID: i64 = 500 * STRETCH;

/// The present while time stands still: in the year 2200.
const FAR: i64 = 7_258_118_400_000;

/// All that duroxide writes down of time and reads again.
const WRITTEN: [(&str, &str); 3] = [
    ("orchestrator_queue", "visible_at"),
    ("worker_queue", "visible_at"),
    ("worker_queue", "locked_until"),
];

impl Clock {
    /// Time goes on, from the present at which it stood still.
    pub(crate) async fn go_on(&mut self, pool: &SqlitePool) -> Result<(), String> {
        let now = milliseconds();
        for (table, column) in WRITTEN {
            let moved = format!("UPDATE {table} SET {column} = {column} - ?1 + ?2");
            let moved = sqlx::query(&moved).bind(FAR).bind(now);
            moved.execute(pool).await.map_err(|error| error.to_string())?;
        }
        self.begun = Some(now);
        Ok(())
    }

    /// Time stands still; what was written down since it went on was written down at that instant.
    pub(crate) async fn stand(&mut self, pool: &SqlitePool) -> Result<(), String> {
        let begun = self.begun.take().ok_or("time stands still already")?;
        let late = milliseconds() - begun;
        if late >= GRID {
            return Err(format!("one call took {late} ms; this machine is too busy"));
        }
        for (table, column) in WRITTEN {
            let moved = format!(
                "UPDATE {table} SET {column} = ?1 + (({column} - ?2) / {GRID}) * {GRID} \
                 WHERE {column} IS NOT NULL"
            );
            let moved = sqlx::query(&moved).bind(FAR).bind(begun);
            moved.execute(pool).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Lets time pass while it stands still, up to the next timer and no longer than this, in
    /// milliseconds of the harness; how long that was.
    pub(crate) async fn pass(self, pool: &SqlitePool, most: i64) -> Result<i64, String> {
        let timer = "SELECT MIN(visible_at) FROM orchestrator_queue WHERE visible_at > ?";
        let timer: Option<i64> = sqlx::query_scalar(timer)
            .bind(FAR)
            .fetch_one(pool)
            .await
            .map_err(|error| error.to_string())?;
        let elapsed = timer.map_or(most, |timer| ((timer - FAR) / STRETCH).min(most));
        for (table, column) in WRITTEN {
            let moved = format!("UPDATE {table} SET {column} = {column} - ?");
            let moved = sqlx::query(&moved).bind(elapsed * STRETCH);
            moved.execute(pool).await.map_err(|error| error.to_string())?;
        }
        Ok(elapsed)
    }
}

/// A span of the harness, as duroxide is told of it.
pub(crate) fn span(milliseconds: i64) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds * STRETCH).unwrap_or_default())
}

/// The present of this machine, as duroxide counts.
pub(crate) fn milliseconds() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "its clock is that of the machine")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
