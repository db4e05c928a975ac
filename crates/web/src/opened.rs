//! A page being made: the night in the reader's language with a connection at hand.

use std::cell::RefCell;
use std::error::Error;
use std::sync::Arc;

use accounts::authz::Target;
use axum::response::Response;
use kernel::{DivisionCode, PersonId};
use serde::Serialize;
use store::{Keys, Session};

use crate::desk::Desk;
use crate::edge::{Ask, Problem, Viewer, Within};
use crate::frame::{Shell, figures};
use crate::published::Published;
use crate::state::AppState;

/// What a page's view is made from.
pub struct Opened<'o> {
    pub app: &'o AppState,
    pub published: &'o Published,
    pub desk: Desk<'o>,
    pub viewer: Viewer,
    session: RefCell<Session>,
}

impl Opened<'_> {
    /// Asks the database something; one connection serves the whole page.
    ///
    /// # Errors
    /// Those of the question, logged without personal data.
    pub fn ask<T, E: Into<Box<dyn Error + Send + Sync>>>(
        &self,
        question: impl FnOnce(&mut Session) -> Result<T, E>,
    ) -> Result<T, Problem> {
        question(&mut self.session.borrow_mut()).map_err(Problem::internal)
    }

    /// As [`Opened::ask`], for questions that answer with problems.
    ///
    /// # Errors
    /// Those of the question.
    pub fn try_ask<T>(&self, question: impl FnOnce(&mut Session) -> Result<T, Problem>) -> Result<T, Problem> {
        question(&mut self.session.borrow_mut())
    }

    /// Goes on when the viewer may do this about this person.
    ///
    /// # Errors
    /// `NotAllowed`, with the reasons.
    pub fn demand(&self, permission: &str, person: PersonId) -> Result<(), Problem> {
        self.decided(permission, &Target::person(person, self.desk.home(person)))
    }

    /// The same for someone whose home may be known from elsewhere: they may have left the night's population.
    ///
    /// # Errors
    /// `NotAllowed`, with the reasons.
    pub fn demand_at(&self, permission: &str, person: PersonId, home: Option<DivisionCode>) -> Result<(), Problem> {
        self.decided(permission, &Target::person(person, home))
    }

    /// Goes on when the permission reaches the whole of this division.
    ///
    /// # Errors
    /// `NotAllowed`, with the reasons.
    pub fn demand_division(&self, permission: &str, division: DivisionCode) -> Result<(), Problem> {
        self.decided(permission, &Target::division(division))
    }

    /// Whether the viewer has a permission at all, for somebody or somewhere.
    #[must_use]
    pub fn holds(&self, permission: &str) -> bool {
        let (Some(signed), Some(door)) = (self.viewer.signed(), self.app.door()) else { return true };
        door.accounts.authz().holds(&signed.principal, permission)
    }

    /// How far another permission than the page's reaches for the viewer.
    #[must_use]
    pub fn within(&self, permission: &str) -> Within {
        let (Some(signed), Some(door)) = (self.viewer.signed(), self.app.door()) else { return Within::default() };
        Within(Some(Arc::new(door.accounts.authz().scope(&signed.principal, permission))))
    }

    fn decided(&self, permission: &str, target: &Target) -> Result<(), Problem> {
        let (Some(signed), Some(door)) = (self.viewer.signed(), self.app.door()) else { return Ok(()) };
        let decision = door.accounts.authz().decide(&signed.principal, permission, target);
        if decision.allowed { Ok(()) } else { Err(Problem::NotAllowed(Arc::new(decision))) }
    }

    #[must_use]
    pub fn keys(&self) -> &Keys {
        self.app.keys()
    }
}

impl AppState {
    /// Runs `make` on the latest night, beside the server's threads.
    ///
    /// # Errors
    /// Those of `make`; `NothingPublished` before the first night.
    pub async fn open_night<T: Send + 'static>(
        &self,
        ask: &Ask,
        make: impl FnOnce(&Opened<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (lang, viewer, within) = (ask.lang, ask.viewer.clone(), ask.within.clone());
        self.work(move |app| {
            let published = app.published()?;
            let opened = Opened {
                app,
                published: &published,
                desk: Desk { within: &within, ..published.desk(app.renderer(), lang) },
                viewer,
                session: RefCell::new(app.session()?),
            };
            make(&opened)
        })
        .await
    }

    /// The frame as the reader sees it: only the columns they may open.
    #[must_use]
    pub fn framed(&self, ask: &Ask, shell: Shell) -> Shell {
        let (Some(signed), Some(door)) = (ask.viewer.signed(), self.door()) else { return shell };
        let authz = door.accounts.authz();
        shell.seen_by(&signed.display_name, |permission| authz.holds(&signed.principal, permission))
    }

    /// A page about the latest night: `make` gives its frame and view.
    ///
    /// # Errors
    /// Those of `make` and of the template.
    pub async fn night_page<V: Serialize>(
        &self,
        ask: Ask,
        template: &'static str,
        make: impl FnOnce(&Ask, &Opened<'_>) -> Result<(Shell, V), Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        let asked = ask.clone();
        self.open_night(&ask, move |opened| {
            let (shell, view) = make(&asked, opened)?;
            let mut shell = opened.app.framed(&asked, shell);
            shell.as_of = Some(opened.desk.as_of.to_string());
            shell.as_of_spoken = Some(figures::spoken_date(opened.desk.as_of, asked.lang));
            opened.app.page(&asked, template, &shell, &view)
        })
        .await
    }
}
