//! A change by someone signed in carries the token of their session, beside coming from our own pages.
//!
//! Pages get it without asking: the renderer puts a hidden field first into every form that posts. Here it is looked
//! for and taken out again, so that no handler sees it. What a form of another site can't send without asking us first
//! (JSON and the like) needs none.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, Method};
use http_body::{Frame, SizeHint};

use super::Problem;
use crate::frame::forms::FIELD;

/// For scripts that send a form without a form.
const HEADER: HeaderName = HeaderName::from_static("x-yilian-token");
/// Bytes of a form without files.
pub(super) const FORM: usize = 2 * 1024 * 1024;
/// In a form with files the token comes first; so much is looked at.
const HEAD: usize = 16 * 1024;

/// The token as it stands in one answer: masked by a pad of its own, so that compressed pages of a session have nothing
/// in common that an onlooker could guess letter by letter (BREACH).
pub fn masked(token: &str, pad: [u8; 16]) -> String {
    let Ok(bytes) = hex::decode(token) else { return String::new() };
    let mixed: Vec<u8> = bytes.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect();
    format!("{}{}", hex::encode(pad), hex::encode(mixed))
}

/// The token that was masked.
fn unmasked(given: &str) -> Option<String> {
    let bytes = hex::decode(given).ok().filter(|bytes| bytes.len() == 32)?;
    let (pad, mixed) = bytes.split_at(16);
    Some(hex::encode(mixed.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect::<Vec<u8>>()))
}

/// The request without its token, when it carries one that fits or needs none.
///
/// # Errors
/// `StaleForm` without one that fits, `TooLarge`, `Unreadable`.
pub async fn checked(request: Request, fits: impl Fn(&str) -> bool) -> Result<Request, Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(request);
    }
    let fits = |given: &str| unmasked(given).is_some_and(|token| fits(&token));
    if let Some(given) = request.headers().get(HEADER) {
        return if given.to_str().is_ok_and(fits) { Ok(request) } else { Err(Problem::StaleForm) };
    }
    let kind = kind(request.headers());
    let (mut parts, body) = request.into_parts();
    let (given, body) = match kind {
        Kind::NoForm => return Ok(Request::from_parts(parts, body)),
        Kind::Plain => from_form(body).await?,
        Kind::Parts => from_parts(body).await?,
    };
    if !given.is_some_and(|given| fits(&given)) {
        return Err(Problem::StaleForm);
    }
    parts.headers.remove(CONTENT_LENGTH);
    Ok(Request::from_parts(parts, body))
}

pub(super) enum Kind {
    /// Nothing that a form could send.
    NoForm,
    Plain,
    /// With files.
    Parts,
}

pub(super) fn kind(headers: &HeaderMap) -> Kind {
    let text = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default().to_ascii_lowercase());
    let Some(text) = text else { return Kind::Plain };
    match text.split(';').next().unwrap_or_default().trim() {
        "multipart/form-data" => Kind::Parts,
        "application/x-www-form-urlencoded" | "text/plain" | "" => Kind::Plain,
        _ => Kind::NoForm,
    }
}

async fn from_form(body: Body) -> Result<(Option<String>, Body), Problem> {
    let whole = to_bytes(body, FORM).await.map_err(|_| Problem::TooLarge)?;
    let mut given = None;
    let mut kept: Vec<&[u8]> = Vec::new();
    for pair in whole.split(|byte| *byte == b'&') {
        let value = pair.strip_prefix(FIELD.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
        match value {
            Some(value) if given.is_none() => given = Some(String::from_utf8_lossy(value).into_owned()),
            Some(_) => {}
            None => kept.push(pair),
        }
    }
    let rest = kept.join(&b'&');
    Ok((given, Body::from(rest)))
}

async fn from_parts(mut body: Body) -> Result<(Option<String>, Body), Problem> {
    let mut head = Vec::new();
    loop {
        if let Some((value, end)) = first_part(&head) {
            let rest = Bytes::from(head.split_off(end));
            return Ok((Some(value), Body::new(After { head: Some(rest), rest: body })));
        }
        let next = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
        let Some(frame) = next else { break };
        let frame = frame.map_err(|_| Problem::Unreadable)?;
        head.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data.as_ref()));
        if head.len() > HEAD && first_part(&head).is_none() {
            break;
        }
    }
    Ok((None, body))
}

