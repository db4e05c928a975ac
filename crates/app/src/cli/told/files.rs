//! Dates, numbers and files in Chinese.

use std::io;

use kernel::{DateFault, DivisionFault, IdNumberFault};
use lake::LakeFault;
use linkage::command::LinkFault;
use linkage::files::FileFault;
use objects::ObjectFault;
use synth::SynthFault;

pub fn io(fault: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match fault.kind() {
        Kind::NotFound => "没有这个文件或文件夹".into(),
        Kind::PermissionDenied => "没有权限".into(),
        Kind::AlreadyExists => "已经有了".into(),
        Kind::StorageFull => "磁盘满了".into(),
        Kind::ReadOnlyFilesystem => "这里只能读，不能写".into(),
        Kind::NotADirectory => "不是文件夹".into(),
        Kind::IsADirectory => "是文件夹，不是文件".into(),
        Kind::AddrInUse => "端口被别的程序占着，换一个 --port".into(),
        Kind::InvalidData => "内容不对，可能是别种文件".into(),
        Kind::UnexpectedEof => "文件没写完整".into(),
        _ => fault.to_string(),
    }
}

pub fn date(fault: &DateFault) -> String {
    match fault {
        DateFault::Shape => "不是 2026-11-20 这样的日期",
        DateFault::NoSuchDay => "日历上没有这一天",
    }
    .into()
}

pub fn division(fault: &DivisionFault) -> String {
    match fault {
        DivisionFault::Shape => "区划代码是 2、4、6、9 或 12 位数字".into(),
        DivisionFault::Table { line, cause } => format!("区划表第 {line} 行：{cause}"),
    }
}

pub fn id_number(fault: &IdNumberFault) -> String {
    match fault {
        IdNumberFault::Length => "身份证号是 18 位（老式 15 位）",
        IdNumberFault::Character => "身份证号只有数字，最后一位可以是 X",
        IdNumberFault::BirthDate => "身份证号里的出生日期不存在",
        IdNumberFault::Checksum => "身份证号的校验位不对",
    }
    .into()
}

pub fn lake(fault: &LakeFault) -> String {
    match fault {
        LakeFault::Io { path, .. } => format!("用不了文件 {}", path.display()),
        LakeFault::Parquet { path, .. } => format!("写不了或读不了 {}", path.display()),
        LakeFault::Shape { path, what } => format!("{}：{what}", path.display()),
    }
}

pub fn synth(fault: &SynthFault) -> String {
    match fault {
        SynthFault::Pack { path, cause } => format!("读不了 {}：{cause}", path.display()),
        SynthFault::NoSource { id } => format!("sources.toml 里没有名单 {id}"),
        SynthFault::NoVillages { region } => format!("区划表里 {region} 没有村"),
        SynthFault::Write { path, cause } => format!("写不了 {}：{}", path.display(), io(cause)),
        SynthFault::Sheet { path, cause } => format!("写不了表格 {}：{cause}", path.display()),
    }
}

pub fn link(fault: &LinkFault) -> String {
    match fault {
        LinkFault::Spec(faults) => {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            format!("比对说明有 {} 处错：\n{}", faults.len(), lines.join("\n"))
        }
        LinkFault::File(cause) => link_file(cause),
        LinkFault::Read { path, .. } => format!("读不了 {}", path.display()),
        LinkFault::Write { path, .. } => format!("写不了 {}", path.display()),
        LinkFault::Parameters { path, cause } => format!("{} 里不是学到的参数：{cause}", path.display()),
        LinkFault::Fit(cause) => format!("参数和说明在 {} 处不合；用 --train 重新学", cause.place),
        LinkFault::NoSuchRow { side } => format!("{side} 文件里没有要看的那一行"),
    }
}

pub fn link_file(fault: &FileFault) -> String {
    match fault {
        FileFault::Io { path, .. } => format!("读不了 {}", path.display()),
        FileFault::Encoding { path, line } => {
            format!("{} 既不是 UTF-8 也不是 GB18030：第 {line} 行；另存为 UTF-8", path.display())
        }
        FileFault::Empty { path } => format!("{} 没有表头", path.display()),
        FileFault::Columns { path, missing, present } => {
            format!("{} 缺少 {}；现有的列：{}", path.display(), missing.join("、"), present.join("、"))
        }
        FileFault::Twice { path, columns } => {
            format!("{} 里这些列出现不止一次：{}；各留一列", path.display(), columns.join("、"))
        }
        FileFault::Cells { path, line, found, expected } => {
            format!("{} 第 {line} 行有 {found} 格，表头有 {expected} 格", path.display())
        }
        FileFault::Ids { path, rows, line } => {
            format!("{} 有 {rows} 行没有编号或编号重复，最早在第 {line} 行；每行给一个自己的编号", path.display())
        }
        FileFault::Quotes { path, .. } => format!("{} 里有引号没有合上或写错", path.display()),
    }
}

pub fn listen(fault: &gate::Fault) -> String {
    let gate::Fault::Bind { address, cause } = fault;
    format!("听不了 {address}：{}", io(cause))
}

pub fn certificate(fault: &gate::TlsFault) -> String {
    match fault {
        gate::TlsFault::File { path, cause } => format!("证书文件 {path} 用不了：{cause}"),
        gate::TlsFault::Pair(cause) => format!("证书和密钥不是一对：{cause}"),
    }
}

pub fn objects(fault: &ObjectFault) -> String {
    let doing = |word: &str| match word {
        "write" => "写不了",
        "read" => "读不了",
        "list" => "列不出",
        "remove" => "删不了",
        _ => "用不了",
    };
    match fault {
        ObjectFault::Address { address } => format!("{address} 不是存放的地方：写一个文件夹，或 s3://桶/前缀"),
        ObjectFault::Access { name } => format!("没有设 {name}"),
        ObjectFault::Unreachable { doing: word, name, cause } => format!("{} {name}：{cause}", doing(word)),
        ObjectFault::Refused { doing: word, name, status, code } => {
            format!("{} {name}：对方答 {status} {code}", doing(word))
        }
        ObjectFault::NoDay { day } => format!("没有 {day} 这一天"),
        ObjectFault::Damaged { name } => format!("{name} 和它的清单不一样：重新取一次，或请那边重新送"),
    }
}
