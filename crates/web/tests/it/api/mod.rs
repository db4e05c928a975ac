//! The interface for other systems, asked as they would: tokens, documents, refusals, repeated requests, streams.

mod deeds;
mod document;
mod hostile;
mod once;
mod read;
mod stream;
mod tokens;
mod webhooks;

use accounts::Actor;
use accounts::authz::{Grant, Kind};
use accounts::tokens::{MadeToken, NewToken};
use accounts::users::NewUser;
use kernel::UserId;
use serde_json::Value as Json;
use store::Session;

use crate::client::{Answer, ask};
use crate::door::House;
use crate::night;

impl House {
    /// A token of a role's account; no permission named: all it can give.
    pub fn bearer(&self, role: &str, may: &[&str], division: Option<&str>) -> MadeToken {
        let mut session = night::desk().database.session().unwrap();
        let account = self.made.iter().find(|account| account.role == role).expect("a role of the demonstration");
        let user = self.accounts.find(&mut session, &account.username).unwrap().unwrap();
        self.token_of(&mut session, user, may, division)
    }

    /// A token of an officer of the whole region.
    pub fn officer(&self) -> String {
        let mut session = night::desk().database.session().unwrap();
        let name = "region.officer";
        let user = match self.accounts.find(&mut session, name).unwrap() {
            Some(user) => user,
            None => {
                let division = "6530".parse().unwrap();
                let grant = Grant { role: "county_officer".into(), division: Some(division), place: None };
                let new = NewUser {
                    username: name.into(),
                    display_name: "州经办".into(),
                    kind: Kind::Staff,
                    phone: None,
                    division,
                    grants: vec![grant],
                };
                let link = self.accounts.invite(&mut session, Actor::Command, &new).unwrap();
                self.accounts.follow_link(&mut session, &link.token, "the river bends twice at dusk").unwrap()
            }
        };
        self.token_of(&mut session, user, &[], None).text()
    }

    fn token_of(&self, session: &mut Session, user: UserId, may: &[&str], division: Option<&str>) -> MadeToken {
        let kind = self.accounts.user(session, user).unwrap().kind;
        let owner = self.accounts.principal(session, user, kind).unwrap();
        for old in self.accounts.tokens(session, user).unwrap().iter().skip(8) {
            self.accounts.end_token(session, Actor::Command, user, old.id).unwrap();
        }
        let permissions = match may {
            [] => self.accounts.token_permissions(&owner).into_iter().map(str::to_owned).collect(),
            some => some.iter().map(|id| (*id).to_owned()).collect(),
        };
        let division = division.map(|code| code.parse().unwrap());
        let new = NewToken { name: "test".into(), permissions, division, days: 300 };
        self.accounts.make_token(session, Actor::Command, &owner, &new).unwrap()
    }

    /// Asks with a token, in English.
    pub fn api(&self, method: &str, path: &str, token: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        let (host, bearer) = (self.address.to_string(), format!("Bearer {token}"));
        let mut headers = vec![("host", host.as_str()), ("authorization", &bearer), ("accept-language", "en")];
        if !more.iter().any(|(name, _)| *name == "content-type") && !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        headers.extend(more);
        ask(self.address, method, path, &headers, body)
    }

    pub fn read(&self, path: &str, token: &str) -> Json {
        let answer = self.api("GET", path, token, &[], &[]);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        json(&answer)
    }
}

/// A body that can be read and changes nothing, so that an answer says whether it is allowed.
pub fn body(route: &str) -> &'static str {
    let ends = [
        ("/work-items/outcomes", r#"{"who":[],"outcome":"unreached"}"#),
        ("/reveal", r#"{"purpose":"-"}"#),
        ("{person}/applications", r#"{"rule":"-"}"#),
        ("/lists/{list}/decision", r#"{"verdict":"release"}"#),
        ("/decision", r#"{"verdict":"unsure","reason":""}"#),
        ("/undo", r#"{"reason":""}"#),
        ("/merges/{merge}", r#"{"verdict":"split","reason":""}"#),
        ("/rows/{row}", r#"{"column":"-","value":""}"#),
        ("/recommendation", r#"{"verdict":"grant"}"#),
        ("/grant", r#"{"from":"2026-11-20"}"#),
        ("/refusal", r#"{"words":""}"#),
        ("/papers", r#"{"papers":[]}"#),
        ("/delivery", r#"{"on":"2026-11-20"}"#),
        ("/stop", r#"{"from":"2026-11-20","cause":"died"}"#),
        ("/outcome", r#"{"state":"done"}"#),
        ("/answers", r#"{"answers":[]}"#),
        ("{number}/withdrawal", r#"{"words":""}"#),
        ("{number}/return", r#"{"words":""}"#),
        ("{number}/notification", r#"{"words":""}"#),
        ("{number}/stop/confirmation", r#"{"words":""}"#),
        ("{number}/stop/objection", r#"{"words":""}"#),
        ("{number}/reopening", r#"{"words":""}"#),
        ("{number}/annulment", r#"{"words":""}"#),
    ];
    let found = ends.iter().filter(|_| route.starts_with("/api/")).find(|(end, _)| route.ends_with(end));
    found.map_or("", |(_, body)| body)
}

pub fn json(answer: &Answer) -> Json {
    serde_json::from_slice(&answer.body).unwrap_or_else(|fault| panic!("{fault}: {}", answer.text()))
}

/// The code of a problem, after a look at its shape.
pub fn problem(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
    let problem = json(answer);
    assert_eq!(problem["status"], answer.status);
    for word in ["type", "title", "detail", "next"] {
        assert!(problem[word].as_str().is_some_and(|text| !text.is_empty() && !text.contains('⟦')), "{problem}");
    }
    problem["code"].as_str().unwrap().to_owned()
}
