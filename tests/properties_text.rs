//! The text of scenarios: exact for every script, never surprised; and the pictures, which always
//! fit.

mod support;

use activity_execution::vocabulary::{
    Attempt, Opaque, Request, RequestId, Retryability, Span, Target, TaskToken, TimeoutType,
    Timestamp,
};
use activity_execution::{Failure, FailureInfo, Payload};
use activity_models::mutants::of_played;
use activity_models::scenario::{
    Core, Effort, Happening, Line, Script, Timers, Transcript, run, run_on,
};
use activity_models::story::split;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use support::plan::{Dice, Plan};

fn plans() -> impl Strategy<Value = Plan> {
    let moves = prop::collection::vec(any::<Dice>(), 0..30);
    (any::<[u16; 10]>(), moves).prop_map(|(options, moves)| Plan { options, moves })
}

/// Any payload at all: bytes, text that looks like the format's own words, failures in failures.
fn payloads() -> impl Strategy<Value = Payload> {
    let words = prop_oneof!["none|by|0x00|Transient|worker-a|50%|1|# x|", any::<String>()];
    let leaf = prop_oneof![
        Just(Payload::none()),
        any::<Vec<u8>>().prop_map(Payload::data),
        words.clone().prop_map(Payload::data),
    ];
    leaf.prop_recursive(3, 8, 2, move |inner| {
        (words.clone(), infos(inner.clone()), inner)
            .prop_map(|(message, info, cause)| Payload::failure(Failure { message, info, cause }))
    })
}

fn infos(inner: impl Strategy<Value = Payload>) -> impl Strategy<Value = FailureInfo> {
    let types = prop_oneof!["Transient|Timeout|Server|Application|a b|", any::<String>()];
    (0..6, types, any::<bool>(), 0..4_usize, inner).prop_map(
        |(kind, name, flag, which, details)| match kind {
            0 => FailureInfo::Application { type_name: name, non_retryable: flag },
            1 => FailureInfo::Server { non_retryable: flag },
            2 => FailureInfo::Timeout {
                timeout_type: TimeoutType::ALL[which],
                last_heartbeat_details: details,
            },
            3 => FailureInfo::Canceled { details },
            4 => FailureInfo::Terminated,
            _ => FailureInfo::Unspecified,
        },
    )
}

/// Calls that no plan makes: any attempt, any request id, any payload.
fn odd_calls() -> impl Strategy<Value = Request> {
    let attempts = prop_oneof![any::<i64>(), 0..4_i64];
    let ids = prop_oneof![any::<u32>(), 0..30_u32].prop_map(RequestId);
    let backoff = (0..100 * 365 * 86_400_000_i64).prop_map(Span);
    let details = prop::option::of(payloads());
    (0..4, attempts, ids, payloads(), payloads(), backoff, details).prop_map(
        |(kind, attempt, request_id, one, identity, backoff, last_heartbeat_details)| {
            let token = TaskToken(Attempt(attempt));
            match kind {
                0 => Request::RecordActivityTaskStarted { request_id, dispatched: token, identity },
                1 => Request::RespondActivityTaskFailed {
                    target: Target::Token(token),
                    failure: one,
                    retry: match attempt % 2 {
                        0 => Retryability::After(backoff),
                        _ => Retryability::NonRetryable,
                    },
                    last_heartbeat_details,
                    identity,
                },
                2 => {
                    let target = Target::ById;
                    Request::RespondActivityTaskCompleted { target, result: one, identity }
                }
                _ => Request::TerminateActivityExecution { request_id, identity, reason: one },
            }
        },
    )
}

/// The longest time that the text can say.
const LONGEST: Span = Span(1_000 * 365 * 86_400_000);

fn scripts() -> impl Strategy<Value = Script> {
    let comment = prop::collection::vec("[a-z#]([ -~]{0,20}[a-z.])?|", 0..3);
    let more = prop::collection::vec(odd_calls(), 0..4);
    let origin = 0..LONGEST.0;
    (plans(), comment, more, any::<bool>(), origin).prop_map(
        |(plan, comment, more, late, origin)| {
            let mut script = plan.play(Effort::Steps, Core::create).script;
            script.comment = comment.join("\n");
            script.schedule_time = Timestamp(origin);
            script.timers = if late { Timers::AsWritten } else { Timers::Punctual };
            let at = script.lines.last().map_or(Span(0), |line| line.at);
            let more = more.into_iter().map(Happening::Call);
            script.lines.extend(more.map(|happening| Line { at, happening }));
            script.lines.push(Line { at, happening: Happening::Describe });
            // Many long waits lead beyond what the text can say.
            script.lines.retain(|line| line.at <= LONGEST);
            script
        },
    )
}

fn is_in_the_picture(transcript: &Transcript) -> Result<(), TestCaseError> {
    let texts = [transcript.timeline().to_string(), transcript.to_string()];
    for line in texts.iter().flat_map(|text| text.lines()) {
        prop_assert!(line.chars().count() <= 100, "too wide: {line}");
    }
    let svg = transcript.timeline().svg();
    let document = roxmltree::Document::parse(&svg);
    prop_assert!(document.is_ok(), "{document:?}\n{svg}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_script_is_what_its_text_says(script in scripts()) {
        let text = script.to_string();
        let parsed = text.parse::<Script>();
        let error = parsed.as_ref().err().map(ToString::to_string).unwrap_or_default();
        prop_assert_eq!(parsed, Ok(script), "{}\n{}", text, error);
    }

    /// Whatever is done to a text, it is either a script or a complaint about a line that exists.
    #[test]
    fn a_mangled_text_is_understood_or_refused(
        plan in plans(),
        cut in any::<prop::sample::Index>(),
        junk in "[ -~é\n\"\\\\(#]{0,6}",
        arbitrary in any::<String>(),
    ) {
        let mut mangled: Vec<char> =
            plan.play(Effort::Steps, Core::create).script.to_string().chars().collect();
        let at = cut.index(mangled.len());
        mangled.splice(at..mangled.len().min(at + 3), junk.chars());
        for text in [mangled.into_iter().collect(), arbitrary] {
            match text.parse::<Script>() {
                Ok(script) => is_in_the_picture(&run(&script))?,
                Err(error) => {
                    let (above, _) = split(&text);
                    prop_assert!(error.line <= above.lines().count().max(1), "{error}\n{text}");
                    prop_assert!(!error.problem.is_empty());
                }
            }
        }
    }

    #[test]
    fn every_picture_fits_the_screen(plan in plans(), which in any::<prop::sample::Index>()) {
        is_in_the_picture(&plan.play(Effort::Steps, Core::create))?;
        let mutant = *which.get(&of_played());
        let create = |terms: &_, now, request_id| mutant.create(terms, now, request_id);
        let transcript = plan.play(Effort::Probes, create);
        is_in_the_picture(&transcript)?;
        let again = run_on(&transcript.reproduction(), Effort::Steps, create);
        prop_assert_eq!(again.violations, transcript.violations, "{}", mutant.name);
    }
}
