//! What an office does all day, done by a program: an application to its end, a village's answers, needs.

use serde_json::{Value as Json, json as object};

use crate::api::{json, problem};
use crate::client::Answer;
use crate::door::{House, house};
use crate::matters::unserved;

fn post(house: &House, token: &str, path: &str, body: &Json) -> Answer {
    house.api("POST", &format!("/api/v1{path}"), token, &[], body.to_string().as_bytes())
}

#[test]
fn an_application_goes_its_whole_way_by_two_people() {
    let (_turn, house) = house();
    let clerk = house.bearer("township_coordinator", &[], None).text();
    let officer = house.bearer("county_officer", &[], None).text();
    let person = unserved(house, "meal_delivery");
    let filed = post(house, &clerk, &format!("/people/{person}/applications"), &object!({ "rule": "meal_delivery" }));
    assert_eq!(filed.status, 201, "{}", filed.text());
    let path = format!("/applications/{}", json(&filed)["number"].as_str().unwrap());
    let deed = |token: &str, name: &str, body: Json| post(house, token, &format!("{path}/{name}"), &body);
    let state = |answer: &Answer| json(answer)["state"].as_str().unwrap_or_default().to_owned();
    let words = || object!({ "words": "checked" });

    assert_eq!(problem(&deed(&clerk, "papers", object!({ "papers": [7] }))), "invalid", "it asks for no such paper");
    assert_eq!(state(&deed(&clerk, "papers", object!({ "papers": [] }))), "filed");
    assert_eq!(state(&deed(&clerk, "recommendation", object!({ "verdict": "grant" }))), "recommended");
    assert_eq!(deed(&clerk, "return", words()).status, 403, "who recommends does not decide");
    assert_eq!(state(&deed(&officer, "return", words())), "filed", "to be looked into again");
    assert_eq!(state(&deed(&clerk, "recommendation", object!({ "verdict": "grant" }))), "recommended");
    let from = house.clock.0.lock().unwrap().date_naive() + chrono::Days::new(2);
    let granted = deed(&officer, "grant", object!({ "from": from.to_string() }));
    assert_eq!(state(&granted), "granted", "{}", granted.text());
    let later = (from + chrono::Days::new(90)).to_string();
    assert_eq!(deed(&clerk, "notification", words()).status, 200);
    assert_eq!(problem(&deed(&clerk, "delivery", object!({}))), "invalid", "on which day");
    assert_eq!(deed(&clerk, "stop", object!({ "from": later.clone(), "cause": "no such cause" })).status, 422);
    let stopping =
        deed(&clerk, "stop", object!({ "from": later.clone(), "cause": "moved_away", "words": "with her son" }));
    assert_eq!(state(&stopping), "stopping", "{}", stopping.text());
    assert_eq!(deed(&clerk, "stop/confirmation", words()).status, 403, "a second person");
    assert_eq!(state(&deed(&officer, "stop/objection", words())), "granted", "kept on");
    assert_eq!(problem(&deed(&officer, "annulment", words())), "invalid", "not by whoever granted it");
    let again = object!({ "from": later, "cause": "died" });
    assert_eq!(state(&deed(&clerk, "stop", again)), "stopping");
    assert_eq!(state(&deed(&officer, "stop/confirmation", words())), "ended");
    assert_eq!(problem(&deed(&clerk, "withdrawal", words())), "invalid", "it has ended");
}

#[test]
fn a_village_s_answers_are_entered_all_or_none() {
    let (_turn, house) = house();
    let clerk = house.bearer("township_coordinator", &[], None).text();
    let asked = house.read("/api/v1/work-items?kind=ask&fact=children_count&limit=1", &clerk);
    let item = &asked["items"][0];
    let (person, village) = (item["person"]["id"].as_str().unwrap(), item["division"]["code"].as_str().unwrap());
    let path = format!("/villages/{village}/answers");
    let told = |value: Json| object!({ "answers": [{ "person": person, "fact": "children_count", "value": value }] });

    let wrong = post(
        house,
        &clerk,
        &path,
        &object!({ "answers": [
            { "person": "P1x", "fact": "children_count", "value": 2 }, { "person": person, "fact": "shoe_size", "value": 2 }
        ]}),
    );
    assert_eq!(problem(&wrong), "invalid");
    let faults = json(&wrong)["faults"].clone();
    let fields: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["answers[0].person", "answers[1].fact"]);
    assert_eq!(post(house, &clerk, &path, &told(object!(99))).status, 422, "beyond what is possible");
    assert_eq!(json(&post(house, &clerk, &path, &told(object!(3))))["entered"], 1);
    let left = house.read(&format!("/api/v1/people/{person}/work-items"), &clerk);
    let asks =
        left.as_array().unwrap().iter().filter(|item| item["fact"] == "children_count" && item["state"] == "open");
    assert_eq!(asks.count(), 0, "the question is closed");
    let stranger =
        object!({ "answers": [{ "person": house.stranger.to_string(), "fact": "children_count", "value": 1 }] });
    assert_eq!(post(house, &clerk, &path, &stranger).status, 403, "of another county");
    assert_eq!(post(house, &clerk, "/villages/653001/answers", &told(object!(3))).status, 404, "no village");
}
