//! Prints the JSON Schema of the protocol and of kept sequences, as `harness/protocol.schema.json` has it.

fn main() {
    println!("{:#}", activity_harness::protocol::schema());
}
