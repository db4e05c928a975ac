//! The lakes of many counties below one place, and the files of one day in them.
//!
//! `<place>/<county>/as_of=D/county=C/person.parquet`, as `yilian lake pull --into <place>/<county>` lays them, or with a
//! manifest and revisions, as `yilian lake push` does; or a single lake, `<place>/as_of=D/…`.

use std::sync::Arc;

use anyhow::Result;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use futures_util::StreamExt as _;
use kernel::Date;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use objects::{Line, MANIFEST, Manifest};
use sha2::{Digest as _, Sha256};

use crate::told::{While as _, fault};

/// A place with lakes.
#[derive(Clone, Debug)]
pub struct Province {
    pub url: ObjectStoreUrl,
    pub store: Arc<dyn ObjectStore>,
    root: Path,
}

/// What the lakes hold of one table on one day.
#[derive(Clone, Debug, Default)]
pub struct Day {
    pub sheets: Vec<Sheet>,
    /// Lakes that have no such day.
    pub without: Vec<String>,
}

/// One file of one county in one lake.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The lake's folder; empty where the place itself is the lake.
    pub lake: String,
    /// `county=653001`.
    pub county: String,
    pub meta: ObjectMeta,
}

impl Province {
    /// A folder, or `s3://bucket/prefix`.
    ///
    /// # Errors
    /// When there is no such folder, or the environment does not say how to get in.
    pub fn open(address: &str, runtime: &RuntimeEnv) -> Result<Self> {
        let (url, root) = match address.strip_prefix("s3://") {
            Some(rest) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                if bucket.is_empty() {
                    return Err(fault(format!("{address} 没有写桶的名字"), format!("{address} names no bucket")));
                }
                (ObjectStoreUrl::parse(format!("s3://{bucket}"))?, Path::parse(prefix.trim_matches('/'))?)
            }
            None => {
                let folder = std::fs::canonicalize(address)
                    .while_doing(|| (format!("没有文件夹 {address}"), format!("no folder {address}")))?;
                (ObjectStoreUrl::local_filesystem(), Path::from_absolute_path(folder)?)
            }
        };
        let store = runtime.object_store(&url)?;
        Ok(Self { url, store, root })
    }

    /// The files of a table on a day, lake after lake and county after county.
    ///
    /// # Errors
    /// When there is no lake at all, a manifest can't be read, or a file is not what its manifest says.
    pub async fn day(&self, day: Date, table: &str) -> Result<Day> {
        let mut found = Day::default();
        for (lake, place) in self.lakes().await? {
            let files = self.files(&place.join(format!("as_of={day}")), &format!("{table}.parquet")).await?;
            if files.is_empty() {
                found.without.push(lake.clone());
            }
            let sheet = |(county, meta)| Sheet { lake: lake.clone(), county, meta };
            found.sheets.extend(files.into_iter().map(sheet));
        }
        Ok(found)
    }

    /// Names and places of the lakes.
    async fn lakes(&self) -> Result<Vec<(String, Path)>> {
        let below = self.folders(&self.root).await?;
        if below.iter().any(|(name, _)| name.starts_with("as_of=")) {
            return Ok(vec![(String::new(), self.root.clone())]);
        }
        let mut lakes = Vec::new();
        for (name, place) in below.into_iter().filter(|(name, _)| !name.starts_with('.')) {
            if self.folders(&place).await?.iter().any(|(inner, _)| inner.starts_with("as_of=")) {
                lakes.push((name, place));
            }
        }
        if lakes.is_empty() {
            let place = format!("{}{}", self.url, self.root);
            return Err(fault(format!("{place} 下面没有湖"), format!("no lake below {place}")));
        }
        Ok(lakes)
    }

    async fn folders(&self, place: &Path) -> Result<Vec<(String, Path)>> {
        let listed = self.store.list_with_delimiter(Some(place)).await?;
        let named = |path: Path| Some((path.filename()?.to_owned(), path));
        Ok(listed.common_prefixes.into_iter().filter_map(named).collect())
    }

    /// The county folder and the object of each file of that name: those the manifest names, else those that lie there.
    async fn files(&self, day: &Path, file: &str) -> Result<Vec<(String, ObjectMeta)>> {
        let manifest = match self.store.get(&day.clone().join(MANIFEST)).await {
            Ok(got) => got.bytes().await?,
            Err(object_store::Error::NotFound { .. }) if self.url == ObjectStoreUrl::local_filesystem() => {
                return self.lying(day, file).await;
            }
            Err(object_store::Error::NotFound { .. }) => return Ok(Vec::new()),
            Err(other) => return Err(other.into()),
        };
        let damaged = || (format!("{day}/{MANIFEST} 坏了"), format!("{day}/{MANIFEST} is damaged"));
        let manifest: Manifest = serde_json::from_slice(&manifest).while_doing(damaged)?;
        let revision = day.clone().join(format!("revision={}", manifest.revision));
        let mut files = Vec::new();
        for line in &manifest.files {
            let Some((county, name)) = line.name.split_once('/') else {
                let (zh, en) = damaged();
                return Err(fault(zh, en));
            };
            if name == file {
                let place = revision.clone().join(county).join(name);
                files.push((county.to_owned(), self.sound(&place, line).await?));
            }
        }
        Ok(files)
    }

    /// A file that the manifest names, read once to its end: by length and SHA-256 it is the one that was published.
    async fn sound(&self, place: &Path, line: &Line) -> Result<ObjectMeta> {
        let lost = || (format!("读不了 {place}"), format!("could not read {place}"));
        let got = self.store.get(place).await.while_doing(lost)?;
        let (meta, mut digest, mut bytes) = (got.meta.clone(), Sha256::new(), 0);
        let mut stream = got.into_stream();
        while let Some(part) = stream.next().await {
            let part = part.while_doing(lost)?;
            bytes += part.len() as u64;
            digest.update(&part);
        }
        if bytes == line.bytes && hex::encode(digest.finalize()) == line.sha256 {
            return Ok(meta);
        }
        Err(fault(
            format!("{place} 跟清单写的不一样：坏了或被换过，请县里重新推送这一天"),
            format!("{place} is not as its manifest says: damaged or replaced; have the county push the day again"),
        ))
    }

    async fn lying(&self, day: &Path, file: &str) -> Result<Vec<(String, ObjectMeta)>> {
        let mut files = Vec::new();
        for (county, place) in self.folders(day).await? {
            match self.store.head(&place.join(file)).await {
                Ok(meta) => files.push((county, meta)),
                Err(object_store::Error::NotFound { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(files)
    }
}
