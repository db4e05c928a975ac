//! Accounts on the command line: links printed once, everything in the audit trail, nothing secret kept.

use crate::home::Home;

fn link(printed: &str) -> String {
    printed.lines().find_map(|line| line.strip_prefix("/invite/")).expect("a link is printed").to_owned()
}

#[test]
fn an_administrator_is_made_and_invites() {
    let home = Home::new();
    let made = home.succeed(&["user", "create-admin", "chief", "--name", "管理员", "--division", "6530"]);
    assert_eq!(link(&made).len(), 43);
    let again = home.run(&["user", "create-admin", "chief2", "--name", "x", "--division", "6530"]);
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("there is an administrator already"));
    let invite = ["user", "invite", "gulnar", "--name", "古丽娜尔", "--role", "county_officer", "--division", "653001"];
    let invited = home.succeed(&invite);
    home.succeed(&["user", "grant", "gulnar", "county_officer", "--division", "653022"]);
    home.succeed(&["user", "revoke", "gulnar", "county_officer", "--division", "653001"]);
    let wrong = home.run(&["user", "grant", "gulnar", "auditor", "--division", "653022"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("can't be held together with county_officer"));
    home.succeed(&["user", "close", "U00000002"]);
    let list = home.succeed(&["user", "list"]);
    assert!(list.contains("chief") && list.contains("closed") && list.ends_with("2 accounts\n"), "{list}");
    let verified = home.succeed(&["audit", "verify"]);
    assert!(verified.contains("Nothing was changed"), "{verified}");
    let database = std::fs::read(home.path().join("yilian.db")).unwrap();
    for secret in [link(&made), link(&invited), "古丽娜尔".to_owned()] {
        assert!(!database.windows(secret.len()).any(|w| w == secret.as_bytes()), "a secret stands in the clear");
    }
}

#[test]
fn a_family_is_bound_and_the_consent_shows() {
    let home = Home::new();
    home.succeed(&["user", "invite", "daughter", "--name", "女儿", "--kind", "family", "--division", "653001100"]);
    let code = home.succeed(&["family", "code", "P00000007", "--scopes", "see,apply"]);
    assert_eq!(code.lines().next().map(str::len), Some(14));
    let bind =
        ["family", "bind", "daughter", "P00000007", "--relation", "child", "--scopes", "see", "--means", "township"];
    home.succeed(&bind);
    home.succeed(&["family", "end", "1", "--means", "telephone"]);
    let shown = home.succeed(&["family", "show", "P00000007"]);
    assert!(shown.contains("given") && shown.contains("withdrawn") && shown.contains("telephone elder"), "{shown}");
    assert!(home.succeed(&["audit", "looked", "P00000007"]).contains("0 looks"));
}
