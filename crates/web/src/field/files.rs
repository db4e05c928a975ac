//! The app's own files: modules, style, icons, manifest, worker. Open to everyone, and without a word about anyone.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::Lang;
use serde_json::{Map, Value as Json, json};

use crate::edge::Problem;
use crate::frame::assets;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// A file as served.
struct File {
    name: String,
    mime: &'static str,
    body: Vec<u8>,
}

/// FNV-1a in hexadecimal digits: tells two versions apart.
pub fn version(text: &str) -> String {
    format!("{:016x}", assets::fingerprint(text))
}

fn files() -> &'static Vec<File> {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let make = |name: &str, mime: &'static str, body: Vec<u8>| File { name: name.to_owned(), mime, body };
        let mut all: Vec<File> =
            assets::FIELD.iter().map(|(name, text)| make(name, JAVASCRIPT, text.as_bytes().to_vec())).collect();
        for (lang, name) in [(Lang::Zh, "words-zh.json"), (Lang::En, "words-en.json")] {
            all.push(make(name, "application/json", words(lang).to_string().into_bytes()));
        }
        all.push(make("style.css", "text/css; charset=utf-8", assets::style().body.clone().into_bytes()));
        all.push(make("icon.svg", "image/svg+xml", assets::ICON.as_bytes().to_vec()));
        all.push(make("icon-192.png", "image/png", include_bytes!("../../../../web/field/icon-192.png").to_vec()));
        all.push(make("icon-512.png", "image/png", include_bytes!("../../../../web/field/icon-512.png").to_vec()));
        all
    })
}

/// One version for all of them: the worker keeps a set that belongs together.
pub fn release() -> &'static str {
    static RELEASE: OnceLock<String> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let mut all = String::new();
        for file in files() {
            let _ = write!(all, "{} {} ", file.name, version(&String::from_utf8_lossy(&file.body)));
        }
        version(&all)
    })
}

/// The app's words in one language: every message of `field-app.ftl`, whose blanks are filled in the browser.
fn words(lang: Lang) -> Json {
    let all = if lang == Lang::Zh { assets::ZH_WORDS } else { assets::EN_WORDS };
    let text = all.iter().find(|(file, _)| *file == "field-app.ftl").map_or("", |(_, text)| *text);
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    let words: Map<String, Json> = lines
        .filter(|(key, _)| key.starts_with("app-"))
        .map(|(key, said)| (key["app-".len()..].to_owned(), json!(said.replace("{\" \"}", " "))))
        .collect();
    Json::Object(words)
}

/// `GET /f/app/{file}`
pub async fn file(Path(file): Path<String>) -> Result<Response, Problem> {
    let found = files().iter().find(|known| known.name == file).ok_or(Problem::NotFound)?;
    Ok(served(found.mime, found.body.clone()))
}

fn served(mime: &'static str, body: impl IntoResponse) -> Response {
    // The worker keeps them; without one the browser asks again.
    let head = [(CONTENT_TYPE, HeaderValue::from_static(mime)), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    (head, body).into_response()
}

/// `GET /f/worker.js`: the service worker, told which files belong to this version.
pub async fn worker() -> Response {
    let mut names: Vec<String> = files().iter().map(|file| format!("/f/app/{}", file.name)).collect();
    names.extend(["/f/shell".to_owned(), "/f/manifest.webmanifest".to_owned()]);
    let text = format!(
        "const RELEASE = {:?};\nconst FILES = {};\n{}",
        release(),
        json!(names),
        include_str!("../../../../web/field/worker.js")
    );
    served(JAVASCRIPT, text)
}

/// `GET /f/manifest.webmanifest`
pub async fn manifest() -> Response {
    let text = json!({
        "id": "/f/", "name": "颐联走访", "short_name": "走访", "lang": "zh-CN", "start_url": "/f/today", "scope": "/f/",
        "display": "standalone", "background_color": "#EDF2EF", "theme_color": "#0B3A44",
        "icons": [
            { "src": "/f/app/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any maskable" },
            { "src": "/f/app/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable" },
            { "src": "/f/app/icon.svg", "sizes": "any", "type": "image/svg+xml" },
        ],
    })
    .to_string();
    served("application/manifest+json", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The goal for the app with its map, everything it loads.
    const MOST: usize = 400 << 10;

    #[test]
    fn the_whole_app_is_small_and_in_both_languages() {
        let packed: usize =
            files().iter().map(|file| crate::edge::gzip(&file.body, flate2::Compression::default()).len()).sum();
        assert!(packed < MOST, "{packed} bytes compressed");
        println!("the field app: {packed} bytes compressed in {} files", files().len());
        let (zh, en) = (words(Lang::Zh), words(Lang::En));
        let keys = |words: &Json| words.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert!(keys(&zh).len() > 50);
        assert_eq!(keys(&zh), keys(&en));
    }

    #[test]
    fn every_word_of_the_app_exists_and_is_used() {
        let zh = words(Lang::Zh);
        let known = zh.as_object().unwrap();
        let code: String = assets::FIELD.iter().map(|(_, text)| *text).collect();
        let mut used: Vec<String> = Vec::new();
        for opening in ["t(\"", "t(`"] {
            for (at, _) in code.match_indices(opening) {
                let before = code[..at].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '.') {
                    continue;
                }
                used.push(code[at + opening.len()..].chars().take_while(|c| !matches!(c, '"' | '`' | '$')).collect());
            }
        }
        let missing: Vec<&String> = used
            .iter()
            .filter(|key| !known.keys().any(|k| k == *key || key.ends_with('-') && k.starts_with(*key)))
            .collect();
        assert!(missing.is_empty(), "no such word: {missing:?}");
        let said = |key: &str| {
            used.iter().any(|u| u == key || u.ends_with('-') && key.starts_with(u))
                || code.contains(&format!("\"{key}\""))
        };
        let unused: Vec<&String> = known.keys().filter(|key| !said(key)).collect();
        assert!(unused.is_empty(), "nobody says: {unused:?}");
    }
}
