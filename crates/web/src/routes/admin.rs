//! Running accounts, binding families, and reading what was done.

use super::{About, Surface};
use crate::pages::admin::{act, audit, confirm, index, invite, looks, show};
use crate::pages::people::bonds;

/// Accounts of the viewer's divisions; they need no night.
pub fn admin() -> Surface {
    Surface::new()
        .get("/d/admin/users", "user.list", About::Accounts, index::show)
        .post("/d/admin/users", "user.invite", About::Accounts, invite::send)
        .get("/d/admin/users/new", "user.invite", About::Accounts, invite::show)
        .get("/d/admin/users/{user}", "user.list", About::Accounts, show::show)
        .post("/d/admin/users/{user}/lock", "user.lock", About::Accounts, act::lock)
        .post("/d/admin/users/{user}/unlock", "user.lock", About::Accounts, act::unlock)
        .post("/d/admin/users/{user}/close", "user.lock", About::Accounts, act::close)
        .post("/d/admin/users/{user}/reset", "user.lock", About::Accounts, act::reset)
        .post("/d/admin/users/{user}/sessions/end", "user.lock", About::Accounts, act::sign_out)
        .post("/d/admin/users/{user}/roles", "user.grant", About::Accounts, act::grant)
        .post("/d/admin/users/{user}/roles/revoke", "user.grant", About::Accounts, act::revoke)
        .get("/d/admin/confirm", "user.confirm", About::Accounts, confirm::show)
        .post("/d/admin/confirm/{grant}", "user.confirm", About::Accounts, confirm::send)
        .get("/d/people/{person}/bonds", "bond.see", About::People, bonds::show)
        .post("/d/people/{person}/bonds", "bond.make", About::People, bonds::make)
        .post("/d/people/{person}/bonds/code", "bond.make", About::People, bonds::code)
        .post("/d/people/{person}/bonds/{bond}/end", "bond.end", About::People, bonds::end)
        .get("/d/audit", "audit.see", About::Whole, audit::show)
        .get("/d/audit/looks", "reveal.list", About::Accounts, looks::show)
}
