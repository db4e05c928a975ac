//! Samples of the pages about accounts, families and the trail.

use serde_json::{Value, json};

fn held() -> Value {
    json!([{"role": "county_officer", "label": "县经办", "place": "阿图什市", "division": "653001", "site": "", "waits": false},
        {"role": "visitor", "label": "探访员", "place": "上村", "division": "653001100205", "site": "", "waits": true}])
}
fn choices() -> Value {
    json!([{"id": "visitor", "label": "探访员", "summary": "只看分给自己的老人。", "levels": "乡镇、村", "confirmed_by": "县经办"}, {"id": "provider_manager", "label": "负责人", "summary": "管本机构。", "levels": "", "confirmed_by": ""}])
}
fn divisions() -> Value {
    json!([{"code": "653001", "path": "克州 阿图什市"}])
}
fn given() -> Value {
    json!({"name": "张三", "username": "zhang", "phone": "", "role": "visitor", "division": "653001", "place": ""})
}
fn qr() -> Value {
    json!({"path": "M4 4h1v1h-1z", "size": 33})
}
fn link() -> Value {
    json!({"address": "https://yilian.example/invite/AbC", "until": "2026-11-23 09:00", "qr": qr()})
}
fn mood(kind: &str) -> Value {
    json!({"kind": kind, "text": "可以登录"})
}
fn user(stand: &str, fault: Option<&str>) -> Value {
    json!({"href": "/d/admin/users/U00000001", "name": "张三", "username": "zhang", "id": "U00000001", "kind": "工作人员", "place": "阿图什市", "phone": "****12", "state": mood("ok"), "stand": stand, "second_factor": true, "made": "2026-11-20 09:00", "roles": held(),
        "sessions": [{"device": "Chrome · Linux", "began": "2026-11-20 09:00", "seen": "2026-11-20 09:10"}], "may": {"lock": true, "grant": true}, "choices": choices(), "divisions": divisions(), "fault": fault})
}

