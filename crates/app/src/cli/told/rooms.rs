//! The night, lists, decisions, duties and documents in Chinese.

use accounts::AccountsError;
use cycle::CycleFault;
use kernel::Lang;
use performance::PerformanceError;
use performance::document::DocumentFault;
use registry::RegistryError;
use registry::linking::DecisionFault;
use registry::reading::ReadFault;
use returns::ReturnError;
use worklist::WorklistError;

use super::{files, store};

pub fn cycle(fault: &CycleFault) -> String {
    match fault {
        CycleFault::Pack { pack, count, first } => {
            format!("政策包 {pack} 有 {count} 处错；跑 yilian pack check {pack} 看全部\n{first}")
        }
        CycleFault::Catalogue { faults } => format!("packs/national 里名单或区划的说明有错：\n{faults}"),
        CycleFault::Earlier { latest } => {
            format!("后面的一晚（{latest}）已经发布，之前的不能再算；要看那天的结果用 explain --as-of")
        }
        CycleFault::Nobody { inbox } => {
            format!("没有可算的：还没收过人口名单；把名单放进 {}", inbox.display())
        }
        CycleFault::NotPublished => "还没有发布过任何一晚；先跑 yilian cycle".into(),
        CycleFault::Engines { rule, rows } => {
            format!("规则 {rule} 有 {rows} 个人，数据库算的和本程序算的不一样：这一晚没有发布")
        }
        CycleFault::Damaged { what } => format!("数据库里的 {what} 读不回来"),
        CycleFault::File { path, cause, .. } => format!("用不了文件 {}：{}", path.display(), files::io(cause)),
        CycleFault::Store(cause) => store::store(cause),
        CycleFault::Migrate(cause) => store::migrate(cause),
        CycleFault::Registry(cause) => registry(cause),
        CycleFault::Audit(cause) => store::audit(cause),
        CycleFault::Worklist(cause) => worklist(cause),
        CycleFault::Performance(cause) => performance(cause),
        CycleFault::Lake(cause) => files::lake(cause),
    }
}

pub fn registry(fault: &RegistryError) -> String {
    match fault {
        RegistryError::Store(cause) => store::store(cause),
        RegistryError::Seal { table, cause } => format!("表 {table} 里有封存的内容打不开：{}", store::seal(cause)),
        RegistryError::Audit(cause) => store::audit(cause),
        RegistryError::Read(cause) => read(cause),
        RegistryError::NoList(list) => format!("没有名单 {list}"),
        RegistryError::ListState { list, state } => format!("名单 {list} 现在是 {state}，不能这样办"),
        RegistryError::NoRow(row) => format!("没有等着的行 {row}"),
        RegistryError::NoSource(source) => format!("sources.toml 里不再有名单 {source}"),
        RegistryError::Damaged { table, cause } => format!("表 {table} 里有意外的内容：{cause}"),
        RegistryError::Linking(cause) => format!("关联：{cause}"),
        RegistryError::Act(faults) => faults.iter().map(|fault| fault.said().zh).collect::<Vec<_>>().join("；"),
        RegistryError::Write { file, cause } => format!("写不了 {file}：{cause}"),
    }
}

pub fn read(fault: &ReadFault) -> String {
    format!("{}；{}", fault.cause().zh, fault.remedy().zh)
}

pub fn decision(fault: &DecisionFault) -> String {
    match fault {
        DecisionFault::NoPerson(person) => format!("没有 {person} 这个人"),
        DecisionFault::Merged(gone, kept) => format!("{gone} 已并入 {kept}，请用后者"),
        DecisionFault::Same => "两边是同一条登记".into(),
        DecisionFault::NoMerge(merge) => format!("没有合并 {merge} 可以确认或拆开"),
        DecisionFault::SecondPerson => "牵涉到钱的合并，提出的人不能自己确认；请另一个人来".into(),
        DecisionFault::NoName => "写明谁决定的".into(),
        DecisionFault::NoReason => "写明为什么；会和决定一起留下".into(),
        DecisionFault::ReasonNames => "原因里不要写姓名和号码；这段话不加密".into(),
        DecisionFault::NotOpen(pair) => format!("对 {pair} 不在待核对里；先看当时怎么定的，或先撤回"),
        DecisionFault::NotDecided(pair) => format!("对 {pair} 没有定过，或那一行不再等着：没有可撤回的"),
        DecisionFault::RowFaulty => "这一行还有别的错，或重复了；先改正".into(),
        DecisionFault::Registry(cause) => registry(cause),
    }
}

pub fn accounts(fault: &AccountsError) -> String {
    match fault {
        AccountsError::Store(cause) => store::store(cause),
        AccountsError::Audit(cause) => store::audit(cause),
        other => other.say(Lang::Zh),
    }
}

pub fn worklist(fault: &WorklistError) -> String {
    match fault {
        WorklistError::Store(cause) => store::store(cause),
        WorklistError::Stored { what } => format!("工作清单里的 {what} 读不出来"),
    }
}

