//! Live counts as server-sent events: sent when they change, with a beat in between so that a dead line is noticed.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use schemars::JsonSchema;
use serde::Serialize;

use super::doc::Doc;
use super::shapes::Day;
use super::work::counts::{Count, Query, read};
use super::{Asked, region};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// Streams open at once, of everyone and of one reader.
const MOST: usize = 200;
const MOST_OF_ONE: usize = 4;

/// How often counts are looked at, and how often a line without news shows that it lives.
const LOOK: Duration = Duration::from_secs(2);
const BEAT: Duration = Duration::from_secs(15);

/// A stream ends then, and its reader comes again: rights taken back are gone with it.
const WHOLE: Duration = Duration::from_secs(300);

/// Which streams are open.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Open>);

#[derive(Debug, Default)]
struct Open {
    all: AtomicUsize,
    /// The service stops: no stream may keep it.
    closing: AtomicBool,
    of: Mutex<BTreeMap<String, usize>>,
}

/// A place among the streams; given back when it is dropped.
#[derive(Debug)]
struct Seat {
    open: Arc<Open>,
    who: String,
}

impl Streams {
    /// Ends every stream within a few seconds.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
    }

    fn closing(&self) -> bool {
        self.0.closing.load(Ordering::Relaxed)
    }

    fn take(&self, who: String) -> Option<Seat> {
        let mut of = self.0.of.lock().unwrap_or_else(PoisonError::into_inner);
        let own = of.entry(who.clone()).or_default();
        if *own >= MOST_OF_ONE || self.0.all.load(Ordering::Relaxed) >= MOST {
            return None;
        }
        *own += 1;
        self.0.all.fetch_add(1, Ordering::Relaxed);
        Some(Seat { open: Arc::clone(&self.0), who })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut of = self.open.of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = of.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                of.remove(&self.who);
            }
        }
        self.open.all.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is sent as `counts`.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
struct Counts {
    #[schemars(with = "Day")]
    as_of: String,
    /// Of the published night; changes when a newer one is published.
    published_at: String,
    work: Vec<Count>,
}

struct Line {
    app: AppState,
    ask: Ask,
    query: Query,
    last: Option<Counts>,
    began: Instant,
    _seat: Seat,
}

/// `GET /api/v1/stream`
pub async fn open(State(app): State<AppState>, ask: Ask, Asked(query): Asked<Query>) -> Result<Response, Problem> {
    // Refused before the stream opens, with a problem.
    app.open_night(&ask, move |opened| region(opened, "work_item.list", query.division).map(drop)).await?;
    let Some(seat) = app.streams().take(ask.viewer.actor()) else {
        let mut full = Problem::TooMany.into_response();
        full.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        return Ok(full);
    };
    let line = Line { app, ask, query, last: None, began: Instant::now(), _seat: seat };
    let events = stream::unfold(line, |line| async move { line.next().await });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(BEAT).text("beat")).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

impl Line {
    /// The next change; none when the stream is over.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if self.last.is_some() {
                tokio::time::sleep(LOOK).await;
            }
            if self.began.elapsed() >= WHOLE || self.app.streams().closing() {
                return None;
            }
            let division = self.query.division;
            let counts = self.app.open_night(&self.ask, move |opened| {
                Ok(Counts {
                    as_of: opened.desk.as_of.to_string(),
                    published_at: opened.published.world.night.published_at.clone(),
                    work: read(opened, division)?,
                })
            });
            let counts = counts.await.ok()?;
            if self.last.as_ref() == Some(&counts) {
                continue;
            }
            let event = Event::default().event("counts").json_data(&counts).ok()?;
            self.last = Some(counts);
            return Some((Ok(event), self));
        }
    }
}

pub fn doc() -> Doc {
    Doc::text("work-stream", "text/event-stream").query::<Query>().refuses(&["too-many"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_has_few_streams_and_gets_them_back() {
        let streams = Streams::default();
        let mut seats: Vec<_> = (0..MOST_OF_ONE).map(|_| streams.take("U1".into()).unwrap()).collect();
        assert!(streams.take("U1".into()).is_none());
        assert!(streams.take("U2".into()).is_some(), "others still may");
        seats.pop();
        assert!(streams.take("U1".into()).is_some());
        let all: Vec<_> = (0..MOST).map_while(|n| streams.take(format!("V{n}"))).collect();
        assert!(all.len() < MOST && streams.take("W".into()).is_none());
    }
}
