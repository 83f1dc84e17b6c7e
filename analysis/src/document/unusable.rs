//! Why a document cannot be used, as far as its content knows: the file's name is its reader's.

use activity_execution::options::OptionsError;
use std::fmt;

/// Why a document cannot be used.
#[derive(Debug)]
pub enum Unusable {
    /// There is nothing in it.
    Empty,
    /// It is compressed with gzip.
    Compressed,
    /// It is neither text nor protobuf.
    NotUtf8 {
        /// The first byte that is no text.
        byte: usize,
        /// Its line, counted from one.
        line: usize,
    },
    /// It begins like JSON and is none.
    NotJson(serde_json::Error),
    /// The options that it consists of are refused.
    Options(OptionsError),
    /// It seems to be a history in protobuf and is none.
    NotProtobuf(prost::DecodeError),
    /// An event of the history is no object.
    NotAnEvent {
        /// Its path.
        path: String,
    },
    /// The options of a recorded activity are refused.
    Recorded {
        /// The path of its attributes.
        path: String,
        /// Why.
        error: OptionsError,
    },
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unusable::Empty => write!(f, "the file is empty"),
            Unusable::Compressed => write!(f, "this is compressed with gzip"),
            Unusable::NotUtf8 { byte, .. } => {
                write!(f, "this is not UTF-8 text, from byte {byte} on")
            }
            Unusable::NotJson(error) => write!(f, "not JSON: {error}"),
            Unusable::NotProtobuf(error) => {
                write!(f, "this seems to be a history in protobuf, and cannot be decoded: {error}")
            }
            Unusable::NotAnEvent { .. } => {
                write!(f, "an event should be an object; this is no history")
            }
            Unusable::Options(error) | Unusable::Recorded { error, .. } => {
                write!(f, "{}", error.message())
            }
        }
    }
}

impl std::error::Error for Unusable {}
