//! Clients that are built at their first use. Most functions need one or two, and each client lengthens a start.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use aws_types::SdkConfig;

type Make<C> = Box<dyn FnOnce() -> C + Send>;

/// A client, built at its first use. Clones share it.
#[derive(Clone, Debug)]
pub struct Lazily<C>(Arc<LazyLock<C, Make<C>>>);

impl<C: 'static> Lazily<C> {
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
