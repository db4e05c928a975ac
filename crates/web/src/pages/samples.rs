//! Every template with an invented view, in both languages and all displays.
//!
//! A sample is a view with every branch filled at least once; a second, empty one shows the empty states.

use kernel::Lang;
use serde::Serialize;
use serde_json::{Value, json};

use crate::frame::{Display, Rail, Renderer, Shell};

fn stamp() -> Value {
    json!({"seal": "民", "tone": "c", "spoken": "来源：民政局，2026-10-31", "stale": true})
}
fn bullet() -> Value {
    json!({"label": "月探访率", "value": 96.4, "target": 100.0, "previous": 93.1, "min": 0.0, "max": 100.0, "low": false, "unit": "%"})
}
fn chip() -> Value {
    json!([{"label": "全部", "n": 31, "href": "/d/work/unserved", "current": true}, {"label": "入住救助", "n": null, "href": "/d/work/unserved?rule=a", "current": false}])
}
fn who() -> Value {
    json!({"href": "/d/people/P00000012", "name": "王*兰", "age": 82})
}
fn sla() -> Value {
    json!({"kind": "over", "used": 1.0, "total": 1.0, "text": "过期 3 天"})
}
fn mood() -> Value {
    json!({"kind": "warn", "text": "37 行待改"})
}
fn pager() -> Value {
    json!({"from": 51, "to": 100, "total": 120, "previous": "/d/x?page=1", "next": "/d/x?page=3"})
}
fn weights() -> Value {
    json!([{"label": "哈拉峻乡", "supplier": "村社区摸排", "href": "/d/work/ask?scope=653001", "n": 15, "current": true}])
}
fn clauses() -> Value {
    json!([{"id": "KZ-6b", "title": "入住满 30 日申请", "href": "/d/plan?at=KZ-6b#KZ-6b"}])
}
fn classes() -> Value {
    json!([{"id": "living_alone", "label": "独居", "risk": true}, {"id": "oldest_old", "label": "高龄", "risk": false}])
}
fn report(withdrawn: Option<&str>) -> Value {
    json!({"id": "D00000001", "done_on": "2025-01-05", "done_by": "州民政局", "evidence": "文件存档", "file": "2025-1", "note": "注", "recorded": "张三 2026-11-20 登记", "withdrawn": withdrawn, "action": "/d/plan/duties/KZ-5d/D00000001/withdraw"})
}
fn rate(percent: f64) -> Value {
    json!({"percent": percent, "text": percent.to_string(), "counts": "1 / 2"})
}
fn none() -> Value {
    json!({"percent": null, "text": "", "counts": ""})
}
fn export() -> Value {
    json!({"id": "all", "action": "/d/work/unserved/export.xlsx", "fields": [["scope", "653001"]]})
}
fn told(parts: &Value) -> Value {
    json!({"date": "2026-11-20", "glyph": "议", "title": "提出意见", "detail": "建议批准", "who": "张三、工作人员", "grounds": parts})
}
fn fact() -> Value {
    json!({"label": "低保", "value": "是", "stamp": stamp()})
}

/// A matter with every form, or with none and the notes that stand in their place.
fn matter(parts: &Value, all: bool) -> Value {
    let names =
        ["file", "papers", "recommend", "decide", "notify", "deliver", "stop", "end", "withdraw", "reopen", "void"];
    let mut can: serde_json::Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), json!(all))).collect();
    can.insert("second".into(), json!(!all));
    can.insert("second_end".into(), json!(!all));
    // Filing, papers and recommending never stand beside a decision; their fields have the same ids.
    for name in ["file", "recommend", "end"] {
        can.insert(name.into(), json!(false));
    }
    json!({"headline": "王*兰申请了入住救助", "number": "2026-000001-AAAAA", "action": "/d/applications/2026-000001-AAAAA", "person": who(), "place": "上村", "what": "入住救助", "state": mood(), "next": "提意见", "sla": if all { sla() } else { Value::Null }, "to_confirm": !all,
        "line": [{"label": "联系", "kind": "done", "date": "11-20", "who": "张三"}, {"label": "申请", "kind": "now", "date": null, "who": null}, {"label": "审定", "kind": "todo", "date": null, "who": null}],
        "saved": "记下了", "faults": [{"field": "because", "cause": "选一条依据"}], "answer": mood(), "as_of": "2026-11-20", "conditions": parts, "changed": "子女数", "papers": [{"at": 0, "label": "协议", "seen": true}], "decided_by": "县民政局", "apply_to": "县民政局",
        "award": {"from": "2026-11-01", "until": "2026-12-01", "amount": "待确认", "delivered": "2026-11-20", "pack": "kizilsu-2024 2024.1"}, "notices": [{"label": "批准通知", "href": "/d/applications/2026-000001-AAAAA/notice?kind=grant"}], "told": [told(parts)], "can": can,
        "because": [{"value": "part:a", "label": "不够：低保"}], "stop_causes": [{"value": "died", "label": "去世"}], "stop_cause": "died", "today": "2026-11-20", "from": "2026-11-20", "stop_from": "2026-11-20", "clauses": clauses(), "typed": {"words": "x", "because": "part:a", "from": "", "verdict": "grant"}})
}

