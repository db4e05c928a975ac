//! Every SQL file of every room is understood by both databases.

#[test]
fn every_statement_prepares_on_both_databases() {
    let migrations: Vec<_> = cycle::migrations()
        .chain(accounts::MIGRATIONS)
        .chain(benefits::MIGRATIONS)
        .chain(care::MIGRATIONS)
        .chain(community::MIGRATIONS)
        .chain(exchange::MIGRATIONS)
        .chain(returns::MIGRATIONS)
        .copied()
        .collect();
    testkit::check_statements(&migrations);
}
