//! S3 over HTTP: put, get, list and delete; path-style addresses, which every store understands.

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use sha2::{Digest, Sha256};

use crate::ObjectFault;
use crate::sign::{Request, authorization, encoded, query_text, stamp};

const PATIENCE: Duration = Duration::from_secs(600);
/// The largest object that is taken into memory.
const LONGEST: u64 = 4 << 30;
/// How often a request is sent.
const AGAIN: u32 = 3;

/// How to get in.
#[derive(Clone)]
pub struct Access {
    pub endpoint: String,
    pub region: String,
    pub id: String,
    pub secret: String,
}

/// A bucket, and what all names in it open with.
pub struct S3 {
    agent: ureq::Agent,
    access: Access,
    bucket: String,
    prefix: String,
    clock: Arc<dyn Clock>,
}

impl Access {
    /// From the variables every S3 tool reads.
    ///
    /// # Errors
    /// `Access` when key or secret are missing.
    pub fn from_environment() -> Result<Self, ObjectFault> {
        let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let needed = |name: &'static str| given(name).ok_or(ObjectFault::Access { name });
        let region =
            given("AWS_REGION").or_else(|| given("AWS_DEFAULT_REGION")).unwrap_or_else(|| "us-east-1".to_owned());
        let own = format!("https://s3.{region}.amazonaws.com");
        Ok(Self {
            endpoint: given("AWS_ENDPOINT_URL").unwrap_or(own).trim_end_matches('/').to_owned(),
            id: needed("AWS_ACCESS_KEY_ID")?,
            secret: needed("AWS_SECRET_ACCESS_KEY")?,
            region,
        })
    }
}

impl S3 {
    /// `bucket/prefix`; the prefix may be empty.
    ///
    /// # Errors
    /// `Address` when it names no bucket.
    pub fn new(place: &str, access: Access, clock: Arc<dyn Clock>) -> Result<Self, ObjectFault> {
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(ObjectFault::Address { address: format!("s3://{place}") });
        }
        let prefix = prefix.trim_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        Ok(Self { agent: config.into(), access, bucket: bucket.to_owned(), prefix, clock })
    }

    /// Makes the bucket, for a store that is empty.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn create_bucket(&self) -> Result<(), ObjectFault> {
        self.send("create", "PUT", "", &[], Some(&[])).map(drop)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ObjectFault> {
        self.send("write", "PUT", &format!("{}{name}", self.prefix), &[], Some(bytes)).map(drop)
    }

    pub(crate) fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectFault> {
        match self.send("read", "GET", &format!("{}{name}", self.prefix), &[], None) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ObjectFault::Refused { status: 404, code, .. }) if code != "NoSuchBucket" => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), ObjectFault> {
        self.send("remove", "DELETE", &format!("{}{name}", self.prefix), &[], None).map(drop)
    }

    pub(crate) fn list(&self, opening: &str) -> Result<Vec<String>, ObjectFault> {
        let wanted = encoded(&format!("{}{opening}", self.prefix), false);
        let (mut names, mut next) = (Vec::new(), None::<String>);
        loop {
            let mut query = vec![("list-type".to_owned(), "2".to_owned()), ("prefix".to_owned(), wanted.clone())];
            if let Some(token) = &next {
                query.insert(0, ("continuation-token".to_owned(), encoded(token, false)));
            }
            let answer = self.send("list", "GET", "", &query, None)?;
            let answer = String::from_utf8_lossy(&answer);
            let keys = elements(&answer, "Key");
            names.extend(keys.filter_map(|key| key.strip_prefix(&self.prefix).map(str::to_owned)));
            next = elements(&answer, "NextContinuationToken").next();
            if next.is_none() {
                names.sort();
                return Ok(names);
            }
        }
    }

    /// One request, tried again where the store is busy or nobody answers: every request here may be sent twice.
    fn send(
        &self,
        doing: &'static str,
        method: &str,
        key: &str,
        query: &[(String, String)],
        body: Option<&[u8]>,
    ) -> Result<Vec<u8>, ObjectFault> {
        let mut turn = 0;
        loop {
            turn += 1;
            match self.send_once(doing, method, key, query, body) {
                Err(ObjectFault::Unreachable { .. } | ObjectFault::Refused { status: 500.., .. }) if turn < AGAIN => {
                    std::thread::sleep(Duration::from_millis(300 * u64::from(turn)));
                }
                done => return done,
            }
        }
    }

    fn send_once(
        &self,
        doing: &'static str,
        method: &str,
        key: &str,
        query: &[(String, String)],
        body: Option<&[u8]>,
    ) -> Result<Vec<u8>, ObjectFault> {
        let Access { endpoint, region, id, secret } = &self.access;
        let host = endpoint.split_once("://").map_or(endpoint.as_str(), |(_, host)| host);
        let key = encoded(key, true);
        let path = if key.is_empty() { format!("/{}", self.bucket) } else { format!("/{}/{key}", self.bucket) };
        let payload = hex::encode(Sha256::digest(body.unwrap_or_default()));
        let at = self.clock.now();
        let request = Request { method, host, path: &path, query, headers: &[], payload: &payload, at };
        let signed = authorization(&request, (id, secret, region));
        let question = if query.is_empty() { String::new() } else { format!("?{}", query_text(query)) };
        let address = format!("{endpoint}{path}{question}");
        let unreachable = |cause: String| ObjectFault::Unreachable { doing, name: key.clone(), cause };
        let builder = ureq::http::Request::builder()
            .method(method)
            .uri(&address)
            .header("x-amz-date", stamp(at))
            .header("x-amz-content-sha256", &payload)
            .header("authorization", signed);
        let answer = match body {
            Some(bytes) => builder.body(bytes.to_vec()).map(|request| self.agent.run(request)),
            None => builder.body(()).map(|request| self.agent.run(request)),
        };
        let mut answer = answer.map_err(|e| unreachable(e.to_string()))?.map_err(|e| unreachable(e.to_string()))?;
        let status = answer.status();
        let read =
            answer.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(|e| unreachable(e.to_string()))?;
        if status.is_success() {
            return Ok(read);
        }
        let code = elements(&String::from_utf8_lossy(&read), "Code").next().unwrap_or_default();
        Err(ObjectFault::Refused { doing, name: key.clone(), status: status.as_u16(), code })
    }
}

/// The texts of all elements of a name, in a document without attributes, as S3 answers.
fn elements<'d>(document: &'d str, name: &str) -> impl Iterator<Item = String> + use<'d> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = document;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (text, after) = after.split_once(&close)?;
        rest = after;
        Some(unescaped(text))
    })
}

fn unescaped(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (written, sign)| text.replace(written, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let list = "<ListBucketResult><Contents><Key>a&amp;b/1</Key></Contents><Contents><Key>c</Key></Contents>\
                    <NextContinuationToken>x==</NextContinuationToken></ListBucketResult>";
        assert_eq!(elements(list, "Key").collect::<Vec<_>>(), ["a&b/1", "c"]);
        assert_eq!(elements(list, "NextContinuationToken").next().as_deref(), Some("x=="));
        assert_eq!(elements("<Error><Code>NoSuchKey</Code></Error>", "Code").next().as_deref(), Some("NoSuchKey"));
    }
}
