//! What one file declares, assigns and changes, by name; and what a name means at a place.
//! Knows regions and the order of a text; knows no language.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use tree_sitter::Node;

mod across;
mod lives;

use super::elsewhere::{Origin, View};
use super::language::Language;
use super::region::{Kind, Region, Regions};
use super::value::{Field, Object, Reason, Value};
use crate::names::canonical;
use crate::place::{Bytes, Place};

/// How many names and expressions may lead to one another.
pub(super) const DEEPEST: u32 = 100;

/// How many expressions may be looked at to tell one: names that lead to two others each would
/// double them at every step.
const MOST: u32 = 20_000;

/// One file, read.
pub(super) struct Program<'t> {
    pub(super) text: &'t str,
    pub(super) language: &'static dyn Language,
    pub(super) regions: Regions,
    /// What of other files can be seen.
    pub(super) view: Option<&'t View<'t>>,
    /// How many expressions were looked at for the one that is asked for.
    effort: Cell<u32>,
    imports: HashMap<&'t str, String>,
    origins: HashMap<&'t str, Vec<Origin>>,
    bindings: HashMap<&'t str, Vec<Binding<'t>>>,
    writes: HashMap<&'t str, Vec<Write<'t>>>,
    changes: HashMap<&'t str, Vec<Change<'t>>>,
    escapes: HashMap<&'t str, Vec<Escape<'t>>>,
    members: HashMap<&'t str, Vec<Node<'t>>>,
    functions: HashMap<&'t str, Vec<Node<'t>>>,
    /// Names that a function inside another assigns for it.
    assigned_from_inside: HashSet<&'t str>,
    member_writes: HashMap<&'t str, usize>,
    /// The canonical names of fields of which a field is assigned anywhere.
    changed_inside: HashSet<String>,
}

/// A declaration of a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding<'t> {
    /// Where the name means this.
    pub(super) scope: usize,
    /// Where the declaration stands.
    pub(super) region: usize,
    pub(super) at: usize,
    /// Where the declaration ends.
    end: usize,
    pub(super) value: Result<Node<'t>, Reason>,
    /// From where on in the text the name has this value, and up to where.
    lives: Bytes,
}

/// An assignment to a name that was declared before.
#[derive(Clone, Copy, Debug)]
struct Write<'t> {
    region: usize,
    at: usize,
    /// Where the assignment ends: from there on the name has the value.
    end: usize,
    value: Result<Node<'t>, Reason>,
}

/// An assignment to a field of what a name stands for.
#[derive(Clone, Debug)]
struct Change<'t> {
    region: usize,
    at: usize,
    /// The canonical names of the fields on the way, the last one assigned; none for all of them.
    path: Vec<String>,
    value: Result<Node<'t>, Reason>,
}

/// A use after which something else may change what a name stands for.
#[derive(Clone, Debug)]
struct Escape<'t> {
    region: usize,
    at: usize,
    kind: Use,
    /// The name of the field that it becomes, if it becomes one of a known name.
    under: Option<&'t str>,
    /// The name of what it becomes part of.
    holder: Option<&'t str>,
    /// The fields on the way to the part that is used.
    part: Vec<&'t str>,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Use {
    /// Its value is looked at or copied.
    Read,
    /// It is handed to what is known not to change it.
    Handed,
    /// It becomes part of something else.
    Placed,
    /// Its address becomes part of something else.
    AddressPlaced,
    /// Something else may know it from now on.
    Shared,
    /// Its address is taken.
    Address,
}

impl<'t> Program<'t> {
    /// Reads a file.
    pub(super) fn read(root: Node<'t>, text: &'t str, language: &'static dyn Language) -> Self {
        let mut program = Program {
            text,
            language,
            regions: Regions::of(root, text, language),
            view: None,
            effort: Cell::new(0),
            imports: HashMap::new(),
            origins: HashMap::new(),
            bindings: HashMap::new(),
            writes: HashMap::new(),
            changes: HashMap::new(),
            escapes: HashMap::new(),
            members: HashMap::new(),
            functions: HashMap::new(),
            assigned_from_inside: HashSet::new(),
            member_writes: HashMap::new(),
            changed_inside: HashSet::new(),
        };
        for node in super::nodes(root) {
            language.collect(node, &mut program);
        }
        for node in super::nodes(root) {
            if let Some(kind) = language.use_of(node, &program)
                && kind != Use::Read
            {
                let (at, region) = (node.start_byte(), program.regions.at(node.start_byte()));
                let under = language.placed_under(node, &program);
                let holder = language.holder(node, &program);
                let part = language.part_of(node, &program);
                if kind == Use::Shared {
                    // Whatever is placed under these names can be changed under another one.
                    program.changed_inside.extend(part.iter().map(|field| canonical(field)));
                }
                let escape = Escape { region, at, kind, under, holder, part };
                program.escapes.entry(program.text_of(node)).or_default().push(escape);
            }
        }
        program
    }

