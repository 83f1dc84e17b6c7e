//! Options from text that people or servers wrote: TOML, JSON, and recorded events.
//! Knows where everything stands in the text; the rules of options are its parent's.

mod duration;
mod error;
mod json;
mod read;
mod suggest;
mod toml;
mod tree;

pub use error::OptionsError;

use super::{ActivityOptions, InvalidOptions, RequestedOptions};
use error::Fault;
use read::{Dialect, Places};
use tree::Node;

impl RequestedOptions {
    /// The request that a TOML text makes, as [`ActivityOptions::from_toml`] reads it.
    ///
    /// # Errors
    /// If the text is not TOML, or says something that no request can say.
    pub fn from_toml(text: &str) -> Result<Self, OptionsError> {
        let read = parsed(text, Dialect::Toml).and_then(|root| read::read(&root, Dialect::Toml));
        read.map(|(requested, _)| requested).map_err(|fault| fault.located(text))
    }

    /// The request that a JSON text makes, as [`ActivityOptions::from_json`] reads it.
    ///
    /// # Errors
    /// If the text is not JSON, or says something that no request can say.
    pub fn from_json(text: &str) -> Result<Self, OptionsError> {
        let read = parsed(text, Dialect::Json).and_then(|root| read::read(&root, Dialect::Json));
        read.map(|(requested, _)| requested).map_err(|fault| fault.located(text))
    }
}

impl ActivityOptions {
    /// The options that a TOML text requests.
    ///
    /// ```
    /// use activity_execution::ActivityOptions;
    /// use activity_execution::vocabulary::Span;
    ///
    /// let options = ActivityOptions::from_toml(
    ///     r#"
    ///     start_to_close_timeout = "1h 30m"
    ///     heartbeat_timeout = "500ms"
    ///
    ///     [retry_policy]
    ///     initial_interval = "2s"
    ///     non_retryable_error_types = ["CardDeclined", "TemporalTimeout:StartToClose"]
    ///     "#,
    /// )?;
    /// assert_eq!(options.start_to_close_timeout(), Span(5_400_000));
    ///
    /// let error = ActivityOptions::from_toml("hearbeat_timeout = \"5s\"").unwrap_err();
    /// assert_eq!((error.line(), error.key()), (Some(1), Some("hearbeat_timeout")));
    /// assert_eq!(error.help(), Some("did you mean heartbeat_timeout?"));
    /// # Ok::<(), activity_execution::options::OptionsError>(())
    /// ```
    ///
    /// # Errors
    /// If the text is not TOML, says what no request can say, or requests what is refused.
    pub fn from_toml(text: &str) -> Result<Self, OptionsError> {
        parsed(text, Dialect::Toml)
            .and_then(|root| options(&root, Dialect::Toml))
            .map_err(|fault| fault.located(text))
    }

    /// The options that a JSON text requests: keys in camel case, durations as the protocol writes
    /// them (`"1.500s"`) or as people do.
    ///
    /// # Errors
    /// If the text is not JSON, says what no request can say, or requests what is refused.
    pub fn from_json(text: &str) -> Result<Self, OptionsError> {
        parsed(text, Dialect::Json)
            .and_then(|root| options(&root, Dialect::Json))
            .map_err(|fault| fault.located(text))
    }

    /// The options in the `activityTaskScheduledEventAttributes` of a recorded event.
    ///
    /// Attributes that are not options are passed over. A server normalised the options before
    /// it recorded them, with the run timeout of the workflow; doing so again changes nothing.
    /// Where no retry policy is recorded, [`requested`](Self::requested) says so: the server was
    /// old and did not retry, which a request to a present one cannot express that way.
    ///
    /// # Errors
    /// If the attributes are not those of such an event, or request what is refused.
    pub fn from_scheduled_attributes(attributes: &serde_json::Value) -> Result<Self, OptionsError> {
        options(&json::tree(attributes), Dialect::Recorded).map_err(|fault| fault.located(""))
    }
}

fn parsed(text: &str, dialect: Dialect) -> Result<Node<'_>, Fault> {
    if text.trim().is_empty() {
        return Err(
            Fault::new("there is nothing to read").help(InvalidOptions::NoCloseTimeout.help())
        );
    }
    match dialect {
        Dialect::Toml => toml::parse(text),
        Dialect::Json | Dialect::Recorded => json::parse(text),
    }
}

fn options(root: &Node<'_>, dialect: Dialect) -> Result<ActivityOptions, Fault> {
    let (requested, places) = read::read(root, dialect)?;
    requested.build().map_err(|invalid| refused(&invalid, &places, dialect))
}

fn refused(invalid: &InvalidOptions, places: &Places, dialect: Dialect) -> Fault {
    Fault {
        key: invalid.field().map(|field| dialect.path(field)),
        span: places.of(invalid),
        ..Fault::refused(invalid)
    }
}
