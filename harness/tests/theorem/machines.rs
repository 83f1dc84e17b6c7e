//! Wrong machines with extra states, made of the right one.

use activity_harness::machine::{Mealy, Minimal, Symbol};
use activity_harness::suite::Dice;

/// Whether a machine has so many states, all reached and no two alike.
pub(crate) fn is_of(machine: &Mealy, states: usize) -> bool {
    machine.states() == states && Minimal::of(machine).states() == states
}

/// A wrong machine with one state more: a copy of one, entered by one of the steps that lead there,
/// and up to three steps changed, of the copy or of any state.
pub(crate) fn wrong(right: &Minimal, outputs: usize, dice: &mut Dice) -> Mealy {
    loop {
        let mut machine = right.mealy().clone();
        let (from, symbol) = step(&machine, dice);
        let copy = machine.copy(machine.next(from, symbol));
        machine.redirect(from, symbol, copy);
        change(&mut machine, copy, outputs, dice);
        for _ in 0..dice.below(3) {
            let state = step(&machine, dice).0;
            change(&mut machine, state, outputs, dice);
        }
        let states = right.states() + 1;
        if is_of(&machine, states) && super::differs(right, &machine) {
            return machine;
        }
    }
}

/// A path of three steps that a suite does not take: from a state by three symbols.
pub(crate) type Path = (u32, [Symbol; 3]);

/// A wrong machine with two states more, that is wrong only at the end of a path: the first step
/// leads to a copy, the second one from there to another, whose third step is wrong.
pub(crate) fn behind(
    right: &Minimal,
    (from, [first, second, third]): Path,
    outputs: usize,
    dice: &mut Dice,
) -> Mealy {
    let mut machine = right.mealy().clone();
    let one = machine.copy(machine.next(from, first));
    machine.redirect(from, first, one);
    let other = machine.copy(machine.next(one, second));
    machine.redirect(one, second, other);
    change_step(&mut machine, (other, third), outputs, dice);
    machine
}

/// Any step of a machine.
fn step(machine: &Mealy, dice: &mut Dice) -> (u32, Symbol) {
    let state = dice.below(machine.states());
    let symbol = dice.below(machine.inputs());
    let state = u32::try_from(state).expect("small machines have few states");
    (state, u8::try_from(symbol).expect("an alphabet is small"))
}

fn change(machine: &mut Mealy, state: u32, outputs: usize, dice: &mut Dice) {
    let (_, symbol) = step(machine, dice);
    change_step(machine, (state, symbol), outputs, dice);
}

/// Lets a step lead elsewhere, or show something else.
fn change_step(
    machine: &mut Mealy,
    (state, symbol): (u32, Symbol),
    outputs: usize,
    dice: &mut Dice,
) {
    if dice.below(2) == 0 {
        let to = step(machine, dice).0;
        machine.redirect(state, symbol, to);
    } else {
        let output = u32::try_from(dice.below(outputs)).expect("few things are shown");
        machine.show(state, symbol, output);
    }
}
