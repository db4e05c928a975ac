//! Reasons in words: "why can I not see this".

use kernel::{Divisions, Lang};

use super::{Authz, Reach, Reason};

impl Authz {
    /// A reason as a sentence.
    #[must_use]
    pub fn say(&self, reason: &Reason, lang: Lang, divisions: &Divisions) -> String {
        let role = |id: &str| self.role(id).map_or_else(|| id.to_owned(), |role| role.label.get(lang).to_owned());
        let zh = lang == Lang::Zh;
        match reason {
            Reason::Has { role: id, reach } => {
                let far = reach.say(lang);
                if zh { format!("{}可以：{far}", role(id)) } else { format!("{} may: {far}", role(id)) }
            }
            Reason::Everyone if zh => "每个登录的人都可以".to_owned(),
            Reason::Everyone => "Everyone who has signed in may".to_owned(),
            Reason::NoSuchPermission if zh => "没有这项权限".to_owned(),
            Reason::NoSuchPermission => "There is no such permission".to_owned(),
            Reason::NoRole if zh => "您的账号还没有角色，请找管理员".to_owned(),
            Reason::NoRole => "Your account has no role yet; ask an administrator".to_owned(),
            Reason::RoleLacks { role: id } if zh => format!("{}没有这项权限", role(id)),
            Reason::RoleLacks { role: id } => format!("{} does not have this permission", role(id)),
            Reason::OutsideDivision { role: id, division } => {
                let here = divisions.path(*division);
                if zh {
                    format!("{}只管{here}，这在别处", role(id))
                } else {
                    format!("{} reaches {here} only; this lies elsewhere", role(id))
                }
            }
            Reason::DivisionUnknown { role: id, division } => {
                let here = divisions.path(*division);
                if zh {
                    format!("{}只管{here}，这一位住在哪里还不知道", role(id))
                } else {
                    format!("{} reaches {here} only; where this is, is not known", role(id))
                }
            }
            Reason::NotAssigned { role: id } if zh => format!("{}只看分给自己的人，这一位没有分给您", role(id)),
            Reason::NotAssigned { role: id } => format!("{} sees people assigned to them; this one is not", role(id)),
            Reason::OtherPlace { role: id } if zh => format!("{}只管本机构的事", role(id)),
            Reason::OtherPlace { role: id } => format!("{} reaches matters of the own place only", role(id)),
            Reason::NotBound { role: id } if zh => format!("{}只看与自己绑定的老人", role(id)),
            Reason::NotBound { role: id } => format!("{} sees the bound elder only", role(id)),
            Reason::NotAgreed { scope, .. } => {
                let scope = self.consent_scopes.iter().find(|known| known.id == *scope);
                let scope = scope.map_or("", |known| known.label.get(lang));
                if zh {
                    format!("老人没有同意“{scope}”")
                } else {
                    format!("The elder did not agree to “{scope}”")
                }
            }
            Reason::NotOwn { role: id } if zh => format!("{}只看自己的事", role(id)),
            Reason::NotOwn { role: id } => format!("{} sees their own matters only", role(id)),
            Reason::TokenLacks if zh => "这个令牌没有这项权限".to_owned(),
            Reason::TokenLacks => "The token was not made for this permission".to_owned(),
            Reason::OutsideToken { division } => {
                let here = divisions.path(*division);
                if zh { format!("这个令牌只管{here}") } else { format!("The token is for {here} only") }
            }
            Reason::HeldBy { roles } => {
                let names: Vec<String> = roles.iter().map(|id| role(id)).collect();
                if zh {
                    format!("有这项权限的：{}", names.join("、"))
                } else {
                    format!("Who has this permission: {}", names.join(", "))
                }
            }
        }
    }
}

impl Reach {
    /// How far, in words.
    #[must_use]
    pub const fn say(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Always, Lang::Zh) => "不涉及个人",
            (Self::Always, Lang::En) => "no person concerned",
            (Self::Division, Lang::Zh) => "在所管的区划内",
            (Self::Division, Lang::En) => "inside the division of the post",
            (Self::Assigned, Lang::Zh) => "分给自己的人",
            (Self::Assigned, Lang::En) => "people assigned",
            (Self::Place, Lang::Zh) => "本机构",
            (Self::Place, Lang::En) => "the own place",
            (Self::Bound, Lang::Zh) => "绑定的老人，本人同意的范围",
            (Self::Bound, Lang::En) => "the bound elder, within the consent",
            (Self::Own, Lang::Zh) => "本人",
            (Self::Own, Lang::En) => "oneself",
        }
    }
}
