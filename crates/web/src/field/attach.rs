//! `/f/sync/attachments/{id}`: photos, voice notes and signatures, chunk by chunk.

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use care::OperationId;
use care::attachments::{self, CHUNK, Chunk, Kind, Progress, Refused as Why};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::push::{Caller, label};
use super::wire::{self, Refused};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// What a chunk says of the whole, and where it begins.
#[derive(Deserialize)]
pub struct Head {
    device: String,
    sent_at: DateTime<Utc>,
    kind: String,
    bytes: i64,
    sha256: String,
    offset: i64,
}

/// `POST`: one chunk.
pub async fn part(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<String>,
    Query(head): Query<Head>,
    request: Request,
) -> Result<Response, Problem> {
    let read = |text: &str| text.parse::<OperationId>().map_err(|_| Refused(StatusCode::BAD_REQUEST, "attachment"));
    let caller = Caller::read(&head.device, head.sent_at, label(&request));
    let digest: Option<[u8; 32]> = unhex(&head.sha256);
    let (id, kind, sha256) = match (read(&id), Kind::read(&head.kind), digest) {
        (Ok(id), Some(kind), Some(digest)) => (id, kind, digest),
        _ => return Ok(Refused(StatusCode::BAD_REQUEST, "attachment").into_response()),
    };
    let caller = match caller {
        Ok(caller) => caller,
        Err(refused) => return Ok(refused.into_response()),
    };
    let bytes = match wire::bytes(request.into_body(), CHUNK).await {
        Ok(bytes) => bytes,
        Err(refused) => return Ok(refused.into_response()),
    };
    let done = app
        .work(move |app| {
            let sender = match caller.meet(app, &ask)? {
                Ok(sender) => sender,
                Err(refused) => return Ok(Err(refused)),
            };
            let chunk = Chunk { attachment: &id, kind, bytes: head.bytes, sha256, offset: head.offset, part: &bytes };
            let from = (sender.user, &sender.device, sender.now);
            let done =
                attachments::receive(&mut app.session()?, app.keys(), from, &chunk).map_err(Problem::internal)?;
            Ok(done.map_err(refusal))
        })
        .await?;
    Ok(match done {
        Ok(progress) => wire::answer(&progress),
        Err(refused) => refused.into_response(),
    })
}

/// `GET`: how much has come, so that a break is taken up where it was.
pub async fn state(State(app): State<AppState>, ask: Ask, Path(id): Path<String>) -> Result<Response, Problem> {
    let Ok(id) = id.parse::<OperationId>() else {
        return Ok(Refused(StatusCode::BAD_REQUEST, "attachment").into_response());
    };
    let progress = app
        .work(move |app| {
            let signed = ask.viewer.signed().ok_or(Problem::NotFound)?;
            attachments::progress(&mut app.session()?, signed.user, &id).map_err(Problem::internal)
        })
        .await?;
    Ok(wire::answer(&progress.unwrap_or(Progress { received: 0, whole: false })))
}

fn refusal(why: Why) -> Refused {
    match why {
        Why::NotYours => Refused(StatusCode::FORBIDDEN, "not_yours"),
        Why::Changed => Refused(StatusCode::CONFLICT, "changed"),
        Why::TooLarge => Refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        Why::ChunkLength => Refused(StatusCode::BAD_REQUEST, "chunk_length"),
        Why::Digest => Refused(StatusCode::UNPROCESSABLE_ENTITY, "digest"),
        Why::Content => Refused(StatusCode::UNPROCESSABLE_ENTITY, "content"),
        Why::TooMany => Refused(StatusCode::TOO_MANY_REQUESTS, "too_many"),
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
