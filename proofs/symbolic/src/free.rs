//! Free terms: opaque values that are equal exactly if they were built alike.
//! Knows nothing of integers; nothing ever forks on a free term.

use crate::context::{try_with, with};
use crate::hash::Map;
use std::fmt;

/// An uninterpreted term of the current exploration.
///
/// ```
/// use symbolic::{Budget, Free, prove};
///
/// prove("details survive", Budget::default(), || {
///     let details = Free::new("details", &[]);
///     let failure = Free::new("timeout", &[details]);
///     assert_eq!(failure, Free::new("timeout", &[details]));
///     assert_ne!(failure, details);
///     assert_eq!(format!("{failure:?}"), "timeout(details)");
/// })
/// .expect_proved();
/// ```
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Free(u32);

#[derive(Debug, Default)]
pub(crate) struct FreeTerms {
    built: Vec<(String, Vec<Free>)>,
    numbers: Map<String, Map<Vec<Free>, Free>>,
}

impl Free {
    /// The term with this constructor and these arguments.
    ///
    /// # Panics
    /// Outside of an exploration.
    pub fn new(constructor: &str, arguments: &[Self]) -> Self {
        with(|context| context.free.build(constructor, arguments))
    }
}

impl fmt::Debug for Free {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = try_with(|context| context.free.show(*self)).flatten();
        out.write_str(text.as_deref().unwrap_or("(a term of another exploration)"))
    }
}

impl FreeTerms {
    fn build(&mut self, constructor: &str, arguments: &[Free]) -> Free {
        let known = self.numbers.get(constructor).and_then(|terms| terms.get(arguments));
        if let Some(&known) = known {
            return known;
        }
        let term = Free(u32::try_from(self.built.len()).expect("fewer than 2^32 terms"));
        self.built.push((constructor.to_owned(), arguments.to_vec()));
        let terms = self.numbers.entry(constructor.to_owned()).or_default();
        terms.insert(arguments.to_vec(), term);
        term
    }

    fn show(&self, term: Free) -> Option<String> {
        let (constructor, arguments) = self.built.get(term.0 as usize)?;
        if arguments.is_empty() {
            return Some(constructor.clone());
        }
        let arguments: Option<Vec<String>> = arguments.iter().map(|&a| self.show(a)).collect();
        Some(format!("{constructor}({})", arguments?.join(", ")))
    }
}
