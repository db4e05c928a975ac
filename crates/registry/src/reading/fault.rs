//! Why a file can't be read as the list it says it is: stable code, cause and next step in both languages.

use kernel::{Bilingual, Date, DivisionCode};

/// One fault of a whole file. None of the texts repeats a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    #[error("could not read list {file}: {cause}")]
    Io { file: String, cause: String },
    #[error("list file name {file} is not <source>_<date>[_<division>].csv or .xlsx")]
    FileName { file: String },
    #[error("the list is dated {date}, after {until}")]
    Ahead { date: Date, until: Date },
    #[error("no division has the code {code}")]
    UnknownScope { code: DivisionCode },
    #[error("no source {source_id} is described")]
    UnknownSource { source_id: String },
    #[error("the file is empty")]
    Empty,
    #[error("the file is neither text nor a workbook")]
    NotText,
    #[error("the workbook can't be opened: {cause}")]
    BrokenWorkbook { cause: String },
    #[error("the workbook is locked with a password or of the old .xls kind")]
    OldOrLocked,
    #[error("{file} is a spreadsheet of another kind than XLSX")]
    OtherWorkbook { file: String },
    #[error("{sheets} worksheets hold a table of this list")]
    SeveralSheets { sheets: usize },
    #[error("the workbook would unpack to an unreasonable size")]
    ZipBomb,
    #[error("the worksheet is full to its last row")]
    SheetFull,
    #[error("no header row was found")]
    NoHeader { expected: Vec<String> },
    #[error("the header row {row} lacks required columns")]
    MissingColumns { row: u64, missing: Vec<String> },
    #[error("two columns of header row {row} say the same: {column}")]
    ColumnTwice { row: u64, column: String },
    #[error("a quotation mark opened in row {row} is never closed")]
    OpenQuote { row: u64 },
    #[error("the file ends in the middle of row {row}")]
    CutOff { row: u64 },
}

fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual { zh: zh.into(), en: en.into() }
}

