//! Every SQL file of every room is understood by both databases.

#[test]
fn every_statement_prepares_on_both_databases() {
    let migrations: Vec<_> = web::migrations().copied().collect();
    testkit::check_statements(&migrations);
}
