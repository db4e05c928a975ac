//! A page for everyone: the published night in the reader's language, without a connection to the database unless one
//! is asked for.

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::Response;
use serde::Serialize;
use store::Session;

use crate::desk::Desk;
use crate::edge::{Ask, Problem, Viewer};

use crate::frame::{PortalFrame, Rail, Section, Shell, figures};
use crate::opened::Opened;
use crate::published::Published;
use crate::state::AppState;

/// What a public page's view is made from.
pub struct Public<'o> {
    pub app: &'o AppState,
    pub published: &'o Published,
    pub desk: Desk<'o>,
    pub viewer: Viewer,
}

/// Who may keep a copy of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// The same for every stranger: anyone, for a minute.
    Anyone,
    /// It holds what one reader said.
    Nobody,
}

/// Which page, and how it is handed out.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub section: Section,
    pub template: &'static str,
    pub copies: Copies,
}

impl Page {
    #[must_use]
    pub const fn new(section: Section, template: &'static str) -> Self {
        Self { section, template, copies: Copies::Anyone }
    }

    #[must_use]
    pub const fn unkept(self) -> Self {
        Self { copies: Copies::Nobody, ..self }
    }
}

/// A title, a view, and whether the reader has something to change.
pub struct Made<V> {
    pub title: String,
    pub view: V,
    pub fault: bool,
}

impl<V> Made<V> {
    pub fn new(title: impl Into<String>, view: V) -> Self {
        Self { title: title.into(), view, fault: false }
    }

    #[must_use]
    pub fn faulty(self, fault: bool) -> Self {
        Self { fault, ..self }
    }
}

impl Public<'_> {
    /// A connection, for pages that can't do without.
    ///
    /// # Errors
    /// When the database gives none.
    pub fn session(&self) -> Result<Session, Problem> {
        self.app.session()
    }
}

impl AppState {
    /// Runs `make` on the latest night for anyone.
    ///
    /// # Errors
    /// Those of `make`; `NothingPublished` before the first night.
    pub async fn open_public<T: Send + 'static>(
        &self,
        ask: &Ask,
        make: impl FnOnce(&Public<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (lang, viewer) = (ask.lang, ask.viewer.clone());
        self.work(move |app| {
            let published = app.published()?;
            make(&Public { app, published: &published, desk: published.desk(app.renderer(), lang), viewer })
        })
        .await
    }

    /// A public page about the latest night.
    ///
    /// # Errors
    /// Those of `make` and of the template.
    pub async fn public_page<V: Serialize>(
        &self,
        ask: Ask,
        page: Page,
        make: impl FnOnce(&Ask, &Public<'_>) -> Result<Made<V>, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        let asked = ask.clone();
        let stranger = ask.viewer.signed().is_none();
        let mut response = self
            .open_public(&ask, move |public| {
                let Made { title, view, fault } = make(&asked, public)?;
                let shell = shell(public, &asked, page.section, (title, fault));
                public.app.page(&asked, page.template, &shell, &view)
            })
            .await?;
        if page.copies == Copies::Anyone && stranger {
            let headers = response.headers_mut();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
            headers.insert(VARY, HeaderValue::from_static("cookie"));
        }
        Ok(response)
    }
}

impl AppState {
    /// A page in the public frame for somebody who has signed in; nobody keeps a copy.
    ///
    /// # Errors
    /// Those of `make` and of the template.
    pub async fn own_page<V: Serialize>(
        &self,
        ask: Ask,
        page: Page,
        make: impl FnOnce(&Ask, &Opened<'_>) -> Result<Made<V>, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        let asked = ask.clone();
        self.open_night(&ask, move |opened| {
            let Made { title, view, fault } = make(&asked, opened)?;
            let public = Public {
                app: opened.app,
                published: opened.published,
                desk: opened.desk,
                viewer: opened.viewer.clone(),
            };
            let shell = shell(&public, &asked, page.section, (title, fault));
            opened.app.page(&asked, page.template, &shell, &view)
        })
        .await
    }
}

fn shell(public: &Public<'_>, ask: &Ask, section: Section, (title, fault): (String, bool)) -> Shell {
    let desk = &public.desk;
    let print = ask.here.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair == "print=1"));
    let frame = PortalFrame { print, fault, ..PortalFrame::new(desk.voice, Some(&desk.pack.portal), section) };
    let mut shell = ask.shell(Rail::Nowhere, title).in_portal(frame);
    shell.viewer = public.viewer.signed().map(|signed| signed.display_name.clone());
    shell.as_of = Some(desk.as_of.to_string());
    shell.as_of_spoken = Some(figures::spoken_date(desk.as_of, ask.lang));
    shell
}
