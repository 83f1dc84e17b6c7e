//! The clock of the database, which is the harness's: all that apalis knows of time are the seconds
//! that it wrote down and the present second, so moving what was written moves time.

use sqlx::SqliteConnection;
use std::time::{SystemTime, UNIX_EPOCH};

/// How the seconds that are written down stand to the present one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// The time of the harness, in milliseconds.
    pub(crate) milliseconds: i64,
    /// The second of this machine, and the time of the harness, that what is written fits to.
    fits: (i64, i64),
}

impl Clock {
    pub(crate) fn new() -> Self {
        Clock { milliseconds: 0, fits: (second(), 0) }
    }

    /// Makes all that is written fit to this second of the machine; the clock that it fits to.
    pub(crate) async fn set(
        self,
        database: &mut SqliteConnection,
        second: i64,
    ) -> Result<Self, sqlx::Error> {
        let whole = self.milliseconds / 1000;
        let later = (second - self.fits.0) - (whole - self.fits.1);
        if later != 0 {
            for statement in WRITTEN {
                sqlx::query(statement).bind(later).execute(&mut *database).await?;
            }
        }
        Ok(Clock { fits: (second, whole), ..self })
    }
}

/// All that apalis writes down of time.
const WRITTEN: [&str; 2] = [
    "UPDATE Jobs SET run_at = run_at + ?1, lock_at = lock_at + ?1, done_at = done_at + ?1",
    "UPDATE Workers SET last_seen = last_seen + ?1, started_at = started_at + ?1",
];

/// The present second of this machine.
pub(crate) fn second() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "its clock is that of the machine")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    i64::try_from(since.as_secs()).expect("seconds have room")
}
