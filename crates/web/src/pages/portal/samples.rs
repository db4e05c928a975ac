//! A sample view of every public page, for the test that renders all.

use serde_json::{Value, json};

use crate::frame::{Display, PortalFrame, Renderer, Section, Shell};

/// The frame of a public page with everything in it.
pub fn framed(renderer: &Renderer, display: Display, shell: Shell) -> Shell {
    let bilingual = |zh: &str, en: &str| kernel::Bilingual { zh: zh.into(), en: en.into() };
    let phone = |role: &str, number: &str| policy::model::Phone {
        role: role.into(),
        number: number.into(),
        label: bilingual("打 <b>", "call <b>"),
        note: Some(bilingual("全天", "all day")),
        clause: None,
        at: policy::model::Position::default(),
    };
    let portal = policy::model::Portal {
        owner: Some(bilingual("民政局", "Civil affairs")),
        phones: vec![phone("emergency", "120"), phone("hotline", "12345")],
        ..policy::model::Portal::default()
    };
    shell.in_portal(PortalFrame::new(renderer.voice(display.lang), Some(&portal), Section::Benefits))
}

fn told() -> Value {
    json!([{"label": "年龄", "answer": "82 岁", "href": "/benefits/check?s=A"}])
}

fn voices() -> Value {
    json!([{"quote": "对低保老年人…… <b>", "source": "条款 KZ-6a", "plain": "先评估再入住"}, {"quote": "", "source": "条款 KZ-6b", "plain": "凭协议"}])
}

pub fn answered(kind: &str) -> Value {
    json!({"id": format!("rule-{kind}"), "tile": "院", "label": "入住救助", "mood": {"kind": kind, "text": "可以享受"}, "what": "200 元/月",
        "parts": [{"label": "低保", "outcome": "met", "facts": [{"label": "低保", "value": "是", "stamp": {"seal": "民", "tone": "c", "spoken": "来源：民政", "stale": false}}], "missing": null}],
        "would": "差一步", "lacking": ["还缺：能力等级"], "voices": voices(), "acts": [["去办", "/callback?about=x"], ["申请表", "/services/x/form?print=1"]], "bring": "协议、凭证", "apply_to": "县民政局"})
}

fn place() -> Value {
    json!({"href": "/places/F00000001", "name": "敬老院 <b>", "kind": "敬老院", "place": "上村", "beds": "空 2 张", "free": true, "distance": "相距 1.2 公里"})
}

fn pager() -> Value {
    json!({"from": 1, "to": 20, "total": 60, "previous": "/places?page=1", "next": "/places?page=3"})
}

fn item() -> Value {
    json!({"id": "meal_delivery", "tile": "餐", "label": "上门助餐", "what": "送到家", "who": ["年满 60 周岁"], "figures": [{"label": "老年人年龄", "value": "60 岁", "from": "2024-11-07", "to_confirm": true, "others": ["2020-01-01 65 岁"]}],
        "apply_to": "乡镇", "bring": "身份证", "form": "/services/meal_delivery/form", "voices": voices()})
}

pub fn changes() -> Value {
    json!([{"how": "changed", "kind": "参数", "label": "住满几天", "fields": [["数值", "30 天", "20 天"], ["说明", "", "新写的"]]}, {"how": "added", "kind": "待遇", "label": "高龄津贴", "fields": [["说明", "", "每月 100 元"]]}, {"how": "removed", "kind": "组", "label": "x", "fields": []}])
}

fn me_tabs() -> Value {
    json!([{"label": "能享受什么", "n": null, "href": "/me/P00000012", "current": true}, {"label": "谁看过", "n": null, "href": "/me/P00000012/looks", "current": false}])
}

fn bullet() -> Value {
    json!({"label": "月探访率", "value": 96.4, "target": 100.0, "previous": null, "min": 0.0, "max": 100.0, "low": false, "unit": "%"})
}

