//! What is wrong with a pack: always with its place, its cause and what to do.

use std::fmt;

use kernel::{Lang, Told};

use crate::model::Position;

/// One fault of a pack. `code` is stable; `message` and `remedy` are for the author of the pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackFault {
    pub file: String,
    /// 1-based; 0 when the fault belongs to the file as a whole.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    pub code: &'static str,
    pub message: String,
    pub remedy: String,
}

impl PackFault {
    #[must_use]
    pub fn at(at: &Position, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            file: at.file.to_string(),
            line: at.line,
            column: at.column,
            code,
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// A fault of a whole file: it is absent or cannot be read.
    #[must_use]
    pub fn of_file(
        file: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { file: file.into(), line: 0, column: 0, code, message: message.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}: {}", self.code, self.message)?;
        if !self.remedy.is_empty() {
            write!(f, " — {}", self.remedy)?;
        }
        Ok(())
    }
}

impl PackFault {
    /// One line; in Chinese the code is said in words, the rest is for the pack's author and stays English.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.to_string(),
            Lang::Zh => self.to_string().replacen(self.code, &format!("{}（{}）", self.title_zh(), self.code), 1),
        }
    }

    /// Every fault of a pack in one, for whoever can't go on with it.
    #[must_use]
    pub fn all(pack: &str, faults: &[Self]) -> Told {
        let lines = |lang| faults.iter().map(|fault| fault.to_text(lang)).collect::<Vec<_>>().join("\n");
        let count = faults.len();
        Told::new(
            format!("政策包 {pack} 有 {count} 处错\n{}", lines(Lang::Zh)),
            format!("pack {pack} has {count} faults\n{}", lines(Lang::En)),
        )
    }

    /// What the code means, in Chinese.
    #[must_use]
    pub fn title_zh(&self) -> &'static str {
        TITLES.iter().find(|(code, _)| *code == self.code).map_or("有误", |(_, title)| title)
    }
}

const TITLES: &[(&str, &str)] = &[
    ("case_failed", "示例的结果不对"),
    ("cycle", "互相引用成环"),
    ("dangling_reference", "引用的东西不存在"),
    ("divisions", "区划表有误"),
    ("duplicate_code", "代码重复"),
    ("duplicate_header", "列名重复"),
    ("duplicate_id", "编号重复"),
    ("duty_without_evidence", "职责没有写凭据"),
    ("duty_without_unit", "职责没有写责任单位"),
    ("empty_text", "没有写内容"),
    ("expects_nothing", "示例没有写预期"),
    ("hidden_unknown", "把不知道当成了答案"),
    ("identity_fact", "身份信息不能用"),
    ("missing_awaits", "没有写等待什么"),
    ("missing_case", "没有示例"),
    ("missing_clause", "没有写依据条款"),
    ("missing_deadline", "没有写期限"),
    ("missing_key", "缺少一项"),
    ("missing_label", "缺少中文或英文名称"),
    ("missing_parameter_date", "参数当天没有数值"),
    ("missing_target", "没有写目标"),
    ("needless_key", "多余的一项"),
    ("not_a_duty", "不是行政职责"),
    ("nested_aggregate", "汇总里又有汇总"),
    ("not_carried", "没有相应的东西落实"),
    ("not_cited_back", "没有写明依据该条款"),
    ("not_implemented", "没有写由谁落实"),
    ("not_in_language", "规则语言里没有这种写法"),
    ("not_listed", "条款没有列出它"),
    ("out_of_order", "次序不对"),
    ("out_of_range", "超出范围"),
    ("parameter_gap", "有的日子没有数值"),
    ("parameter_without_value", "参数没有数值"),
    ("part_not_shown", "示例没有两面都示范"),
    ("syntax", "写法不合 TOML"),
    ("unknown_clause", "没有这一条款"),
    ("unknown_department", "没有这个部门"),
    ("unknown_division", "没有这个区划"),
    ("unknown_entity", "没有这类对象"),
    ("unknown_fact", "数据字典里没有"),
    ("unknown_file", "不认识的文件名"),
    ("unknown_function", "没有这个函数"),
    ("unknown_key", "不认识的一项"),
    ("unknown_pack", "没有这个政策包"),
    ("unknown_parameter", "没有这个参数"),
    ("unknown_rule", "没有这条规则"),
    ("unknown_word", "不认识的词"),
    ("unreadable", "文件读不了"),
    ("unsplit_and", "一个条件里说了两件事"),
    ("wrong_arity", "参数个数不对"),
    ("wrong_date", "日期不对"),
    ("wrong_denominator", "分母写法不对"),
    ("wrong_division", "区划代码不对"),
    ("wrong_entity", "说的不是同一类对象"),
    ("wrong_id", "编号和文件夹名不同"),
    ("wrong_number", "数字不对"),
    ("wrong_numerator", "分子写法不对"),
    ("wrong_order", "先后不对"),
    ("wrong_reference", "引用的写法不对"),
    ("wrong_type", "类型不对"),
];

#[cfg(test)]
mod tests {
    use super::TITLES;

    #[test]
    fn the_guide_explains_every_code() {
        let guide = include_str!("../../../docs/guides/packs.md");
        for (code, _) in TITLES {
            assert!(guide.contains(&format!("`{code}`")), "{code} is not in docs/guides/packs.md");
        }
    }

    #[test]
    fn every_code_raised_has_a_chinese_title() {
        let sources = [
            include_str!("load/mod.rs"),
            include_str!("load/clauses.rs"),
            include_str!("load/facts.rs"),
            include_str!("load/indicators.rs"),
            include_str!("load/pack_file.rs"),
            include_str!("load/parameters.rs"),
            include_str!("load/reader.rs"),
            include_str!("load/sources.rs"),
            include_str!("check/clauses.rs"),
            include_str!("check/references.rs"),
            include_str!("check/shape.rs"),
            include_str!("cases.rs"),
            include_str!("expr/calls.rs"),
            include_str!("expr/parse.rs"),
            include_str!("program/compile.rs"),
            include_str!("program/cycles.rs"),
            include_str!("program/names.rs"),
        ];
        let prefixes = ["wrong_", "unknown_", "missing_", "duplicate_", "not_", "duty_", "out_of_", "parameter_"];
        for word in sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2)) {
            let is_code = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if is_code && prefixes.iter().any(|prefix| word.starts_with(prefix)) {
                assert!(TITLES.iter().any(|(code, _)| *code == word), "{word} has no title");
            }
        }
    }
}
