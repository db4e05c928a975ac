//! The whole way through a provider that is not ours: npm's `oidc-provider`, started here and run by Node.js.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use kernel::{Clock, SystemClock};
use oidc::{Begun, OidcError, Provider, Returned, Settings};

const REDIRECT: &str = "http://127.0.0.1:9/back";

/// A running provider; goes with the test.
struct Running {
    child: Child,
    issuer: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `None` where Node.js or the package is absent; says so, unless `YILIAN_REQUIRE_PROVIDER=1`.
fn start() -> Option<Running> {
    let e2e = testkit::repository().join("e2e").canonicalize().unwrap();
    let node = Command::new("node").arg("--version").output().is_ok_and(|done| done.status.success());
    if !node || !e2e.join("node_modules/oidc-provider").exists() {
        let required = std::env::var("YILIAN_REQUIRE_PROVIDER").is_ok_and(|value| value == "1");
        assert!(!required, "an identity provider is required, but Node.js or e2e/node_modules is absent");
        eprintln!("SKIPPED with a provider: needs Node.js and `npm ci` in e2e");
        return None;
    }
    let script = testkit::repository().join("crates/oidc/tests/provider.mjs").canonicalize().unwrap();
    let mut command = Command::new("node");
    command.arg(script).arg(e2e).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("READY ").map(str::to_owned));
    let mut running = Running { child, issuer: String::new() };
    running.issuer = ready.expect("the provider starts");
    Some(running)
}

fn settings(issuer: &str, client: &str, secret: Option<&str>) -> Settings {
    Settings {
        issuer: issuer.to_owned(),
        client_id: client.to_owned(),
        client_secret: secret.map(str::to_owned),
        redirect: REDIRECT.to_owned(),
        scopes: vec!["openid".to_owned()],
        second_factor: Vec::new(),
        authority: None,
    }
}

/// A browser with somebody in front of it: follows redirects, keeps cookies, signs in and agrees.
fn browse(address: &str, citizen: &str) -> Returned {
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let origin = address.split('/').take(3).collect::<Vec<_>>().join("/");
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let (mut next, mut form): (String, Option<Vec<(&str, &str)>>) = (address.to_owned(), None);
    for _ in 0..12 {
        let jar = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut answer = match form.take() {
            Some(form) => agent.post(&next).header("cookie", jar).send_form(form).unwrap(),
            None => agent.get(&next).header("cookie", jar).call().unwrap(),
        };
        for set in answer.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        if let Some(there) = answer.headers().get("location") {
            let there = there.to_str().unwrap();
            if let Some(query) = there.strip_prefix(REDIRECT) {
                return returned(query.trim_start_matches('?'));
            }
            next = if there.starts_with('/') { format!("{origin}{there}") } else { there.to_owned() };
            continue;
        }
        let page = answer.body_mut().read_to_string().unwrap();
        let login = page.contains("name=\"login\"");
        assert!(page.contains("name=\"prompt\""), "{} {page}", answer.status());
        form = Some(if login {
            vec![("prompt", "login"), ("login", citizen), ("password", "x")]
        } else {
            vec![("prompt", "consent")]
        });
    }
    panic!("the provider sends the browser round in circles");
}

fn returned(query: &str) -> Returned {
    let value = |name: &str| {
        let found = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name);
        found.map(|(_, value)| value.replace("%3A", ":").replace("%2F", "/"))
    };
    Returned { code: value("code"), state: value("state"), iss: value("iss"), error: value("error") }
}

#[test]
fn a_citizen_signs_in_by_a_real_provider() {
    let Some(running) = start() else { return };
    for (client, secret) in
        [("county", Some("a secret: of & the = county")), ("form", Some("another-secret")), ("public", None)]
    {
        let provider = Provider::discover(settings(&running.issuer, client, secret)).unwrap();
        let (address, begun) = provider.begin();
        let back = browse(&address, "citizen-1");
        // What is remembered travels as text.
        let begun: Begun = serde_json::from_str(&serde_json::to_string(&begun).unwrap()).unwrap();
        let identity = provider.finish(&begun, &back, SystemClock.now()).unwrap();
        assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (running.issuer.as_str(), "citizen-1"));
        assert!(!identity.second_factor);
        let replayed = provider.finish(&begun, &back, SystemClock.now());
        assert!(matches!(replayed, Err(OidcError::Provider { .. })), "a code is good once");
    }
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let Some(running) = start() else { return };
    let provider = Provider::discover(settings(&running.issuer, "public", None)).unwrap();
    let (address, begun) = provider.begin();
    let (_, other) = provider.begin();
    let back = browse(&address, "citizen-1");
    let finish = |begun: &Begun, back: &Returned| provider.finish(begun, back, SystemClock.now());
    assert!(matches!(finish(&other, &back), Err(OidcError::NotOurs)));
    let elsewhere = Returned { iss: Some("https://evil.example".to_owned()), ..back.clone() };
    assert!(matches!(finish(&begun, &elsewhere), Err(OidcError::NotOurs)));
    let unnamed = Returned { iss: None, ..back.clone() };
    assert!(matches!(finish(&begun, &unnamed), Err(OidcError::NotOurs)), "it promised to name itself");
    let declined = Returned { error: Some("access_denied".to_owned()), code: None, ..back.clone() };
    assert_eq!(finish(&begun, &declined).err(), Some(OidcError::Declined("access_denied".to_owned())));
    let late = SystemClock.now() + chrono::Duration::hours(2);
    assert_eq!(provider.finish(&begun, &back, late).err(), Some(OidcError::Token("it is too old")));
    assert!(Provider::discover(settings(&format!("{}/", running.issuer), "public", None)).is_err(), "another issuer");
}
