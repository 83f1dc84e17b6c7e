//! The SMT-LIB script, read by a small evaluator: well-formed, exhaustive, each path needed.

use crate::common::{execute, instance, program};
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

/// A script, read.
struct Script {
    constants: Vec<String>,
    definitions: Vec<(String, Expression)>,
    assertions: Vec<Expression>,
}

/// What an input makes of a script, if paths that are explored and left out end in these.
struct Input {
    values: BTreeMap<String, i128>,
    truths: BTreeMap<String, bool>,
}

impl Input {
    fn truth(&self, expression: &Expression) -> bool {
        if let Expression::Word(word) = expression {
            return word == "true" || self.truths[word];
        }
        let (head, operands) = call(expression);
        let compare = || {
            let [left, right] = operands else { panic!("two operands: {expression:?}") };
            integer(left, &self.values).cmp(&integer(right, &self.values))
        };
        match head {
            "and" => operands.iter().all(|operand| self.truth(operand)),
            "=>" => !self.truth(&operands[0]) || self.truth(&operands[1]),
            "<" => compare().is_lt(),
            "<=" => compare().is_le(),
            "=" => compare().is_eq(),
            ">=" => compare().is_ge(),
            ">" => compare().is_gt(),
            _ => panic!("not a condition: {expression:?}"),
        }
    }
}

impl Script {
    fn read(script: &str) -> Script {
        let mut read =
            Script { constants: Vec::new(), definitions: Vec::new(), assertions: Vec::new() };
        let mut questions = 0;
        for command in parse(script) {
            match call(&command) {
                ("set-logic", [Expression::Word(logic)]) => assert_eq!(logic, "QF_LIA"),
                ("declare-const", [Expression::Word(name), Expression::Word(sort)]) => {
                    assert_eq!(sort, "Int");
                    read.constants.push(name.trim_matches('|').to_owned());
                }
                ("define-fun", [Expression::Word(name), Expression::List(none), sort, body]) => {
                    assert!(
                        none.is_empty() && matches!(sort, Expression::Word(it) if it == "Bool")
                    );
                    read.definitions.push((name.clone(), body.clone()));
                }
                ("assert", [condition]) => read.assertions.push(condition.clone()),
                ("check-sat", []) => questions += 1,
                _ => panic!("not a command: {command:?}"),
            }
        }
        assert_eq!(questions, 1);
        read
    }

    /// Whether an input satisfies the assertions if the ends of paths were true or false like this.
    fn accepts(&self, input: &Instance, explored: bool, left_out: bool) -> bool {
        let value = |name: &String| match name.strip_prefix("#choice ") {
            Some(number) => input.choice(number.parse().expect("a number"), u32::MAX).into(),
            None => input.value(name),
        };
        let values = self.constants.iter().map(|name| (name.clone(), value(name))).collect();
        let mut input = Input { values, truths: BTreeMap::new() };
        for (name, body) in &self.definitions {
            let truth = match name.as_str() {
                "|#explored|" => explored,
                "|#left out|" => left_out,
                _ => input.truth(body),
            };
            if matches!(name.as_str(), "|#explored|" | "|#left out|") {
                assert!(matches!(body, Expression::Word(word) if word == "false"));
            }
            assert!(input.truths.insert(name.clone(), truth).is_none(), "{name} is defined once");
        }
        self.assertions.iter().all(|assertion| input.truth(assertion))
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_script_says_of_every_input_where_its_path_ends(
        program in program(),
        inputs in prop::collection::vec(instance(), 20),
    ) {
        let report = Explorer::new(Budget::default()).record_paths().prove("program", || {
            execute(&program);
        });
        let text = report.paths.to_smtlib();
        let script = Script::read(&text);
        for input in inputs {
            prop_assert!(!script.accepts(&input, false, false), "{}\n{}", &input, &text);
            let takes = |end| {
                let mut paths = report.paths.iter().filter(|path| path.end() == end);
                paths.any(|path| path.matches(&input))
            };
            let is_explored = script.accepts(&input, true, false);
            prop_assert_eq!(is_explored, takes(End::Finished), "{}\n{}", &input, &text);
            // An input that an assumption without a fork excludes takes no path at all.
            let is_left_out = script.accepts(&input, false, true);
            prop_assert_eq!(is_left_out, takes(End::Pruned), "{}\n{}", &input, &text);
        }
    }
}

#[test]
fn the_parts_of_a_split_exploration_are_one_script() {
    let explorer = Explorer::new(Budget::default()).record_paths();
    let explore = |parts: std::ops::Range<usize>| {
        explorer.prove_split("three parts", 3, |part| {
            let x = symbolic::fresh("x");
            symbolic::assume(parts.contains(&part));
            let _ = x < symbolic::Int::from(i64::try_from(part).expect("small"));
        })
    };
    let script = Script::read(&explore(0..3).paths.to_smtlib());
    assert_eq!(script.constants, ["x", "#choice 0"]);
    let without = Script::read(&explore(0..2).paths.to_smtlib());
    for choice in 0..5 {
        for x in -2..=4 {
            let input = Instance { values: [("x".to_owned(), x)].into(), choices: vec![choice] };
            assert!(!script.accepts(&input, false, true), "{input}");
            assert!(script.accepts(&input, true, false), "{input}");
            assert_eq!(without.accepts(&input, false, true), choice >= 2, "{input}");
        }
    }
}

#[test]
fn what_comes_after_equal_decisions_is_written_once() {
    let report =
        Explorer::new(Budget::default()).record_paths().prove("a flag for nothing", || {
            let x = symbolic::fresh("x");
            let _ = symbolic::flag();
            let _ = x < symbolic::literal(0);
        });
    let script = report.paths.to_smtlib();
    assert_eq!(report.expect_proved().paths, 4);
    assert_eq!(script.matches("(define-fun |#missed").count(), 2, "{script}");
    assert_eq!(script.matches("(< |x| 0)").count(), 1, "{script}");
}
