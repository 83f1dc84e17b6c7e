//! What a promise is, of whichever machine: a named predicate over one step; and the macro that
//! defines promises, a table of them and a function that judges by all of them at once.

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
    pub holds: Predicate<T, S, A>,
}

/// ExecutionOptions, the state before, the step, the state after.
pub type Predicate<T, S, A> = fn(&T, &S, &A, &S) -> bool;

/// Defines promises of one machine: how visible they are, their generics, the types of terms,
/// states and steps; how visible the table is, its name, and that of the function that judges by
/// all of them, if one is wanted; then each promise, with the doc comment as its statement.
///
/// The judging function says what the predicates of the table say one by one, without a call for
/// each: it tells its last argument of each promise, in the order of the table, whether it holds.
#[doc(hidden)]
#[macro_export]
macro_rules! promises {
    ($vis:vis [$($generics:tt)*]($($types:tt)*)
     $seen:vis $table:ident $(, $judge:ident)?; of_states: $of_states:literal;
     $($promises:tt)+) => {
        $crate::promises! { @defined {$vis [$($generics)*]($($types)*)}
            {$seen} $table $(, $judge)?; $of_states; $($promises)+ }
    };

    (@defined $head:tt $seen:tt $table:ident $(, $judge:ident)?; $of_states:literal;
     $($(#[doc = $statement:literal])+ $name:ident $arguments:tt $body:block)+) => {
        $($crate::promises! {
            @predicate $head $(#[doc = $statement])+ $name $arguments $body
        })+
        $crate::promises! { @table $head $seen $table;
            $($crate::promises::Promise {
                name: stringify!($name),
                statement: concat!($($statement),+).trim_ascii(),
                of_states: $of_states,
                holds: $name,
            }),+
        }
        $crate::promises! { @judge $head $seen $($judge)?; $($name)+ }
    };

    (@predicate {$vis:vis [$($generics:tt)*]($terms_type:ty, $state:ty, $step_type:ty)}
     $(#[doc = $statement:literal])+
     $name:ident($terms:pat, $before:pat, $step:pat, $after:pat) $body:block) => {
        $(#[doc = $statement])+
        #[must_use]
        #[inline]
        $vis fn $name<$($generics)*>(
            $terms: &$terms_type,
            $before: &$state,
            $step: &$step_type,
            $after: &$state,
        ) -> bool $body
    };

    (@table {$vis:vis [$($generics:tt)*]($terms:ty, $state:ty, $step:ty)}
     {$seen:vis} $table:ident; $($row:expr),+) => {
        $seen fn $table<$($generics)*>()
        -> $crate::promises::vec::Vec<$crate::promises::Promise<$terms, $state, $step>> {
            $crate::promises::vec![$($row),+]
        }
    };

    (@judge $head:tt $seen:tt; $($name:ident)+) => {};
    (@judge {$vis:vis [$($generics:tt)*]($terms:ty, $state:ty, $step:ty)}
     {$seen:vis} $judge:ident; $($name:ident)+) => {
        #[inline]
        $seen fn $judge<$($generics)*>(
            terms: &$terms,
            before: &$state,
            step: &$step,
            after: &$state,
            judged: &mut impl FnMut(bool),
        ) {
            $(judged($name(terms, before, step, after));)+
        }
    };
}
