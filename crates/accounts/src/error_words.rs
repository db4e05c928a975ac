//! Errors as the person reads them: cause and next step, in their language.

use kernel::Lang;

use crate::AccountsError;

impl AccountsError {
    /// In words for whoever asked. Faults of the database stay in the language of logs.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Password(faults), Lang::Zh) => {
                let said: Vec<String> = faults.iter().map(|fault| fault.say(lang)).collect();
                format!("这个密码不能用：{}", said.join("；"))
            }
            (Self::Password(faults), Lang::En) => {
                let said: Vec<String> = faults.iter().map(|fault| fault.say(lang)).collect();
                format!("{self}: {}", said.join("; "))
            }
            (_, Lang::En) => self.to_string(),
            (_, Lang::Zh) => self.zh(),
        }
    }

    fn zh(&self) -> String {
        let words = match self {
            Self::Wait(left) => return format!("试错太多次，请过 {} 秒再来", left.num_seconds().max(1)),
            Self::State { user, state } => {
                return format!("账号 {user} 现在是 {}，不能这样办", state.name());
            }
            Self::NoRole(role) => return format!("没有角色 {role}"),
            Self::RoleKind(role) => return format!("角色 {role} 不给这种账号"),
            Self::RoleLevel { role, levels } => {
                let levels: Vec<&str> = levels.iter().map(|level| level.name()).collect();
                return format!("角色 {role} 的区划级别应为：{}", levels.join("、"));
            }
            Self::RolePlace(role) => return format!("角色 {role} 要写明是哪个机构"),
            Self::RolesConflict { role, other } => return format!("角色 {role} 不能和 {other} 同时拥有"),
            Self::NoBond(bond) => return format!("没有绑定 {bond}"),
            Self::BoundAlready(person) => return format!("这个账号已经和 {person} 绑定"),
            Self::NoScope(scope) if scope.is_empty() => "至少要同意一项",
            Self::NoScope(scope) => return format!("没有可以同意的范围 {scope}"),
            Self::NoMeans(means) => return format!("没有这种同意方式 {means}"),
            Self::NoPurpose(purpose) => return format!("这个角色没有查看事由 {purpose}"),
            Self::TokenDays(most) => return format!("令牌可以用 1 到 {most} 天"),
            Self::TokensFull(most) => return format!("一个账号最多 {most} 个令牌，先停掉一个"),
            Self::TokenPermission(permission) => return format!("这个账号的令牌不能有权限 {permission}"),
            Self::TokenName => "令牌要有名称，最多 60 个字",
            Self::NoToken => "没有这个令牌",
            Self::NotAllowed(_) => "没有权限",
            Self::Refused => "用户名或密码不对",
            Self::Locked => "账号已锁定，请找管理员",
            Self::WrongCode => "验证码不对，或者已经用过",
            Self::NotSignedIn => "还没有登录，或者登录已经结束",
            Self::LinkSpent => "链接已经用过或者过期，请再要一个",
            Self::Username => {
                "用户名为 3 到 40 个小写字母、数字、点、横线或下划线，以字母开头，数字不超过 7 个（免得像证件号、手机号）"
            }
            Self::UsernameTaken => "这个用户名有人用了",
            Self::PhoneTaken => "这个手机号已经用在另一个账号上",
            Self::Phone => "手机号应为 11 位数字",
            Self::NoName => "要写姓名",
            Self::NoAccount => "没有这个账号",
            Self::AdministratorExists => "已经有管理员，请用 yilian user invite 邀请别人",
            Self::LastAdministrator => "这是最后一个管理员",
            Self::NoGrant => "这个账号没有这个角色，或者已经有人确认过",
            Self::SecondPerson => "要由第二个人确认：给角色的人和拿角色的人都不行",
            Self::NoConsentText => "没有在用的同意书文本",
            Self::NoteMissing => "这个事由要写一句说明",
            Self::IdentityTaken => "这个身份已经绑定另一个账号",
            Self::Password(_)
            | Self::Store(_)
            | Self::Audit(_)
            | Self::Seal { .. }
            | Self::Damaged { .. }
            | Self::Breached(_) => return self.to_string(),
        };
        words.to_owned()
    }
}
