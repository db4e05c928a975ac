//! How the app talks to the service: JSON, packed or not, bounded before and after unpacking.

use std::io::Read;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Bytes a request may have as it comes, and unpacked.
const SENT: usize = 512 << 10;
const UNPACKED: u64 = 2 << 20;

/// A refusal the app understands: a status and a code.
#[derive(Debug)]
pub struct Refused(pub StatusCode, pub &'static str);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({ "code": self.1 }).to_string();
        (self.0, [(CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// The JSON of a request, unpacked.
///
/// # Errors
/// 413 for too much before or after unpacking, 415 for another packing, 400 for what is no such JSON.
pub async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Refused> {
    let (parts, body) = request.into_parts();
    let bytes = bytes(body, SENT).await?;
    let text = unpack(&parts.headers, &bytes)?;
    serde_json::from_slice(&text).map_err(|_| Refused(StatusCode::BAD_REQUEST, "unreadable"))
}

/// The bytes of a request, at most so many.
///
/// # Errors
/// 413 for more.
pub async fn bytes(body: Body, most: usize) -> Result<Vec<u8>, Refused> {
    let read = to_bytes(body, most).await;
    read.map(|bytes| bytes.to_vec()).map_err(|_| Refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large"))
}

fn unpack(headers: &HeaderMap, bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let packing = headers.get(CONTENT_ENCODING).map_or(Ok(""), |value| value.to_str()).unwrap_or("?");
    let mut text = Vec::new();
    let done = match packing {
        "" | "identity" => return Ok(bytes.to_vec()),
        "gzip" => MultiGzDecoder::new(bytes).take(UNPACKED + 1).read_to_end(&mut text),
        "deflate" => ZlibDecoder::new(bytes).take(UNPACKED + 1).read_to_end(&mut text),
        _ => return Err(Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "packing")),
    };
    match done {
        Ok(length) if length as u64 > UNPACKED => Err(Refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large")),
        Ok(_) => Ok(text),
        Err(_) => Err(Refused(StatusCode::BAD_REQUEST, "unreadable")),
    }
}

/// An answer as JSON; the edge packs it.
#[must_use]
pub fn answer<T: Serialize>(value: &T) -> Response {
    let text = serde_json::to_vec(value).unwrap_or_default();
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

#[cfg(test)]
mod tests {
    use flate2::Compression;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        crate::edge::gzip(bytes, Compression::default())
    }

    fn headers(packing: &'static str) -> HeaderMap {
        [(CONTENT_ENCODING, HeaderValue::from_static(packing))].into_iter().collect()
    }

    #[test]
    fn a_bomb_is_stopped_before_it_unfolds() {
        let bomb = pack(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < SENT, "it passes the first door");
        let refused = unpack(&headers("gzip"), &bomb).unwrap_err();
        assert_eq!(refused.0, StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn what_is_packed_comes_out_and_broken_packing_is_told() {
        let packed = pack(b"{\"a\":1}");
        assert_eq!(unpack(&headers("gzip"), &packed).unwrap(), b"{\"a\":1}");
        assert_eq!(unpack(&headers("gzip"), &packed[..packed.len() - 9]).unwrap_err().0, StatusCode::BAD_REQUEST);
        assert_eq!(unpack(&headers("br"), &packed).unwrap_err().0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
