//! Who can stay open for ever: cycles among open executions, found by taking away, again and again,
//! what leads nowhere but out. Knows nodes and edges; does not know what they mean.

/// The steps that get somewhere.
#[derive(Debug, Default)]
pub(super) struct Graph {
    edges: Vec<(u32, u32)>,
    waiting: bool,
    stuck: bool,
}

/// Why an execution can stay open for ever.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct StaysOpen {
    /// Nobody polls, and no timeout bounds the wait.
    pub waiting: bool,
    /// Attempt follows attempt.
    pub retrying: bool,
    /// Time stands still or runs on for ever while a worker holds the task.
    pub stuck: bool,
}

impl Graph {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.edges.clear();
        (self.waiting, self.stuck) = (false, false);
    }

    /// A step from one node to another.
    pub(super) fn edge(&mut self, from: u32, to: u32) {
        self.edges.push((from, to));
    }

    /// In some node time passes and changes nothing.
    pub(super) fn waits_for_ever(&mut self, is_started: bool) {
        if is_started {
            self.stuck = true;
        } else {
            self.waiting = true;
        }
    }

    /// In some node something is due, and nothing of it takes effect.
    pub(super) fn is_stuck(&mut self) {
        self.stuck = true;
    }

    /// Whether some way through the nodes never ends, and how.
    #[must_use]
    pub(super) fn stays_open(&self, nodes: usize) -> StaysOpen {
        let retrying = self.has_cycle(nodes);
        StaysOpen { waiting: self.waiting, retrying, stuck: self.stuck }
    }

    /// Kahn's algorithm, from the end: a node without a way on is taken away.
    fn has_cycle(&self, nodes: usize) -> bool {
        let mut ways_on = vec![0_u32; nodes];
        let mut first_into = vec![0_u32; nodes + 1];
        for &(from, to) in &self.edges {
            ways_on[from as usize] += 1;
            first_into[to as usize + 1] += 1;
        }
        for node in 0..nodes {
            first_into[node + 1] += first_into[node];
        }
        let mut into = vec![0_u32; self.edges.len()];
        let mut free = first_into.clone();
        for &(from, to) in &self.edges {
            into[free[to as usize] as usize] = from;
            free[to as usize] += 1;
        }
        let mut ends: Vec<usize> = (0..nodes).filter(|&node| ways_on[node] == 0).collect();
        let mut taken_away = 0;
        while let Some(end) = ends.pop() {
            taken_away += 1;
            for &from in &into[first_into[end] as usize..first_into[end + 1] as usize] {
                ways_on[from as usize] -= 1;
                if ways_on[from as usize] == 0 {
                    ends.push(from as usize);
                }
            }
        }
        taken_away < nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(u32, u32)]) -> Graph {
        Graph { edges: edges.to_vec(), ..Graph::default() }
    }

    #[test]
    fn a_cycle_is_found_behind_joins_and_in_front_of_ends() {
        let ends = graph(&[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]);
        assert!(!ends.stays_open(5).retrying);
        let returns = graph(&[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (3, 1)]);
        assert!(returns.stays_open(5).retrying);
    }

    #[test]
    fn every_edge_counts_however_often_it_is_there() {
        let twice = graph(&[(0, 1), (0, 1), (1, 2)]);
        assert!(!twice.stays_open(3).retrying);
    }
}
