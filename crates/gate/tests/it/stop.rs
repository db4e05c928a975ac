//! Stopping: nothing new is begun, nothing begun is cut off.

use std::time::Duration;

use tokio::net::TcpStream;

use crate::client::{get_of, open, options, send};

#[tokio::test]
async fn a_request_under_way_is_answered_and_idle_connections_do_not_hold_it_up() {
    let gate = open(options()).await;
    let address = gate.address;
    let _idle = TcpStream::connect(address).await.unwrap();
    let slow = tokio::spawn(async move { send(address, &get_of("/slow", "")).await });
    tokio::time::sleep(Duration::from_millis(150)).await;
    gate.stop.send(()).unwrap();
    assert!(slow.await.unwrap().ends_with("done"));
    assert!(gate.ended.await.unwrap(), "everything ended in time");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
