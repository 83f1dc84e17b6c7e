//! The stored forms, for serde: documented, versioned, readable.
//!
//! | type | form |
//! |---|---|
//! | [`ActivityEvent`](crate::ActivityEvent) | `{"schema":1,"event":{"Started":{"started_time":…,"request_id":…,"identity":…}}}` |
//! | [`Call`](crate::Call) | `{"schema":1,"call":{"RecordActivityTaskStarted":{…}}}` |
//! | [`Answer`](crate::Answer) | `{"schema":1,"answer":{"Recorded":{"cancel_requested":true}}}` |
//! | [`ActivityOptions`](crate::ActivityOptions) | `{"schema":1,"dialect":"Standalone","start_to_close_timeout":"10s",…}`, as they are in force |
//! | [`Snapshot`](crate::Snapshot), [`Description`](crate::Description) | `{"schema":1,…}`, a key for each field |
//! | [`Timestamp`](crate::Timestamp) | `"2026-11-28T07:29:00.005Z"`: RFC 3339 in UTC, with milliseconds where there are any |
//! | [`Span`](crate::Span) | `"90s"`, `"0.250s"`, `"-1s"`: seconds, as in the JSON of Temporal's protocol |
//! | [`Payload`](crate::Payload) | `"none"`, `{"data":"text"}`, `{"bytes":[0,255]}` where it is no text, `{"failure":{…}}` |
//! | [`RequestIdText`](crate::RequestIdText) | as it was sent |
//!
//! Keys are Temporal's field names, variants are its words. In notations that nobody reads,
//! instants and spans are whole milliseconds. Every key is written, and an unknown one is refused:
//! what a later version adds comes with a higher `schema`, and this one says that it is newer. Old
//! schemas go on being read; `tests/activity/stored` keeps a file of each.
//!
//! Failures nest as deep as their causes, two levels for each: `serde_json` reads back sixty causes,
//! unless it is told to have no limit.
//!
//! What is read is checked as far as it can be by itself. Whether events belong together is found
//! out by [`Activity::recover`](crate::Activity::recover), whether columns do by
//! [`Activity::from_snapshot`](crate::Activity::from_snapshot).
//!
//! ```
//! use activity_execution::{Activity, ActivityEvent, ActivityOptions, Timestamp};
//! use core::time::Duration;
//!
//! let options = ActivityOptions::builder().start_to_close_timeout(Duration::from_secs(90)).build()?;
//! let (activity, scheduled) = Activity::start(options, Timestamp(1_795_850_940_005), "start-1");
//! let line = serde_json::to_string(&scheduled)?;
//! assert_eq!(
//!     line,
//!     r#"{"schema":1,"event":{"Scheduled":{"schedule_time":"2026-11-28T07:29:00.005Z","#.to_owned()
//!         + r#""dispatch_time":"2026-11-28T07:29:00.005Z","request_id":"start-1"}}}"#,
//! );
//! let read: ActivityEvent = serde_json::from_str(&line)?;
//! assert_eq!(Activity::recover(activity.options().clone(), [read])?, activity);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod call;
mod event;
mod options;
mod payload;
mod rows;
mod words;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// The schema that is written; each older one is read as well.
pub const SCHEMA: u32 = 1;

/// The schema of a stored form.
#[derive(Clone, Copy, Debug, Default)]
struct Schema;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            SCHEMA => Ok(Schema),
            0 => Err(D::Error::custom("there is no schema 0; the oldest is 1")),
            newer => Err(D::Error::custom(format_args!(
                "schema {newer} is newer than {SCHEMA}, the newest that this version of \
                 activity-execution reads: upgrade it"
            ))),
        }
    }
}

/// Stores a public type as another one, its form.
macro_rules! stored {
    ($public:ty as $form:ty) => {
        impl serde::Serialize for $public {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$form>::from(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $public {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let form = <$form>::deserialize(deserializer)?;
                form.try_into().map_err(serde::de::Error::custom)
            }
        }
    };
}

use stored;
