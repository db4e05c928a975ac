//! The way from HTTP to HTTPS, to names the service goes by and nowhere else.

use axum::body::Body;
use axum::http::header::{CONNECTION, HOST, LOCATION};
use axum::http::{Response, StatusCode, Uri, request};

/// To the same path by HTTPS. `port`: left out when it is the usual one.
pub(crate) fn to_https(parts: &request::Parts, hosts: &[String], port: Option<u16>) -> Response<Body> {
    let host = parts.headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |h| h.0);
    let known =
        matches!(name, "localhost" | "127.0.0.1" | "[::1]") || hosts.iter().any(|own| own.eq_ignore_ascii_case(name));
    let mut answer = Response::builder().header(CONNECTION, "close");
    if known {
        let port = port.filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
        answer = answer
            .status(StatusCode::PERMANENT_REDIRECT)
            .header(LOCATION, format!("https://{name}{port}{}", path(&parts.uri)));
    } else {
        answer = answer.status(StatusCode::MISDIRECTED_REQUEST);
    }
    answer.body(Body::empty()).unwrap_or_else(|_| Response::new(Body::empty()))
}

fn path(uri: &Uri) -> &str {
    uri.path_and_query().map(|path| path.as_str()).filter(|path| path.starts_with('/')).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(host: &str, uri: &str) -> Option<String> {
        let request = axum::http::Request::get(uri).header(HOST, host).body(()).unwrap();
        let hosts = ["yilian.example".to_owned()];
        let answer = to_https(&request.into_parts().0, &hosts, Some(8443));
        answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned())
    }

    #[test]
    fn nobody_is_sent_to_a_name_that_is_not_ours() {
        assert_eq!(sent("yilian.example:80", "/d?a=1"), Some("https://yilian.example:8443/d?a=1".into()));
        assert_eq!(sent("yilian.example", "http://evil.example/d"), Some("https://yilian.example:8443/d".into()));
        for host in ["evil.example", "", "yilian.example@evil.example", "yilian.example.evil.example"] {
            assert_eq!(sent(host, "/"), None, "{host}");
        }
    }
}
