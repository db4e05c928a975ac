//! Lakes on a real S3 server (moto), pushed there by the counties.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::counties::{COUNTIES, DAY, counties};
use crate::machines::{Cluster, Process, question, same, text, until};

#[test]
fn lakes_on_s3_are_read_by_every_worker() {
    let Some(counties) = counties() else { return };
    let home = std::env::var("HOME").unwrap_or_default();
    let named = std::env::var("YILIAN_MOTO").map(PathBuf::from);
    let program = named.unwrap_or_else(|_| Path::new(&home).join(".cache/yilian/venv/bin/moto_server"));
    if !program.exists() {
        assert!(std::env::var("YILIAN_REQUIRE_S3").is_err(), "moto_server is required but is not at {program:?}");
        eprintln!("SKIPPED on S3: moto_server is not installed (make test-s3 installs it)");
        return;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let mut command = Command::new(program);
    command.args(["-H", "127.0.0.1", "-p", &port]).stdout(Stdio::null()).stderr(Stdio::null());
    let _moto = Process(command.spawn().unwrap());
    let endpoint = format!("http://127.0.0.1:{port}");
    until("moto listens", || std::net::TcpStream::connect(endpoint.trim_start_matches("http://")).is_ok());
    let access = [("ENDPOINT_URL", endpoint.as_str()), ("ACCESS_KEY_ID", "testing"), ("SECRET_ACCESS_KEY", "testing")];
    let access: Vec<_> = access.map(|(name, value)| (format!("AWS_{name}"), value.to_owned())).to_vec();
    let access_of = objects::Access {
        endpoint: endpoint.clone(),
        region: "us-east-1".to_owned(),
        id: "testing".to_owned(),
        secret: "testing".to_owned(),
    };
    let bucket = objects::S3::new("province", access_of, std::sync::Arc::new(kernel::SystemClock)).unwrap();
    bucket.create_bucket().unwrap();
    for county in COUNTIES {
        let store = format!("s3://province/lakes/{county}");
        counties.run_with(county, &["lake", "--store", &store, "push", "--as-of", DAY], &access);
    }
    let (alone, together, local) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), counties.province());
    let output = question("determine", DAY, local.path().to_str().unwrap(), alone.path()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let cluster = Cluster::start(2, &access);
    let mut asked = question("determine", DAY, "s3://province/lakes", together.path());
    asked.args(["--verify", "--scheduler", &cluster.address]).envs(access);
    let output = asked.output().unwrap();
    assert!(output.status.success(), "{}\n{}", text(&output), cluster.logs());
    same(alone.path(), together.path());
}