    /// The text of a node.
    pub(super) fn text_of(&self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    /// The text of a child; empty if it is not there.
    pub(super) fn text_of_field(&self, node: Node<'t>, field: &str) -> &'t str {
        node.child_by_field_name(field).map_or("", |child| self.text_of(child))
    }

    /// Notes a declaration in the scope of its language.
    pub(super) fn bind(&mut self, name: Node<'t>, at: Node<'t>, value: Result<Node<'t>, Reason>) {
        let region = self.regions.at(at.start_byte());
        let scope = self.language.scope(at, region, &self.regions);
        self.bind_in(scope, name, at, value);
    }

    /// Notes a declaration that means something in this scope.
    pub(super) fn bind_in(
        &mut self,
        scope: usize,
        name: Node<'t>,
        at: Node<'t>,
        value: Result<Node<'t>, Reason>,
    ) {
        let region = self.regions.at(at.start_byte());
        let lives = Bytes { start: 0, end: usize::MAX };
        let (at, end) = (at.start_byte(), at.end_byte());
        let binding = Binding { scope, region, at, end, value, lives };
        self.bindings.entry(self.text_of(name)).or_default().push(binding);
    }

    /// Notes that a name is assigned again, with what is not followed.
    pub(super) fn write(&mut self, name: &'t str, at: Node<'t>) {
        self.rewrite(name, at, Err(Reason::Reassigned));
    }

    /// Notes that a name is assigned again.
    pub(super) fn rewrite(&mut self, name: &'t str, at: Node<'t>, value: Result<Node<'t>, Reason>) {
        let region = self.regions.at(at.start_byte());
        let write = Write { region, at: at.start_byte(), end: at.end_byte(), value };
        self.writes.entry(name).or_default().push(write);
    }

    /// Notes that a field is assigned.
    pub(super) fn change(
        &mut self,
        name: &'t str,
        path: &[&str],
        at: Node<'t>,
        value: Result<Node<'t>, Reason>,
    ) {
        let path: Vec<String> = path.iter().map(|field| canonical(field)).collect();
        if let Some((_, inside)) = path.split_last() {
            self.changed_inside.extend(inside.iter().cloned());
        }
        let (at, region) = (at.start_byte(), self.regions.at(at.start_byte()));
        self.changes.entry(name).or_default().push(Change { region, at, path, value });
    }

    /// Notes that all of what a field points to is assigned.
    pub(super) fn change_inside(&mut self, name: &'t str, path: &[&str], at: Node<'t>) {
        self.changed_inside.extend(path.iter().map(|field| canonical(field)));
        self.change(name, path, at, Err(Reason::Alias));
    }

    /// Notes that a function inside another may assign a name of that other one.
    pub(super) fn assign_from_inside(&mut self, name: &'t str) {
        self.assigned_from_inside.insert(name);
    }

    /// Notes a function.
    pub(super) fn function(&mut self, name: &'t str, node: Node<'t>) {
        self.functions.entry(name).or_default().push(node);
    }

    /// The one function of this name in the file, if nothing else has the name.
    pub(super) fn function_of(&self, name: &str) -> Option<Node<'t>> {
        let is_else = self.bindings.contains_key(name)
            || self.members.contains_key(name)
            || self.member_writes.contains_key(name)
            || self.imports.contains_key(name);
        let only = self.functions.get(name).filter(|all| all.len() == 1 && !is_else)?;
        only.first().copied()
    }

    /// Whether what a name stands for, or what it means, changes in these bytes.
    pub(super) fn changes_in(&self, name: &str, bytes: Bytes) -> bool {
        let mut changes = self.changes.get(name).into_iter().flatten();
        let mut writes = self.writes.get(name).into_iter().flatten();
        changes.any(|it| bytes.contains(it.at)) || writes.any(|it| bytes.contains(it.at))
    }

    /// Notes a field of a class with its value.
    pub(super) fn member(&mut self, name: &'t str, value: Node<'t>) {
        self.members.entry(name).or_default().push(value);
    }

    /// Notes that a field of a class is assigned, or changed inside.
    pub(super) fn write_member(&mut self, name: &'t str) {
        *self.member_writes.entry(name).or_default() += 1;
    }

    /// Whether what is declared here under a name has fields assigned later.
    pub(super) fn is_changed(&self, name: &str) -> bool {
        self.changes.contains_key(name)
    }

    /// What an expression is.
    pub(super) fn evaluate(&self, node: Node<'t>, depth: u32) -> Value {
        let effort = if depth == 0 { 1 } else { self.effort.get() + 1 };
        if depth > DEEPEST || effort > MOST {
            return Value::Unknown(Reason::TooDeep);
        }
        self.effort.set(effort);
        if node.is_error() || node.is_missing() {
            return Value::Unknown(Reason::SyntaxError);
        }
        self.language.evaluate(node, self, depth + 1)
    }

    /// The one declaration of a name that counts at a place, with the value that it has there.
    fn binding(&self, name: &str, at: usize) -> Result<Binding<'t>, Reason> {
        let binding = self.resolve(name, at).ok_or(Reason::AnotherFile)?;
        if self.is_changed_elsewhere(name, binding) {
            return Err(Reason::AnotherFile);
        }
        let twice = self.bindings[name].iter().filter(|it| it.scope == binding.scope).count() > 1;
        let is_field = self.regions[binding.scope].kind == Kind::Class;
        if self.assigned_from_inside.contains(name) {
            return Err(Reason::Closure);
        }
        if is_field && (twice || self.member_writes.contains_key(name)) {
            return Err(Reason::Reassigned);
        }
        let living = match twice {
            true => self.living_in_its_branch(name, *binding, at),
            false => self.living(name, *binding, at),
        };
        let binding = living.ok_or(Reason::Reassigned)?;
        let has_error = |region| self.regions.has_error(region);
        if has_error(binding.region) || has_error(self.regions.at(at)) {
            return Err(Reason::SyntaxError);
        }
        match self.regions.way(binding.region, at) {
            Some(reason) if binding.scope != binding.region => Err(reason),
            Some(_) | None => Ok(binding),
        }
    }