pub fn performance(fault: &PerformanceError) -> String {
    match fault {
        PerformanceError::Store(cause) => store::store(cause),
        PerformanceError::Stored { what } => format!("指标里的 {what} 读不出来"),
        PerformanceError::Duty(faults) => faults.iter().map(|fault| fault.said().zh).collect::<Vec<_>>().join("；"),
        PerformanceError::NoReport(id) => format!("没有还算数的登记 {id}"),
        PerformanceError::Audit(cause) => store::audit(cause),
    }
}

pub fn returns(fault: &ReturnError) -> String {
    match fault {
        ReturnError::Agreement { path, cause } => format!("上报的约定 {} 有错：{cause}", path.display()),
        ReturnError::NoDay { county, as_of } => format!("湖里没有 {county} {as_of} 的数据；先跑那一晚"),
        ReturnError::Key => "这不是公钥或私钥；用 yilian return key 生成".into(),
        ReturnError::NoKey { county } => format!("{county} 名下没有登记这个公钥"),
        ReturnError::Faults(faults) => {
            let lines: Vec<String> = faults.iter().map(|f| format!("{}；{}", f.cause().zh, f.remedy().zh)).collect();
            format!("有 {} 处错\n{}", lines.len(), lines.join("\n"))
        }
        ReturnError::Older { county, as_of, revision, standing } => {
            format!("{county} {as_of} 已经收了第 {standing} 版，第 {revision} 版不比它新")
        }
        ReturnError::File { path, cause, .. } => format!("用不了文件 {}：{}", path.display(), files::io(cause)),
        ReturnError::Damaged { what } => format!("数据库里的 {what} 读不回来"),
        ReturnError::Lake(cause) => files::lake(cause),
        ReturnError::Performance(cause) => performance(cause),
        ReturnError::Store(cause) => store::store(cause),
        ReturnError::Audit(cause) => store::audit(cause),
    }
}

pub fn document(fault: &DocumentFault) -> String {
    match fault {
        DocumentFault::Read { file, cause } => format!("读不了 {file}：{cause}"),
        DocumentFault::Write { file, cause } => format!("写不了 {file}：{cause}"),
        DocumentFault::Empty => "文件是空的".into(),
        DocumentFault::NeitherPdfNorText => "既不是 PDF 也不是纯文本；另存为其中一种".into(),
        DocumentFault::CutOff => "PDF 没传完整，请重新取一份".into(),
        DocumentFault::TooLarge { limit } => format!("文件超过 {} MB", limit >> 20),
        DocumentFault::NoClause { clause } => format!("方案里没有条款 {clause}"),
        DocumentFault::Changed => "留存的文件不是当时附上的那份；请重新附上".into(),
        DocumentFault::Damaged => "附件的说明读不出来；请重新附上".into(),
        DocumentFault::Store(cause) => store::store(cause),
        DocumentFault::Audit(cause) => store::audit(cause),
    }
}

pub fn backup(fault: &::backup::Fault) -> String {
    use ::backup::Fault;
    match fault {
        Fault::Database(cause) => dumped(cause),
        Fault::Store(cause) => store::store(cause),
        Fault::Keys(cause) => format!("密钥和这份备份不配：{}", store::key(cause)),
        Fault::KeyMissing(key) => format!("这份备份要用密钥 {key}，密钥文件里没有；先把密钥文件放回去"),
        Fault::File { path, cause } => format!("用不了文件 {}：{}", path.display(), files::io(cause)),
        Fault::Exists(path) => format!("{} 已经有东西；只能恢复到新的地方", path.display()),
        Fault::NoManifest(path) => format!("{} 不是备份：没有读得懂的 manifest.json", path.display()),
        Fault::Newer(format) => format!("备份格式 {format} 比本程序新，请用新版程序"),
        Fault::Damaged(faults) => format!("备份坏了：{}", faults.join("；")),
        Fault::Differs(what) => format!("恢复出来的和清单不一样：{what}"),
    }
}

fn dumped(fault: &::store::backup::BackupFault) -> String {
    use ::store::backup::BackupFault;
    match fault {
        BackupFault::Store(cause) => store::store(cause),
        BackupFault::File { path, cause } => format!("用不了文件 {path}：{}", files::io(cause)),
        BackupFault::Program { program, cause } => {
            format!("运行不了 {program}：{}；请装和服务器同版本的 PostgreSQL 客户端", files::io(cause))
        }
        BackupFault::Failed { program, said } => format!("{program} 没有成功：{said}"),
        BackupFault::NotEmpty => "数据库不是空的：只能恢复到新的数据库".into(),
        BackupFault::Damaged(cause) => format!("数据库文件坏了：{cause}"),
        BackupFault::Kind => "这份备份是另一种数据库的".into(),
    }
}