/// Template and sample, most filled.
pub fn samples() -> Vec<(&'static str, Value)> {
    let chip = json!([{"label": "全部", "n": 31, "href": "/d/admin/users", "current": true}]);
    let pager = json!({"from": 1, "to": 50, "total": 120, "previous": null, "next": "/d/admin/users?page=2"});
    let pair = json!([["child", "子女"]]);
    let answer = |kind: &str| json!({"at": "/d/lists", "answer": {"kind": kind, "permission": "部门名单", "why": "名单齐不齐。", "reasons": ["协调员只管本乡"], "whom": [["李四", "县经办 阿图什市"]]}, "roles": [{"label": "协调员", "place": "哈拉峻乡", "may": [{"what": "查找人", "far": "在所管的区划内", "why": "找到来办事的人。"}]}]});
    vec![
        (
            "admin/users.html",
            json!({"headline": "120 个账号", "q": "zh", "chips": chip, "pager": pager, "may_invite": true, "waiting": 2, "rows": [
            {"href": "/d/admin/users/U00000001", "name": "张三", "username": "zhang", "place": "阿图什市", "roles": held(), "state": mood("ok"), "second_factor": true},
            {"href": "/d/admin/users/U00000002", "name": "李四", "username": "li.si", "place": "阿图什市", "roles": [], "state": mood("danger"), "second_factor": false}]}),
        ),
        (
            "admin/invite.html",
            json!({"given": given(), "roles": choices(), "divisions": divisions(), "fault": "这个用户名有人用了"}),
        ),
        (
            "admin/link.html",
            json!({"name": "张三", "username": "zhang", "href": "/d/admin/users/U00000001", "link": link(), "waits": true}),
        ),
        ("admin/user.html", user("active", Some("这是最后一个管理员"))),
        ("admin/user.html", user("locked", None)),
        ("admin/user.html", user("closed", None)),
        (
            "admin/confirm.html",
            json!({"headline": "1 个角色等您确认", "fault": "要由第二个人确认", "rows": [{"action": "/d/admin/confirm/1", "name": "张三", "username": "zhang", "role": held()[1], "summary": "只看分给自己的老人。", "given_by": "管理员", "given_at": "2026-11-20 09:00"}]}),
        ),
        (
            "admin/audit.html",
            json!({"params": {"actor": "U00000001", "action": "user.grant", "subject": "", "before": "", "verify": "yes"}, "actions": [{"id": "user.grant", "label": "给了角色"}], "older": "/d/audit?before=9", "verify_href": "/d/audit?verify=yes", "verdict": {"entries": 120, "faults": []},
            "rows": [{"sequence": 10, "at": "2026-11-20 09:00", "actor": "管理员", "actor_href": "/d/audit?actor=U00000001", "action": "给了角色", "subject": "U00000002", "subject_href": "/d/audit?subject=U00000002", "detail": "{\"role\":\"visitor\"}"}]}),
        ),
        (
            "admin/audit.html",
            json!({"params": {"actor": "", "action": "", "subject": "", "before": "", "verify": "yes"}, "actions": [], "older": null, "verify_href": "/d/audit?verify=yes", "verdict": {"entries": 120, "faults": ["entry 7 was changed"]}, "rows": []}),
        ),
        (
            "admin/looks.html",
            json!({"of": "张三", "older": "/d/audit/looks?before=3", "rows": [{"at": "2026-11-20 09:00", "who": "张三", "who_href": "/d/audit/looks?user=U00000001", "role": "县经办", "person": "P00000012", "person_href": "/d/people/P00000012/looks", "purpose": "探访", "fields": "姓名、电话", "note": ""}]}),
        ),
        (
            "people/bonds.html",
            json!({"headline": "谁替王*兰办事", "href": "/d/people/P00000012", "may_end": true, "fault": "请选是老人的什么人",
            "bonds": [{"name": "王燕", "username": "wang.yan", "relation": "子女", "scopes": ["查看", "申请"], "made": "2026-11-20 09:00", "made_by": "张三", "ended": null, "end_action": "/d/people/P00000012/bonds/1/end"}, {"name": "王燕", "username": "wang.yan", "relation": "子女", "scopes": [], "made": "2026-11-20 09:00", "made_by": "张三", "ended": "2026-11-21 10:00", "end_action": "/d/people/P00000012/bonds/2/end"}],
            "consents": [{"at": "2026-11-20 09:00", "given": true, "scopes": "查看", "means": "在乡镇窗口", "spoke": "老人本人", "text": "family-binding 2026.1", "by": "张三"}, {"at": "2026-11-21 10:00", "given": false, "scopes": "查看", "means": "电话", "spoke": "家属", "text": "family-binding 2026.1", "by": "张三"}],
            "form": {"action": "/d/people/P00000012/bonds", "code_action": "/d/people/P00000012/bonds/code", "text": "我同意", "version": "family-binding 2026.1", "scopes": [{"id": "see", "label": "查看", "text": "可以查看", "chosen": true}], "means": [["township", "在乡镇窗口"]], "relations": pair, "spoke": [["elder", "老人本人"]],
                "given": {"account": "", "name": "", "username": "", "phone": "", "relation": "child", "means": "township", "spoke": "elder", "see": "yes", "order": "", "apply": ""}}}),
        ),
        (
            "people/code.html",
            json!({"name": "王*兰", "code": "AB2C-DE3F-GH4J", "until": "2026-11-23 09:00", "scopes": ["查看"], "address": "https://yilian.example/register", "qr": qr(), "href": "/d/people/P00000012/bonds"}),
        ),
        (
            "sign_in/register.html",
            json!({"given": {"code": "AB2C", "relation": "child", "name": "王燕", "phone": "", "username": ""}, "relations": pair, "least": 10, "fault": "动态码不对"}),
        ),
        (
            "sign_in/name.html",
            json!({"back": "/go", "name": "", "fault": null, "provider": "/sign-in/government?back=%2Fgo", "out": true, "out_there": "https://id.example/end"}),
        ),
        ("account/factor.html", json!({"qr": qr(), "secret": "ABCD EFGH"})),
        (
            "account/go.html",
            json!({"name": "张三", "places": [{"href": "/d/today", "glyph": "今", "label": "工作台", "about": "今天要办的"}]}),
        ),
        ("account/why.html", answer("no")),
        ("account/why.html", answer("yes")),
        ("account/why.html", answer("nowhere")),
    ]
}
