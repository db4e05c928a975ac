//! Signing in by a real identity provider: npm's `oidc-provider`, run by Node.js, and a browser of a few lines.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use crate::client::{Answer, ask};
use crate::door::{House, cookie_of, house, said};
use crate::night::{self, desk, state_at};

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
fn start(redirect: &str) -> Option<Running> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).canonicalize().unwrap();
    let node = Command::new("node").arg("--version").output().is_ok_and(|done| done.status.success());
    if !node || !root.join("e2e/node_modules/oidc-provider").exists() {
        let required = std::env::var("YILIAN_REQUIRE_PROVIDER").is_ok_and(|value| value == "1");
        assert!(!required, "an identity provider is required, but Node.js or e2e/node_modules is absent");
        eprintln!("SKIPPED with a provider: needs Node.js and `npm ci` in e2e");
        return None;
    }
    let mut command = Command::new("node");
    command.arg(root.join("crates/oidc/tests/provider.mjs")).arg(root.join("e2e")).arg(redirect);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let issuer = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("READY ").map(str::to_owned));
    Some(Running { child, issuer: issuer.expect("the provider starts") })
}

/// Follows redirects with cookies by host, signs in at the provider and agrees; stops at a page of ours.
struct Browser {
    cookies: BTreeMap<SocketAddr, BTreeMap<String, String>>,
}

impl Browser {
    fn go(&mut self, ours: SocketAddr, first: &str, citizen: &str) -> (String, Answer) {
        self.walk(ours, (ours, first), citizen)
    }

    fn go_from(&mut self, ours: SocketAddr, there: SocketAddr, path: &str, citizen: &str) -> Answer {
        self.walk(ours, (there, path), citizen).1
    }

    fn walk(&mut self, ours: SocketAddr, (mut to, first): (SocketAddr, &str), citizen: &str) -> (String, Answer) {
        let mut path = first.to_owned();
        let mut form: Option<String> = None;
        for _ in 0..16 {
            let answer = self.send(to, &path, form.take());
            if let Some(there) = answer.header("location").map(str::to_owned) {
                if let Some(rest) = there.strip_prefix("http://") {
                    let (host, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                    to = host.parse().unwrap();
                    path = rest.to_owned();
                } else {
                    path = there;
                }
                continue;
            }
            if to == ours {
                return (path, answer);
            }
            let page = answer.text();
            assert!(page.contains("name=\"prompt\""), "{} {page}", answer.status);
            let login = page.contains("name=\"login\"");
            form = Some(match login {
                true => format!("prompt=login&login={citizen}&password=x"),
                false => "prompt=consent".to_owned(),
            });
        }
        panic!("sent round in circles");
    }

    fn send(&mut self, to: SocketAddr, path: &str, form: Option<String>) -> Answer {
        let jar = self.cookies.entry(to).or_default();
        let cookies = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let (host, origin) = (to.to_string(), format!("http://{to}"));
        let mut headers = vec![("host", host.as_str()), ("cookie", cookies.as_str()), ("origin", origin.as_str())];
        let (method, body) = match &form {
            Some(form) => {
                headers.push(("content-type", "application/x-www-form-urlencoded"));
                ("POST", form.as_bytes())
            }
            None => ("GET", &b""[..]),
        };
        let answer = ask(to, method, path, &headers, body);
        for set in answer.headers("set-cookie") {
            let pair = set.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            match value.is_empty() || set.contains("Max-Age=0") {
                true => jar.remove(name),
                false => jar.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }
}

fn settings(issuer: &str, ours: SocketAddr) -> oidc::Settings {
    oidc::Settings {
        issuer: issuer.to_owned(),
        client_id: "public".to_owned(),
        client_secret: None,
        redirect: format!("http://{ours}/sign-in/back"),
        scopes: vec!["openid".to_owned()],
        second_factor: Vec::new(),
        authority: None,
    }
}

/// A service of the house's accounts whose address is known before the provider starts.
fn serve(house: &House) -> Option<(Running, SocketAddr)> {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = socket.local_addr().unwrap();
    let running = start(&format!("http://{ours}/sign-in/back"))?;
    let desk = desk();
    let door = web::Door { accounts: house.accounts.clone(), hosts: Vec::new(), secure: false };
    // The provider speaks of now.
    let clock = Arc::new(kernel::SystemClock);
    let app = state_at(desk.database.clone(), desk.keys.clone(), PathBuf::from("no documents"), clock);
    let app = app.behind(door).with_provider(settings(&running.issuer, ours));
    night::listen_on(socket, web::router(app));
    Some((running, ours))
}

#[test]
fn an_identity_is_linked_once_and_signs_in_from_then_on() {
    let (_turn, house) = house();
    let Some((_running, ours)) = serve(house) else { return };
    let mut stranger = Browser { cookies: BTreeMap::new() };
    let first = stranger.send(ours, "/sign-in", None);
    assert!(first.text().contains("用政务统一身份登录"), "{}", said(&first));
    let (_, page) = stranger.go(ours, "/sign-in/government?back=%2Faccount", "citizen-7");
    assert_eq!(page.status, 422);
    assert!(said(&page).contains("还没有关联"), "signing in never makes an account: {}", said(&page));

    // Someone signed in links it, and is the same person the next time.
    let officer = house.account("county_officer");
    let cookie = house.sign_in(officer);
    let (name, value) = cookie.split_once('=').unwrap();
    let mut own = Browser { cookies: BTreeMap::new() };
    own.cookies.entry(ours).or_default().insert(name.to_owned(), value.to_owned());
    let account = own.send(ours, "/account", None).text();
    let token = account.split("name=\"_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let out = own.send(ours, "/account/identity", Some(format!("_token={token}")));
    let there = out.header("location").unwrap().to_owned();
    let rest = there.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    // From the provider's page on, back to ours.
    let back = own.go_from(ours, host.parse().unwrap(), path, "citizen-7");
    assert_eq!(back.status, 200, "{}", said(&back));
    assert!(said(&back).contains("取消关联"), "{}", said(&back));

    let mut again = Browser { cookies: BTreeMap::new() };
    let (path, page) = again.go(ours, "/sign-in/government?back=%2Faccount", "citizen-7");
    assert!(path.starts_with("/sign-in/code"), "the provider asked for no second factor, so ours is asked: {path}");
    assert_eq!(page.status, 200);
    let now = {
        let mut now = house.clock.0.lock().unwrap();
        *now += chrono::Duration::seconds(31);
        *now
    };
    let entered = again.send(ours, "/sign-in/code", Some(format!("code={}", officer.code_at(now).unwrap())));
    assert_eq!(entered.status, 303, "{}", said(&entered));
    assert!(!cookie_of(&entered).is_empty());
    assert_eq!(again.send(ours, "/account", None).status, 200);

    // What the provider sent once is worth nothing the second time, nor in another browser.
    let mut thief = Browser { cookies: BTreeMap::new() };
    let stolen = thief.send(ours, "/sign-in/back?code=x&state=y", None);
    assert_eq!(stolen.status, 422);
    assert!(said(&stolen).contains("不是从这里开始"), "{}", said(&stolen));
}
