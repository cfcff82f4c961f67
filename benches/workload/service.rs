//! The questions over HTTP, beside a constant of the same size from the same generator, and what
//! writes and reads do to one another.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, rt, web};
use chancery::engine::{Engine, ImportStatus, Progress};
use chancery::http::{ServeOptions, serve};
use chancery::ingest::{Input, InputFormat};
use chancery::model::Day;

use crate::data::{Data, importing};
use crate::load::{self, Pace, Run};
use crate::questions::{Days, Questions};
use crate::report::{ROUNDS, Table, is_wanted, median};

/// Connections that stay open.
const CONNECTIONS: usize = 16;
/// How long each run lasts.
const LASTING: Duration = Duration::from_secs(3);
/// Requests a second while an import runs.
const STEADY: u32 = 1000;

/// The part that runs an import beside reads.
pub(crate) const WHILE_IMPORTING: &str = "1,000 timelines a second, idle and while an import runs";

/// A running service.
pub(crate) struct Service<'d> {
    engine: Arc<Engine>,
    data: &'d Data,
    address: SocketAddr,
}

impl<'d> Service<'d> {
    /// Starts to serve a record for as long as the process lives.
    pub(crate) fn start(engine: Engine, data: &'d Data) -> Self {
        let engine = Arc::new(engine);
        let (announce, address) = mpsc::channel();
        let served = Arc::clone(&engine);
        thread::spawn(move || {
            let mut options = ServeOptions::new((Ipv4Addr::LOCALHOST, 0).into());
            options.stop_on_signals = false;
            serve(served, &options, |address| announce.send(address).unwrap())
        });
        Self {
            engine,
            data,
            address: address.recv().unwrap(),
        }
    }

    fn run(&self, targets: &[String]) -> Run {
        let gets: Vec<Vec<u8>> = targets.iter().map(|target| get(target)).collect();
        closed(self.address, |n, out| {
            out.extend_from_slice(&gets[n % gets.len()]);
        })
    }

    fn timelines(&self, questions: &Questions, limit: usize) -> Vec<String> {
        let each = questions.timelines.iter().map(|(actor, days)| {
            let id = &self.data.ids[*actor as usize];
            let window = window(*days);
            format!("/api/v1/timeline?actor={id}&{window}&order=desc&limit={limit}")
        });
        each.collect()
    }

    fn paths(&self, questions: &Questions, evidence: usize) -> Vec<String> {
        let each = questions.paths.iter().map(|(a, b, days)| {
            let (a, b) = (&self.data.ids[*a as usize], &self.data.ids[*b as usize]);
            let window = window(*days);
            format!("/api/v1/paths?source={a}&target={b}&{window}&limit=1&evidence={evidence}")
        });
        each.collect()
    }

    /// Reads, each beside a constant of its mean size.
    pub(crate) fn reads(&self, questions: &Questions) {
        Table::part("Q9 over HTTP, 16 connections, beside a constant of the same size");
        let kinds = [
            ("timeline, 50 rows", self.timelines(questions, 50), "50 %"),
            ("timeline, 5 rows", self.timelines(questions, 5), "50 %"),
            ("timeline, 1 row", self.timelines(questions, 1), "50 %"),
            ("path, 3 records a hop", self.paths(questions, 3), "30 %"),
            ("path, no records shown", self.paths(questions, 0), "30 %"),
        ];
        for (what, targets, least) in kinds.into_iter().filter(|(what, ..)| is_wanted(what)) {
            let first = self.run(&targets);
            assert_eq!(first.failed, 0, "{what}");
            let constant = constant(first.bytes);
            let mut ratios = Vec::new();
            let mut runs = Vec::new();
            for _ in 0..ROUNDS {
                let run = self.run(&targets);
                let beside = closed(constant, |_, out| out.extend_from_slice(&get("/")));
                assert_eq!((run.failed, beside.failed), (0, 0), "{what}");
                ratios.push(run.timing.per_second / beside.timing.per_second);
                runs.push((run, beside));
            }
            let of = |of: fn(&(Run, Run)) -> f64| median(runs.iter().map(of).collect());
            Table::row(
                what,
                &format!(
                    "{:.0}/s  p50 {:.0} µs p99 {:.1} ms",
                    of(|r| r.0.timing.per_second),
                    of(|r| r.0.timing.p50) * 1e6,
                    of(|r| r.0.timing.p99) * 1e3
                ),
                &format!(
                    "constant of {} bytes {:.0}/s: {:.0} % (target {least})",
                    first.bytes,
                    of(|r| r.1.timing.per_second),
                    median(ratios) * 100.0
                ),
            );
        }
    }

