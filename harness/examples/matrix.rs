//! matrix
use activity_harness::matrix::*;
use activity_harness::suite::graded;
fn main() {
    let t = std::time::Instant::now();
    let arena = Arena::new(&graded(), 2);
    eprintln!("arena {:?}", t.elapsed());
    let last = std::cell::RefCell::new(std::time::Instant::now());
    let rows = of_one_execution(&arena, &mut |_| Cell::Missed, &mut |n| {
        eprintln!("{:?} | {n}", last.borrow().elapsed());
        *last.borrow_mut() = std::time::Instant::now();
    });
    for r in &rows {
        let cells: String = Checker::ALL
            .iter()
            .map(|c| match r.cells[c].killed() {
                Some(true) => 'x',
                Some(false) => '.',
                None => '-',
            })
            .collect();
        println!(
            "{cells} {} {} | {:?} | {}",
            if r.needs_memory() { "MEM" } else { "" },
            r.name,
            r.sequence,
            r.configuration.clone().unwrap_or_default()
        );
    }
    println!("alike {:?}", alike(&rows));
    println!(
        "{} rows, {} need memory, unkilled {:?}",
        rows.len(),
        rows.iter().filter(|r| r.needs_memory()).count(),
        rows.iter().filter(|r| !r.is_killed()).map(|r| r.name).collect::<Vec<_>>()
    );
    println!("{:?}", t.elapsed());
}
