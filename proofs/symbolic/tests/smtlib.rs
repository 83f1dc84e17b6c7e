//! The SMT-LIB script, read by a small evaluator: well-formed, exhaustive, each path needed.

mod common;

use common::{execute, instance, program};
use proptest::prelude::*;
use std::collections::BTreeMap;
use symbolic::{Budget, End, Explorer, Instance};

#[derive(Clone, Debug)]
enum Expression {
    Word(String),
    List(Vec<Expression>),
}

/// All expressions of `text`; panics if the parentheses or quotes do not match.
fn parse(text: &str) -> Vec<Expression> {
    let text: String = text.lines().filter(|line| !line.starts_with(';')).collect();
    let mut open: Vec<Vec<Expression>> = vec![Vec::new()];
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '|' => rest[1..].find('|').expect("a quote is closed") + 2,
            '(' | ')' | ' ' => 1,
            _ => rest.find(['(', ')', ' ', '|']).expect("a word is followed by a delimiter"),
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        match first {
            ' ' => {}
            '(' => open.push(Vec::new()),
            ')' => {
                let list = open.pop().expect("a list was opened");
                open.last_mut().expect("parentheses match").push(Expression::List(list));
            }
            _ => open.last_mut().expect("the top").push(Expression::Word(word.to_owned())),
        }
    }
    assert_eq!(open.len(), 1, "parentheses match");
    open.remove(0)
}

fn call(expression: &Expression) -> (&str, &[Expression]) {
    let Expression::List(items) = expression else { panic!("not a list: {expression:?}") };
    let Expression::Word(head) = &items[0] else { panic!("no head: {expression:?}") };
    (head, &items[1..])
}

fn integer(expression: &Expression, values: &BTreeMap<String, i128>) -> i128 {
    if let Expression::Word(word) = expression {
        let name = word.strip_prefix('|').and_then(|word| word.strip_suffix('|'));
        return name.map_or_else(|| word.parse().expect("a number"), |name| values[name]);
    }
    let (head, operands) = call(expression);
    let operands: Vec<i128> = operands.iter().map(|operand| integer(operand, values)).collect();
    match (head, operands.as_slice()) {
        ("+", [_, _, ..]) => operands.iter().sum(),
        ("*", [left, right]) => left * right,
        ("-", [only]) => -only,
        ("-", [left, right]) => left - right,
        _ => panic!("not an integer: {expression:?}"),
    }
}

fn truth(expression: &Expression, values: &BTreeMap<String, i128>) -> bool {
    if let Expression::Word(word) = expression {
        assert_eq!(word, "true");
        return true;
    }
    let (head, operands) = call(expression);
    let compare = || {
        let [left, right] = operands else { panic!("two operands: {expression:?}") };
        integer(left, values).cmp(&integer(right, values))
    };
    match head {
        "not" => !truth(&operands[0], values),
        "and" => operands.iter().all(|operand| truth(operand, values)),
        "<" => compare().is_lt(),
        "<=" => compare().is_le(),
        "=" => compare().is_eq(),
        ">=" => compare().is_ge(),
        ">" => compare().is_gt(),
        _ => panic!("not a condition: {expression:?}"),
    }
}

/// The declared constants and the asserted conditions of `script`.
fn read(script: &str) -> (Vec<String>, Vec<Expression>) {
    let (mut constants, mut assertions, mut questions) = (Vec::new(), Vec::new(), 0);
    for command in parse(script) {
        match call(&command) {
            ("set-logic", [Expression::Word(logic)]) => assert_eq!(logic, "QF_LIA"),
            ("declare-const", [Expression::Word(name), Expression::Word(sort)]) => {
                assert_eq!(sort, "Int");
                constants.push(name.trim_matches('|').to_owned());
            }
            ("assert", [condition]) => assertions.push(condition.clone()),
            ("check-sat", []) => questions += 1,
            _ => panic!("not a command: {command:?}"),
        }
    }
    assert_eq!(questions, 1);
    (constants, assertions)
}

fn valuation(constants: &[String], input: &Instance) -> BTreeMap<String, i128> {
    let value = |name: &String| match name.strip_prefix("#choice ") {
        Some(number) => input.choice(number.parse().expect("a number"), u32::MAX).into(),
        None => input.value(name),
    };
    constants.iter().map(|name| (name.clone(), value(name))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_input_violates_exactly_one_assertion_of_the_script(
        program in program(),
        inputs in prop::collection::vec(instance(), 20),
    ) {
        let report = Explorer::new(Budget::default()).record_paths().prove("program", || {
            execute(&program);
        });
        let script = report.paths.to_smtlib();
        let (constants, assertions) = read(&script);
        for input in inputs {
            let values = valuation(&constants, &input);
            let violated: Vec<&Expression> =
                assertions.iter().filter(|assertion| !truth(assertion, &values)).collect();
            prop_assert_eq!(violated.len(), 1, "{}\n{}", &input, &script);
            // It is among the last ones, the paths, exactly if the input takes a finished path.
            let finished = report.paths.iter().filter(|path| path.end() == End::Finished);
            let explored = finished.into_iter().any(|path| path.matches(&input));
            let paths = &assertions[assertions.len() - report.statistics.paths as usize..];
            prop_assert_eq!(paths.iter().any(|path| !truth(path, &values)), explored);
        }
    }
}

#[test]
fn the_parts_of_a_split_exploration_are_one_script() {
    let explorer = Explorer::new(Budget::default()).record_paths();
    let report = explorer.prove_split("three parts", 3, |part| {
        let x = symbolic::fresh("x");
        let _ = x < symbolic::Int::from(i64::try_from(part).expect("small"));
    });
    let (constants, assertions) = read(&report.paths.to_smtlib());
    assert_eq!(constants, ["x", "#choice 0"]);
    assert_eq!(assertions.len(), 6);
    for choice in 0..5 {
        for x in -2..=4 {
            let input = Instance { values: [("x".to_owned(), x)].into(), choices: vec![choice] };
            let values = valuation(&constants, &input);
            assert_eq!(assertions.iter().filter(|&a| !truth(a, &values)).count(), 1, "{input}");
        }
    }
}
