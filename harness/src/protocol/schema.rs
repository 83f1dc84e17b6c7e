//! The JSON Schema of the protocol, generated from its types.

use super::answers::{Description, Hello, Polled, Recorded, Started};
use super::requests::Request;
use crate::run::Replay;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// The schema: `requests` and `answers` under `$defs`, and a line of either as the whole.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let request = generator.subschema_for::<Request>().to_value();
    let ok = [
        generator.subschema_for::<Hello>(),
        generator.subschema_for::<Started>(),
        generator.subschema_for::<Polled>(),
        generator.subschema_for::<Recorded>(),
        generator.subschema_for::<Description>(),
    ];
    let ok: Vec<Value> = ok.into_iter().map(schemars::Schema::to_value).collect();
    let replay = generator.subschema_for::<Replay>().to_value();
    let anything = json!({ "type": "object" });
    let ok: Vec<Value> = ok.into_iter().chain([anything]).collect();
    let mut definitions = generator.take_definitions(true);
    let answer = json!({
        "description": "An answer: the id of the request, and one of the other three.",
        "type": "object",
        "properties": {
            "id": { "type": "integer" },
            "ok": {
                "description": "It is done; what there is to say depends on the request.",
                "anyOf": ok,
            },
            "refused": {
                "description": "It is refused and changed nothing: the name of the reason.",
                "type": "string",
            },
            "error": { "description": "The system cannot go on.", "type": "string" },
        },
        "required": ["id"],
        "oneOf": [
            { "required": ["ok"] }, { "required": ["refused"] }, { "required": ["error"] },
        ],
    });
    definitions.insert("Answer".to_owned(), answer);
    let one = json!({ "anyOf": [request, { "$ref": "#/$defs/Answer" }] });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The protocol of a system under test, version 1",
        "description": "A line is a request, an answer, or a list of either; a file that is kept is \
                        a sequence to be played again.",
        "anyOf": [one, { "type": "array", "items": one }, replay],
        "$defs": definitions,
    })
}