/// Template and sample, most filled.
fn samples() -> Vec<(&'static str, Value)> {
    let imp = json!([{"glyph": "组", "label": "六类人", "href": "/d/policy/rules?rule=at_risk"}, {"glyph": "册", "label": "名单", "href": null}]);
    let parts = json!([
        {"label": "低保", "outcome": "met", "facts": [fact()], "missing": null},
        {"label": "入住满 30 日", "outcome": "not_met", "facts": [], "missing": null},
        {"label": "缴费凭证已交", "outcome": "unknown", "facts": [], "missing": "缴费凭证"}
    ]);
    let entry = |id: &str| {
        json!([{"id": id, "label": "入住救助", "summary": "先评估、先入住、后救助。", "what": "1,020 元/月", "state": mood(),
        "open": true, "parts": parts, "next": "问到“缴费凭证”就能判。", "clauses": clauses(), "go": {"label": "登记申请", "href": "/d/applications/new?person=P00000012"}}])
    };
    let counts = json!({"rows": 1126, "good": 1089, "faulty": 37, "unlinked": 64, "opened": 88, "changed": 45, "closed": 19, "entered": true});
    vec![
        (
            "today/show.html",
            json!({"headline": "今天先办 23 件", "as_of": "2026-11-20", "notes": ["算完以后又收到名单"], "visits_left": 812, "first_href": "/d/work/visit", "first_action": "先探访",
            "kpis": [{"href": "/d/indicators/I-KZ1", "name": "月探访率", "value": "96.4", "unit": "%", "change": "较上期升 0.2", "bullet": bullet(), "target": "目标 100%", "hit": false, "gap": "还差 438 人"}],
            "chips": chip(),
            "groups": [{"title": "过期的探访", "n": 40, "href": "/d/work/visit", "rows": [{"glyph": "访", "title": "每月探访", "href": "/d/people/P00000012", "name": "王*兰", "age": 82, "place": "哈拉峻乡 上村", "sla": sla(), "why": "上期没走到", "tick": null}, {"glyph": "享", "title": "入住救助", "href": "/d/people/P00000013", "name": "阿*丽", "age": null, "place": "", "sla": null, "why": "条件都够", "tick": "P00000013:institution_aid"}]}], "bulk": {"action": "/d/offers?back=/d/today", "kind": "stop", "reasons": [], "tomorrow": "2026-11-21"}, "noted": "3 人",
            "lists": [{"stamp": stamp(), "label": "低保", "href": "/d/lists/L00000001", "as_of": "2026-11-15", "rows": 6214, "state": mood()}],
            "found": [{"n": 31, "href": "/d/work/unserved", "title": "应享未享", "detail": "入住救助 4"}],
            "progress": {"title": "月探访率，分县市", "href": "/d/indicators/I-KZ1", "target": "目标 100%", "note": "轴从 0 起", "rows": [{"name": "阿图什市", "href": "/d/indicators/I-KZ1?at=653001", "bullet": bullet(), "value": "96.4"}]},
            "plan": {"reached": 25, "on_the_way": 17, "overdue": 6, "awaiting": 2}}),
        ),
        (
            "work/list.html",
            json!({"headline": "31 人应享未享", "sub": "按先后排", "export": export(), "hands": chip(), "bulk": {"action": "/d/offers?back=/d/work/unserved", "kind": "unserved", "reasons": [["not_needed", "用不上"]], "tomorrow": "2026-11-21"}, "noted": "3 人的结果记下了", "tabs": chip(), "chips": chip(), "col_what": "少了哪项", "col_since": "哪天算出",
            "villages": [{"name": "上村", "href": "/d/villages/653001100200", "n": 4, "note": "每月少发 400 元", "rows": [{"person": who(), "what": "入住救助", "amount": "1,020 元/月", "why": [fact()], "since": "11-20", "sla": sla(), "tick": "P00000012:institution_aid", "hand": mood(), "next": {"label": "看办到哪里", "href": "/d/applications/2026-000001-AAAAA"}}, {"person": who(), "what": "送餐", "amount": null, "why": [], "since": "11-20", "sla": null, "tick": "P00000013:meal_delivery", "hand": null, "next": null}]}],
            "pager": pager(), "rule": {"label": "入住救助", "summary": "先评估、先入住、后救助。", "parts": ["低保"], "bring": ["缴费凭证"], "apply_to": "县民政局", "clauses": clauses(), "href": "/d/policy/rules?rule=institution_aid"},
            "declined": weights(), "where_label": "乡镇", "places": weights(), "places_max": 15}),
        ),
        (
            "work/ask.html",
            json!({"headline": "43 人缺 53 样", "sub": "", "export": export(), "tabs": chip(), "chips": chip(), "facts": ["子女在哪", "能力评估"],
            "villages": [{"name": "上村", "href": "/d/villages/653001100200", "answers": "/d/villages/653001100200/answers", "n": 12, "rows": [{"person": who(), "cells": [true, false], "decides": "每月探访"}]}],
            "pager": pager(), "people": 43, "weights": weights(), "weights_max": 15, "where_label": "乡镇", "places": weights(), "places_max": 15}),
        ),
        (
            "work/village.html",
            json!({"headline": "上村：33 次探访", "sub": "11 月", "export": export(), "chips": chip(), "rows": [
            {"person": who(), "classes": classes(), "what": "每月探访", "how": "上门、电话", "last": "10-22", "stamp": stamp(), "sla": sla()},
            {"person": who(), "classes": [], "what": "每月探访", "how": "上门", "last": null, "stamp": null, "sla": null}],
            "pager": pager(), "township": "哈拉峻乡", "places": weights(), "places_max": 15}),
        ),
        (
            "work/answers.html",
            json!({"headline": "上村：2 人有情况要补", "sub": "问到一样填一样", "village": "哈拉峻乡 上村", "code": "653001100200", "action": "/d/villages/653001100200/answers", "back": "/d/work/ask",
            "heads": [{"key": "children_count", "label": "子女数", "hint": ""}, {"key": "wants_institution", "label": "愿意入住", "hint": "当面问"}, {"key": "since", "label": "外出日期", "hint": ""}],
            "rows": [{"person": who(), "cells": [{"name": "P00000012.children_count", "label": "王*兰 子女数", "kind": "number", "options": [], "min": 0, "max": 40, "value": "99", "fault": "超出了可能的范围"}, {"name": "P00000012.wants_institution", "label": "王*兰 愿意入住", "kind": "choice", "options": [["1", "是"], ["0", "否"]], "min": null, "max": null, "value": "1", "fault": "不对"}, {"name": "P00000012.since", "label": "王*兰 外出日期", "kind": "date", "options": [], "min": null, "max": null, "value": "", "fault": null}]}, {"person": who(), "cells": [null, null, null]}],
            "pager": pager(), "asked_on": "2026-11-20", "today": "2026-11-20", "sheet": "abc", "saved": "记下了 2 条", "faults": [{"field": "asked_on", "cause": "不能晚于今天"}], "contradictions": [{"person": who(), "label": "婚姻", "answered": "已婚", "said": "人口 丧偶", "used": "丧偶"}], "elsewhere": ["能力等级（评估）", "残疾（残联）"]}),
        ),
        (
            "matters/index.html",
            json!({"headline": "3 件在办", "sub": "有期限的排前面", "tabs": chip(), "chips": chip(), "mine": chip()[0], "q": "x", "not_found": true, "pager": pager(), "rows": [
            {"number": "2026-000001-AAAAA", "href": "/d/applications/2026-000001-AAAAA", "person": who(), "place": "上村", "what": "入住救助", "state": mood(), "step": "提意见", "since": "11-20", "sla": sla(), "how": "家属"},
            {"number": "2026-000002-AAAAA", "href": "/d/applications/2026-000002-AAAAA", "person": who(), "place": "上村", "what": "送餐", "state": mood(), "step": "提意见", "since": "11-20", "sla": null, "how": ""},
            {"number": "2026-000003-AAAAA", "href": "/d/applications/2026-000003-AAAAA", "person": who(), "place": "上村", "what": "送餐", "state": mood(), "step": null, "since": "11-20", "sla": null, "how": ""}]}),
        ),
        ("matters/show.html", matter(&parts, true)),
        ("matters/show.html", matter(&parts, false)),
        (
            "matters/new.html",
            json!({"headline": "给王*兰登记申请", "person": who(), "number": "P00000012", "place": "上村", "words": "", "faults": [{"field": "words", "cause": "太长"}],
            "rules": [{"label": "入住救助", "href": "/d/applications/new?person=P00000012&rule=a", "current": true, "answer": mood()}],
            "chosen": {"rule": "institution_aid", "label": "入住救助", "summary": "先评估", "answer": mood(), "conditions": parts, "papers": [{"at": 0, "label": "协议", "seen": false}], "apply_to": "县民政局", "decided_by": "县民政局", "running": null}}),
        ),
        (
            "matters/new.html",
            json!({"headline": "给王*兰登记申请", "person": who(), "number": "P00000012", "place": "", "words": "", "faults": [], "rules": [],
            "chosen": {"rule": "institution_aid", "label": "入住救助", "summary": "先评估", "answer": mood(), "conditions": [], "papers": [], "apply_to": null, "decided_by": null, "running": {"value": "/d/applications/2026-000001-AAAAA", "label": "2026-000001-AAAAA"}}}),
        ),
        (
            "matters/awards.html",
            json!({"headline": "2 项待遇在享受", "sub": "本平台审定的", "export": export(), "payments": {"id": "pay", "action": "/d/awards/payments.xlsx", "fields": []}, "months": chip(), "chips": chip(), "pager": pager(), "rows": [
            {"person": who(), "place": "上村", "what": "入住救助", "number": "2026-000001-AAAAA", "href": "/d/applications/2026-000001-AAAAA", "from": "2026-11-01", "until": "2026-12-01", "amount": "待确认", "delivered": "2026-11-20"},
            {"person": who(), "place": "上村", "what": "送餐", "number": "2026-000002-AAAAA", "href": "/d/applications/2026-000002-AAAAA", "from": "2026-11-01", "until": null, "amount": "服务", "delivered": null}]}),
        ),
        (
            "matters/notice.html",
            json!({"title": "不予批准通知", "number": "2026-000001-AAAAA", "date": "11 月 20 日", "office": "县民政局", "to": "王*兰", "id_tail": "****0028", "place": "上村", "says": ["没有批准"], "reasons": parts, "law": [{"id": "KZ-6b", "title": "住满 30 日", "summary": "凭协议申请"}], "bring": ["协议"], "appeal": "可以请复核", "apply_to": "县民政局", "back": "/d/applications/2026-000001-AAAAA"}),
        ),
        (
            "lists/index.html",
            json!({"headline": "9 份名单，2 份要处理", "cut": "只算 阿图什市 的行。", "as_of": "2026-11-20", "opened": 688, "changed": 792, "closed": 177, "unlinked": 769, "chips": chip(), "rows": [
            {"stamp": stamp(), "label": "低保", "department": "民政局", "scope": null, "href": "/d/lists/L00000001", "received": "2026-11-20", "as_of": "2025-11-18", "age": "2 天，限 35 天", "late": true, "counts": counts, "state": mood()},
            {"stamp": stamp(), "label": "残疾", "department": "残联", "scope": "阿图什市", "href": "/d/lists/L00000002", "received": "2026-11-20", "as_of": "2026-11-18", "age": null, "late": false, "counts": {"rows": 1964, "good": 1923, "faulty": 0, "unlinked": 58, "opened": 0, "changed": 0, "closed": 0, "entered": false}, "state": mood()},
            {"stamp": stamp(), "label": "重大贡献", "department": "民政局", "scope": null, "href": null, "received": "", "as_of": "", "age": null, "late": false, "counts": null, "state": mood()}], "inbox_example": "low_income_2026-11-15_653001.csv"}),
        ),
        (
            "lists/show.html",
            json!({"headline": "村社区摸排：37 行没进来", "cut": "只算 阿图什市 的行。", "sub": "", "xlsx_href": "/d/lists/L00000001/faults.xlsx", "saved": "第 118 行改好了", "held": {"percent": "38", "limit": "5", "keep": 1964, "close": 1204, "state": "released", "action": "/d/lists/L00000001/settle", "townships": [{"name": "哈拉峻乡", "now": 402, "close": 400}]}, "refusal": ["空文件", "重新导出"],
            "counts": counts, "kept": 2, "faults_total": 37, "causes": weights(), "causes_max": 15, "faults": [
            {"id": 1, "row": 118, "column": "证件号", "value": "65**************87", "cause": "校验位不对", "remedy": "照身份证重抄", "correctable": true, "waits": false, "current": true, "action": "/d/lists/L00000001/rows/118", "fault": "还不对：校验位不对"},
            {"id": 2, "row": 204, "column": "村", "value": null, "cause": "空", "remedy": "补上", "correctable": false, "waits": true, "current": false, "action": "", "fault": null},
            {"id": 3, "row": 205, "column": "村", "value": "x", "cause": "不认得", "remedy": "补上", "correctable": true, "waits": false, "current": false, "action": "", "fault": null}], "pager": pager()}),
        ),
        (
            "visits/index.html",
            json!({"headline": "本月见到 812 次", "sub": "2026-11", "needs": 3, "needs_href": "/d/visits/needs", "disputes": 1, "assign_href": "/d/visits/assign", "phones_href": "/d/visits/phones", "rows": [
            {"name": "哈拉峻乡 上村", "href": "/d/villages/653001100200", "due": 12, "overdue": 2, "made": 30, "met": 28, "attention": 4}, {"name": "下村", "href": "/d/visits", "due": 0, "overdue": 0, "made": 1, "met": 1, "attention": 0}]}),
        ),
        (
            "visits/assign.html",
            json!({"headline": "33 人要定期探访", "done": "分派了 2 人", "villages": [{"name": "上村", "href": "/d/visits/assign?village=653001100200", "people": 12, "nobody": 3, "current": true}, {"name": "下村", "href": "/d/visits/assign?village=653001100201", "people": 2, "nobody": 0, "current": false}],
            "chosen": {"name": "上村", "code": "653001100200", "action": "/d/visits/assign", "rows": [{"person": who(), "id": "P00000012", "what": "每月探访", "visitors": [["张三", "take P00000012 U00000001"]]}, {"person": who(), "id": "P00000013", "what": "每月探访", "visitors": []}]},
            "visitors": [{"id": "U00000001", "name": "张三", "role": "探访员", "people": 30}]}),
        ),
        (
            "visits/conflicts.html",
            json!({"headline": "1 处", "action": "/d/visits/conflicts", "disputes": [{"person": who(), "number": "P00000012", "place": "上村", "label": "怎么找到门", "field": "door", "says": [{"value": "红门", "by": "张三", "at": "11-20 09:30", "keep": "a"}, {"value": "<b>绿门", "by": "李四", "at": "11-20 09:40", "keep": "b"}]}]}),
        ),
        (
            "visits/needs.html",
            json!({"headline": "1 件", "rows": [{"person": who(), "place": "上村", "need": "适老化改造", "benefit": "居家适老化改造", "found": "11-20", "action": "/d/visits/needs/1"}, {"person": who(), "place": "上村", "need": "修灯", "benefit": null, "found": "11-20", "action": "/d/visits/needs/2"}]}),
        ),
        (
            "visits/phones.html",
            json!({"headline": "2 部", "forget_after": 15, "rows": [{"owner": "张三", "role": "探访员", "number": "0190b2c4", "label": "Chrome Android", "seen": "11-20 09:30", "clock": 180, "lost": false, "action": "/d/visits/phones/a"}, {"owner": "李四", "role": "探访员", "number": "0190b2c5", "label": "", "seen": "11-20 09:30", "clock": null, "lost": true, "action": "/d/visits/phones/b"}]}),
        ),
        (
            "field/app.html",
            json!({"release": "0", "headline": "今天要看的人：2 人", "listed": true, "rows": [
            {"href": "/f/visits/P00000012", "name": "王*兰", "age": 82, "place": "上村", "what": ["每月探访　还有 3 天"]},
            {"href": "/f/visits/P00000013", "name": "阿*丽", "age": null, "place": "", "what": []}]}),
        ),
        ("field/app.html", json!({"release": "0", "headline": "颐联走访", "listed": false, "rows": []})),
        (
            "api/index.html",
            json!({
                "groups": [{"id": "people", "lines": [
                    {"id": "people-show", "method": "GET", "path": "/api/v1/people/{person}", "says": "一个人", "permission": "person.see"},
                    {"id": "about-openapi", "method": "GET", "path": "/api/v1/openapi.json", "says": "说明", "permission": null}
                ]}],
                "problems": [{"code": "not-found", "status": 404}]
            }),
        ),
        (
            "sign_in/name.html",
            json!({"back": "/d/today", "name": "demo", "fault": "账号或密码不对", "provider": null, "out": false, "out_there": null}),
        ),
        ("sign_in/code.html", json!({"back": "/d/today", "fault": "动态码不对", "over": false})),
        ("sign_in/code.html", json!({"back": "/d/today", "fault": "太久", "over": true})),
        (
            "sign_in/set_up.html",
            json!({"back": "/d/today", "qr": {"path": "M4 4h1v1h-1z", "size": 33}, "secret": "ABCD EFGH", "fault": "不对"}),
        ),
        ("sign_in/codes.html", json!({"back": "/d/today", "codes": ["abcd-efgh", "ijkl-mnop"]})),
        (
            "sign_in/link.html",
            json!({"name": "张三", "username": "zhang", "least": 12, "fault": "太短", "spent": false}),
        ),
        ("sign_in/link.html", json!({"name": "", "username": "", "least": 0, "fault": "用过了", "spent": true})),
        (
            "account/show.html",
            json!({"name": "张三", "username": "zhang", "roles": [{"label": "经办", "summary": "管本州", "place": "克州", "may": [["看", "为了办"]]}],
            "sessions": [{"device": "Chrome · Linux", "began": "2026-11-20 09:00", "seen": "2026-11-20 09:10", "current": true, "action": "/account/sessions/1/end"}, {"device": "", "began": "2026-11-20 09:00", "seen": "2026-11-20 09:10", "current": false, "action": "/account/sessions/2/end"}],
            "waiting": ["探访员 · 上村：等第二个人确认"], "to_confirm": 2, "factor": {"codes_left": 9}, "identities": [{"label": "https://id.example", "action": "/account/identity/1/end"}], "bonds": [{"person": "P00000012", "relation": "子女", "scopes": "查看"}], "relations": [["child", "子女"]],
            "places": [{"href": "/d/today", "glyph": "今", "label": "工作台", "about": "今天要办的"}], "least": 12, "fault": "密码不对"}),
        ),
        (
            "account/tokens.html",
            json!({"tokens": [{"name": "统计局", "permissions": "找人", "place": "阿图什市", "until": "2026-12-20 09:00", "seen": "", "over": true, "action": "/account/tokens/1/end"}],
            "permissions": [["person.list", "找人", true]], "longest": 366, "typed": {"name": "", "division": "", "days": ""}, "fault": "令牌要有名称", "made": "yl_x"}),
        ),
        (
            "account/webhooks.html",
            json!({"hooks": [{"address": "https://example.org/hook", "events": "list.held", "place": "阿图什市", "failed": 1, "action": "/account/webhooks/1/end",
            "lines": [{"id": 4, "event": "list.held", "state": mood(), "attempts": 16, "last": "503", "at": "2026-11-20 09:00"}]},
            {"address": "https://example.org/b", "events": "night.published", "place": "", "failed": 0, "action": "/account/webhooks/2/end", "lines": []}]}),
        ),
        (
            "people/revealed.html",
            json!({"href": "/d/people/P00000012", "purpose": "探访", "name": "王兰", "id_number": "1", "phone": "2", "address": "村"}),
        ),
        (
            "people/looks.html",
            json!({"headline": "王*兰：被看过 1 次", "href": "/d/people/P00000012", "lines": [{"at": "2026-11-20 09:00", "who": "张三", "role": "经办", "purpose": "探访", "note": ""}]}),
        ),
        (
            "quality/index.html",
            json!({"headline": "2026-11：26 份名单", "cut": "只算 阿图什市 的行。", "chips": chip(), "export_href": "/d/quality/export.xlsx", "departments": [{"stamp": stamp(), "name": "公安局", "rows": [
            {"label": "人口", "href": "/d/quality/population?month=2026-11", "received": 2, "rows": 156000, "complete": rate(97.2), "valid": rate(99.8), "false_ids": rate(0.2), "unlinked": rate(0.0), "late": rate(10.0), "late_days": 3, "disputed": rate(1.2), "trend": [99.1, 99.8]},
            {"label": "亲属", "href": "/d/quality/kin?month=2026-11", "received": 1, "rows": 10, "complete": none(), "valid": rate(100.0), "false_ids": none(), "unlinked": none(), "late": none(), "late_days": null, "disputed": none(), "trend": []}]}]}),
        ),
        (
            "quality/show.html",
            json!({"headline": "人口 2026-11", "cut": "只算 阿图什市 的行。", "sub": "公安局", "chips": chip(), "export_href": "/d/quality/population/export.xlsx", "columns": [
            {"name": "公民身份号码", "required": true, "filled": rate(99.5), "faults": [{"cause": "校验位不对", "remedy": "重抄", "n": 12}, {"cause": "空着", "remedy": "补上", "n": 3}]},
            {"name": "联系电话", "required": false, "filled": rate(61.0), "faults": []}, {"name": "", "required": false, "filled": none(), "faults": [{"cause": "两行", "remedy": "只留一行", "n": 1}]}],
            "compared": true, "disagreements": [{"fact": "婚姻", "people": 120, "overruled": 40}], "files": [{"name": "population_2026-11-01.csv", "href": "/d/lists/L00000001", "as_of": "2026-11-01", "rows": 10, "faulty": 1, "unlinked": 2}]}),
        ),
        (
            "people/search.html",
            json!({"headline": "搜“王”", "q": "王", "total": 300, "rows": [{"person": who(), "dead": true, "id_tail": "****0028", "place": "上村", "classes": classes()}], "population": 0, "classes": [], "places": [], "places_max": 0}),
        ),
        (
            "people/search.html",
            json!({"headline": "找人", "q": "", "total": 0, "rows": [], "population": 55000, "classes": [{"label": "独居", "href": "/d/policy/rules?rule=living_alone", "met": 5000, "unknown": 12}], "places": weights(), "places_max": 15}),
        ),
        (
            "people/show.html",
            json!({"face": "王", "name": "王*兰", "sex_age": "女，82 岁", "birth": {"label": "出生", "value": "1944-03-12", "stamp": stamp(), "conflict": false}, "id_tail": "****0028", "number": "P00000012", "classes": classes(),
            "level": {"n": 2, "label": "能力等级 2 级", "spoken": "能力等级 2 级", "note": "2026-11-12 评", "stamp": stamp()}, "dead": "2026-11-01 去世", "answer": "可以享受 1 项", "pack": "实施方案 2024.1",
            "facts": [{"title": "身份", "facts": [{"label": "婚姻", "value": "丧偶", "stamp": stamp(), "conflict": true}], "unknown": "子女"}],
            "family": [{"relation": "女儿", "person": who(), "place": "上村"}], "benefits": entry("institution_aid"), "visits": entry("monthly_contact"), "groups": entry("living_alone"),
            "work": [{"glyph": "享", "title": "入住救助", "href": "/d/work/unserved", "why": "条件都够", "due": "11-30"}],
            "from": "P00000099 已经并进来", "linked": [{"what": "并入", "why": "同一张脸", "href": "/d/linkage/K00000001"}, {"what": "连上", "why": null, "href": "/d/linkage/K00000002"}],
            "reveal": {"action": "/d/people/P00000012/reveal", "purposes": [["visit", "探访"]], "looks_href": "/d/people/P00000012/looks", "bonds_href": "/d/people/P00000012/bonds", "again": true},
            "conflicts": [{"label": "婚姻", "says": [{"value": "丧偶", "stamp": stamp()}, {"value": "已婚", "stamp": null}], "used": "丧偶", "why": "按来源先后"}],
            "matters": [{"what": "入住救助", "number": "2026-000001-AAAAA", "href": "/d/applications/2026-000001-AAAAA", "state": mood(), "next": "提意见", "day": "2026-11-20"}, {"what": "送餐", "number": "2026-000002-AAAAA", "href": "/d/applications/2026-000002-AAAAA", "state": mood(), "next": null, "day": "2026-11-20"}],
            "apply": "/d/applications/new?person=P00000012", "changed": "子女数",
            "care": {"visits": [{"when": "11-20 09:30", "title": "上门，见到了", "by": "张三", "met": true, "attention": ["住 留意：没有扶手"], "helps": "代买代办", "note": "药快完", "clock": "手机时间不准", "files": [
                {"kind": "photo", "href": "/d/visits/1/files/a", "label": "照片"}, {"kind": "voice", "href": "/d/visits/1/files/b", "label": "录音"}, {"kind": "", "href": null, "label": "还没传完"}]},
                {"when": "11-01 09:30", "title": "电话，没见到", "by": "张三", "met": false, "attention": [], "helps": "", "note": "", "clock": null, "files": []}],
                "fields": [["怎么找到门", "红门"]], "disputed": 1, "disputes_href": "/d/visits/conflicts", "needs": ["11-20 适老化改造　等着办"], "assessments": ["11-20 评为 1 级"]},
            "history": [{"month": "2026 年 11 月", "events": [{"date": "2026-11-20", "day": "11-20", "glyph": "访", "title": "探访：上门", "detail": "见到本人", "source": "探访回报"}]}]}),
        ),
        (
            "plan/show.html",
            json!({"headline": "50 项里 25 项有东西管着", "title": "实施方案", "document": "2024-11-07 发布", "stand_in": "原文隐去地名", "url": "/document.html", "attached": "plan.pdf", "attach": "yilian", "saved": "D00000001 已记下", "tabs": chip(), "sum": {"reached": 25, "on_the_way": 17, "overdue": 6, "awaiting": 2}, "groups_n": 23, "chips": chip(),
            "owing": [{"label": "州民政局", "cells": ["O", "O"], "n": 2}],
            "sections": [{"title": "（二）主动响应", "overdue": 1, "groups": [{"id": "KZ-5", "no": "5", "title": "探访关爱", "lead": "州民政局牵头", "who": "州民政局", "cells": ["M", "T", "O", "N"], "spoken": "共 4 项", "imps": imp, "due": "2025-12-31", "state": mood(), "open": true, "toggle": "/d/plan#KZ-5",
                "duties": [{"id": "KZ-5d", "anchored": true, "title": "探访频次", "summary": "每月至少一次。", "note": "注", "who": "州民政局", "anchor": "二（二）5", "place": "/d/plan/document?clause=KZ-5d#place",
                "reported": {"reports": [report(None), report(Some("张三 2026-11-20 撤回：重了"))], "action": "/d/plan/duties/KZ-5d", "done": false, "today": "2026-11-20"}, "imps": imp, "awaits": "服务单", "evidence": "名册", "due": "每月", "state": mood()}],
                "measures": [{"label": "月探访率", "said": "96.4%，还差 438 人", "href": "/d/indicators/I-KZ1", "bullet": bullet()}]}, {"id": "KZ-6", "no": "6", "title": "救助", "lead": "", "who": null, "cells": [], "spoken": "", "imps": [], "due": "", "state": mood(), "open": false, "toggle": "/d/plan?at=KZ-6#KZ-6", "duties": [], "measures": []}]}]}),
        ),
        (
            "plan/document.html",
            json!({"headline": "实施方案", "file": "plan.txt", "anchor": "二（二）5", "clause": ["KZ-5d", "探访频次", "/d/plan?at=KZ-5d#KZ-5d"], "lines": [{"text": "二、重点工作", "marked": false, "first": false}, {"text": "5.探访", "marked": true, "first": true}], "found": true, "cut": true}),
        ),
        (
            "plan/document.html",
            json!({"headline": "实施方案", "file": "plan.pdf", "anchor": "二（二）5", "clause": ["KZ-5d", "探访频次", "/d/plan?at=KZ-5d#KZ-5d"], "lines": null, "found": false, "cut": false}),
        ),
        (
            "indicators/index.html",
            json!({"headline": "9 项指标，5 项达标", "sub": "截至 11-20", "export_href": "/d/indicators/export.xlsx", "returns_href": "/d/province", "groups": [{"title": "按人算", "rows": [{"href": "/d/indicators/I-KZ1", "label": "月探访率", "period": "上个整月", "to_confirm": true, "value": "96.4", "unit": "%", "bullet": bullet(), "target": "100%", "state": mood(), "counts": "11,730 / 12,168", "trend": [93.1, 95.0, 96.4], "deadline": "2025-12-31"}]}],
            "trends": true, "rank_title": "各县市", "rank_heads": [{"label": "探访率", "href": "/d/indicators/I-KZ1", "target": "100%"}], "ranks": [{"name": "阿图什市", "href": "/d/indicators?scope=653001", "cells": [{"text": "71.9", "class": "ht1", "hint": "明显落后", "title": "样本少", "low": true}]}, {"name": "x", "href": null, "cells": [{"text": "100", "class": "ht5", "hint": null, "title": null, "low": false}]}], "small": 30}),
        ),
        (
            "indicators/show.html",
            json!({"headline": "月探访率 96.4%，过了期限还差 438 人", "id": "I-KZ1", "label": "月探访率", "period": "上个整月", "clauses": clauses(), "export_href": "/d/indicators/I-KZ1/export.xlsx", "overdue": true, "state": mood(), "deadline": "限 2025-12-31", "bullet": bullet(), "base_label": "上期",
            "facts": [["现值", "96.4%"]], "trend": [93.1, 96.4], "summary": "见过面或通过话", "note": "待确认", "to_confirm": true, "numerator": "11,730", "numerator_sql": "a < b", "denominator": "12,168", "denominator_sql": "group(at_risk)", "unit": "%", "axis": "0 到 100",
            "tree": [{"depth": 0, "name": "全州", "href": "/d/indicators/I-KZ1", "toggle": "/d/indicators/I-KZ1", "toggle_label": "收起全州", "children": true, "open": true, "current": true, "value": "96.4", "bullet": bullet(), "gap": "438", "counts": "11,730 / 12,168"}, {"depth": 3, "name": "上村", "href": "/d/x", "toggle": "", "toggle_label": "", "children": false, "open": false, "current": false, "value": "—", "bullet": bullet(), "gap": "", "counts": ""}], "small": 30,
            "rows_title": "上村：15 人还差", "rows_head": "谁", "rows_fact": "读到的事实", "sides": chip(), "rows": [{"href": "/d/people/P00000012", "name": "王*兰", "age": 82, "place": "上村", "facts": [fact()]}, {"href": null, "name": "敬老院", "age": null, "place": "", "facts": []}], "pager": pager()}),
        ),
        (
            "province/index.html",
            json!({"headline": "4 个县里 3 个按时报了", "sub": "只用各县签了名报来的数", "counties": [{"name": "阿图什市", "code": "653001", "state": mood(), "day": "2026-11-20", "revision": 2, "people": 55000, "places": 120, "pack": "kizilsu-2024 2024.1", "trusted": true}, {"name": "乌恰县", "code": "653024", "state": mood(), "day": "", "revision": null, "people": 0, "places": 0, "pack": "", "trusted": false}],
            "heads": ["阿图什市"], "rules": [{"label": "特殊困难老年人", "unit": "", "cells": ["1,236"], "sum": "1,236"}], "indicators": [{"label": "月探访率", "unit": "%", "cells": ["太少"], "sum": ""}], "small": 10}),
        ),
        (
            "policy/rules.html",
            json!({"pack": "实施方案 2024.1", "tabs": chip(), "count": 22, "menu": [{"title": "待遇", "rules": [{"glyph": "待", "label": "入住救助", "href": "/d/policy/rules?rule=institution_aid", "current": true, "to_confirm": true}]}],
            "rule": {"id": "institution_aid", "kind": "待遇", "label": "入住救助", "summary": "先评估", "clauses": clauses(), "details": [["到哪里办", "县民政局"]], "parts": [{"label": "在世", "sql": "death_date IS NULL", "shared": true}, {"label": "低保", "sql": "low_income_allowance", "shared": false}],
                "numbers": [{"label": "够", "n": 61}], "parameters": [{"label": "住满几天", "href": "/d/policy/parameters#institution_aid_days", "value": "30 天", "to_confirm": true}], "facts": [{"label": "低保", "stamp": stamp()}],
                "cases": [{"name": "满 30 日", "facts": "低保，4 级", "expected": "够", "got": "够", "passes": true}, {"name": "29 日", "facts": "", "expected": "不够", "got": "够", "passes": false}]}}),
        ),
        (
            "policy/parameters.html",
            json!({"headline": "30 个参数", "tabs": chip(), "groups": [{"title": "待定", "rows": [{"id": "institution_aid_days", "label": "住满几天", "to_confirm": true, "note": "注", "value": "30 天", "from": "2024-11-07", "earlier": ["此前 60 天"], "source": "第 6 条", "clause": {"id": "KZ-6b", "title": "", "href": "/d/plan?at=KZ-6b#KZ-6b"}}]}]}),
        ),
        (
            "policy/sql.html",
            json!({"tabs": chip(), "dialect": "PostgreSQL", "chips": chip(), "lines": 2, "text": "SELECT\n  a < 1"}),
        ),
        (
            "policy/whatif.html",
            json!({"headline": "1,485 人次得益", "sub": "草稿对照生效中的包", "tabs": chip(), "faults": [{"at": "benefits.toml:3:5", "message": "no such fact", "remedy": "write it as in facts.toml"}], "faults_n": 1,
            "result": {"as_of": "2026-11-20", "people": 55000, "affected": 500, "gains": 447, "losses": 86, "unknown": 3, "cost": "+2,840,000", "max": 60, "townships": [{"name": "哈拉峻乡", "county": "阿图什市", "gains": 44, "losses": 19, "cost": "+257,000"}, {"name": "y", "county": "", "gains": 0, "losses": 0, "cost": "0"}],
                "rules": [{"label": "入住救助", "only": "草稿新增", "gains": 35, "losses": 1, "cost": "+1"}, {"label": "x", "only": null, "gains": 0, "losses": 0, "cost": "0"}], "changes": ["institution_aid_days: 30 → 20"],
                "gainers": [{"face": "王", "person": who(), "place": "上村", "why": "住满几天", "before": "不够", "after": "够", "way": "up"}], "losers": []},
            "drafts": [{"id": "a", "label": "a", "current": true}], "drafts_folder": "drafts"}),
        ),
        (
            "problem.html",
            json!({"reasons": [], "code": "invalid", "status": 422, "number": null, "faults": [{"field": "value", "cause": "校验位不对"}]}),
        ),
        (
            "problem.html",
            json!({"reasons": ["您的角色只管本乡"], "code": "internal", "status": 500, "number": 7, "faults": []}),
        ),
    ]
}

