//! A page about accounts: who asks, the accounts room and a connection. It needs no night, since accounts come first.

use accounts::signing::Signed;
use accounts::users::User;
use accounts::{Accounts, AccountsError, Actor};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{DivisionCode, Divisions, Lang, UserId};
use serde::Serialize;
use std::sync::Arc;
use store::Session;

use crate::edge::{Ask, Problem, Within};
use crate::frame::{Shell, Voice};
use crate::state::AppState;

/// What a page of the office is made from.
pub struct Office<'o> {
    pub app: &'o AppState,
    pub accounts: &'o Accounts,
    pub signed: &'o Signed,
    pub within: &'o Within,
    pub divisions: &'o Divisions,
    pub voice: Voice<'o>,
    pub session: Session,
}

impl Office<'_> {
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.voice.lang
    }

    /// Asks the accounts room something on the viewer's word; what they may not is a problem of its own, a fault that the
    /// viewer can mend comes back in words.
    ///
    /// # Errors
    /// Those that are nobody's to mend on a page.
    pub fn try_to<T>(
        &mut self,
        work: impl FnOnce(&Accounts, &mut Session, Actor<'_>) -> Result<T, AccountsError>,
    ) -> Result<Result<T, String>, Problem> {
        let actor = Actor::User(&self.signed.principal);
        match work(self.accounts, &mut self.session, actor) {
            Ok(done) => Ok(Ok(done)),
            Err(fault) => sorted(fault, self.voice.lang).map(Err),
        }
    }

    /// The same for reading: nothing is to be mended.
    ///
    /// # Errors
    /// Those of the room.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&Accounts, &mut Session, Actor<'_>) -> Result<T, AccountsError>,
    ) -> Result<T, Problem> {
        let actor = Actor::User(&self.signed.principal);
        work(self.accounts, &mut self.session, actor).map_err(problem)
    }

    /// The name behind an id in records; programs have their own words.
    #[must_use]
    pub fn who(&mut self, actor: &str) -> String {
        let id = actor.strip_prefix(UserId::PREFIX).and_then(|digits| digits.parse().ok()).map(UserId);
        let known = id.and_then(|id| self.accounts.user(&mut self.session, id).ok());
        known.map_or_else(|| actor.to_owned(), |user| user.display_name)
    }

    #[must_use]
    pub fn role(&self, id: &str) -> String {
        let known = self.accounts.authz().role(id);
        known.map_or_else(|| id.to_owned(), |role| role.label.get(self.lang()).to_owned())
    }

    #[must_use]
    pub fn place(&self, code: DivisionCode) -> String {
        self.divisions.path(code)
    }

    #[must_use]
    pub fn state(&self, user: &User) -> String {
        self.voice.word(&format!("user-state-{}", user.state.name()))
    }
}

/// What the viewer can mend, in words.
fn sorted(fault: AccountsError, lang: Lang) -> Result<String, Problem> {
    match fault {
        AccountsError::Store(_)
        | AccountsError::Audit(_)
        | AccountsError::Seal { .. }
        | AccountsError::Damaged { .. }
        | AccountsError::Breached(_)
        | AccountsError::NotAllowed(_)
        | AccountsError::NoAccount
        | AccountsError::NotSignedIn => Err(problem(fault)),
        other => Ok(other.say(lang)),
    }
}

fn problem(fault: AccountsError) -> Problem {
    match fault {
        AccountsError::NotAllowed(decision) => Problem::NotAllowed(Arc::new(decision)),
        AccountsError::NoAccount | AccountsError::NoBond(_) => Problem::NotFound,
        AccountsError::NotSignedIn => Problem::NotSignedIn,
        other => Problem::internal(other),
    }
}

impl AppState {
    /// Runs `make` beside the server's threads.
    ///
    /// # Errors
    /// Those of `make`; `NotFound` while nobody has an account.
    pub async fn open_office<T: Send + 'static>(
        &self,
        ask: &Ask,
        make: impl FnOnce(&mut Office<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (lang, viewer, within) = (ask.lang, ask.viewer.clone(), ask.within.clone());
        self.work(move |app| {
            let (Some(door), Some(signed)) = (app.door(), viewer.signed()) else { return Err(Problem::NotFound) };
            let divisions = app.divisions()?;
            make(&mut Office {
                app,
                accounts: &door.accounts,
                signed,
                within: &within,
                divisions,
                voice: app.renderer().voice(lang),
                session: app.session()?,
            })
        })
        .await
    }

    /// A page of the office: `make` gives its frame and view.
    ///
    /// # Errors
    /// Those of `make` and of the template.
    pub async fn office_page<V: Serialize>(
        &self,
        ask: Ask,
        template: &'static str,
        make: impl FnOnce(&Ask, &mut Office<'_>) -> Result<(StatusCode, Shell, V), Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        let asked = ask.clone();
        self.open_office(&ask, move |office| {
            let (status, shell, view) = make(&asked, office)?;
            let (authz, signed) = (office.accounts.authz(), office.signed);
            let shell = shell.seen_by(&signed.display_name, |permission| authz.holds(&signed.principal, permission));
            Ok((status, office.app.page(&asked, template, &shell, &view)?).into_response())
        })
        .await
    }
}
