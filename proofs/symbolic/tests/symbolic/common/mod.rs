//! Random programs over symbolic integers, and inputs for them.

use proptest::prelude::*;
use symbolic::{Instance, Int, assume, assume_le, assume_that, choose, fresh, literal, such_that};

pub(crate) const NAMES: [&str; 3] = ["x", "y", "z"];

/// What a random closure does next.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    /// Compares two forms in one of the six ways; what follows if it holds, and if not.
    Compare([usize; 2], i64, u8, Vec<Statement>, Vec<Statement>),
    /// Orders two integers three ways, as `cmp` does.
    Order([usize; 2], i64),
    /// Chooses; what follows depends on it.
    Choose(usize, Vec<Statement>),
    /// Assumes by forking, in one of the three forms.
    Assume([usize; 2], i64, u8),
    /// Assumes without a fork.
    AssumeLe([usize; 2], i64),
}

pub(crate) fn program() -> impl Strategy<Value = Vec<Statement>> {
    let pair = || [0..5_usize, 0..5_usize];
    let constant = || -3_i64..=3;
    let leaf = prop_oneof![
        4 => (pair(), constant()).prop_map(|(pair, c)| Statement::Order(pair, c)),
        1 => (pair(), constant(), 0..3_u8)
            .prop_map(|(pair, c, form)| Statement::Assume(pair, c, form)),
        1 => (pair(), constant()).prop_map(|(pair, c)| Statement::AssumeLe(pair, c)),
    ];
    let statement = leaf.prop_recursive(3, 12, 3, move |inner| {
        let block = || prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            3 => (pair(), constant(), 0..6_u8, block(), block())
                .prop_map(|(pair, c, how, yes, no)| Statement::Compare(pair, c, how, yes, no)),
            1 => (1..4_usize, block()).prop_map(|(n, block)| Statement::Choose(n, block)),
        ]
    });
    prop::collection::vec(statement, 1..4)
}

pub(crate) fn instance() -> impl Strategy<Value = Instance> {
    let value = || prop_oneof![-4_i128..=4, -100_i128..=100];
    let values = prop::collection::vec(value(), 8);
    (values, prop::collection::vec(0..4_u32, 0..6)).prop_map(|(values, choices)| {
        let mut names = NAMES.map(str::to_owned).to_vec();
        names.extend((1..=5).map(|n| if n == 1 { "late".into() } else { format!("late#{n}") }));
        Instance { values: names.into_iter().zip(values).collect(), choices }
    })
}

/// Executes `program`.
pub(crate) fn execute(program: &[Statement]) {
    let mut integers = NAMES.map(fresh).to_vec();
    integers.push(integers[0] + integers[1]);
    integers.push(integers[2] * 2 - literal(1));
    run(program, &mut integers);
}

fn run(program: &[Statement], integers: &mut Vec<Int>) {
    for statement in program {
        match statement {
            Statement::Compare(pair, constant, how, yes, no) => {
                let [left, right] = sides(integers, *pair, *constant);
                let holds = match how {
                    0 => left < right,
                    1 => left <= right,
                    2 => left == right,
                    3 => left != right,
                    4 => left >= right,
                    _ => left > right,
                };
                run(if holds { yes } else { no }, integers);
            }
            Statement::Order(pair, constant) => {
                let [left, right] = sides(integers, *pair, *constant);
                if left.cmp(&right).is_gt() {
                    integers[0] = fresh("late");
                }
            }
            Statement::Choose(options, block) => {
                if choose(*options) != 1 {
                    run(block, integers);
                }
            }
            Statement::Assume(pair, constant, form) => {
                let [left, right] = sides(integers, *pair, *constant);
                match form {
                    0 => assume(left <= right),
                    1 => assume_that(|| left != right && left <= literal(2)),
                    _ => {
                        integers[1] = such_that(|| {
                            let late = fresh("late");
                            let is_good = match choose(3) {
                                0 => left < late,
                                1 => true,
                                _ => left > late,
                            };
                            is_good.then_some(late)
                        });
                    }
                }
            }
            Statement::AssumeLe(pair, constant) => {
                let [left, right] = sides(integers, *pair, 0);
                assume_le(left, right, *constant);
            }
        }
    }
}

fn sides(integers: &[Int], pair: [usize; 2], constant: i64) -> [Int; 2] {
    [integers[pair[0]], integers[pair[1]] + literal(constant)]
}
