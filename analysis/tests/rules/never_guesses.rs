//! What is said as certain holds whatever the unknown options are; what is mended is mended.

use crate::support::{declared, read, say, some_options, with};
use activity_analysis::rules::{ALL, Known, Way, judge};
use activity_execution::options::Field;
use activity_execution::vocabulary::Dialect;
use proptest::prelude::*;

/// Every rule but the one that explores, which is slow and never speaks of what is unknown.
fn quick() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|rule| rule.id).filter(|id| *id != "worst-case")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_certain_holds_of_whatever_is_hidden(
        options in some_options(),
        hidden in proptest::sample::subsequence(Field::ALL.to_vec(), 1..4),
    ) {
        let mut known = options.clone();
        for field in &hidden {
            known.set(*field, Known::Unknown);
        }
        let is_accepted = say("options-refused", &options, &declared()).is_none();
        for rule in quick() {
            let Some(said) = say(rule, &known, &declared()) else { continue };
            let certain = said.is_certain() && (is_accepted || rule == "options-refused");
            if certain {
                let is_so = say(rule, &options, &declared()).is_some();
                prop_assert!(is_so, "{rule} without {hidden:?}: {}\n{options:?}", said.message);
            }
        }
    }

    #[test]
    fn a_fix_silences_its_rule_and_a_millisecond_less_does_not(options in some_options()) {
        for rule in quick() {
            let Some(said) = say(rule, &options, &declared()) else { continue };
            let Some(fix) = said.fix else { continue };
            let (mended, at) = with(&options, declared(), fix, 0);
            prop_assert!(say(rule, &mended, &at).is_none(), "{rule}: {fix:?}\n{options:?}");
            let less = if fix.way == Way::Raise { -1 } else { 1 };
            let (nearer, at) = with(&options, declared(), fix, less);
            prop_assert!(say(rule, &nearer, &at).is_some(), "{rule}: {fix:?}\n{options:?}");
        }
    }

    #[test]
    fn no_option_that_a_rule_does_not_declare_makes_a_difference(options in some_options()) {
        let said = judge(&options, Dialect::Standalone, &declared(), &Default::default());
        let again = judge(&options, Dialect::Workflow, &declared(), &Default::default());
        let ids = |it: &[activity_analysis::rules::Finding]| -> Vec<&str> {
            it.iter().map(|finding| finding.rule.id).collect()
        };
        prop_assert_eq!(ids(&said), ids(&again), "the dialects agree on all of these");
    }
}

#[test]
fn an_unknown_value_is_named_with_what_it_decides() {
    let condition = |rule: &str, text: &str| {
        let (known, declared) = read(text);
        say(rule, &known, &declared).and_then(|finding| finding.condition)
    };
    let total = "start_to_close_timeout=30m schedule_to_close_timeout=30m";
    let attempts = format!("{total} maximum_attempts=?");
    let said = condition("never-retries", &attempts);
    assert_eq!(said.as_deref(), Some("if maximum_attempts is not 1"));
    let heartbeat = format!("{total} heartbeat_timeout=?");
    let said = condition("never-retries", &heartbeat);
    assert_eq!(said.as_deref(), Some("if heartbeat_timeout is not given or long enough"));
    let session = "start_to_close_timeout=2h may_run_in_session=true";
    let said = condition("no-heartbeat", session);
    assert!(said.is_some_and(|said| said.starts_with("unless it runs in a session")));
    let said = condition("no-heartbeat", "start_to_close_timeout=2h schedule_to_close_timeout=?");
    let long = "if schedule_to_close_timeout is not given or long enough";
    assert_eq!(said.as_deref(), Some(long));
}