pub fn samples() -> Vec<(&'static str, Value)> {
    let register = |served: bool| json!({"tile": "餐", "label": "上门助餐", "served": served, "total": {"name": "合计", "due": 120, "served": 80}, "rows": [{"name": "阿图什市", "due": 100, "served": null}, {"name": "乌恰县", "due": null, "served": null}]});
    vec![
        (
            "portal/home.html",
            json!({"due": 7, "tiles": [{"character": "餐", "label": "助餐", "note": "送到家", "href": "/places?service=meal"}, {"character": "浴", "label": "助浴", "note": "", "href": "/places?service=bath"}], "plan": "实施方案", "published": "2024-11-07", "indicators": 9,
            "consultations": [{"href": "/consult/1", "title": "办法（征求意见稿） <b>", "left": "还有 9 天"}]}),
        ),
        (
            "portal/benefits.html",
            json!({"most": 15, "items": [{"id": "meal", "tile": "餐", "label": "送餐", "what": "送到家"}]}),
        ),
        (
            "portal/check.html",
            json!({"n": 2, "most": 12, "id": "age", "ask": "老人满多少岁了？", "hint": "按生日算", "kind": "age", "options": [], "state": "AbC", "back": "/benefits", "told": told(), "faults": [{"field": "answer", "cause": "请填"}], "lapsed": true, "so_far": "/benefits/result?s=A"}),
        ),
        (
            "portal/check.html",
            json!({"n": 1, "most": 15, "id": "place", "ask": "住在哪里？", "hint": "", "kind": "choices", "options": [["653001", "阿图什市 <b>"], ["-", "别处"]], "state": "", "back": "/benefits", "told": [], "faults": [], "lapsed": false, "so_far": null}),
        ),
        (
            "portal/result.html",
            json!({"title": "可以享受 4 项", "lead": "还有 1 项", "told": told(), "groups": [{"kind": "ok", "title": "可以", "items": [answered("ok")]}, {"kind": "q", "title": "不定", "items": [answered("q")]}, {"kind": "no", "title": "不符合", "items": [answered("no")]}], "how": "逐条比对", "on": "/benefits/check?s=A", "again": "/benefits/check", "print": "/benefits/result?s=A&print=1"}),
        ),
        (
            "portal/services.html",
            json!({"title": "清单", "plan": "方案 2024.1", "on": "2026-11-20", "other_day": true, "groups": [{"title": "待遇", "items": [item()]}], "catalogue": [{"label": "助餐", "note": "", "href": "/places?service=meal"}], "versions": [{"title": "方案 2024.1", "period": "2024-11-07 –", "current": true, "compare": null}, {"title": "方案 2020", "period": "2020-01-01 – 2024-11-06", "current": false, "compare": "/services/compare?with=x"}], "document": "/services/document"}),
        ),
        ("portal/compare.html", json!({"title": "不同", "before": "甲", "after": "乙", "changes": changes()})),
        ("portal/form.html", json!({"title": "申请表", "item": item(), "owner": "民政局", "day": "2026-11-20"})),
        (
            "portal/document.html",
            json!({"title": "方案", "publisher": "民政局", "published": "2024-11-07", "lines": ["一、总则 <b>", "二"]}),
        ),
        (
            "portal/places.html",
            json!({"title": "60 处", "lead": "先选", "divisions": [{"label": "阿图什市", "n": 20, "href": "/places?at=653001", "current": true}], "kinds": [{"label": "全部", "n": 60, "href": "/places", "current": false}], "places": [place()], "pager": pager(), "childcare": false}),
        ),
        (
            "portal/place.html",
            json!({"line": place(), "facts": [{"label": "床位数", "value": "40 张床", "stamp": {"seal": "民", "tone": "c", "spoken": "来源：民政", "stale": false}}], "near": [place()], "back": "/places?at=653001"}),
        ),
        (
            "portal/open.html",
            json!({"title": "公开", "lead": "少于 5", "indicators": [{"id": "I-KZ1", "label": "月探访率", "summary": "见面或通话", "value": "96.4", "unit": "%", "target": "100%", "deadline": "2025-12-31", "state": {"kind": "danger", "text": "过期"}, "bullet": bullet(), "counties": [["阿图什市", "96%"]], "to_confirm": true}], "counties": ["阿图什市"], "registers": [register(true), register(false)], "least": 5}),
        ),
        (
            "portal/consult.html",
            json!({"open": [{"href": "/consult/1", "title": "办法 <b>", "left": "还有 9 天"}], "past": [{"href": "/consult/2", "title": "旧", "left": "已答复"}]}),
        ),
        (
            "portal/consultation.html",
            json!({"title": "办法（征求意见稿）", "lead": "还有 9 天", "bar": {"day": 21, "days": 30, "from": "10 月 31 日", "until": "11 月 29 日"}, "shortened": "缩短", "affected": "412 人", "before": "x 2024.1", "changes": changes(),
            "text": [{"key": "benefit meal", "kind": "待遇", "label": "送餐", "lines": ["送到家"], "changed": true, "n": 3, "say": "/consult/1?about=benefit%20meal#op"}], "comments": [{"id": 1, "name": "匿名", "about": "整个", "text": "很好 <script>", "why": "", "day": "2026-11-20"}, {"id": 2, "name": "匿名", "about": "整个", "text": null, "why": "骂人", "day": "2026-11-20"}],
            "waiting": 2, "themes": [{"title": "证明", "verdict": {"kind": "ok", "text": "采纳"}, "reply": "改了", "n": 4}], "form": {"action": "/consult/1/comments", "abouts": [["", "整个"], ["benefit meal", "送餐"]], "given": {"about": "", "text": "<b>", "name": "\"", "contact": ""}, "faults": [{"field": "text", "cause": "没填内容"}]}, "sent": true}),
        ),
        (
            "portal/callback.html",
            json!({"title": "回电话", "about": "送餐", "page": false, "places": [["653001", "阿图什市"]], "given": {"about": "meal", "place": "653001", "text": "<b>", "name": "", "contact": ""}, "faults": [{"field": "contact", "cause": "没填电话"}], "sent": false}),
        ),
        (
            "portal/callback.html",
            json!({"title": "告诉我们", "about": "", "page": true, "places": [], "given": {"about": "page", "place": "", "text": "", "name": "", "contact": ""}, "faults": [], "sent": true}),
        ),
        (
            "consultations/index.html",
            json!({"rows": [{"href": "/d/consultations/1", "title": "办法", "period": "2026-11-01 – 2026-11-30", "comments": 12, "waiting": 3, "state": "open"}], "drafts": ["a"], "usual": 30, "given": {"draft": "a", "title": "", "days": "30", "why": ""}, "faults": [{"field": "title", "cause": "没填名称"}]}),
        ),
        (
            "consultations/show.html",
            json!({"title": "办法", "period": "2026-11-01 – 2026-11-30", "shortened": "急", "public_href": "/consult/1", "comments": [{"id": 1, "about": "整个", "text": "好 <b>", "name": "王", "contact": "138", "when": "2026-11-20 10:00", "state": "waiting", "why": "", "theme": null, "action": "/d/consultations/1/comments/1"}, {"id": 2, "about": "送餐", "text": "x", "name": "", "contact": "", "when": "2026-11-20 10:00", "state": "withheld", "why": "骂人", "theme": null, "action": "/d/consultations/1/comments/2"}],
            "themes": [{"id": 1, "title": "证明", "verdict": {"kind": "ok", "text": "采纳"}, "reply": "改了", "n": 1}], "verdicts": [["adopted", "采纳"]], "theme_action": "/d/consultations/1/themes", "answer_action": "/d/consultations/1/answer", "waits": "还有", "answered": null}),
        ),
        (
            "messages/index.html",
            json!({"chips": [{"label": "待答复", "n": null, "href": "/d/messages", "current": true}], "open": true, "rows": [{"id": 1, "kind": "请回电话", "about": "送餐", "person": "/d/people/P00000012", "person_name": "王*兰", "place": "上村", "name": "李", "contact": "138", "text": "好 <b>", "when": "2026-11-20 10:00", "outcome": null, "action": "/d/messages/1"}, {"id": 2, "kind": "网站意见", "about": "", "person": null, "person_name": "", "place": "", "name": "", "contact": "", "text": "", "when": "2026-11-20 10:00", "outcome": "办好了", "action": "/d/messages/2"}]}),
        ),
        (
            "portal/problem.html",
            json!({"reasons": ["您的角色只管本乡"], "code": "not-found", "status": 404, "number": 7, "faults": [{"field": "value", "cause": "校验位不对"}]}),
        ),
        (
            "portal/me.html",
            json!({"name": "古丽", "people": [{"href": "/me/P00000012", "name": "王*兰", "own": false, "place": "上村", "scopes": "查看、申请"}, {"href": "/me/P00000013", "name": "李*", "own": true, "place": "下村", "scopes": ""}], "messages": [{"kind": "情况不对", "about": "子女数", "text": "两个 <b>", "day": "2026-11-20", "outcome": null}, {"kind": "请回电话", "about": "", "text": "", "day": "2026-11-20", "outcome": "打过了"}], "staff": true}),
        ),
        ("portal/me.html", json!({"name": "", "people": [], "messages": [], "staff": false})),
        (
            "portal/me-person.html",
            json!({"title": "王*兰可以享受 4 项", "lead": "还有", "tabs": me_tabs(), "basis": [{"label": "年龄", "value": "82 岁", "stamp": null}], "facts_href": "/me/P00000012/facts", "matters": [{"href": "/me/P00000012/matters/2026-000012-7K3QF", "label": "送餐", "number": "2026-000012-7K3QF", "mood": {"kind": "info", "text": "已申请"}}], "groups": [{"kind": "ok", "title": "可以", "items": [answered("ok")]}], "how": "逐条比对"}),
        ),
        (
            "portal/me-apply.html",
            json!({"name": "王*兰", "tile": "餐", "label": "送餐", "what": "送到家", "bring": ["身份证"], "decided_by": "县民政局", "appeal": "60 日内", "action": "/me/P00000012/apply/meal", "back": "/me/P00000012", "words": "<b>", "faults": [{"field": "words", "cause": "太长"}], "running": null}),
        ),
        (
            "portal/me-apply.html",
            json!({"name": "王*兰", "tile": "餐", "label": "送餐", "what": "送到家", "bring": [], "decided_by": "县民政局", "appeal": "", "action": "/me/P00000012/apply/meal", "back": "/me/P00000012", "words": "", "faults": [], "running": ["/me/P00000012/matters/1", "2026-000012-7K3QF"]}),
        ),
        (
            "portal/matter.html",
            json!({"number": "2026-000012-7K3QF", "tile": "餐", "label": "送餐", "name": "王*兰", "mood": {"kind": "info", "text": "已申请"}, "next": "审定", "due": "2026-12-01", "events": [{"day": "2026-11-20", "what": "提出申请", "words": "<b>"}], "appeal": "60 日内", "withdraw": "/me/P00000012/matters/1/withdraw", "back": "/me/P00000012", "fresh": true}),
        ),
        ("portal/follow.html", json!({"number": "<b>", "faults": [{"field": "number", "cause": "没有查到"}]})),
        (
            "portal/me-facts.html",
            json!({"name": "王*兰", "tabs": me_tabs(), "groups": [{"title": "身份", "facts": [{"label": "性别", "value": "女", "stamp": null, "conflict": true}], "unknown": "子女数"}], "form": {"action": "/me/P00000012/facts", "facts": [["children_count", "子女数"]], "given": {"about": "children_count", "text": "<b>", "contact": ""}, "faults": [{"field": "text", "cause": "没填内容"}]}, "sent": true}),
        ),
        (
            "portal/me-looks.html",
            json!({"title": "王*兰被看过 1 次", "tabs": me_tabs(), "lines": [{"at": "2026-11-20 10:00", "who": "张三", "role": "经办", "purpose": "探访", "note": "注 <b>"}]}),
        ),
        (
            "portal/me-family.html",
            json!({"name": "王*兰", "tabs": me_tabs(), "bonds": [{"who": "古丽", "own": false, "scopes": "查看", "since": "2026-11-20", "ended": null, "action": "/me/P00000012/family/1/end"}, {"who": "本人", "own": true, "scopes": "", "since": "2026-11-20", "ended": "2026-11-21", "action": null}], "text": "我同意"}),
        ),
        (
            "portal/me-record.html",
            json!({"name": "王*兰", "tabs": me_tabs(), "visits": [{"day": "2026-11-20", "kind": "上门"}], "assessment": {"n": 3, "label": "重度", "on": "2026-01-01", "until": "2027-01-01", "stamp": null}, "may_assess": true}),
        ),
        ("portal/help.html", json!({})),
        ("portal/accessibility.html", json!({})),
        ("portal/privacy.html", json!({})),
    ]
}
