//! x
use activity_models::system::*;
struct W(std::time::Instant);
impl Watch for W {
    fn step(&mut self, _: u32, _: &World, _: &Happened, _: &World, _: u32) {}
    fn progress(&mut self, n: usize) -> bool { if n % 10 == 0 { eprintln!("{n} {:?}", self.0.elapsed()); } n < 12_000_000 }
}
fn main() {
    let a: Vec<i64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let bounds = Bounds { maximum_attempts: a[0] as u8, details: a[1] as u8, strays: a[2] as u8, tells_workers_apart: a[3] != 0 };
    let system = System { machines: Machines::RIGHT, bounds };
    let callers: Vec<u8> = a[4..].iter().map(|x| *x as u8).collect();
    if a[0] == 0 { mutants(); return; }
    if std::env::var("WIT").is_ok() { let mut w = Witnesses::default(); let e = explore(&system, &callers, &mut w);
        for x in w.ways(&e) { println!("{} {:?}", x.name, x.way.map(|w| w.1.len())); } return; }
    if std::env::var("SR").is_ok() { let t = std::time::Instant::now();
        let c = Peer::new(system, &callers).explore(1, &mut R); println!("{c:?} {:?}", t.elapsed()); return; }
    if std::env::var("LIVE").is_ok() { let mut g = Graph::default(); let e = explore(&system, &callers, &mut g);
        println!("{} states", e.unique_states());
        let states: Vec<&World> = e.states().collect();
        for c in CLAIMS { let t = std::time::Instant::now(); let d = g.decide(c, &states, callers.len()); println!("{} {d:?} {:?}", c.name, t.elapsed());
            if let Some(s) = d.counterexample { println!("{}", timeline(&replay(&system, e.way_to(s).1, &e.way_to(s).0))); println!("{:?}", states[s as usize]); }
            for (i, w) in c.weak.iter().chain(c.strong).enumerate() { let _ = i;
               let weak: Vec<Class> = c.weak.iter().copied().filter(|x| x != w).collect(); let strong: Vec<Class> = c.strong.iter().copied().filter(|x| x != w).collect();
               let c2 = Claim { weak: Box::leak(weak.into_boxed_slice()), strong: Box::leak(strong.into_boxed_slice()), ..*c };
               println!("   without {w:?}: {}", g.decide(&c2, &states, callers.len()).counterexample.is_some()); }
        } return; }
    if std::env::var("CHECK").is_ok() { let t = std::time::Instant::now(); let last = std::sync::Mutex::new(std::time::Instant::now());
        let c = check(&bounds, &activity_models::system::bounds::FAIRNESS, 2, &|p: Progress| { if p.done { eprintln!("{p:?} {:?}", t.elapsed()); *last.lock().unwrap() = std::time::Instant::now(); } });
        println!("{} {} {} {:?} well {} {:?}", c.unique_states, c.transitions, c.without_effect, c.peer, c.is_well(), t.elapsed()); for c in &c.claims { println!("{} {}", c.name, c.states); } return; }
    println!("size {}", std::mem::size_of::<World>());
    let e = explore(&system, &callers, &mut W(std::time::Instant::now()));
    println!("{} states {} transitions {} without {} ends", e.unique_states(), e.transitions, e.without_effect, e.ends);
    if let Some(v) = &e.violation { println!("{:?}", v.broken); for m in &v.moves { println!("  {m}"); } }
}

fn mutants() {
    for m in MUTANTS {
        let system = System { machines: m.machines, bounds: BOUNDS };
        let t = std::time::Instant::now();
        let e = explore(&system, &[0,1,2,3], &mut Nobody);
        println!("== {} {:?} {} states", m.name, t.elapsed(), e.unique_states());
        match &e.violation { None => println!("SURVIVES"), Some(v) => { println!("{:?} {}", v.broken, v.broken.contains(&m.breaks)); println!("{}", timeline(&replay(&system, v.terms, &v.moves))); } }
    }
}

struct R;
impl<M: stateright::Model> stateright::report::Reporter<M> for R {
    fn report_checking(&mut self, _: stateright::report::ReportData) {}
    fn report_discoveries(&mut self, _: &M, _: std::collections::BTreeMap<&'static str, stateright::report::ReportDiscovery<M>>) where M::Action: std::fmt::Debug, M::State: std::fmt::Debug + std::hash::Hash {}
}
