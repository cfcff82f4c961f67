//! Networks as files.

use super::cytoscape::cytoscape;
use super::gexf::gexf;
use super::graphml::graphml;
use crate::query::answer::GraphAnswer;

/// Formats of networks, beside the JSON of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkFormat {
    /// GEXF 1.3 with time intervals.
    Gexf,
    /// `GraphML` with typed keys.
    GraphMl,
    /// The JSON of Cytoscape.
    Cytoscape,
}

/// A network as a file.
pub fn network_file(graph: &GraphAnswer<'_>, format: NetworkFormat) -> Vec<u8> {
    match format {
        NetworkFormat::Gexf => gexf(graph).into_bytes(),
        NetworkFormat::GraphMl => graphml(graph).into_bytes(),
        NetworkFormat::Cytoscape => cytoscape(graph).to_string().into_bytes(),
    }
}