/// Those of the desk, the door and the portal.
fn all() -> impl Iterator<Item = (&'static str, Value)> {
    samples().into_iter().chain(super::samples_door::samples()).chain(super::portal::samples::samples())
}

/// The same with every list empty and every optional value absent.
fn emptied(value: &Value) -> Value {
    const OPTIONAL: [&str; 10] =
        ["held", "refusal", "saved", "rule", "progress", "result", "dead", "level", "note", "visits_left"];
    match value {
        Value::Array(_) => json!([]),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, inner)| {
                let keep = key == "rule" && inner.get("parameters").is_some();
                let inner = if OPTIONAL.contains(&key.as_str()) && !keep { Value::Null } else { emptied(inner) };
                (key.clone(), inner)
            })
            .collect(),
        other => other.clone(),
    }
}

fn render<V: Serialize>(renderer: &Renderer, display: Display, template: &str, view: &V) -> String {
    let mut shell = Shell::new(display, "/d/today?a=<b>", Rail::Today, "标题 <b>").via("人员", "/d/people");
    if template.starts_with("portal/") {
        shell = super::portal::samples::framed(renderer, display, shell);
    }
    shell.as_of_spoken = Some("11 月 20 日 周五".into());
    renderer.page(display.lang, template, &shell, view).unwrap_or_else(|fault| panic!("{template}: {fault}"))
}

