//! An attempt and its paths: all are tried before the first that succeeds is gone on with, so that
//! no execution of the whole closure ends where no way leads on.

use crate::context::{Context, Node, Stop, with};
use crate::path::End;
use crate::solver::Known;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Where an attempt began, and the ways through it that were found.
#[derive(Debug)]
pub(crate) struct Lookahead {
    position: usize,
    declared: usize,
    ways: Vec<Way>,
}

/// A path through an attempt, to be taken when the path up to the attempt is taken again.
#[derive(Debug)]
pub(crate) struct Way {
    // INVARIANT: without alternatives.
    nodes: Vec<Node>,
    hypotheses: Vec<Known>,
    settled: usize,
}

/// How one path of an attempt ended.
#[derive(Debug)]
pub(crate) enum Tried<T> {
    Found(T),
    Pruned,
    /// As pruned, and the paths that ended here have been counted.
    DeadEnd,
}

/// What follows a path of an attempt.
#[derive(Debug)]
pub(crate) enum Next {
    /// Another path of it is tried.
    Again,
    /// It was the only one: no need to repeat it.
    Onward,
    /// One that was found is repeated.
    Repeat,
}

/// Executes one path of an attempt.
pub(crate) fn try_path<T>(attempt: &mut impl FnMut() -> Option<T>) -> Tried<T> {
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Some(found)) => Tried::Found(found),
        Ok(None) => Tried::Pruned,
        Err(payload) => match payload.downcast_ref::<Stop>() {
            Some(Stop::Pruned) => Tried::Pruned,
            Some(Stop::DeadEnd) => Tried::DeadEnd,
            None if with(|context| !context.settle()) => Tried::Pruned,
            Some(Stop::CutOff(_)) | None => resume_unwind(payload),
        },
    }
}

impl Context {
    /// Begins an attempt, if the path is not one that repeats it.
    pub(crate) fn look_ahead(&self) -> Option<Lookahead> {
        let (position, declared) = (self.position, self.terms.declared().len());
        self.is_new().then(|| Lookahead { position, declared, ways: Vec::new() })
    }

    /// Goes on after one path of an attempt.
    pub(crate) fn after<T>(
        &mut self,
        tried: &Tried<T>,
        lookahead: &mut Lookahead,
    ) -> Result<Next, Stop> {
        let floor = lookahead.position;
        match tried {
            Tried::Found(_) if self.following.is_some() => return Ok(Next::Onward),
            Tried::Found(_) => {
                let is_last = !self.nodes[floor..].iter().any(Node::has_alternatives);
                if is_last && lookahead.ways.is_empty() {
                    return Ok(Next::Onward);
                }
                lookahead.ways.push(self.way(floor));
            }
            Tried::Pruned | Tried::DeadEnd if self.following.is_some() => return Err(Stop::Pruned),
            Tried::Pruned => self.leaf(End::Pruned),
            Tried::DeadEnd => {}
        }
        let is_another = self.backtrack(floor);
        self.position = floor;
        self.terms.undeclare(lookahead.declared);
        if is_another {
            self.another_path()?;
            return Ok(Next::Again);
        }
        lookahead.ways.reverse();
        match lookahead.ways.pop() {
            Some(first) => self.take(first, std::mem::take(&mut lookahead.ways)),
            None => return Err(Stop::DeadEnd),
        }
        Ok(Next::Repeat)
    }

    /// The decisions after the first `floor` ones.
    fn way(&self, floor: usize) -> Way {
        let nodes: Vec<Node> = self.nodes[floor..].iter().map(Node::without_alternatives).collect();
        let before = nodes.first().map_or(self.hypotheses.len(), |node| node.hypotheses_before);
        Way { nodes, hypotheses: self.hypotheses[before..].to_vec(), settled: self.settled }
    }

    /// Takes the decisions of a way; `others` are its alternatives, the next one last.
    pub(crate) fn take(&mut self, way: Way, others: Vec<Way>) {
        if self.settled == self.hypotheses.len() {
            self.settled = self.settled.max(way.settled);
        }
        let first = self.nodes.len();
        self.nodes.extend(way.nodes);
        way.hypotheses.into_iter().for_each(|known| self.hypotheses.push(known));
        let first = self.nodes.get_mut(first);
        first.expect("an attempt with several paths has decisions").ways = others;
    }
}
