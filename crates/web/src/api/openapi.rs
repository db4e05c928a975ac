//! The OpenAPI document, made from what each endpoint declares: a route can't be without its entry.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::Lang;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value as Json, json};

use super::doc::{Doc, Gives, Takes};
use super::shapes;
use crate::edge::{Problem, ProblemShape, refusals};
use crate::frame::Renderer;
use crate::routes::{Endpoint, endpoints};
use crate::state::AppState;

/// `GET /api/v1/openapi.json`
pub async fn show(State(app): State<AppState>) -> Result<Response, Problem> {
    let text = serde_json::to_string(&*whole(app.renderer())).map_err(Problem::internal)?;
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=3600")], text).into_response())
}

pub fn doc() -> Doc {
    Doc::text("about-openapi", "application/json")
}

/// The document, made once.
#[must_use]
pub fn whole(renderer: &Renderer) -> Arc<Json> {
    static WHOLE: std::sync::OnceLock<Arc<Json>> = std::sync::OnceLock::new();
    Arc::clone(WHOLE.get_or_init(|| Arc::new(make(renderer))))
}

struct Books {
    /// Of what is read, and of what is written: a field may be left out of one and never of the other.
    read: SchemaGenerator,
    written: SchemaGenerator,
}

fn make(renderer: &Renderer) -> Json {
    let settings = || SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut books = Books { read: settings().into_generator(), written: settings().for_serialize().into_generator() };
    let problem = books.written.subschema_for::<ProblemShape>();
    let mut paths = Map::new();
    for endpoint in endpoints() {
        let entry = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        entry[endpoint.method.as_str().to_lowercase()] = operation(renderer, &mut books, endpoint, &json!(problem));
    }
    let mut schemas = books.written.take_definitions(true);
    for (name, schema) in books.read.take_definitions(true) {
        let other = schemas.insert(name.clone(), schema.clone());
        assert!(other.is_none_or(|other| other == schema), "two shapes are called {name}");
    }
    let (en, zh) = (renderer.voice(Lang::En), renderer.voice(Lang::Zh));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Yilian",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": en.word("api-summary"),
            "description": format!("{}\n\n{}", en.word("api-description"), zh.word("api-description")),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": en.word("api-token-note") },
            },
        },
    })
}

fn operation(renderer: &Renderer, books: &mut Books, endpoint: &Endpoint, problem: &Json) -> Json {
    let (doc, en, zh) = ((endpoint.doc)(), renderer.voice(Lang::En), renderer.voice(Lang::Zh));
    let words = format!("api-{}", doc.id);
    let mut parameters: Vec<Json> = holes(endpoint.path)
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": path_schema(&mut books.read, name) })
        })
        .collect();
    let query = doc.query.map(|shape| shape(&mut books.read).to_value());
    parameters.extend(query.iter().flat_map(query_parameters));
    let header = |name: &str, says: &str, schema: Json| json!({ "name": name, "in": "header", "description": en.word(says), "schema": schema });
    let lang = json!({ "type": "string", "enum": ["zh-CN", "en"] });
    parameters.push(header("Accept-Language", "api-language-note", lang));
    if doc.once {
        let key = json!({ "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$" });
        parameters.push(header("Idempotency-Key", "api-key-note", key));
    }
    if doc.tagged {
        parameters.push(header(
            "If-None-Match",
            "api-none-match-note",
            json!({ "type": "string", "pattern": "^[ -~]*$" }),
        ));
    }
    if doc.matches {
        parameters.push(header("If-Match", "api-match-note", json!({ "type": "string", "pattern": "^[ -~]*$" })));
    }
    let mut answers = Map::new();
    answers.insert(doc.status.to_string(), success(books, &doc));
    if let Some(status) = doc.also {
        answers.insert(status.to_string(), success(books, &doc));
    }
    if doc.tagged {
        answers.insert("304".into(), json!({ "description": "Not modified" }));
    }
    let paged = query.as_ref().is_some_and(|query| !query["properties"]["cursor"].is_null());
    let codes = codes(endpoint, &doc, paged);
    for (code, status) in refusals().iter().filter(|(code, _)| codes.contains(code)) {
        let answer = answers.entry(status.to_string()).or_insert_with(
            || json!({ "description": "", "content": { "application/problem+json": { "schema": problem } } }),
        );
        let line = format!("`{code}`: {}", en.word(&format!("problem-{code}-title")));
        let said = match answer["description"].as_str().unwrap_or_default() {
            "" => line,
            said => format!("{said}; {line}"),
        };
        answer["description"] = said.into();
    }
    let mut operation = json!({
        "operationId": doc.id,
        "tags": [doc.id.split('-').next().unwrap_or_default()],
        "summary": en.word(&words),
        "x-summary-zh": zh.word(&words),
        "parameters": parameters,
        "responses": answers,
    });
    match doc.takes {
        Some(Takes::Json(shape)) => {
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": shape(&mut books.read) } } });
        }
        Some(Takes::Bytes(mimes)) => {
            let content: Map<String, Json> = mimes.iter().map(|mime| ((*mime).to_owned(), json!({}))).collect();
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        None => {}
    }
    match endpoint.permission {
        Some(permission) => {
            operation["security"] = json!([{ "token": [] }]);
            operation["x-permission"] = permission.into();
        }
        None => operation["security"] = json!([]),
    }
    operation
}