    /// Single writes, each on the disk before it is answered.
    pub(crate) fn writes(&self) {
        Table::part("durable single writes over HTTP, 16 connections");
        let mut rates = Vec::new();
        for round in 0..ROUNDS {
            let body = |n: usize, out: &mut String| {
                let event = self.data.events[n % self.data.events.len()];
                let (a, b) = (
                    &self.data.ids[event.source as usize],
                    &self.data.ids[event.target as usize],
                );
                write!(
                    out,
                    r#"{{"id":"single-{round}-{n}","dataset":"single","type":"CONSULT","date":"2015-01-02","participants":[{{"actor":"{a}","role":"source"}},{{"actor":"{b}","role":"target"}}],"sources":[]}}"#
                )
                .unwrap();
            };
            let run = closed(self.address, |n, out| {
                let mut json = String::new();
                body(n, &mut json);
                out.extend_from_slice(
                    format!(
                        "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
                        json.len()
                    )
                    .as_bytes(),
                );
            });
            assert_eq!(run.failed, 0, "writes");
            rates.push((run.timing.per_second, run.timing.p99));
        }
        Table::row(
            "POST /events",
            &format!(
                "{:.0}/s  p99 {:.1} ms",
                median(rates.iter().map(|r| r.0).collect()),
                median(rates.iter().map(|r| r.1).collect()) * 1e3
            ),
            "target 5000/s",
        );
    }

    /// A thousand timelines a second, with nothing else going on and while `lines` are imported.
    pub(crate) fn reads_while_importing(&self, questions: &Questions, lines: Input) {
        Table::part(WHILE_IMPORTING);
        let gets: Vec<Vec<u8>> = self
            .timelines(questions, 50)
            .iter()
            .map(|target| get(target))
            .collect();
        let steady = |lasting: Duration| {
            load::run(
                self.address,
                CONNECTIONS,
                (Pace::Open(STEADY), lasting),
                |n, out| {
                    out.extend_from_slice(&gets[n % gets.len()]);
                },
            )
            .unwrap()
        };
        steady(LASTING);
        let idle = steady(Duration::from_secs(10));
        let engine = Arc::clone(&self.engine);
        let start = Instant::now();
        let import = thread::spawn(move || {
            let options = importing(&engine, "again", InputFormat::JsonLines);
            let report = engine.import(lines, options, Arc::new(Progress::default()));
            assert_eq!(report.unwrap().status, ImportStatus::Committed);
        });
        let mut busy = Vec::new();
        while !import.is_finished() {
            busy.push(steady(Duration::from_secs(2)));
        }
        let seconds = start.elapsed().as_secs_f64();
        import.join().unwrap();
        let worst = busy.iter().map(|run| run.timing.p99).fold(0.0, f64::max);
        let p99 = median(busy.iter().map(|run| run.timing.p99).collect());
        let failed: usize = idle.failed + busy.iter().map(|run| run.failed).sum::<usize>();
        Table::row(
            "p99 idle, while importing, its worst 2 s",
            &format!(
                "{:.2} ms, {:.2} ms, {:.2} ms",
                idle.timing.p99 * 1e3,
                p99 * 1e3,
                worst * 1e3
            ),
            &format!(
                "{:.1} times (target 3), {failed} failed, import {seconds:.1} s",
                p99 / idle.timing.p99
            ),
        );
    }
}

fn closed(address: SocketAddr, request: impl FnMut(usize, &mut Vec<u8>)) -> Run {
    load::run(address, CONNECTIONS, (Pace::Closed, LASTING), request).unwrap()
}

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n")
        .into_bytes()
}

fn window((from, to): Days) -> String {
    let day = |number| Day::from_number(number).unwrap();
    format!("from={}&to={}", day(from), day(to))
}

/// A service that answers everything with the same JSON of some size: what the framework, the
/// network and the generator allow.
fn constant(bytes: usize) -> SocketAddr {
    let (announce, address) = mpsc::channel();
    let body = web::Bytes::from(vec![b' '; bytes]);
    thread::spawn(move || {
        rt::System::new().block_on(async {
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(web::Data::new(body.clone()))
                    .default_service(web::to(|body: web::Data<web::Bytes>| async move {
                        HttpResponse::Ok()
                            .content_type("application/json")
                            .body(body.get_ref().clone())
                    }))
            });
            let server = server
                .disable_signals()
                .bind((Ipv4Addr::LOCALHOST, 0))
                .unwrap();
            announce.send(server.addrs()[0]).unwrap();
            server.run().await
        })
    });
    address.recv().unwrap()
}
