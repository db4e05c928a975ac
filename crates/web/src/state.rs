//! What handlers share.

use std::sync::Arc;

use axum::response::{Html, IntoResponse, Response};
use kernel::Clock;
use serde::Serialize;

use crate::edge::{Ask, Problem};
use crate::frame::{Renderer, RendererFault, Shell};

/// Cheap to clone; one for the whole service.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    renderer: Renderer,
    clock: Arc<dyn Clock>,
}

impl AppState {
    /// # Errors
    /// Templates or words of the binary that cannot be read.
    pub fn new(clock: Arc<dyn Clock>) -> Result<Self, RendererFault> {
        Ok(Self(Arc::new(Inner { renderer: Renderer::new()?, clock })))
    }

    #[must_use]
    pub fn renderer(&self) -> &Renderer {
        &self.0.renderer
    }

    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// The answer to a request: the page `template` with its view.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn page<V: Serialize>(&self, ask: &Ask, template: &str, shell: &Shell, view: &V) -> Result<Response, Problem> {
        match self.0.renderer.page(ask.lang, template, shell, view) {
            Ok(html) => Ok(Html(html).into_response()),
            Err(fault) => Err(Problem::internal(fault)),
        }
    }
}
