//! Request ids as their callers sent them: any text; a UUID, which is what most send, without heap.
//! Compares and shows; never makes one up.

use alloc::sync::Arc;
use core::fmt;

/// A request id as its caller sent it.
///
/// ```
/// use activity_execution::RequestIdText;
///
/// let id = RequestIdText::from("6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e57");
/// assert_eq!(id.to_string(), "6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e57");
/// assert_ne!(id, RequestIdText::from("order 17, second try"));
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct RequestIdText(Text);

#[derive(Clone, Eq, Hash, PartialEq)]
enum Text {
    /// A UUID in lower case with hyphens; any other spelling is another text.
    Uuid([u8; 16]),
    Any(Arc<str>),
}

impl RequestIdText {
    /// How many bytes it holds on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        match &self.0 {
            Text::Uuid(_) => 0,
            // The two counters of the `Arc` come before the text.
            Text::Any(text) => 2 * size_of::<usize>() + text.len(),
        }
    }
}

impl From<&str> for RequestIdText {
    fn from(text: &str) -> Self {
        RequestIdText(match uuid(text.as_bytes()) {
            Some(bytes) => Text::Uuid(bytes),
            None => Text::Any(text.into()),
        })
    }
}

impl From<alloc::string::String> for RequestIdText {
    fn from(text: alloc::string::String) -> Self {
        RequestIdText::from(text.as_str())
    }
}

impl From<&RequestIdText> for RequestIdText {
    fn from(id: &RequestIdText) -> Self {
        id.clone()
    }
}

impl fmt::Display for RequestIdText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Text::Any(text) => f.pad(text),
            Text::Uuid(bytes) => {
                for (place, byte) in bytes.iter().enumerate() {
                    let hyphen = if HYPHENS.contains(&place) { "-" } else { "" };
                    write!(f, "{hyphen}{byte:02x}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for RequestIdText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Text::Any(text) => text.fmt(f),
            Text::Uuid(_) => write!(f, "\"{self}\""),
        }
    }
}

/// The bytes of a UUID, if this is the spelling in which it is shown again.
fn uuid(text: &[u8]) -> Option<[u8; 16]> {
    if text.len() != 36 {
        return None;
    }
    let mut bytes = [0; 16];
    let mut rest = text;
    for (place, byte) in bytes.iter_mut().enumerate() {
        if HYPHENS.contains(&place) {
            rest = rest.strip_prefix(b"-")?;
        }
        let (pair, after) = rest.split_first_chunk::<2>()?;
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        rest = after;
    }
    Some(bytes)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

/// Before which bytes a hyphen stands.
const HYPHENS: [usize; 4] = [4, 6, 8, 10];

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_request_id_is_shown_as_it_was_sent() {
        for text in [
            "",
            "request",
            "6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e57",
            "6F1C0F3E-9D7A-4C3F-8D38-0F4C1B9A2E57",
            "6f1c0f3e9d7a-4c3f-8d38-0f4c1b9a2e57-",
            "6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e5é",
        ] {
            assert_eq!(RequestIdText::from(text).to_string(), text);
        }
    }

    #[test]
    fn a_uuid_takes_no_heap_and_no_other_id_is_taken_for_it() {
        let uuid = RequestIdText::from("6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e57");
        assert_eq!(uuid.heap_bytes(), 0);
        let shouted = RequestIdText::from("6F1C0F3E-9D7A-4C3F-8D38-0F4C1B9A2E57");
        assert!(shouted.heap_bytes() > 0);
        assert_ne!(uuid, shouted);
        assert_eq!(size_of::<RequestIdText>(), 24);
    }
}
