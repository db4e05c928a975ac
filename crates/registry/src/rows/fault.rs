//! What can be wrong with a cell or a row: a stable code, the cause and the remedy in both languages.

use kernel::Bilingual;
use serde::{Deserialize, Serialize};

/// One fault of one row. The value is masked; it is safe to show, not to log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFault {
    /// As the office counts.
    pub row: u64,
    /// The column's name as described in `sources.toml`; empty for the row as a whole.
    pub column: String,
    pub value: String,
    pub code: FaultCode,
    pub cause: Bilingual,
    pub remedy: Bilingual,
}

macro_rules! fault_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $zh:literal, $en:literal, $fix_zh:literal, $fix_en:literal;)+) => {
        /// The stable codes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FaultCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl FaultCode {
            /// All codes, in the order of the report.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// `id_number_checksum`, …
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What is wrong.
            #[must_use]
            pub fn cause(self) -> Bilingual {
                match self { $(Self::$name => Bilingual { zh: $zh.into(), en: $en.into() },)+ }
            }

            /// What to do.
            #[must_use]
            pub fn remedy(self) -> Bilingual {
                match self { $(Self::$name => Bilingual { zh: $fix_zh.into(), en: $fix_en.into() },)+ }
            }
        }
    };
}

fault_codes! {
    IdNumberMissing = "id_number_missing", "证件号空着", "the ID number is missing",
        "照身份证补上", "add it from the identity card";
    IdNumberLength = "id_number_length", "证件号位数不对，应为 18 位（旧号 15 位）", "the ID number has not 18 characters (or 15 in the old form)",
        "照身份证重抄", "copy it again from the identity card";
    IdNumberCharacter = "id_number_character", "证件号里有不该有的字符", "the ID number holds a character it can't have",
        "只留数字，末位可以是 X", "digits only; the last one may be X";
    IdNumberBirthDate = "id_number_birth_date", "证件号里的出生日期不存在", "the birth date inside the ID number does not exist",
        "照身份证重抄", "copy it again from the identity card";
    IdNumberChecksum = "id_number_checksum", "证件号校验位不对，多半抄错了一位", "the check character of the ID number does not fit; a digit is probably wrong",
        "照身份证重抄", "copy it again from the identity card";
    IdNumberRounded = "id_number_rounded", "证件号被表格软件当成了数，后几位已经丢了", "a spreadsheet took the ID number for a quantity and lost its last digits",
        "把这一列设成“文本”，重新填写或重新导出", "set the column to text and enter or export it again";
    IdNumberUnknown = "id_number_unknown", "证件号正确，但人口名单里没有这个人", "the ID number is sound, but nobody in the population list has it",
        "不用改；人口名单里有了他，这一行会自动关联", "nothing; the row is linked once the population list has the person";
    BirthDateDiffers = "birth_date_differs", "出生日期和证件号对不上", "the birth date differs from the one in the ID number",
        "以证件号为准改正，或核对证件号", "correct it by the ID number, or check the number";
    RequiredEmpty = "required_empty", "必填的空着", "a required cell is empty",
        "补上；确实不知道的请问来源单位", "fill it in; ask the office when it is not known";
    DateShape = "date_shape", "不是日期", "not a date",
        "写成 2026-11-20 这样", "write it like 2026-11-20";
    DateNoSuchDay = "date_no_such_day", "没有这一天", "there is no such day",
        "照原件改正日期", "correct it from the document";
    DateAfterList = "date_after_list", "日期比名单的日期还晚", "the date is later than the list itself",
        "改正日期，或核对文件名里的名单日期", "correct it, or check the list date in the file name";
    NotANumber = "not_a_number", "不是数", "not a number",
        "只填数字，不带单位", "digits only, without a unit";
    OutOfRange = "out_of_range", "数超出了可能的范围", "the number is out of range",
        "照原件改正", "correct it from the document";
    UnknownCode = "unknown_code", "不是认得的选项", "not one of the known choices",
        "改成下列之一：", "use one of: ";
    NotYesNo = "not_yes_no", "不是“是”或“否”", "neither yes nor no",
        "填“是”或“否”，不知道就空着", "write 是 or 否, or leave it empty";
    UnknownDivision = "unknown_division", "地名表里没有这个村（社区）", "the division table has no such village or community",
        "填 12 位区划代码，或“乡镇名 村名”", "write the 12-digit code, or township and village";
    DivisionTooWide = "division_too_wide", "要写到村（社区）", "a village or community is needed",
        "填 12 位区划代码", "write the 12-digit code";
    Unreadable = "unreadable", "有认不出的字符", "a character can't be read",
        "重新导出，或改正这一格", "export again, or correct the cell";
    TooLong = "too_long", "内容太长，不像这一列的内容", "too long for this column",
        "核对是不是错列了", "see whether the cells have shifted";
    TooManyCells = "too_many_cells", "这一行的格子比表头多，多半错列了", "the row has more cells than the header; they have probably shifted",
        "含逗号的内容要加引号，或用 XLSX", "quote cells that hold a comma, or use XLSX";
    RowTwice = "row_twice", "同一人（或同一处）写了两行，内容不同", "the same person or place stands twice with different content",
        "只留正确的一行", "keep the right one only";
}

impl FaultCode {
    /// Whether it only keeps a row from being linked to a person.
    #[must_use]
    pub const fn is_link(self) -> bool {
        matches!(
            self,
            Self::IdNumberMissing
                | Self::IdNumberLength
                | Self::IdNumberCharacter
                | Self::IdNumberBirthDate
                | Self::IdNumberChecksum
                | Self::IdNumberRounded
                | Self::IdNumberUnknown
        )
    }
}

impl RowFault {
    /// The usual words for a code.
    #[must_use]
    pub fn new(row: u64, column: &str, value: String, code: FaultCode) -> Self {
        Self { row, column: column.to_owned(), value, code, cause: code.cause(), remedy: code.remedy() }
    }

    /// With the choices a person may write.
    #[must_use]
    pub fn with_choices(mut self, choices: &[String]) -> Self {
        self.remedy.zh.push_str(&choices.join("、"));
        self.remedy.en.push_str(&choices.join(", "));
        self
    }
}
