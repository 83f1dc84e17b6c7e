//! What a promise about a small machine is: a named predicate over one step.
//! Generic over the machine; knows of none.

/// One promise: its name, what it says, and whether it holds of a step of a machine with terms
/// `T`, states `S` and steps `A`.
#[derive(Clone, Copy, Debug)]
pub struct Promise<T, S, A> {
    /// The name of the function, and of every property and theorem about it.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub statement: &'static str,
    /// Whether it looks at the state after the step alone.
    pub of_states: bool,
    /// Whether it holds: terms, before, step, after.
    pub holds: fn(&T, &S, &A, &S) -> bool,
}

/// Defines promises of one machine as functions, with the doc comment as statement, and a table
/// of them: its generics, then the types of terms, states and steps.
macro_rules! promises {
    ($generics:tt $types:tt $table:ident, of_states: $of_states:literal;
     $($(#[doc = $statement:literal])+ $name:ident $arguments:tt $body:block)+) => {
        $($crate::worker::promise::predicate! {
            $generics $types $(#[doc = $statement])+ $name $arguments $body
        })+

        $crate::worker::promise::table! {
            $generics $types $table;
            $($crate::worker::promise::Promise {
                name: stringify!($name),
                statement: concat!($($statement),+).trim_ascii(),
                of_states: $of_states,
                holds: $name,
            }),+
        }
    };
}
pub(crate) use promises;

macro_rules! predicate {
    ([$($generics:tt)*]($terms_type:ty, $state:ty, $step_type:ty)
     $(#[doc = $statement:literal])+
     $name:ident($terms:ident, $before:ident, $step:ident, $after:ident) $body:block) => {
        $(#[doc = $statement])+
        #[must_use]
        pub fn $name<$($generics)*>(
            $terms: &$terms_type,
            $before: &$state,
            $step: &$step_type,
            $after: &$state,
        ) -> bool $body
    };
}
pub(crate) use predicate;

macro_rules! table {
    ([$($generics:tt)*]($terms:ty, $state:ty, $step:ty) $table:ident; $($row:expr),+) => {
        pub(super) fn $table<$($generics)*>()
        -> alloc::vec::Vec<$crate::worker::promise::Promise<$terms, $state, $step>> {
            alloc::vec![$($row),+]
        }
    };
}
pub(crate) use table;
