//! The command `activity`.

use activity::replay::{Trace, play};
fn main() {
    let t = std::time::Instant::now();
    let (mut n, mut bad, mut steps, mut skipped) = (0, 0, 0, 0);
    for f in std::env::args().skip(1) {
        for (i, l) in std::fs::read_to_string(&f).unwrap().lines().enumerate() {
            let v = serde_json::from_str(l).unwrap();
            let tr = Trace::from_json(v).unwrap_or_else(|e| panic!("{f}:{i} {e:?}"));
            if !tr.not_modelled().is_empty() {
                skipped += 1;
                continue;
            }
            let p = play(&tr);
            n += 1;
            steps += p.steps;
            if let Some(d) = p.disagreement {
                bad += 1;
                if bad < 6 {
                    println!("{} {} {:#?}", tr.name, d.0, d.1);
                }
            }
        }
    }
    println!("{n} {steps} {bad} skipped {skipped} {:?}", t.elapsed());
}
