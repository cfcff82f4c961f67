//! Feeds: server-sent events (WHATWG HTML, section 9.2) of what happens while a client listens.
//!
//! A feed asks again at short intervals, so nothing has to know of it, and ends when its client goes
//! away or the service stops. Their number is limited.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, rt};
use futures_util::stream;
use serde::Serialize;

use super::problem::{Problem, ProblemKind};

/// The media type of feeds.
pub(super) const MEDIA_TYPE: &str = "text/event-stream";
/// Feeds that may be open at once.
pub const FEEDS_MAX: usize = 64;
/// How long a feed waits before it looks again.
const INTERVAL: Duration = Duration::from_millis(250);
/// How long a feed may be silent before it sends a comment, so that those between know that it lives, and
/// that it is noticed when nobody listens any more.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// The open feeds of the service. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Feeds(Arc<FeedState>);

#[derive(Debug, Default)]
struct FeedState {
    open: AtomicUsize,
    closing: AtomicBool,
}

/// One event of a feed.
#[derive(Clone, Debug)]
pub(super) struct FeedEvent {
    id: u64,
    data: String,
}

impl FeedEvent {
    /// An event that carries JSON.
    ///
    /// # Errors
    ///
    /// When it can't be written as JSON.
    pub(super) fn json(id: u64, data: &impl Serialize) -> Result<Self, Problem> {
        let data = serde_json::to_string(data)
            .map_err(|error| Problem::new(ProblemKind::Internal, error.to_string()))?;
        Ok(Self { id, data })
    }
}

/// A place among the open feeds, given back when the feed ends, however it ends.
struct FeedSlot(Feeds);

impl Drop for FeedSlot {
    fn drop(&mut self) {
        // Relaxed: a count of its own, see `enter`.
        self.0.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Feeds {
    /// Ends all feeds, so that the service can stop.
    pub(super) fn close(&self) {
        // Relaxed: whoever sees it reads nothing else on the strength of it.
        self.0.closing.store(true, Ordering::Relaxed);
    }

    fn is_closing(&self) -> bool {
        // Relaxed: as in `close`; feeds look again soon.
        self.0.closing.load(Ordering::Relaxed)
    }

    fn enter(&self) -> Result<FeedSlot, Problem> {
        // The place gives back what is counted here, also when there is none left.
        let place = FeedSlot(self.clone());
        // Relaxed: additions to one counter have one order by themselves, and nothing else goes by it.
        if self.0.open.fetch_add(1, Ordering::Relaxed) >= FEEDS_MAX {
            let detail = format!("{FEEDS_MAX} feeds are open already: close one, or request pages");
            return Err(Problem::new(ProblemKind::Unavailable, detail));
        }
        Ok(place)
    }

    /// Answers with a feed. `next` gives the events after one, given by its id; of none, the first.
    ///
    /// # Errors
    ///
    /// When too many feeds are open.
    pub(super) fn answer<F, N>(&self, next: N) -> Result<HttpResponse, Problem>
    where
        F: Future<Output = Result<Vec<FeedEvent>, Problem>> + 'static,
        N: Fn(Option<u64>) -> F + 'static,
    {
        let feed = Feed {
            place: self.enter()?,
            next,
            last: None,
            waiting: VecDeque::from([Bytes::from_static(b":\n\n")]),
            spoke: Instant::now(),
        };
        let events = stream::unfold(feed, |mut feed| async move {
            let piece = feed.piece().await?;
            Some((Ok::<_, Problem>(piece), feed))
        });
        Ok(HttpResponse::Ok()
            .content_type(MEDIA_TYPE)
            .insert_header((CACHE_CONTROL, "no-store"))
            // What is compressed waits until there is enough of it.
            .insert_header((CONTENT_ENCODING, ContentEncoding::Identity))
            .streaming(events))
    }
}

/// A running feed.
struct Feed<N> {
    place: FeedSlot,
    next: N,
    last: Option<u64>,
    waiting: VecDeque<Bytes>,
    spoke: Instant,
}

impl<F, N> Feed<N>
where
    F: Future<Output = Result<Vec<FeedEvent>, Problem>>,
    N: Fn(Option<u64>) -> F,
{
    /// The next bytes to send; `None` when the feed ends.
    async fn piece(&mut self) -> Option<Bytes> {
        loop {
            if self.place.0.is_closing() {
                return None;
            }
            if let Some(piece) = self.waiting.pop_front() {
                self.spoke = Instant::now();
                return Some(piece);
            }
            match (self.next)(self.last).await {
                Ok(entries) if entries.is_empty() => {
                    rt::time::sleep(INTERVAL).await;
                    if self.spoke.elapsed() >= HEARTBEAT {
                        self.waiting.push_back(Bytes::from_static(b":\n\n"));
                    }
                }
                Ok(entries) => {
                    self.last = entries.last().map(|entry| entry.id);
                    self.waiting.extend(entries.iter().map(written));
                }
                Err(problem) => {
                    tracing::error!(%problem, "a feed ends");
                    return None;
                }
            }
        }
    }
}

fn written(entry: &FeedEvent) -> Bytes {
    let mut text = String::with_capacity(entry.data.len() + 32);
    // Writing to a string can't fail; JSON is on one line.
    if write!(text, "id: {}\ndata: {}\n\n", entry.id, entry.data).is_err() {
        text.clear();
    }
    text.into()
}
