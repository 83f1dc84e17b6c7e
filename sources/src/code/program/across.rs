//! What a file imports, and what its own names are to other files.

use super::{Binding, Program, Use};
use crate::code::elsewhere::Origin;
use crate::code::value::{Reason, Value};
use tree_sitter::Node;

impl<'t> Program<'t> {
    /// What a name means where it stands; nothing is known of names that are declared elsewhere.
    pub(in crate::code) fn name(&self, node: Node<'t>, depth: u32) -> Value {
        let name = self.text_of(node);
        let at = node.start_byte();
        match self.resolve(name, at).map(|binding| binding.scope) {
            None => return self.elsewhere(node, depth),
            // It is imported under the name as well: which of the two counts is not followed.
            Some(0) if self.origins.contains_key(name) => {
                return Value::Unknown(Reason::AnotherFile);
            }
            Some(_) => {}
        }
        match self.binding(name, at) {
            Err(reason) => Value::Unknown(reason),
            Ok(binding) => self.value_at(name, &binding, at, depth),
        }
    }

    /// Notes that a name comes from elsewhere, with its full name there.
    pub(in crate::code) fn import(&mut self, name: &'t str, full: impl Into<String>) {
        self.imports.insert(name, full.into());
    }

    /// Notes which name of which module is imported under a name.
    pub(in crate::code) fn import_from(&mut self, here: &'t str, module: &str, name: &str) {
        let origin = Origin { module: module.to_owned(), name: name.to_owned() };
        let all = self.origins.entry(here).or_default();
        if !all.contains(&origin) {
            all.push(origin);
        }
    }

    /// Where a name comes from that no declaration of this file explains, if it is imported.
    pub(in crate::code) fn origin_of(&self, name: &str) -> Result<Option<&Origin>, Reason> {
        if self.writes.contains_key(name) || self.functions.contains_key(name) {
            return Err(Reason::Reassigned);
        }
        match self.origins.get(name).map(Vec::as_slice) {
            // Everything of a module may be the name as well.
            Some(_) if self.origins.contains_key("*") => Err(Reason::AnotherFile),
            Some([only]) => Ok(Some(only)),
            Some(_) => Err(Reason::Conditional),
            None => Ok(None),
        }
    }

    /// Every name of the whole file, with the value that it has for good.
    pub(in crate::code) fn names(
        &self,
    ) -> impl Iterator<Item = (&'t str, usize, Option<Node<'t>>)> {
        self.bindings.iter().filter_map(|(name, all)| {
            let mut of_file = all.iter().filter(|it| it.scope == 0);
            let (first, is_only) = (of_file.next()?, of_file.next().is_none());
            let is_constant = is_only
                && first.region == 0
                && !self.writes.contains_key(name)
                && !self.functions.contains_key(name)
                && !self.assigned_from_inside.contains(name)
                && !self.imports.contains_key(name)
                && !self.origins.contains_key("*");
            Some((*name, first.at, first.value.ok().filter(|_| is_constant)))
        })
    }

    /// Every name that is imported and nothing else, with where it comes from.
    pub(in crate::code) fn handed_on(&self) -> impl Iterator<Item = (&'t str, &Origin)> {
        self.origins.keys().filter_map(|name| {
            let is_bound = self.bindings.contains_key(name);
            let origin = self.origin_of(name).ok().flatten()?;
            (!is_bound).then_some((*name, origin))
        })
    }

    /// The full name of what is imported under this name, where no declaration hides it.
    pub(in crate::code) fn imported(&self, name: &str, at: usize) -> Option<&str> {
        let hidden = self.resolve(name, at).is_some();
        self.imports.get(name).filter(|_| !hidden).map(String::as_str)
    }

    /// Whether another file may change what this one declares for the whole file and others.
    pub(super) fn is_changed_elsewhere(&self, name: &str, binding: &Binding<'t>) -> bool {
        let is_shared = binding.scope == 0
            && binding.value.is_ok_and(|value| self.language.is_shared_variable(value));
        is_shared && self.view.is_some_and(|view| view.is_changed(self.language, self.text, name))
    }

    /// Every name that no declaration of this file explains and that it changes: as a whole, in a
    /// field, or by its address.
    pub(in crate::code) fn changed_for_others(&self) -> impl Iterator<Item = &'t str> {
        let writes = self.writes.iter().flat_map(|(name, all)| all.iter().map(|it| (*name, it.at)));
        let changes =
            self.changes.iter().flat_map(|(name, all)| all.iter().map(|it| (*name, it.at)));
        let by_address = |kind| matches!(kind, Use::Address | Use::AddressPlaced);
        let escapes = self.escapes.iter().flat_map(move |(name, all)| {
            all.iter().filter(move |it| by_address(it.kind)).map(|it| (*name, it.at))
        });
        let all = writes.chain(changes).chain(escapes);
        all.filter(|(name, at)| self.resolve(name, *at).is_none()).map(|(name, _)| name)
    }
}