fn check(template: &str, html: &str) {
    assert!(
        !html.contains('⟦'),
        "{template} says {}",
        &html[html.find('⟦').unwrap_or(0)..].chars().take(80).collect::<String>()
    );
    assert_eq!(html.matches("<h1").count(), 1, "{template}: one h1");
    for forbidden in [" style=\"", "<b></b>", "onclick", "href=\"\"", "href=\"#\"", "none</", "标题 <b>"] {
        assert!(!html.contains(forbidden), "{template} holds {forbidden}");
    }
    assert_eq!(html.matches("<details").count(), html.matches("</details>").count(), "{template}");
    assert_eq!(html.matches("<section").count(), html.matches("</section>").count(), "{template}");
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|w| w[0] != w[1]), "{template}: an id stands twice in {ids:?}");
}

#[test]
fn every_page_renders_in_both_languages_and_all_displays() {
    let renderer = Renderer::new().unwrap();
    for (template, view) in all() {
        for lang in ["zh", "en"] {
            for (theme, contrast, size) in
                [("auto", "normal", "m"), ("dark", "normal", "l"), ("light", "more", "xl"), ("dark", "more", "xl")]
            {
                let display = Display::choose(theme, size, contrast, "on", lang);
                let html = render(&renderer, display, template, &view);
                check(template, &html);
                assert!(
                    html.contains(&format!("data-theme=\"{theme}\" data-size=\"{size}\" data-contrast=\"{contrast}\""))
                );
                assert!(html.contains(if display.lang == Lang::En {
                    "<html lang=\"en\""
                } else {
                    "<html lang=\"zh-CN\""
                }));
            }
        }
    }
}

