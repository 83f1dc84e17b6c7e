//! How long a name keeps the value that it was given, and what else may know that value.

use super::{Binding, Escape, Program, Use, Write};
use crate::code::region::Kind;
use crate::code::value::{Reason, Value};
use crate::names::canonical;
use crate::place::Bytes;
use tree_sitter::Node;

impl<'t> Program<'t> {
    /// The same declaration with the value that its name has at a place: the last one that was
    /// assigned. Followed where whole literals are assigned, one certainly after the other, before
    /// a place that is reached in their order; whatever else is assigned is not.
    pub(super) fn living(
        &self,
        name: &str,
        binding: Binding<'t>,
        at: usize,
    ) -> Option<Binding<'t>> {
        let writes = self.writes.get(name).into_iter().flatten();
        let is_its = |write: &&Write<'t>| {
            self.resolve(name, write.at).is_some_and(|it| it.scope == binding.scope)
        };
        let mut writes: Vec<&Write<'t>> = writes.filter(is_its).collect();
        if writes.is_empty() {
            return Some(binding);
        }
        writes.sort_by_key(|write| write.at);
        let scope = self.regions[binding.scope];
        let is_local = self.regions.around(binding.scope).any(|it| self.regions[it].is_function());
        let end = scope.bytes.end.saturating_sub(1);
        let is_whole =
            |value: Result<Node<'t>, Reason>| value.is_ok_and(|it| self.language.is_literal(it));
        let is_certain = |write: &&Write<'t>| {
            is_whole(write.value) && self.regions.way(write.region, end).is_none()
        };
        let is_in_order = self.regions.shares_function(binding.region, at);
        let is_followed = is_local && is_in_order && is_whole(binding.value);
        if !is_followed || !writes.iter().all(is_certain) {
            return None;
        }
        let before = writes.iter().rev().find(|write| write.end <= at);
        let until = writes.iter().find(|write| write.end > at).map_or(usize::MAX, |it| it.at);
        let since = before.map_or(0, |write| write.end);
        let value = before.map_or(binding.value, |write| write.value);
        Some(Binding { value, lives: Bytes { start: since, end: until }, ..binding })
    }

    /// The same for a name that is declared several times: what is assigned in the branch that is
    /// taken when the place is reached, if nothing else is assigned in that branch.
    pub(super) fn living_in_its_branch(
        &self,
        name: &str,
        binding: Binding<'t>,
        at: usize,
    ) -> Option<Binding<'t>> {
        let all = self.bindings[name].iter().filter(|it| it.scope == binding.scope);
        let before = all.clone().filter(|it| it.end <= at).max_by_key(|it| it.at)?;
        let inside = self.regions.around(before.region).take_while(|it| *it != binding.scope);
        let branch = inside.map(|it| self.regions[it]).find(|it| it.kind == Kind::Condition)?.bytes;
        let writes = self.writes.get(name).into_iter().flatten();
        let others = all.map(|it| it.at).chain(writes.map(|it| it.at));
        let is_alone = others.filter(|other| branch.contains(*other)).count() == 1;
        let is_reached = branch.contains(at)
            && self.regions.shares_function(before.region, at)
            && self.regions.way(before.region, at).is_none();
        let lives = Bytes { start: before.end, end: branch.end };
        let living = Binding { value: before.value, region: before.region, lives, ..binding };
        (is_alone && is_reached).then_some(living)
    }

    /// Whether a value that is replaced later is handed on before; of others that is not asked.
    pub(super) fn is_used_in_its_life(&self, name: &str, binding: &Binding<'t>) -> bool {
        let mut uses = self.escapes.get(name).into_iter().flatten();
        let is_its = |at: usize| self.resolve(name, at).is_some_and(|it| it.at == binding.at);
        binding.lives.end == usize::MAX
            || uses.any(|it| {
                matches!(it.kind, Use::Handed | Use::Shared)
                    && binding.lives.contains(it.at)
                    && is_its(it.at)
            })
    }

    /// Whether its address is part of something else.
    pub(super) fn is_pointed_to(&self, name: &str, binding: &Binding<'t>) -> bool {
        self.is_placed(name, binding, |kind| kind == Use::AddressPlaced)
    }

    /// Whether it is part of something else in such a way.
    pub(super) fn is_placed(&self, name: &str, binding: &Binding<'t>, is: fn(Use) -> bool) -> bool {
        let mut escapes = self.escapes.get(name).into_iter().flatten();
        escapes.any(|it| {
            is(it.kind) && self.resolve(name, it.at).is_some_and(|found| found.at == binding.at)
        })
    }

    pub(super) fn is_address_taken(&self, name: &str, binding: &Binding<'t>) -> bool {
        self.is_placed(name, binding, |kind| kind == Use::Address)
    }

    /// Why something else may have changed it by then.
    pub(super) fn escaped(
        &self,
        name: &str,
        binding: &Binding<'t>,
        at: usize,
        is_reference: bool,
        value: &Value,
    ) -> Option<Reason> {
        // What is part of something else by reference can be changed later, too.
        let is_part = is_reference
            && self.is_placed(name, binding, |it| matches!(it, Use::Placed | Use::AddressPlaced));
        let counts = |escape: &&Escape<'_>| {
            let is_it = self.resolve(name, escape.at).is_some_and(|it| it.at == binding.at);
            let is_known = match escape.kind {
                Use::Read | Use::Handed => false,
                Use::Placed => {
                    is_reference
                        && (self.is_changed_inside(escape.under) || self.is_shared(escape.holder))
                }
                Use::AddressPlaced => self.is_changed_inside(escape.under),
                Use::Shared => is_reference,
                Use::Address => true,
            };
            let is_at_another_time = is_part || self.regions.way(escape.region, at).is_some();
            let is_known = is_known && can_change(value, &escape.part);
            is_it && is_known && escape.at != at && (escape.at < at || is_at_another_time)
        };
        self.escapes.get(name)?.iter().find(counts).map(|_| Reason::Alias)
    }

    /// Whether something else may know what a name stands for.
    fn is_shared(&self, name: Option<&str>) -> bool {
        let uses = name.and_then(|name| self.escapes.get(name)).into_iter().flatten();
        uses.into_iter().any(|it| it.kind == Use::Shared)
    }

    /// Whether a field is assigned anywhere of what is a field of this name, or of any.
    pub(super) fn is_changed_inside(&self, under: Option<&str>) -> bool {
        match under {
            Some(name) => self.changed_inside.contains(&canonical(name)),
            None => !self.changed_inside.is_empty(),
        }
    }
}

/// Whether the part of a value that something else knows can be changed there.
fn can_change(value: &Value, part: &[&str]) -> bool {
    let is_whole = part.is_empty();
    let part = part.iter().fold(value.clone(), |value, name| Program::field_of(&value, name));
    match part {
        Value::Object(_) | Value::List(_) | Value::Unknown(_) => true,
        Value::Duration(_) | Value::Number(_) | Value::Text(_) | Value::Nothing => is_whole,
    }
}
