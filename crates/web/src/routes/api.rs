//! The routes for other systems. Each is declared with the permission its page asks for, and with its documentation.

use super::{About, Surface};
use crate::api::{
    applications, check, consultations, indicators, linkage, lists, needs, night, openapi, pack, people, places, plan,
    quality, stream, webhooks, work,
};

/// What everyone may read.
pub fn open() -> Surface {
    Surface::new()
        .public("/api/v1/openapi.json", openapi::show, openapi::doc)
        .asked("/api/v1/check", check::answer, check::doc)
        .public("/api/v1/consultations", consultations::list, consultations::list_doc)
        .public("/api/v1/consultations/{consultation}", consultations::show, consultations::show_doc)
}

/// What asks for a sign-in or a token.
pub fn api() -> Surface {
    use About::{Divisions, Nothing, People, Whole};
    Surface::new()
        .read("/api/v1/night", ("pack.see", Nothing), night::show, night::doc)
        .read("/api/v1/people", ("person.list", People), people::search::list, people::search::doc)
        .read("/api/v1/people/{person}", ("person.see", People), people::show::one, people::show::doc)
        .read("/api/v1/people/{person}/facts", ("fact.see", People), people::facts::list, people::facts::doc)
        .read(
            "/api/v1/people/{person}/determinations",
            ("person.see", People),
            people::determinations::list,
            people::determinations::doc,
        )
        .read(
            "/api/v1/people/{person}/explanation",
            ("person.see", People),
            people::explain::show,
            people::explain::doc,
        )
        .read("/api/v1/people/{person}/work-items", ("work_item.list", People), people::work::list, people::work::doc)
        .read("/api/v1/people/{person}/visits", ("visit.list", People), people::visits::list, people::visits::doc)
        .read(
            "/api/v1/people/{person}/assessments",
            ("assessment.see", People),
            people::assessments::list,
            people::assessments::doc,
        )
        .change("/api/v1/people/{person}/reveal", ("person.reveal", People), people::reveal::show, people::reveal::doc)
        .read("/api/v1/people/{person}/looks", ("person.looked", People), people::looks::list, people::looks::doc)
        .read(
            "/api/v1/people/{person}/applications",
            ("application.see", People),
            applications::of_person::list,
            applications::of_person::doc,
        )
        .change(
            "/api/v1/people/{person}/applications",
            ("application.file", People),
            applications::file::save,
            applications::file::doc,
        )
        .read("/api/v1/applications", ("application.see", Divisions), applications::list::list, applications::list::doc)
        .read(
            "/api/v1/applications/{number}",
            ("application.see", People),
            applications::show::one,
            applications::show::doc,
        )
        .change(
            "/api/v1/applications/{number}/recommendation",
            ("work_item.act", People),
            applications::recommend::save,
            applications::recommend::doc,
        )
        .change(
            "/api/v1/applications/{number}/grant",
            ("application.decide", People),
            applications::grant::save,
            applications::grant::doc,
        )
        .change(
            "/api/v1/applications/{number}/refusal",
            ("application.decide", People),
            applications::refuse::save,
            applications::refuse::doc,
        )
        .change(
            "/api/v1/applications/{number}/withdrawal",
            ("application.file", People),
            applications::deeds::withdraw::save,
            applications::deeds::withdraw::doc,
        )
        .change(
            "/api/v1/applications/{number}/papers",
            ("work_item.act", People),
            applications::papers::save,
            applications::papers::doc,
        )
        .change(
            "/api/v1/applications/{number}/return",
            ("application.decide", People),
            applications::deeds::give_back::save,
            applications::deeds::give_back::doc,
        )
        .change(
            "/api/v1/applications/{number}/notification",
            ("work_item.act", People),
            applications::deeds::notify::save,
            applications::deeds::notify::doc,
        )
        .change(
            "/api/v1/applications/{number}/delivery",
            ("work_item.act", People),
            applications::deliver::save,
            applications::deliver::doc,
        )
        .change(
            "/api/v1/applications/{number}/stop",
            ("work_item.act", People),
            applications::stop::save,
            applications::stop::doc,
        )
        .change(
            "/api/v1/applications/{number}/stop/confirmation",
            ("application.decide", People),
            applications::deeds::end::save,
            applications::deeds::end::doc,
        )
        .change(
            "/api/v1/applications/{number}/stop/objection",
            ("application.decide", People),
            applications::deeds::keep_on::save,
            applications::deeds::keep_on::doc,
        )
        .change(
            "/api/v1/applications/{number}/reopening",
            ("application.file", People),
            applications::deeds::reopen::save,
            applications::deeds::reopen::doc,
        )
        .change(
            "/api/v1/applications/{number}/annulment",
            ("application.decide", People),
            applications::deeds::void::save,
            applications::deeds::void::doc,
        )
        .read("/api/v1/awards", ("application.see", Divisions), applications::awards::list, applications::awards::doc)
        .read("/api/v1/work-items", ("work_item.list", Divisions), work::list::list, work::list::doc)
        .read("/api/v1/work-items/counts", ("work_item.list", Divisions), work::counts::list, work::counts::doc)
        .change("/api/v1/work-items/outcomes", ("work_item.act", People), work::act::save, work::act::doc)
        .change("/api/v1/villages/{code}/answers", ("fact.answer", People), work::answers::save, work::answers::doc)
        .read("/api/v1/needs", ("visit.list", Divisions), needs::list, needs::list_doc)
        .change("/api/v1/needs/{need}/outcome", ("work_item.act", People), needs::settle, needs::settle_doc)
        .read("/api/v1/stream", ("work_item.list", Divisions), stream::open, stream::doc)
        .read("/api/v1/lists", ("list.see", Divisions), lists::all::list, lists::all::doc)
        .change("/api/v1/lists", ("list.import", Whole), lists::import::take, lists::import::doc)
        .read("/api/v1/lists/{list}", ("list.see", Divisions), lists::show::one, lists::show::doc)
        .read("/api/v1/lists/{list}/faults", ("row.correct", Divisions), lists::faults::list, lists::faults::doc)
        .change("/api/v1/lists/{list}/decision", ("list.release", Divisions), lists::settle::save, lists::settle::doc)
        .change(
            "/api/v1/lists/{list}/rows/{row}",
            ("row.correct", Divisions),
            lists::correct::save,
            lists::correct::doc,
        )
        .read("/api/v1/quality", ("list.see", Divisions), quality::months::list, quality::months::doc)
        .read("/api/v1/linkage/pairs", ("link.review", Divisions), linkage::queue::list, linkage::queue::doc)
        .read("/api/v1/linkage/pairs/{pair}", ("link.review", Divisions), linkage::show::one, linkage::show::doc)
        .change(
            "/api/v1/linkage/pairs/{pair}/decision",
            ("link.review", Divisions),
            linkage::decide::save,
            linkage::decide::doc,
        )
        .change(
            "/api/v1/linkage/pairs/{pair}/undo",
            ("link.review", Divisions),
            linkage::undo::save,
            linkage::undo::doc,
        )
        .read("/api/v1/linkage/merges", ("link.review", Divisions), linkage::merges::list, linkage::merges::doc)
        .change(
            "/api/v1/linkage/merges/{merge}",
            ("link.merge", Divisions),
            linkage::settle::save,
            linkage::settle::doc,
        )
        .read("/api/v1/places", ("place.see", Divisions), places::list::list, places::list::doc)
        .read("/api/v1/plan/clauses", ("plan.see", Nothing), plan::clauses::list, plan::clauses::doc)
        .read("/api/v1/plan/duties", ("plan.see", Nothing), plan::duties::list, plan::duties::doc)
        .change("/api/v1/plan/duties/{clause}/reports", ("duty.report", Whole), plan::report::save, plan::report::doc)
        .change(
            "/api/v1/plan/duties/{clause}/reports/{report}/withdrawal",
            ("duty.report", Whole),
            plan::withdraw::save,
            plan::withdraw::doc,
        )
        .read("/api/v1/indicators", ("indicator.see", Divisions), indicators::all::list, indicators::all::doc)
        .read("/api/v1/indicators/{id}", ("indicator.see", Divisions), indicators::show::one, indicators::show::doc)
        .read(
            "/api/v1/indicators/{id}/rows",
            ("indicator.see", Divisions),
            indicators::rows::list,
            indicators::rows::doc,
        )
        .read("/api/v1/pack", ("pack.see", Nothing), pack::show::one, pack::show::doc)
        .read("/api/v1/pack/rules", ("pack.see", Nothing), pack::rules::list, pack::rules::doc)
        .read("/api/v1/pack/rules/{rule}", ("pack.see", Nothing), pack::rule::one, pack::rule::doc)
        .read("/api/v1/pack/parameters", ("pack.see", Nothing), pack::parameters::list, pack::parameters::doc)
        .read("/api/v1/webhooks", ("webhook.own", Nothing), webhooks::all::list, webhooks::all::doc)
        .change("/api/v1/webhooks", ("webhook.own", Nothing), webhooks::make::make, webhooks::make::doc)
        .end("/api/v1/webhooks/{webhook}", ("webhook.own", Nothing), webhooks::end::end, webhooks::end::doc)
        .read(
            "/api/v1/webhooks/{webhook}/deliveries",
            ("webhook.own", Nothing),
            webhooks::deliveries::list,
            webhooks::deliveries::doc,
        )
        .change("/api/v1/pack/what-if", ("pack.try", Whole), pack::whatif::try_out, pack::whatif::doc)
}
