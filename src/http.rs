//! The REST service: routes, parameters, problems, cursors, `ETag`s and the `OpenAPI` document.
//!
//! A handler reads its parameters, asks the engine and the questions of [`query`](crate::query) on a
//! thread that may block, and answers. What can go wrong is a problem of one table of [codes](ProblemKind).

mod answer;
mod body;
mod changes;
mod cheap;
mod cursor;
mod dashboard;
mod documentation;
mod duplicates;
mod dyads;
mod envelope;
mod export;
mod feed;
mod files;
mod format;
mod frame;
mod imports;
mod local;
mod merges;
mod negotiation;
mod network;
mod parameters;
mod preconditions;
mod problem;
mod query_params;
mod questions;
mod reconcile;
mod reconcile_pages;
mod reconcile_queries;
mod records;
mod routes;
mod same_origin;
mod search;
mod service_pages;
mod stances;
mod timeline_files;
mod url;

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;

use actix_web::error::PathError;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpServer, rt, web};
use futures_util::future;
use utoipa::OpenApi as _;
use utoipa_actix_web::{AppExt as _, scope};

pub use feed::FEEDS_MAX;
pub use frame::{FrameAncestor, FrameAncestors};
pub(crate) use local::{Question, QuestionParameter, Reply, questions};
pub use problem::ProblemKind;
pub(crate) use questions::PathOptions;
pub use same_origin::AllowedHost;
pub use url::{BASE, BasePath};

use crate::engine::Engine;
use envelope::OpenApiCache;
use feed::Feeds;
use problem::Problem;
use routes::Routes;
use same_origin::OwnHosts;

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Threads that handle connections; one for each processor when `None`.
    pub workers: Option<NonZeroUsize>,
    /// Whether Ctrl-C and SIGTERM stop the service; if not, it runs as long as the process.
    pub stop_on_signals: bool,
    /// Which pages may embed the dashboard.
    pub frame_ancestors: FrameAncestors,
    /// Names under which the service may be asked beside `localhost`, loopback addresses and the
    /// address of `bind`: those of proxies before it.
    pub allowed_hosts: Vec<AllowedHost>,
    /// The path under which a proxy serves this. One process has one.
    pub base_path: BasePath,
}

impl ServeOptions {
    /// Listens on `bind` until a signal comes.
    pub fn new(bind: SocketAddr) -> Self {
        Self {
            bind,
            workers: None,
            stop_on_signals: true,
            frame_ancestors: FrameAncestors::default(),
            allowed_hosts: Vec::new(),
            base_path: BasePath::default(),
        }
    }
}

/// Serves the engine's record until it is stopped. `announce` is called once with the address that
/// connections are taken on, before the first is answered. Requests that run when a signal comes
/// are finished.
///
/// # Errors
///
/// When the address can't be listened on, or the process serves under another base path already.
pub fn serve(
    engine: Arc<Engine>,
    options: &ServeOptions,
    announce: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    options.base_path.settle()?;
    let engine = web::Data::from(engine);
    let described = web::Data::new(OpenApiCache::default());
    let background = web::Data::new(imports::BackgroundImports::default());
    let feeds = Feeds::default();
    let shared_feeds = web::Data::new(feeds.clone());
    let ancestors = web::Data::new(options.frame_ancestors.clone());
    let own_hosts = OwnHosts::new(options.bind.ip(), options.allowed_hosts.clone());
    let own_hosts = Arc::new(own_hosts);
    rt::System::new().block_on(async {
        let mut server = HttpServer::new(move || {
            let own_hosts = Arc::clone(&own_hosts);
            App::new()
                .app_data(engine.clone())
                .app_data(described.clone())
                .app_data(ancestors.clone())
                .app_data(background.clone())
                .app_data(shared_feeds.clone())
                .app_data(
                    web::PathConfig::default()
                        .error_handler(|error, request| bad_path(&error, request)),
                )
                .service(web::scope(BASE).configure(api))
                .configure(service_pages::configure)
                .configure(service_pages::configure_pages)
                .configure(dashboard::configure)
                .default_service(web::to(envelope::nothing_here))
                .wrap(Compress::default())
                // Under all routes, those of tomorrow too.
                .wrap(from_fn(move |request, next| {
                    same_origin::same_origin(Arc::clone(&own_hosts), request, next)
                }))
                .wrap(from_fn(envelope::envelope))
        });
        if let Some(workers) = options.workers {
            server = server.workers(workers.get());
        }
        if options.stop_on_signals {
            // Requests that run are finished; a feed would never be.
            rt::spawn(async move {
                stop_signal().await;
                feeds.close();
            });
        } else {
            server = server.disable_signals();
        }
        let server = server.bind(options.bind)?;
        let bound = server.addrs().first().copied();
        let running = rt::spawn(server.run());
        // Its first step listens for signals: whoever hears of the service can stop it.
        rt::task::yield_now().await;
        announce(bound.unwrap_or(options.bind));
        running.await?
    })
}

/// Waits for a signal that stops the service.
async fn stop_signal() {
    let interrupted = pin!(rt::signal::ctrl_c());
    #[cfg(unix)]
    {
        use rt::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            let terminated = pin!(terminated.recv());
            future::select(interrupted, terminated).await;
            return;
        }
    }
    if let Err(error) = interrupted.await {
        tracing::warn!(%error, "can't listen for signals: feeds end with the process");
    }
}

/// The routes of the API. They are tried in this order, so those come first that are asked for most.
fn api(config: &mut impl Routes) {
    questions::configure(config);
    dyads::configure(config);
    stances::configure(config);
    changes::configure(config);
    network::configure(config);
    search::configure(config);
    duplicates::configure(config);
    reconcile::configure(config);
    // Before the actors, whose ids may be followed by no such word.
    merges::configure(config);
    records::configure(config);
    imports::configure(config);
    export::configure(config);
}

/// All paths that are served.
fn paths(document: &utoipa::openapi::OpenApi) -> Vec<(String, Vec<String>)> {
    let methods = || vec!["GET".to_owned(), "HEAD".to_owned()];
    let mut paths = documentation::paths(document);
    let undocumented = service_pages::UNDOCUMENTED
        .into_iter()
        .chain(dashboard::PATHS);
    paths.extend(undocumented.map(|path| (path.to_owned(), methods())));
    paths
}

fn bad_path(error: &PathError, request: &HttpRequest) -> actix_web::Error {
    Problem::new(
        ProblemKind::BadRequest,
        format!("{}: {error}", request.path()),
    )
    .into()
}

/// The `OpenAPI` document of the service.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let app = App::new()
        .into_utoipa_app()
        .openapi(documentation::HeadMethods::openapi())
        .service(scope::scope(BASE).configure(|config| api(config)))
        .configure(|config| service_pages::configure(config));
    documentation::finish(app.split_for_parts().1)
}

/// The `OpenAPI` document as it is kept in `api-docs/openapi.json`: indented JSON with a line feed at
/// its end.
///
/// # Errors
///
/// When the document can't be written as JSON; it always can.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    Ok(openapi().to_pretty_json()? + "\n")
}
