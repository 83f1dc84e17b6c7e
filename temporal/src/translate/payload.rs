//! Texts as payloads, in the encoding that Temporal's own tools show.

use crate::wire::{Payload, Payloads};
use std::collections::HashMap;

/// A text as payloads; none where there is none.
pub(crate) fn payloads(text: Option<&str>) -> Option<Payloads> {
    let data = serde_json::to_vec(text?).expect("a text is JSON");
    let metadata = HashMap::from([(ENCODING.to_owned(), JSON.as_bytes().to_vec())]);
    Some(Payloads { payloads: vec![Payload { metadata, data }] })
}

/// The text that payloads are, of several the first; none where there are none.
pub(crate) fn text(payloads: Option<&Payloads>) -> Option<String> {
    let Payload { metadata, data } = payloads?.payloads.first()?;
    let is_json = metadata.get(ENCODING).is_some_and(|it| it == JSON.as_bytes());
    let json = || serde_json::from_slice(data).ok();
    let bytes = || String::from_utf8_lossy(data).into_owned();
    Some(if is_json { json() } else { None }.unwrap_or_else(bytes))
}

/// Who that is; nobody where the name is empty.
pub(crate) fn identity(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

const ENCODING: &str = "encoding";
const JSON: &str = "json/plain";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_read_again() {
        for sent in ["payload 3", "", "\u{1f980} \"9\" \\ 3", "null"] {
            assert_eq!(text(payloads(Some(sent)).as_ref()).as_deref(), Some(sent));
        }
        assert_eq!(text(payloads(None).as_ref()), None);
        assert_eq!(text(Some(&Payloads::default())), None);
    }

    #[test]
    fn bytes_of_others_are_shown_as_they_are() {
        let metadata = HashMap::from([(ENCODING.to_owned(), b"binary/plain".to_vec())]);
        let payloads = Payloads { payloads: vec![Payload { metadata, data: b"\"3".to_vec() }] };
        assert_eq!(text(Some(&payloads)).as_deref(), Some("\"3"));
    }
}
