//! Clients that are made when they are first needed: most functions need one or two of them, and each takes its part of a
//! start.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use aws_types::SdkConfig;

type Make<C> = Box<dyn FnOnce() -> C + Send>;

/// A client, made at its first use. Clones are one.
#[derive(Clone, Debug)]
pub struct Lazily<C>(Arc<LazyLock<C, Make<C>>>);

impl<C: 'static> Lazily<C> {
    /// What `make` will make of `config`.
    pub(crate) fn new(config: &SdkConfig, make: fn(&SdkConfig) -> C) -> Self {
        let config = config.clone();
        Self(Arc::new(LazyLock::new(Box::new(move || make(&config)))))
    }
}

impl<C> Deref for Lazily<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}