/// Set `YILIAN_SAMPLES` to a folder to look at them in a browser.
#[test]
fn samples_are_written_where_asked() {
    let Some(folder) = std::env::var_os("YILIAN_SAMPLES").map(std::path::PathBuf::from) else { return };
    let renderer = Renderer::new().unwrap();
    std::fs::write(folder.join("yilian.css"), &crate::frame::assets::style().body).unwrap();
    std::fs::write(folder.join("portal.css"), &crate::frame::assets::portal_style().body).unwrap();
    for (index, (template, view)) in all().enumerate() {
        for lang in ["zh", "en"] {
            let html = render(&renderer, Display::choose("light", "m", "normal", "on", lang), template, &view);
            let html = html.replace(&crate::frame::assets::style().address, "yilian.css");
            let html = html.replace(&crate::frame::assets::portal_style().address, "portal.css");
            let name = template.replace('/', "-").replace(".html", "");
            std::fs::write(folder.join(format!("{index:02}-{name}-{lang}.html")), html).unwrap();
        }
    }
}

#[test]
fn every_page_has_an_empty_state() {
    let renderer = Renderer::new().unwrap();
    for (template, view) in all() {
        for lang in ["zh", "en"] {
            let html = render(&renderer, Display::choose("", "", "", "", lang), template, &emptied(&view));
            check(template, &html);
        }
    }
}

#[test]
fn english_pages_link_to_english_pages() {
    let renderer = Renderer::new().unwrap();
    for (template, view) in all() {
        let html = render(&renderer, Display::choose("", "", "", "", "en"), template, &view);
        for link in
            html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|l| l.starts_with("/d/"))
        {
            assert!(html.contains("hreflang=\"zh-CN\"") && link == "/d/today?a=&lt;b&gt;", "{template}: {link}");
        }
    }
}
