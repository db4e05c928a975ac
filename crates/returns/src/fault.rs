//! What is wrong with a return: where, why, and what to do.

use std::path::PathBuf;

use kernel::{Bilingual, DivisionCode};

/// One fault of a return. All of them are told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReturnFault {
    /// A file that the manifest names, or the manifest itself, is absent.
    Missing {
        file: String,
    },
    /// A file that the manifest does not name.
    Extra {
        file: String,
    },
    /// The manifest can't be read.
    Manifest {
        cause: String,
    },
    /// Made under an agreement this program does not know.
    Version {
        found: u32,
        known: u32,
    },
    /// The signature does not belong to the manifest.
    Signature,
    /// Signed with a key that is not believed for this county.
    Untrusted {
        county: DivisionCode,
        key: String,
    },
    /// Signed with a key that was withdrawn.
    Withdrawn {
        county: DivisionCode,
        key: String,
    },
    /// Another content than the manifest says.
    Changed {
        file: String,
    },
    Unreadable {
        file: String,
        cause: String,
    },
    Rows {
        file: String,
        found: u64,
        told: u64,
    },
    /// A column that was not agreed on, is absent, or is of another type.
    Column {
        file: String,
        column: String,
    },
    /// The table of what was measured lacks a column.
    NoColumn {
        file: String,
        column: String,
    },
    /// A cell of it that is not what its column holds.
    Cell {
        file: String,
        row: u64,
        column: String,
        cell: String,
    },
    /// A row about another county.
    Elsewhere {
        file: String,
        division: String,
    },
    /// A count too small to be told.
    Small {
        file: String,
        division: String,
    },
}

impl ReturnFault {
    /// Place and cause.
    #[must_use]
    pub fn cause(&self) -> Bilingual {
        let say = |zh: String, en: String| Bilingual { zh, en };
        match self {
            Self::Missing { file } => say(format!("{file}：没有这个文件"), format!("{file}: the file is absent")),
            Self::Extra { file } => {
                say(format!("{file}：清单里没有它"), format!("{file}: the manifest does not name it"))
            }
            Self::Manifest { cause } => {
                say(format!("manifest.json：读不出来（{cause}）"), format!("manifest.json: can't be read ({cause})"))
            }
            Self::Version { found, known } => say(
                format!("manifest.json：格式是第 {found} 版，本程序只认第 {known} 版"),
                format!("manifest.json: version {found} of the format, this program knows {known}"),
            ),
            Self::Signature => {
                say("manifest.sig：签名和清单对不上".into(), "manifest.sig: not the manifest's signature".into())
            }
            Self::Untrusted { county, key } => say(
                format!("manifest.json：签名的公钥 {}… 没有登记在 {county} 名下", short(key)),
                format!("manifest.json: signed with the key {}…, which is not believed for {county}", short(key)),
            ),
            Self::Withdrawn { county, key } => say(
                format!("manifest.json：{county} 的公钥 {}… 已经停用", short(key)),
                format!("manifest.json: the key {}… of {county} was withdrawn", short(key)),
            ),
            Self::Changed { file } => {
                say(format!("{file}：内容和清单不一样"), format!("{file}: not the content the manifest tells of"))
            }
            Self::Unreadable { file, cause } => {
                say(format!("{file}：打不开（{cause}）"), format!("{file}: can't be read ({cause})"))
            }
            Self::Rows { file, found, told } => say(
                format!("{file}：有 {found} 行，清单说 {told} 行"),
                format!("{file}: {found} rows, the manifest says {told}"),
            ),
            Self::Column { file, column } => say(
                format!("{file}：{column} 这一列没有约定、缺了或类型不对"),
                format!("{file}: column {column} was not agreed on, is absent or of another type"),
            ),
            Self::NoColumn { file, column } => {
                say(format!("{file}：缺 {column} 这一列"), format!("{file}: column {column} is absent"))
            }
            Self::Cell { file, row, column, cell } => say(
                format!("{file} 第 {row} 行 {column}：读不懂“{cell}”"),
                format!("{file}, row {row}, {column}: can't make sense of \"{cell}\""),
            ),
            Self::Elsewhere { file, division } => {
                say(format!("{file}：{division} 不在这个县"), format!("{file}: {division} lies outside the county"))
            }
            Self::Small { file, division } => say(
                format!("{file}：{division} 有一个人数太小，会认出人来"),
                format!("{file}: a count of {division} is so small that people could be recognised"),
            ),
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self) -> Bilingual {
        let (zh, en) = match self {
            Self::Missing { .. } | Self::Extra { .. } | Self::Changed { .. } | Self::Unreadable { .. } => (
                "整个文件夹重新传一次；还不行就请县里重新生成",
                "send the whole folder again; if that does not help have the county make it again",
            ),
            Self::Version { .. } => ("两边用同一版程序", "use the same release on both sides"),
            Self::Untrusted { .. } | Self::Withdrawn { .. } => (
                "打电话跟县里核对公钥，再用 yilian return trust 登记",
                "check the key with the county by telephone, then enter it with yilian return trust",
            ),
            Self::Signature => (
                "不要用这份数据；请县里重新生成，并查是谁动过",
                "don't use it; have the county make it again, and find out who changed it",
            ),
            Self::NoColumn { .. } | Self::Cell { .. } => (
                "用 yilian-cluster measure 重新生成这个文件，不要手工改",
                "make the file again with yilian-cluster measure, and don't edit it by hand",
            ),
            Self::Manifest { .. }
            | Self::Rows { .. }
            | Self::Column { .. }
            | Self::Elsewhere { .. }
            | Self::Small { .. } => (
                "请县里用 yilian return make 重新生成，不要手工改",
                "have the county make it again with yilian return make, and not edit it by hand",
            ),
        };
        Bilingual { zh: zh.to_owned(), en: en.to_owned() }
    }
}

fn short(key: &str) -> &str {
    key.get(..12).unwrap_or(key)
}

impl std::fmt::Display for ReturnFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.cause().en, self.remedy().en)
    }
}

/// Why something could not be done with a return.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    #[error("{path}: {cause}")]
    Agreement { path: PathBuf, cause: String },
    #[error("the lake has no day {as_of} of county {county}: run the night first")]
    NoDay { county: DivisionCode, as_of: kernel::Date },
    #[error("the key is none: an Ed25519 key as `yilian return key` makes it")]
    Key,
    #[error("no such key is believed for {county}")]
    NoKey { county: DivisionCode },
    #[error("{} faults\n{}", .0.len(), .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<ReturnFault>),
    #[error("revision {revision} of {county} for {as_of} comes after revision {standing}, which is loaded already")]
    Older { county: DivisionCode, as_of: kernel::Date, revision: u32, standing: i64 },
    #[error("could not {action} {path}: {cause}")]
    File { action: &'static str, path: PathBuf, cause: std::io::Error },
    #[error("{what} can't be read back from the database")]
    Damaged { what: &'static str },
    #[error(transparent)]
    Lake(#[from] lake::LakeFault),
    #[error("{0}")]
    Performance(#[from] performance::PerformanceError),
    #[error("{0}")]
    Store(#[from] store::StoreError),
    #[error("{0}")]
    Audit(#[from] store::audit::AuditError),
}
