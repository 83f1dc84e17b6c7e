//! A workflow history in protobuf, as SDKs keep them for replay: a sequence of events, each as long as
//! it says. Takes one at a time; what is in an event is decoded elsewhere.

use super::error::Fault;
use super::protobuf;
use super::tree::{Node, Value};
use std::fmt;
use std::io::{self, Read};

/// Whether these bytes may be a message: no text has the tags with which every event begins.
pub(super) fn is_likely(bytes: &[u8]) -> bool {
    let Some(length) = bytes.strip_prefix(b"\x0a") else { return false };
    let ends = length.iter().take(5).position(|byte| *byte < 0x80);
    ends.is_some_and(|at| length.get(at + 1) == Some(&0x08))
}

/// The history as a tree, of every event no more than is read.
///
/// # Errors
/// If it cannot be decoded.
pub(super) fn history(bytes: &[u8]) -> Result<Node<'static>, Fault> {
    let mut all = Vec::new();
    events(bytes, |event| {
        all.push(event);
        Ok(())
    })?;
    Ok(protobuf::table([("events", Some(Node::without_place(Value::List(all))))]))
}

/// Gives each event of a history as it comes, of every one no more than is read.
///
/// # Errors
/// If one cannot be decoded, or is refused.
pub(super) fn events<R: Read>(
    mut bytes: R,
    mut each: impl FnMut(Node<'static>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut event = Vec::new();
    let mut many = 0_usize;
    loop {
        let path = format!("events[{many}]");
        let broken = |what: &dyn fmt::Display| undecodable(what).within(&path);
        let Some(tag) = varint(&mut bytes).map_err(|it| broken(&it))? else { return Ok(()) };
        if tag != EVENTS {
            return Err(broken(&"what follows is no event"));
        }
        let length = varint(&mut bytes).map_err(|it| broken(&it))?;
        let length = length.ok_or_else(|| broken(&"it ends within an event"))?;
        if length > LARGEST {
            return Err(broken(&"it is larger than any event"));
        }
        event.clear();
        let read = bytes.by_ref().take(length).read_to_end(&mut event);
        read.map_err(|it| broken(&it))?;
        if u64::try_from(event.len()).unwrap_or(u64::MAX) < length {
            return Err(broken(&"it ends within an event"));
        }
        let decoded = protobuf::event(&event).map_err(|it| broken(&it))?;
        each(decoded)?;
        many += 1;
    }
}

fn undecodable(what: &dyn fmt::Display) -> Fault {
    Fault::new(format!("this seems to be a history in protobuf, and cannot be decoded: {what}"))
        .help("export it once more, or as JSON: temporal workflow show --output json")
}

/// The next number; `None` at the end.
fn varint<R: Read>(bytes: &mut R) -> io::Result<Option<u64>> {
    let mut number = 0_u64;
    for (index, shift) in (0..64).step_by(7).enumerate() {
        let mut byte = [0];
        match bytes.read_exact(&mut byte) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && index == 0 => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
        number |= u64::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            return Ok(Some(number));
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "a number has no end"))
}

/// The tag of `History.events`.
const EVENTS: u64 = 0x0a;
/// No server writes an event that is larger, in bytes.
pub(super) const LARGEST: u64 = 1 << 26;