/// The value of a first part that is the token, and where the next part begins.
fn first_part(head: &[u8]) -> Option<(String, usize)> {
    let find = |from: usize, what: &[u8]| {
        let at = head.get(from..)?.windows(what.len()).position(|window| window == what)?;
        Some(from + at)
    };
    let boundary = find(0, b"\r\n")?;
    let value = find(boundary, b"\r\n\r\n")? + 4;
    let named = String::from_utf8_lossy(&head[boundary..value]);
    if !named.contains(&format!("name=\"{FIELD}\"")) {
        return None;
    }
    let end = find(value, &[b"\r\n", &head[..boundary]].concat())?;
    Some((String::from_utf8_lossy(&head[value..end]).into_owned(), end + 2))
}

/// What was read already, and the rest.
struct After {
    head: Option<Bytes>,
    rest: Body,
}

impl HttpBody for After {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.head.take().filter(|head| !head.is_empty()) {
            Some(head) => Poll::Ready(Some(Ok(Frame::data(head)))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.head.as_ref().is_none_or(Bytes::is_empty) && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "000102030405060708090a0b0c0d0e0f";

    #[test]
    fn a_masked_token_differs_each_time_and_is_the_same() {
        let (one, two) = (masked(TOKEN, [7; 16]), masked(TOKEN, [9; 16]));
        assert_ne!(one, two);
        assert_eq!((unmasked(&one).as_deref(), unmasked(&two).as_deref()), (Some(TOKEN), Some(TOKEN)));
        for bad in ["", TOKEN, "zz", &one[2..]] {
            assert_eq!(unmasked(bad), None, "{bad}");
        }
    }

    fn run(kind: &str, body: &str) -> (Option<String>, Result<String, ()>) {
        let body =
            body.replace("good", &masked(TOKEN, [3; 16])).replace("bad", &masked(&TOKEN.replace('0', "1"), [3; 16]));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            // One byte a frame: a slow browser.
            let bytes: Vec<u8> = body.bytes().collect();
            let body = Body::new(Slow(bytes.into_iter().collect()));
            let given = std::cell::RefCell::new(None);
            let request = Request::post("/x").header("content-type", kind).body(body).unwrap();
            let done = checked(request, |value| {
                *given.borrow_mut() = Some(value.to_owned());
                value == TOKEN
            })
            .await;
            let rest = match done {
                Ok(request) => {
                    let whole = to_bytes(request.into_body(), 1 << 20).await.unwrap();
                    Ok(String::from_utf8(whole.to_vec()).unwrap())
                }
                Err(_) => Err(()),
            };
            (given.into_inner(), rest)
        })
    }

    struct Slow(std::collections::VecDeque<u8>);

    impl HttpBody for Slow {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            Poll::Ready(self.0.pop_front().map(|byte| Ok(Frame::data(Bytes::from(vec![byte])))))
        }
    }

    #[test]
    fn the_token_is_taken_out_of_a_form() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(run(form, "_token=good&a=1&b=%26").1, Ok("a=1&b=%26".to_owned()));
        assert_eq!(run(form, "a=1&_token=good").1, Ok("a=1".to_owned()));
        for bad in ["", "a=1", "_token=", "_token=bad&_token=good", "x_token=good"] {
            assert_eq!(run(form, bad).1, Err(()), "{bad}");
        }
        assert_eq!(run("text/plain", "a=1").1, Err(()));
        assert_eq!(run("", "a=1").1, Err(()));
        assert_eq!(run("application/json", "{}").1, Ok("{}".to_owned()));
    }

    #[test]
    fn the_token_is_taken_out_of_a_form_with_files() {
        let part = |name: &str, value: &str| {
            format!("--AbC\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let form = "multipart/form-data; boundary=AbC";
        let rest = part("file", "x\r\n\r\ny") + "--AbC--\r\n";
        assert_eq!(run(form, &(part("_token", "good") + &rest)).1, Ok(rest.clone()));
        assert_eq!(run(form, &(part("_token", "bad") + &rest)).1, Err(()));
        assert_eq!(run(form, &(part("file", "name=\"_token\"") + &rest)).1, Err(()));
        assert_eq!(run(form, &"x".repeat(40_000)).1, Err(()));
        assert_eq!(run(form, "").1, Err(()));
    }
}
