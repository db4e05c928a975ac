//! AWS Signature Version 4, which every S3 store asks for.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A request as it is signed; `path` and `query` are encoded.
pub(crate) struct Request<'r> {
    pub method: &'r str,
    pub host: &'r str,
    pub path: &'r str,
    /// In the order of their names.
    pub query: &'r [(String, String)],
    /// Further headers, names in lower case.
    pub headers: &'r [(&'r str, String)],
    /// SHA-256 of the body, hexadecimal.
    pub payload: &'r str,
    pub at: DateTime<Utc>,
}

/// The value of the `authorization` header.
pub(crate) fn authorization(request: &Request<'_>, (id, secret, region): (&str, &str, &str)) -> String {
    let (stamp, day) = (stamp(request.at), request.at.format("%Y%m%d").to_string());
    let mut headers: Vec<(&str, &str)> =
        vec![("host", request.host), ("x-amz-content-sha256", request.payload), ("x-amz-date", &stamp)];
    headers.extend(request.headers.iter().map(|(name, value)| (*name, value.as_str())));
    headers.sort_unstable();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n{names}\n{}",
        request.method,
        request.path,
        query_text(request.query),
        request.payload
    );
    let scope = format!("{day}/{region}/s3/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let mut key = mac(format!("AWS4{secret}").as_bytes(), &day);
    for part in [region, "s3", "aws4_request", &to_sign] {
        key = mac(&key, part);
    }
    format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={}", hex::encode(key))
}

pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

pub(crate) fn query_text(query: &[(String, String)]) -> String {
    query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// As the signature wants it: all but letters, digits and `-._~`; in paths the slash stays.
pub(crate) fn encoded(text: &str, path: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if path => out.push('/'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("a key of any length will do");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: (&str, &str, &str) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1");
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn signature(request: &Request<'_>) -> String {
        authorization(request, KEYS).rsplit_once('=').map(|(_, signature)| signature.to_owned()).unwrap_or_default()
    }

    /// The two examples of Amazon's description of the signature.
    #[test]
    fn requests_are_signed_as_in_the_published_examples() {
        let at = "2013-05-24T00:00:00Z".parse().unwrap();
        let get = Request {
            method: "GET",
            host: "examplebucket.s3.amazonaws.com",
            path: "/test.txt",
            query: &[],
            headers: &[("range", "bytes=0-9".to_owned())],
            payload: EMPTY,
            at,
        };
        assert_eq!(signature(&get), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
        let list = Request {
            path: "/",
            query: &[("max-keys".to_owned(), "2".to_owned()), ("prefix".to_owned(), "J".to_owned())],
            headers: &[],
            ..get
        };
        assert_eq!(signature(&list), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    #[test]
    fn names_are_encoded_for_path_and_query() {
        assert_eq!(encoded("as_of=2026-11-20/a b.parquet", true), "as_of%3D2026-11-20/a%20b.parquet");
        assert_eq!(encoded("a/b=", false), "a%2Fb%3D");
    }
}
