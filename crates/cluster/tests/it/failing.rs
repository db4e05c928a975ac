//! A worker is killed while it holds rows that others wait for: the job ends, with the same answers.

use crate::counties::{DAY, counties};
use crate::machines::{Cluster, question, same, text, until};

#[test]
fn a_worker_killed_in_the_middle_changes_nothing() {
    let Some(counties) = counties() else { return };
    let (province, alone, together) = (counties.province(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = province.path().to_str().unwrap();
    let output = question("determine", DAY, lake, alone.path()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));

    let mut cluster = Cluster::start(2, &[]);
    // Many small parts, so that there is a middle.
    let mut asked = question("determine", DAY, lake, together.path());
    let mut asking = asked.args(["--parts", "200", "--scheduler", &cluster.address]).spawn().unwrap();
    // The rows it has exchanged are in its keeping alone; more are to come.
    until("the worker has ended some tasks", || cluster.ended(0) >= 20 || asking.try_wait().unwrap().is_some());
    cluster.workers[0].0.kill().unwrap(); // SIGKILL
    cluster.workers[0].0.wait().unwrap();
    std::fs::remove_dir_all(cluster.work(0)).unwrap();
    assert!(asking.try_wait().unwrap().is_none(), "the job ended before the worker did\n{}", cluster.logs());
    let others = cluster.ended(1);
    let output = asking.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{}", text(&output), cluster.logs());
    assert!(cluster.ended(1) > others, "nothing was left to do");
    same(alone.path(), together.path());
}