fn success(books: &mut Books, doc: &Doc) -> Json {
    let mut answer = json!({ "description": if doc.status == 201 { "Made" } else { "Done" } });
    match doc.gives {
        Gives::Nothing => {}
        Gives::Json(shape) => {
            answer["content"] = json!({ "application/json": { "schema": shape(&mut books.written) } });
        }
        Gives::Text(mime) => answer["content"] = json!({ mime: {} }),
    }
    if doc.tagged {
        answer["headers"] = json!({ "ETag": { "schema": { "type": "string" } } });
    }
    answer
}

/// Every refusal an endpoint of this kind can give.
fn codes(endpoint: &Endpoint, doc: &Doc, paged: bool) -> Vec<&'static str> {
    let mut codes = vec!["wrong-host", "too-many", "internal", "nothing-published", "busy", "unreadable"];
    codes.extend(&doc.refuses);
    if endpoint.permission.is_some() {
        codes.extend(["not-signed-in", "not-allowed"]);
    }
    if endpoint.path.contains('{') {
        codes.push("not-found");
    }
    if paged {
        codes.push("cursor");
    }
    if endpoint.method != axum::http::Method::GET {
        codes.push("too-large");
        if endpoint.permission.is_some() {
            codes.push("cross-site");
        }
    }
    if doc.takes.is_some() {
        codes.extend(["unsupported", "invalid"]);
    }
    if doc.once {
        codes.extend(["key-busy", "key-reused"]);
    }
    if doc.matches {
        codes.push("changed");
    }
    codes
}

/// Names in braces.
fn holes(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
}

fn path_schema(book: &mut SchemaGenerator, name: &str) -> Json {
    let schema = match name {
        "person" => book.subschema_for::<shapes::PersonNumber>(),
        "list" => book.subschema_for::<shapes::ListNumber>(),
        "report" => book.subschema_for::<shapes::ReportNumber>(),
        "code" => book.subschema_for::<shapes::Code>(),
        "id" | "rule" | "clause" | "kind" | "source" | "number" => {
            return json!({ "type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[A-Za-z0-9_.-]+$" });
        }
        _ => return json!({ "type": "integer", "format": "int64", "minimum": 1 }),
    };
    schema.to_value()
}

/// Fields of the query's object as parameters.
fn query_parameters(query: &Json) -> Vec<Json> {
    let required: Vec<&str> = query["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let fields = query["properties"].as_object();
    let one = |(name, schema): (&String, &Json)| {
        let mut schema = schema.clone();
        without_null(&mut schema);
        let says = schema.as_object_mut().and_then(|held| held.remove("description"));
        let mut parameter = json!({ "name": name, "in": "query", "required": required.contains(&name.as_str()) });
        if let Some(says) = says {
            parameter["description"] = says;
        }
        parameter["schema"] = schema;
        parameter
    };
    fields.into_iter().flatten().map(one).collect()
}

/// A field of a query may be left out, but there is no null to send.
fn without_null(schema: &mut Json) {
    if let Some(kinds) = schema.get_mut("type").and_then(Json::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [one] = kinds.as_slice() {
            schema["type"] = one.clone();
        }
    }
    if let Some(choices) = schema.get_mut("anyOf").and_then(Json::as_array_mut) {
        choices.retain(|choice| choice["type"] != "null");
        if let [one] = choices.as_slice() {
            *schema = one.clone();
        }
    }
}
