//! Errors in the user's language: Chinese unless English is asked for.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::home::{Home, root};

/// What a command that must fail says, in the language that stands when none is asked for.
fn fails(home: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yilian"));
    command.current_dir(root()).arg("--home").arg(home).args(args);
    for name in ["YILIAN_KEY", "YILIAN_DATABASE", "YILIAN_LOG", "YILIAN_LANG"] {
        command.env_remove(name);
    }
    let done = command.output().unwrap();
    assert!(!done.status.success(), "{args:?}");
    String::from_utf8(done.stderr).unwrap()
}

#[test]
fn what_goes_wrong_is_told_in_chinese() {
    let home = Home::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.bin");
    fs::write(&file, [0_u8; 9]).unwrap();
    let plan = file.to_str().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["cycle", "--as-of", "2026-11-20"], "还没收过人口名单"),
        (&["cycle", "--as-of", "2999-01-01"], "还没到"),
        (&["cycle", "--inbox", "/nowhere"], "没有这个文件夹"),
        (&["explain", "P00000001"], "还没有发布过任何一晚"),
        (&["lists", "reject", "L00000099"], "没有名单 L00000099"),
        (&["lists", "correct", "/nowhere.xlsx"], "文件读不出来"),
        (&["pack", "show", "nothing"], "处错"),
        (&["pack", "document", "attach", "kizilsu-2024", plan], "既不是 PDF 也不是纯文本"),
        (&["duty", "withdraw", "D00000009", "--by", "a", "--reason", "b"], "没有还算数的登记"),
        (&["keys", "create"], "已经有了"),
        (&["determine", "--as-of", "2001-01-01"], "有效"),
        (&["--database", "mysql://x/y", "audit", "verify"], "不认得这种数据库地址"),
        (&["cycle", "--as-of", "20/11"], "不是 2026-11-20 这样的日期"),
    ];
    for (args, words) in cases {
        let said = fails(home.path(), args);
        assert!(said.contains(words), "{args:?}: {said}");
    }
    fs::remove_file(home.path().join("keys")).unwrap();
    assert!(fails(home.path(), &["cycle", "--as-of", "2026-11-20"]).contains("密钥"));
    fs::write(home.path().join("yilian.db"), "this is no database").unwrap();
    assert!(fails(home.path(), &["audit", "verify"]).contains("不是数据库"));
}