impl ReadFault {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "file_unreadable",
            Self::FileName { .. } => "file_name",
            Self::Ahead { .. } => "list_ahead",
            Self::UnknownScope { .. } => "unknown_scope",
            Self::UnknownSource { .. } => "unknown_source",
            Self::Empty => "file_empty",
            Self::NotText => "not_a_list",
            Self::BrokenWorkbook { .. } => "workbook_broken",
            Self::OldOrLocked => "workbook_old_or_locked",
            Self::OtherWorkbook { .. } => "workbook_other",
            Self::SeveralSheets { .. } => "worksheets_several",
            Self::ZipBomb => "workbook_too_large",
            Self::SheetFull => "worksheet_full",
            Self::NoHeader { .. } => "no_header",
            Self::MissingColumns { .. } => "columns_missing",
            Self::ColumnTwice { .. } => "column_twice",
            Self::OpenQuote { .. } => "quote_open",
            Self::CutOff { .. } => "file_cut_off",
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn cause(&self) -> Bilingual {
        match self {
            Self::Io { cause, .. } => {
                both(format!("文件读不出来：{cause}"), format!("the file can't be read: {cause}"))
            }
            Self::FileName { .. } => both(
                "文件名不是“名单_日期[_区划].csv/xlsx”",
                "the file name is not <list>_<date>[_<division>].csv or .xlsx",
            ),
            Self::Ahead { date, until } => both(
                format!("名单日期 {date} 在 {until} 之后，今晚不收"),
                format!("the list is dated {date}, after {until}; it is not taken for this day"),
            ),
            Self::UnknownScope { code } => {
                both(format!("区划表里没有 {code} 这个代码"), format!("the division table has no code {code}"))
            }
            Self::UnknownSource { source_id } => {
                both(format!("没有名为 {source_id} 的名单"), format!("there is no list called {source_id}"))
            }
            Self::Empty => both("文件是空的", "the file is empty"),
            Self::NotText => both("既不是文本表格，也不是 XLSX", "this is neither a text table nor an XLSX workbook"),
            Self::BrokenWorkbook { .. } => {
                both("XLSX 打不开，可能没传完整", "the XLSX can't be opened; it may be cut off")
            }
            Self::OldOrLocked => both("是旧版 XLS 或加了密码", "it is an old XLS or locked with a password"),
            Self::OtherWorkbook { .. } => both(
                "是别种表格文件（如 .xls、.et），不是 XLSX 或 CSV",
                "it is a spreadsheet of another kind (such as .xls or .et), not XLSX or CSV",
            ),
            Self::SeveralSheets { sheets } => both(
                format!("有 {sheets} 张工作表都是这份名单的表，不知道该收哪张"),
                format!("{sheets} worksheets hold a table of this list; which one is meant is not known"),
            ),
            Self::ZipBomb => both(
                "XLSX 解开后大得不合理，没有打开",
                "the XLSX would unpack to an unreasonable size and was not opened",
            ),
            Self::SheetFull => both(
                "工作表写满到最后一行，后面的多半丢了",
                "the worksheet is full to its last row; what follows was probably lost",
            ),
            Self::NoHeader { .. } => both("找不到表头行", "no header row was found"),
            Self::MissingColumns { row, missing } => both(
                format!("第 {row} 行表头缺少：{}", missing.join("、")),
                format!("the header in row {row} lacks {}", missing.join(", ")),
            ),
            Self::ColumnTwice { row, column } => both(
                format!("第 {row} 行表头里“{column}”出现两次"),
                format!("the header in row {row} has two columns for {column}"),
            ),
            Self::OpenQuote { row } => both(
                format!("第 {row} 行开始的引号没有合上"),
                format!("a quotation mark opened in row {row} is never closed"),
            ),
            Self::CutOff { row } => {
                both(format!("文件在第 {row} 行中间断了"), format!("the file ends in the middle of row {row}"))
            }
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self) -> Bilingual {
        match self {
            Self::Io { .. } => {
                both("检查文件是否还在、是否可读，再试一次", "see that the file is there and readable, then try again")
            }
            Self::FileName { .. } => both(
                "按约定改文件名，例如 low_income_2026-11-15.csv",
                "rename it, for example low_income_2026-11-15.csv",
            ),
            Self::Ahead { .. } => both(
                "留在原处，到那天自然会收；日期写错了就改文件名；确实要现在收，加 --allow-future",
                "leave it where it is, it is taken on its day; mend the name if the date is wrong; if it is meant to be \
                 taken now, add --allow-future",
            ),
            Self::UnknownScope { .. } => both(
                "改文件名最后的区划代码（如 653001）；整份名单管全地区就去掉代码",
                "mend the division code at the end of the file name (such as 653001); leave it out when the list speaks \
                 for the whole region",
            ),
            Self::UnknownSource { .. } => {
                both("核对文件名开头的名单编号", "check the list id at the beginning of the file name")
            }
            Self::NoHeader { expected } => both(
                format!("表头应包含：{}", expected.join("、")),
                format!("the header should contain {}", expected.join(", ")),
            ),
            Self::MissingColumns { .. } => {
                both("补上这些列再传；其他列可以不要", "add these columns and send again; others may be absent")
            }
            Self::ColumnTwice { .. } => both("只留其中一列", "keep only one of them"),
            Self::SheetFull => both(
                "请用 CSV 导出整份名单，或按区划分成几份",
                "export the whole list as CSV, or one file per division",
            ),
            Self::OtherWorkbook { .. } => {
                both("用 Excel 或 WPS 打开，另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx")
            }
            Self::SeveralSheets { .. } => both(
                "合成一张；或每张另存成一份文件，按区划分开命名",
                "put them into one; or save each as a file of its own, named by division",
            ),
            Self::OldOrLocked => both("另存为不加密的 XLSX 或 CSV", "save it as XLSX without a password, or as CSV"),
            Self::ZipBomb => both(
                "请送件部门重新导出，不要转发来路不明的文件",
                "ask the department for a new export; don't forward files of unknown origin",
            ),
            Self::Empty
            | Self::NotText
            | Self::BrokenWorkbook { .. }
            | Self::OpenQuote { .. }
            | Self::CutOff { .. } => both(
                "请重新导出并完整上传，本次一行也没有收",
                "export it again and send the whole file; no row of this one was taken",
            ),
        }
    }
}
