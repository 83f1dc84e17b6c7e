//! draws
use std::io::Read;
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("in");
    let script: activity_models::scenario::Script = match text.parse() {
        Ok(s) => s,
        Err(e) => {
            println!("{e}");
            return;
        }
    };
    let t = activity_models::scenario::run(&script);
    println!("{}", t.timeline());
    print!("{}", t.report());
    std::fs::write("/tmp/sc/out.svg", t.timeline().svg()).expect("w");
}
