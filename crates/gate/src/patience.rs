//! A request's body, read with limited patience: neither pauses nor slowness nor size may hold a worker for long.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::Limits;

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lost {
    #[error("the body came too slowly")]
    Slow,
    #[error("the body is too large")]
    Large,
}

pub(crate) struct Patient {
    body: Incoming,
    limits: Limits,
    read: u64,
    /// The whole body must be here by then.
    end: Instant,
    next: Pin<Box<Sleep>>,
}

impl Patient {
    pub fn new(body: Incoming, limits: Limits) -> Self {
        let now = Instant::now();
        Self { body, limits, read: 0, end: now + limits.body, next: Box::pin(sleep_until(now + limits.pause)) }
    }
}

impl Body for Patient {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Pending => {
                if this.next.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Some(Err(Lost::Slow.into())));
                }
                Poll::Pending
            }
            Poll::Ready(Some(Ok(frame))) => {
                this.read += frame.data_ref().map_or(0, |data| data.remaining() as u64);
                if this.read > this.limits.bytes {
                    return Poll::Ready(Some(Err(Lost::Large.into())));
                }
                let next = (Instant::now() + this.limits.pause).min(this.end);
                this.next.as_mut().reset(next);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(fault))) => Poll::Ready(Some(Err(fault.into()))),
            Poll::Ready(None) => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