    /// The declaration that a name refers to at a place.
    pub(super) fn resolve(&self, name: &str, at: usize) -> Option<&Binding<'t>> {
        let before_use = self.language.means_what_was_declared_before();
        let counts = |binding: &&Binding<'t>| {
            let scope = &self.regions[binding.scope];
            let is_local = !matches!(scope.kind, Kind::File | Kind::Class);
            scope.bytes.contains(at)
                && (!before_use || !is_local || binding.at <= at)
                && self.language.sees(binding.scope, at, &self.regions)
        };
        let candidates = self.bindings.get(name)?.iter().filter(counts);
        candidates
            .min_by_key(|it| self.regions[it.scope].bytes.end - self.regions[it.scope].bytes.start)
    }

    /// What a name stands for at a place, with everything that was done to it until then.
    pub(super) fn value_at(
        &self,
        name: &str,
        binding: &Binding<'t>,
        at: usize,
        depth: u32,
    ) -> Value {
        let node = match binding.value {
            Err(reason) => return Value::Unknown(reason),
            Ok(node) => node,
        };
        let is_reference =
            self.language.is_reference(node, self) || self.is_pointed_to(name, binding);
        let value = self.evaluate(node, depth);
        let escaped = self.escaped(name, binding, at, is_reference, &value);
        let mut object = match (value, escaped) {
            (Value::Object(mut object), Some(reason)) => {
                object.forget(reason);
                return Value::Object(object);
            }
            (Value::Object(object), None) => object,
            (Value::List(_), Some(reason)) => return Value::Unknown(reason),
            _ if self.is_address_taken(name, binding) => return Value::Unknown(Reason::Alias),
            (value, _) => return value,
        };
        for change in self.changes.get(name).into_iter().flatten() {
            let is_of_binding = self
                .resolve(name, change.at)
                .is_some_and(|it| it.scope == binding.scope && it.at == binding.at);
            if is_of_binding && binding.lives.contains(change.at) {
                self.apply(change, binding, at, is_reference, &mut object, depth);
            }
        }
        Value::Object(object)
    }

    /// Everything that is done to a name in its scope, whenever.
    pub(super) fn value_in_the_end(&self, name: &str, declaration: Node<'t>) -> Value {
        let at = declaration.start_byte();
        let Some(binding) =
            self.bindings.get(name).and_then(|all| all.iter().find(|it| it.at == at))
        else {
            return Value::Unknown(Reason::AnotherFile);
        };
        self.value_in_its_life(name, binding.scope, at)
    }

    /// Everything that is done to what is assigned to a name, until something else is.
    pub(super) fn value_of_write(&self, name: &str, assignment: Node<'t>) -> Value {
        match self.resolve(name, assignment.start_byte()) {
            Some(binding) => self.value_in_its_life(name, binding.scope, assignment.end_byte()),
            None => Value::Unknown(Reason::AnotherFile),
        }
    }

    fn value_in_its_life(&self, name: &str, scope: usize, at: usize) -> Value {
        let end = self.regions[scope].bytes.end;
        match self.binding(name, at) {
            Err(reason) => Value::Unknown(reason),
            Ok(binding) if !self.is_used_in_its_life(name, &binding) => {
                Value::Unknown(Reason::Reassigned)
            }
            Ok(binding) => {
                let end = end.min(binding.lives.end).saturating_sub(1);
                self.value_at(name, &binding, end, 0)
            }
        }
    }

    fn apply(
        &self,
        change: &Change<'t>,
        binding: &Binding<'t>,
        at: usize,
        is_reference: bool,
        object: &mut Object,
        depth: u32,
    ) {
        let private = self.regions.way(change.region, at);
        let is_repeated = self.regions.loop_around(change.at, at, binding.at);
        let runs_elsewhere = !self.regions.shares_function(change.region, at);
        let reason = match private {
            Some(reason @ Reason::Closure) => Some(reason),
            _ if change.at > at && is_repeated => Some(Reason::Loop),
            _ if change.at > at && (is_reference || runs_elsewhere) => Some(Reason::ChangedLater),
            _ if change.at > at => return,
            other => other,
        };
        let (value, place) = match (reason, change.value) {
            (Some(reason), value) | (None, value @ Err(reason)) => {
                let place = value.map_or_else(|_| Place::default(), Place::of);
                (Value::Unknown(reason), place)
            }
            (None, Ok(node)) => (self.evaluate(node, depth), Place::of(node)),
        };
        set(object, &change.path, value, place);
    }

    /// What a field of this class is, where it is assigned once in the file.
    pub(super) fn value_of_member(&self, name: &str, depth: u32) -> Value {
        match self.members.get(name).map(Vec::as_slice) {
            Some(_) if self.member_writes.contains_key(name) => Value::Unknown(Reason::Reassigned),
            Some([value]) => self.evaluate(*value, depth),
            Some(_) => Value::Unknown(Reason::Reassigned),
            None => Value::Unknown(Reason::FieldOfUnknown),
        }
    }

    /// The field of a value.
    pub(super) fn field_of(value: &Value, name: &str) -> Value {
        match value {
            Value::Object(object) => match object.get(name) {
                Value::Nothing => Value::Unknown(Reason::FieldOfUnknown),
                value => value,
            },
            Value::Unknown(reason) => Value::Unknown(*reason),
            Value::Duration(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Nothing => Value::Unknown(Reason::FieldOfUnknown),
        }
    }

    /// The region of a node, and whether the source around it parses.
    pub(super) fn has_error(&self, node: Node<'_>) -> bool {
        node.has_error() || self.regions.has_error(self.regions.at(node.start_byte()))
    }
}

/// Sets the field at the end of a path.
fn set(object: &mut Object, path: &[String], value: Value, place: Place) {
    match path {
        [] => object.spread(value),
        [name] => {
            object.fields.insert(name.clone(), Field { value, place });
        }
        [first, rest @ ..] => {
            let field = object.fields.entry(first.clone()).or_insert_with(|| Field {
                value: object.open.map_or_else(|| Value::Object(Object::default()), Value::Unknown),
                place: place.clone(),
            });
            if let Value::Object(inner) = &mut field.value {
                set(inner, rest, value, place);
            } else {
                field.value = Value::Unknown(Reason::FieldOfUnknown);
            }
        }
    }
}

impl Region {
    pub(super) fn is_function(&self) -> bool {
        self.kind == Kind::Function
    }
}

/// A range of bytes of a node.
pub(super) fn bytes(node: Node<'_>) -> Bytes {
    Bytes { start: node.start_byte(), end: node.end_byte() }
}
