//! `activity prove` as its users meet it.

use super::support::{activity, folder_with};
use serde_json::{Value, json};

#[test]
fn a_proof_shows_its_theorems_and_what_it_took() {
    let ran = activity(&["prove", "settled", "--format", "json"]);
    let mut value: Value = serde_json::from_str(ran.accepted()).unwrap();
    for proof in value["proofs"].as_array_mut().unwrap() {
        assert!(proof["seconds"].take().as_f64().is_some_and(|took| took > 0.0));
    }
    insta::assert_snapshot!("proved", format!("{value:#}"));
}

#[test]
fn a_table_ends_with_the_verdict() {
    let ran = activity(&["prove", "a_held_task_has_a_deadline"]);
    let text = ran.accepted();
    assert!(text.contains("\na_held_task_has_a_deadline  proved   liveness, "), "{text}");
    assert!(text.contains("\n1 theorem proved for all parameters ("), "{text}");
    assert!(!text.contains("due_deadlines_can_always_be_settled"), "{text}");
}

#[test]
fn a_wrong_rule_is_refuted_with_a_case_that_a_person_can_follow() {
    let refinement = "each_step_of_the_core_is_a_step_of_the_specification";
    let ran = activity(&["prove", "--mutant", "fires_early", refinement]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let shown = ran.stdout.split_once(" s\n\n").unwrap().1.split_once("\n1 of 1").unwrap().0;
    insta::assert_snapshot!("refuted", shown);
}

#[test]
fn every_theorem_is_a_test_case_for_a_build_server() {
    let ran = activity(&["prove", "settled", "--format", "junit"]);
    let accepted = ran.accepted();
    assert!(accepted.contains("<testsuite name=\"settled\" tests=\"4\""), "{accepted}");
    assert!(accepted.contains("name=\"silence_means_that_nothing_is_due\""), "{accepted}");
    let mutant = ["prove", "--mutant", "fires_early", "no_timeout_before_its_deadline"];
    let ran = activity(&[&mutant[..], &["--format", "junit"]].concat());
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("failures=\"1\""), "{}", ran.stdout);
    assert!(ran.stdout.contains("Not so, for example"), "{}", ran.stdout);
}

#[test]
fn what_is_not_explored_is_not_proved() {
    let ran = activity(&["prove", "rank", "--budget", "0", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (3, ""));
    let value: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["theorems"][0]["verdict"], json!("undecided"));
}

#[test]
fn a_name_that_does_not_exist_is_refused_with_the_nearest() {
    let theorem = activity(&["prove", "closed_is_finl"]);
    assert!(theorem.refused().contains("did you mean `closed_is_final`?"));
    let mutant = activity(&["prove", "--mutant", "fires_erly"]);
    assert!(mutant.refused().contains("did you mean `fires_early`?"));
}

#[test]
fn obligations_are_written_for_other_judges() {
    let folder = folder_with::<&str>(&[]);
    let ran = folder.run(&["prove", "settled", "--smt-lib", "obligations", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let script = folder.read("obligations/settled/Started.smt2");
    assert!(script.starts_with("; unsat:"), "{}", &script[..80]);
    assert!(script.ends_with("(check-sat)\n"));
}
