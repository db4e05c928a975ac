//! Requests by route: how many, how they ended, how long they took.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the buckets, in seconds.
const BUCKETS: [f64; 12] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Method and route.
type Place = (&'static str, String);

#[derive(Default)]
pub struct Requests(Mutex<BTreeMap<Place, Series>>);

#[derive(Default)]
struct Series {
    /// By status.
    ended: BTreeMap<u16, u64>,
    buckets: [u64; BUCKETS.len()],
    seconds: f64,
    count: u64,
}

impl Requests {
    pub fn count(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let series = all.entry((method, route.to_owned())).or_default();
        *series.ended.entry(status).or_default() += 1;
        let seconds = took.as_secs_f64();
        if let Some(bucket) = BUCKETS.iter().position(|end| seconds <= *end) {
            series.buckets[bucket] += 1;
        }
        series.seconds += seconds;
        series.count += 1;
    }

    /// In Prometheus' text format.
    pub fn write(&self, out: &mut String) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.push_str("# HELP yilian_requests_total Requests answered.\n# TYPE yilian_requests_total counter\n");
        for ((method, route), series) in &*all {
            for (status, n) in &series.ended {
                let _ = writeln!(
                    out,
                    "yilian_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {n}"
                );
            }
        }
        out.push_str(
            "# HELP yilian_request_seconds Time until the head of the answer.\n# TYPE yilian_request_seconds histogram\n",
        );
        for ((method, route), series) in &*all {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            let mut sum = 0;
            for (end, n) in BUCKETS.iter().zip(series.buckets) {
                sum += n;
                let _ = writeln!(out, "yilian_request_seconds_bucket{{{labels},le=\"{end}\"}} {sum}");
            }
            let Series { count, seconds, .. } = series;
            let _ = writeln!(out, "yilian_request_seconds_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "yilian_request_seconds_sum{{{labels}}} {seconds}");
            let _ = writeln!(out, "yilian_request_seconds_count{{{labels}}} {count}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let requests = Requests::default();
        for (status, ms) in [(200, 1), (200, 30), (404, 20_000)] {
            requests.count("GET", "/d/people/{person}", status, Duration::from_millis(ms));
        }
        let mut text = String::new();
        requests.write(&mut text);
        for line in [
            r#"yilian_requests_total{method="GET",route="/d/people/{person}",status="200"} 2"#,
            r#"yilian_request_seconds_bucket{method="GET",route="/d/people/{person}",le="0.025"} 1"#,
            r#"yilian_request_seconds_bucket{method="GET",route="/d/people/{person}",le="0.05"} 2"#,
            r#"yilian_request_seconds_bucket{method="GET",route="/d/people/{person}",le="10"} 2"#,
            r#"yilian_request_seconds_bucket{method="GET",route="/d/people/{person}",le="+Inf"} 3"#,
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line}\n{text}");
        }
    }
}
