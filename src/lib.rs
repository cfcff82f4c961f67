//! Chancery
pub mod model;
pub mod document;
pub mod codec;
