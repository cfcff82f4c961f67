//! The REST service: routes, parameters, problems, cursors, `ETag`s and the OpenAPI document.
//!
//! A handler reads its parameters, asks the engine and the questions of [`query`](crate::query) on a
//! thread that may block, and answers. What can go wrong is a [`problem`] of one table.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use actix_web::{App, HttpServer, rt, web};

use crate::engine::Engine;

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Threads that handle connections; one for each processor when `None`.
    pub workers: Option<NonZeroUsize>,
    /// Whether Ctrl-C and SIGTERM stop the service; if not, it runs as long as the process.
    pub stop_on_signals: bool,
}

impl ServeOptions {
    /// Listens on `bind` until a signal comes.
    pub const fn new(bind: SocketAddr) -> Self {
        Self {
            bind,
            workers: None,
            stop_on_signals: true,
        }
    }
}

/// Serves the engine's record until it is stopped. `announce` is called once with the address that
/// connections are taken on, before the first is taken. Requests that run when a signal comes are
/// finished.
///
/// # Errors
///
/// When the address can't be listened on, or the system takes no more connections.
pub fn serve(
    engine: Arc<Engine>,
    options: &ServeOptions,
    announce: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let data = web::Data::from(engine);
    rt::System::new().block_on(async {
        let mut server = HttpServer::new(move || App::new().app_data(data.clone()));
        if let Some(workers) = options.workers {
            server = server.workers(workers.get());
        }
        if !options.stop_on_signals {
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

/// The OpenAPI document of the service.
pub fn openapi() -> utoipa::openapi::OpenApi {
    utoipa::openapi::OpenApi::default()
}

/// The OpenAPI document as it is served and kept in `api-docs/openapi.json`: indented JSON with a
/// line feed at its end.
///
/// # Errors
///
/// When the document can't be written as JSON; it always can.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    Ok(openapi().to_pretty_json()? + "\n")
}
