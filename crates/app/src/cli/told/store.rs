//! Database, keys and audit trail in Chinese.

use store::audit::AuditError;
use store::{KeyError, MigrateError, SealError, StoreError, UrlFault};

pub fn store(fault: &StoreError) -> String {
    match fault {
        StoreError::Busy { .. } => "别的程序正占着数据库：过一会儿再试，或先停掉那个程序".into(),
        StoreError::Full { .. } => "磁盘满了，数据库写不下：腾出地方再来一次，没有写到一半的东西".into(),
        StoreError::Lost { .. } => "数据库断了：连接没了，或磁盘坏了".into(),
        StoreError::Open { database, cause } => format!("打不开数据库 {database}：{cause}"),
        StoreError::Damaged { .. } => "数据库文件坏了，或不是数据库".into(),
        StoreError::Constraint { kind, name, .. } => format!("这一行不合规则 {name}（{kind}）"),
        StoreError::Unstorable { parameter, cause, .. } => format!("第 {parameter} 个值存不进数据库：{cause}"),
        StoreError::Refused { code, .. } => format!("数据库不收这些数据，代码 {code}"),
        StoreError::Statement { cause, statement } => format!("程序有误：语句执行不了：{cause}（{statement}）"),
        StoreError::Column { column, wanted, found, .. } => {
            format!("程序有误：第 {column} 列应当是 {wanted}，却是 {found}")
        }
        StoreError::RowCount { found, .. } => format!("应当有一行，却有 {found} 行"),
        StoreError::Nested => "程序有误：事务里又开了事务".into(),
        StoreError::Aborted => "事务里有语句没成，已经全部撤回".into(),
    }
}

pub fn migrate(fault: &MigrateError) -> String {
    match fault {
        MigrateError::Changed { context, id } => format!("建表步骤 {context} {id} 用过以后又被改了：应当另加一步"),
        MigrateError::Newer { context, id } => {
            format!("数据库是更新的版本写的：它有步骤 {context} {id}，这个程序没有；请用新版程序")
        }
        MigrateError::Order { context, id } => format!("建表步骤 {context} {id} 重复了，或次序不对"),
        MigrateError::Step { context, id, cause, .. } => format!("建表步骤 {context} {id} 没成：{}", store(cause)),
        MigrateError::Store(cause) => store(cause),
    }
}

pub fn url(fault: &UrlFault) -> String {
    match fault {
        UrlFault::Empty => "没写数据库地址：写文件名，或 postgres://用户@主机/库名",
        UrlFault::Scheme => "不认得这种数据库地址：写文件名、sqlite:文件 或 postgres://用户@主机/库名",
    }
    .into()
}

pub fn key(fault: &KeyError) -> String {
    match fault {
        KeyError::Read { path, cause } => format!("读不了密钥文件 {path}：{cause}；还没有就先 yilian keys create"),
        KeyError::Write { path, cause } => format!("写不了密钥文件 {path}：{cause}"),
        KeyError::Exists { path } => format!("密钥文件 {path} 已经有了，没有动它"),
        KeyError::Permissions { path, mode } => format!("别人也能读密钥文件 {path}（权限 {mode:o}）：先 chmod 600"),
        KeyError::Malformed { number } => format!("第 {number} 个密钥不是 32 字节的十六进制或 base64"),
        KeyError::Empty => "没有密钥".into(),
        KeyError::Twice { id } => format!("密钥 {id} 写了两遍"),
        KeyError::Missing { id } => format!("数据库是用密钥 {id} 封的，密钥文件里没有它"),
        KeyError::Unfinished { table } => format!("表 {table} 里还有旧密钥封的数据：再换一次密钥"),
        KeyError::Blob { table, cause } => format!("表 {table}：{}", seal(cause)),
        KeyError::Seal(cause) => seal(cause),
        KeyError::Store(cause) => store(cause),
    }
}

pub fn seal(fault: &SealError) -> String {
    match fault {
        SealError::UnknownKey(id) => format!("是用密钥 {id} 封的，密钥文件里没有它"),
        SealError::Tampered => "封存的数据被改过，或不是这里的".into(),
        SealError::Malformed => "不是封存的数据".into(),
    }
}

pub fn audit(fault: &AuditError) -> String {
    match fault {
        AuditError::NotBegun => "留痕还没有开始：先把密钥接到数据库".into(),
        AuditError::HeadChanged => "留痕的末尾被外面改过：先跑 yilian audit verify 查清楚".into(),
        AuditError::Seal(cause) => format!("留痕打不开：{}", seal(cause)),
        AuditError::Store(cause) => store(cause),
    }
}
